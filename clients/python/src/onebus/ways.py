"""Which way leads to the bridge: decided here, by the address, and nowhere else."""

from __future__ import annotations

import importlib.util
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import OnebusError
from .nats_subjects import check_prefix, check_stream
from .nng import NngEvents, NngWire
from .transport import Events, Wire

if TYPE_CHECKING:
    import pynng

    from .bus import Bus
    from .nats_link import NatsLink

#: How addresses of NATS begin.
_NATS = ("nats://", "tls://")


@dataclass(frozen=True)
class Options:
    """What the ways are told besides addresses."""

    tls: pynng.TLSConfig | ssl.SSLContext | None
    creds: str | None
    stream: str
    subject_prefix: str
    account: str | None
    credentials: Mapping[str, str]


def is_nats(address: str) -> bool:
    """Whether it is an address of NATS, or a list of such with commas between."""
    return address.lower().startswith(_NATS)


def ways(bus: Bus, events: str, actions: str, options: Options) -> tuple[Events, Wire]:
    """The way to the events and the way to the actions.

    ValueError for what is no address; OnebusError if nats-py is needed and missing.
    """
    if not is_nats(events) and not is_nats(actions):
        tls = _tls_of_nng(options)
        return NngEvents(bus, events, tls), NngWire(actions, tls)
    if importlib.util.find_spec("nats") is None:
        raise OnebusError(
            "addresses of NATS need nats-py: pip install 'onebus[nats]'"
        )
    return _ways(bus, events, actions, options)


def _ways(bus: Bus, events: str, actions: str, options: Options) -> tuple[Events, Wire]:
    from .nats_events import NatsEvents, Place
    from .nats_wire import NatsWire

    check_prefix(options.subject_prefix)
    check_stream(options.stream)
    prefix = f"{options.subject_prefix}." if options.subject_prefix else ""
    place = Place(options.stream, prefix)
    links: dict[str, NatsLink] = {}

    def link_of(addresses: str) -> NatsLink:
        if addresses not in links:
            links[addresses] = _link(addresses, options)
        return links[addresses]

    return (
        NatsEvents(link_of(events), place)
        if is_nats(events)
        else NngEvents(bus, events, None),
        NatsWire(
            link_of(actions),
            place,
            account=options.account,
            credentials=options.credentials,
        )
        if is_nats(actions)
        else NngWire(actions),
    )


def _link(addresses: str, options: Options) -> NatsLink:
    from .nats_link import NatsLink, servers_of

    servers = servers_of([word.strip() for word in addresses.split(",")])
    if options.tls is not None and not isinstance(options.tls, ssl.SSLContext):
        raise ValueError("tls: allowed with an address of NATS: an ssl.SSLContext")
    if options.creds is not None and importlib.util.find_spec("nkeys") is None:
        raise OnebusError("creds of NATS need nkeys: pip install 'onebus[nats]'")
    return NatsLink(servers, creds=options.creds, tls=options.tls)


def _tls_of_nng(options: Options) -> pynng.TLSConfig | None:
    if isinstance(options.tls, ssl.SSLContext):
        raise ValueError("tls: allowed with an address of NNG: a pynng.TLSConfig")
    return options.tls
