"""Ports and addresses."""

import random
import socket

#: Below the range that the kernel gives to clients, so that none takes the
#: port between the look and its use.
_PORTS = range(11000, 31000)

#: Nobody may use one yet that has been given.
_given: set[int] = set()


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses."""
    while True:
        port = random.choice(_PORTS)
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            _given.add(port)
            return port
