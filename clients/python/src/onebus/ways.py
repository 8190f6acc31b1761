"""Which way leads to the bridge: decided here, by the address, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .nng import NngEvents, NngWire
from .transport import Events, Wire

if TYPE_CHECKING:
    import pynng

    from .bus import Bus


def events_of(bus: Bus, address: str, tls: pynng.TLSConfig | None) -> Events:
    """The way to the events."""
    return NngEvents(bus, address, tls)


def wire_of(address: str, tls: pynng.TLSConfig | None) -> Wire:
    """The way to the actions."""
    return NngWire(address, tls)
