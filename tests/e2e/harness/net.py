"""Ports and addresses."""

import random
import socket

#: Below the range that the kernel gives to clients, so that none takes the
#: port between the look and its use.
_PORTS = range(11000, 31000)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses."""
    while True:
        port = random.choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
