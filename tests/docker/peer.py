"""In the simulator's container: a QQ that does as it is told.

Orders are JSON lines at /share/peer.sock, each with a reply. What the bot says is
in /share/answers, a JSON line each, written before it is answered: the lines
outlive the container.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from onebus.sim import Simulator
from onebus.sim.cq import plain_text
from onebus.sim.model import Message

SHARE = Path("/share")
URL = "ws://bridge:3001/onebot/v11/ws"
TOKEN = Path("/run/secrets/napcat_token")
USER = 42
#: QQ remembers these when NapCat does not.
GROUPS = (700, 801, 802, 803)


class Peer:
    """The simulator, and what it is told."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim
        self._answers = (SHARE / "answers").open("a", buffering=1, encoding="utf-8")
        sim.on_event(self._heard)
        # As QQ's, the numbers of messages go on rising after a restart, though
        # there are more than one a second here.
        sim.world.commons.first_seq = int(time.time() * 1000) % 2**40
        for group in GROUPS:
            sim.world.add_group(group, f"Group {group}")

    def _heard(self, event: object) -> None:
        if isinstance(event, Message) and event.sender_id == self._sim.self_id:
            self._answers.write(json.dumps(plain_text(event.segments)) + "\n")

    async def obey(self, order: dict[str, Any]) -> object:
        """What came of it."""
        match order:
            case {"say": str(text), "group": int(group)}:
                return await self._say(group, text)
            case {"disk": str(path)}:
                # The simulator reads no real file by itself.
                self._sim.world.files[path] = Path(path).read_bytes()
                return None
            case {"sent": True}:
                media = self._sim.world.sent[-1].media[0]
                return [media.source, base64.b64encode(media.data or b"").decode()]
            case {"connected": True}:
                return self._sim.is_connected
        raise ValueError(f"no such order: {order}")

    async def _say(self, group: int, text: str) -> bool:
        """Whether the bridge has taken it."""
        before = self._sim.link.current
        await self._sim.group_message(group, USER, text)
        await self._sim.heard()
        return before is not None and before is self._sim.link.current

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One who gives orders."""
        while line := await reader.readline():
            reply = await self.obey(json.loads(line))
            writer.write(json.dumps(reply).encode() + b"\n")
        writer.close()


async def main() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    (SHARE / "peer.sock").unlink(missing_ok=True)
    token = TOKEN.read_text().strip()
    self_id = int(os.environ.get("SELF_ID", "10001"))
    async with Simulator(
        URL, token=token, self_id=self_id, reconnect_interval=0.2
    ) as sim:
        server = await asyncio.start_unix_server(Peer(sim).serve, SHARE / "peer.sock")
        await stop.wait()
        server.close()


asyncio.run(main())
