"""The permissions that the guide gives to each user of NATS: enough for what it is
there for, and for no more."""

import re
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

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
    listener, bot = User(), User()
    await listener.connect(url_of(server, "listener"))
    js = listener.client.jetstream(timeout=WAIT)
    durable = ConsumerConfig(durable_name="reader", ack_policy=AckPolicy.ALL, filter_subject=EVENTS)
    await js.add_consumer("QQ", durable)
    reader = await js.pull_subscribe_bind("reader", "QQ")
    for _ in range(2):
        (message,) = await reader.fetch(1, timeout=WAIT)
        assert message.subject == EVENTS
        await message.ack_sync(timeout=WAIT)
    await bot.connect(url_of(server, "bot"))
    ping = b'{"action": "bridge.ping"}'
    answer = await bot.client.request("qq.action.bot1", ping, timeout=WAIT)
    assert b"version" in answer.data
    assert "Violation" not in (folder / "nats.log").read_text()
    for user, subject in ((listener, "qq.action.bot1"), (bot, "qq.action.bot2"), (bot, EVENTS)):
        before = len(user.refused)
        await user.client.publish(subject, ping)
        await until(lambda: len(user.refused) > before, f"refusal of {subject}")
    for user in (listener, bot):
        await user.client.close()
