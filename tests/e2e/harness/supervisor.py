"""Who watches over the bridge: what systemd hears on $NOTIFY_SOCKET."""

from __future__ import annotations

import asyncio
import socket
from types import TracebackType

from harness.build import WAIT

#: A datagram of systemd's protocol is a few lines.
_DATAGRAM_BYTES = 64 * 1024

Message = dict[str, str]


class Supervisor:
    """Listens at `address`, a path or an abstract "@name"; `env` names it."""

    def __init__(self, address: str, *, watchdog_seconds: float | None = None) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(address.replace("@", "\0", 1))
        self.env = {"NOTIFY_SOCKET": address}
        if watchdog_seconds is not None:
            self.env["WATCHDOG_USEC"] = str(int(watchdog_seconds * 1_000_000))

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()

    async def told(self, key: str, part: str = "", seconds: float = WAIT) -> str:
        """The next value of `key` that has `part` in it; what is said before is
        passed over."""
        return await asyncio.wait_for(self._first(key, part), seconds)

    async def _first(self, key: str, part: str) -> str:
        while part not in (value := (await self.next()).get(key, "")) or not value:
            pass
        return value

    async def next(self) -> Message:
        """The next message, of which each line is a key and its value."""
        loop = asyncio.get_running_loop()
        return _parse(await loop.sock_recv(self._socket, _DATAGRAM_BYTES))

    def rest(self) -> list[Message]:
        """What has been said and not yet been looked at."""
        messages: list[Message] = []
        while True:
            try:
                messages.append(_parse(self._socket.recv(_DATAGRAM_BYTES)))
            except BlockingIOError:
                return messages


def _parse(datagram: bytes) -> Message:
    pairs = (line.partition("=") for line in datagram.decode().splitlines())
    return {key: value for key, _, value in pairs}
