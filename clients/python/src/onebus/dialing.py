"""Dialing the bridge."""

from __future__ import annotations

import pynng

#: How soon a connection is tried again, and how seldom at most.
RECONNECT_MS_LEAST = 50
RECONNECT_MS_MOST = 1000


def dial(socket: pynng.Socket, address: str) -> None:
    """Have `socket` look for the bridge at `address`, for as long as it is open.

    ValueError if that is no address.
    """
    socket.reconnect_time_min = RECONNECT_MS_LEAST
    socket.reconnect_time_max = RECONNECT_MS_MOST
    try:
        socket.dial(address, block=False)
    except (pynng.AddressInvalid, pynng.InvalidOperation, pynng.NotSupported):
        raise ValueError(
            f"{address!r}: no address; allowed: tcp://host:port, ipc:///path,"
            " tls+tcp://host:port, ws://host:port/path, wss://host:port/path"
        ) from None
