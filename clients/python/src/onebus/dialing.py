"""Dialing the bridge."""

from __future__ import annotations

import re

import pynng

_ADDRESS = re.compile(
    r"(tcp|tcp4|tcp6|tls\+tcp|tls\+tcp4|tls\+tcp6|ws|wss|ipc|unix|abstract|inproc)://."
)

#: How soon a connection is tried again, and how seldom at most.
RECONNECT_MS_LEAST = 50
RECONNECT_MS_MOST = 1000


def check(address: str) -> None:
    """ValueError if that is certainly no address; `dial` looks more closely."""
    if not _ADDRESS.match(address):
        raise _no_address(address)


def dial(socket: pynng.Socket, address: str) -> None:
    """Have `socket` look for the bridge at `address`, for as long as it is open.

    ValueError if that is no address.
    """
    socket.reconnect_time_min = RECONNECT_MS_LEAST
    socket.reconnect_time_max = RECONNECT_MS_MOST
    try:
        socket.dial(address, block=False)
    except (pynng.AddressInvalid, pynng.InvalidOperation, pynng.NotSupported):
        raise _no_address(address) from None


def _no_address(address: str) -> ValueError:
    return ValueError(
        f"{address!r}: no address; allowed: tcp://host:port, ipc:///path,"
        " tls+tcp://host:port, ws://host:port/path, wss://host:port/path"
    )
