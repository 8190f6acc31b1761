"""The permissions that the guide gives to each user of NATS: enough for what it is
there for, and for no more."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import nats
import onebus
import pytest
from nats.aio.client import Client

from harness import nats as real_nats
from harness.build import WAIT
from harness.factories import StartBridge, StartSim
from harness.wait import until

GUIDE = Path(__file__).parents[2] / "deploy/NATS.md"
PASSWORD = "told-to-nobody"
EVENTS = "qq.group.700.message.normal"


def permissions() -> str:
    """As the guide has them, with a password for everybody."""
    (block,) = re.findall(r"```conf\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    users = block[block.index("authorization") :]
    return re.sub(r"\$[A-Z]+_PASSWORD", f'"{PASSWORD}"', users)


@pytest.fixture
def server(folder: Path) -> Iterator[real_nats.Server]:
    with real_nats.server(folder, more=permissions()) as server:
        yield server


def url_of(server: real_nats.Server, user: str) -> str:
    return server.url.replace("nats://", f"nats://{user}:{PASSWORD}@")


class User:
    """Somebody who is connected, and what the server has refused."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self.client: Client

    async def connect(self, url: str) -> None:
        self.client = await nats.connect(url, error_cb=self._on_error)

    async def _on_error(self, error: Exception) -> None:
        self.refused.append(str(error).lower())


async def listen(url: str) -> None:
    """Hear both messages: from the beginning, and on from a place that is kept."""
    async with onebus.connect(url) as bus:
        for cursor in (None, url.split(":")[1].strip("/")):
            async with bus.events("qq.group.*", since=0, cursor=cursor) as events:
                for _ in range(2):
                    event = await asyncio.wait_for(anext(events), WAIT)
                    assert event.topic == EVENTS


async def test_each_user_may_do_what_it_is_there_for(
    server: real_nats.Server, bridge: StartBridge, sim: StartSim, folder: Path
) -> None:
    await server.ready()
    channel = {"accounts": {"bot1": {}}}
    settings = {"nats": {"url": url_of(server, "bridge")}}
    b = await bridge(channel, settings)
    peer = await sim(b, "bot1")
    await peer.group_message(700, 42, "hello")
    await until(lambda: b.lines("nats: created"), "the stream")
    await b.stop_cleanly()  # so that the next one looks at what is there
    b = await bridge(channel, settings)
    peer = await sim(b, "bot1")
    await peer.group_message(700, 42, "hello again")
    await listen(url_of(server, "listener"))
    await listen(url_of(server, "bot"))
    async with onebus.connect(url_of(server, "bot"), account="bot1") as bus:
        assert (await bus.bridge.ping())["epoch"] == b.epoch
        assert (await bus.call("get_login_info"))["user_id"] == peer.self_id
    assert "Violation" not in (folder / "nats.log").read_text()
    listener, bot = User(), User()
    await listener.connect(url_of(server, "listener"))
    await bot.connect(url_of(server, "bot"))
    ping = b'{"action": "bridge.ping"}'
    for user, subject in ((listener, "qq.action.bot1"), (bot, "qq.action.bot2"), (bot, EVENTS)):
        before = len(user.refused)
        await user.client.publish(subject, ping)
        await until(lambda: len(user.refused) > before, f"refusal of {subject}")
    for user in (listener, bot):
        await user.client.close()
