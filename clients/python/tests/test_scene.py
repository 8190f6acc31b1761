"""A scene: the bridge, simulated QQs and bots, and what a test sees of them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_onebus import RunBot, SimulateQQ

import onebus
from onebus import (
    Bot,
    Bus,
    GroupMessage,
    GroupRecall,
    Image,
    Message,
    MessageEvent,
    Position,
    errors,
    events,
)
from onebus.sim import Lost
from onebus.testing import BridgeProcess, NothingHappened, Scene, SimulatedQQ

MANY = 300


def ping_bot() -> Bot:
    bot = Bot()

    @bot.command("ping")
    async def ping(event: MessageEvent, words: str) -> None:
        await event.reply("pong")

    return bot


def slow_bot(seconds: float) -> Bot:
    """One that thinks before it speaks, whatever is said."""
    bot = Bot()

    @bot.on_message()
    async def answer(event: MessageEvent) -> None:
        await asyncio.sleep(seconds)
        await event.reply("well …")

    return bot


# ---- idle ------------------------------------------------------------------


async def test_a_bot_is_idle_once_it_has_handled_all_that_was_said(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    handled = 0
    bot = Bot()

    @bot.on_message()
    async def count(event: MessageEvent) -> None:
        nonlocal handled
        await asyncio.sleep(0)
        handled += 1

    await run_bot(bot)
    for number in range(MANY):
        await qqsim.group(number % 7 + 1).say("x", by=42)
    await qqsim.bot_idle(timeout=20)
    assert handled == MANY


async def test_a_slow_bot_is_waited_for(qqsim: SimulatedQQ, run_bot: RunBot) -> None:
    await run_bot(slow_bot(0.6))
    await qqsim.group(700).say("speak", by=42)
    with pytest.raises(AssertionError, match=r"the bot sent Message\('well …'\)"):
        await qqsim.nothing_sent()


async def test_what_a_bot_causes_is_waited_for(qqsim: SimulatedQQ, run_bot: RunBot) -> None:
    bot = Bot()

    @bot.on_group_message()
    async def recall(event: GroupMessage) -> None:
        await event.recall()

    @bot.on(GroupRecall)
    async def comment(event: GroupRecall) -> None:
        await asyncio.sleep(0.1)
        await event.reply("gone")

    await run_bot(bot)
    await qqsim.group(700).say("spam", by=42)
    await qqsim.bot_idle()
    assert [sent.text for sent in qqsim.sent] == ["gone"]


async def test_nothing_is_sent_by_a_bot_that_is_not_asked(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    await run_bot(ping_bot())
    await qqsim.group(700).say("just talking", by=42)
    await qqsim.nothing_sent()
    await qqsim.group(700).say("/ping", by=42)
    assert (await qqsim.next_sent()).text == "pong"
    await qqsim.nothing_sent()


async def test_a_bot_that_does_not_come_to_rest_is_told(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    await run_bot(slow_bot(60))
    await qqsim.group(700).say("speak", by=42)
    with pytest.raises(NothingHappened, match=r"still at work after 0.2 s"):
        await qqsim.bot_idle(timeout=0.2)


async def test_a_bot_is_at_work_while_its_call_is(
    qqsim: SimulatedQQ, run_bot: RunBot
) -> None:
    await run_bot(ping_bot())
    qqsim.fault("send_*", Lost())
    await qqsim.group(700).say("/ping", by=42)
    with pytest.raises(NothingHappened, match="still at work"):
        await qqsim.bot_idle(timeout=0.3)


async def test_only_bots_of_the_scene_can_be_idle(qqsim: SimulatedQQ) -> None:
    with pytest.raises(RuntimeError, match="no bot runs here: start it by run_bot"):
        await qqsim.bot_idle()


async def test_a_bot_is_idle_though_the_bridge_was_killed_meanwhile(
    qqsim: SimulatedQQ, run_bot: RunBot, onebus_bridge: BridgeProcess
) -> None:
    await run_bot(ping_bot())
    await qqsim.group(700).say("/ping", by=42)
    await qqsim.bot_idle()
    onebus_bridge.kill()
    await qqsim.disconnected()
    onebus_bridge.start()
    await qqsim.connected()
    await qqsim.group(700).say("/ping", by=42)
    await qqsim.bot_idle(timeout=20)
    assert len(qqsim.sent) == 2


class Relay:
    """Between a QQ and the bridge: what QQ sends can be held up."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self.is_free = asyncio.Event()
        self.is_free.set()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host, port = self._url.hostname, self._url.port
        to_bridge = await asyncio.open_connection(host, port)
        answers = asyncio.create_task(self._pass_on(to_bridge[0], writer))
        await self._pass_on(reader, to_bridge[1])
        await answers

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            await self.is_free.wait()
            writer.write(data)
        writer.close()


async def test_what_is_on_its_way_to_the_bridge_is_waited_for(
    onebus_scene: Scene, run_bot: RunBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = onebus_scene.bridge.url()
    relay = Relay(url)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    relayed = url.replace(f":{urlsplit(url).port}/", f":{port}/")
    monkeypatch.setattr(onebus_scene.bridge, "url", lambda _: relayed)
    await run_bot(ping_bot())
    qq = await onebus_scene.qq()
    relay.is_free.clear()
    await qq.group(700).say("/ping", by=42)
    idle = asyncio.create_task(qq.bot_idle(timeout=20))
    await asyncio.wait([idle], timeout=0.2)
    assert not idle.done()
    relay.is_free.set()
    await idle
    assert [sent.text for sent in qq.sent] == ["pong"]
    server.close()


class Told:
    """The bridge's own actions, of a bridge that has news twice."""

    def __init__(self) -> None:
        self._seqs = iter([7, 8, 8])

    async def ping(self) -> dict[str, object]:
        return {"epoch": "e", "seq": next(self._seqs)}


async def test_news_are_waited_for_until_there_are_none(
    onebus_bridge: BridgeProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus: Any = SimpleNamespace(bridge=Told(), streams=set())
    scene = Scene(onebus_bridge, bus)
    places: list[int] = []

    async def through(place: Position) -> None:
        places.append(place.seq)

    monkeypatch.setattr(scene.bots, "through", through)
    await scene.idle(timeout=20)
    assert places == [7, 8]


async def test_a_stream_is_through_where_nothing_is_to_come_any_more(bus: Bus) -> None:
    async with bus.events("qq.group.*") as stream:
        told = await bus.bridge.ping()
        here = Position(told["epoch"], told["seq"])
        assert not stream.is_through(here)
        waiting = asyncio.create_task(anext(stream))
        await asyncio.sleep(0)
        assert stream.is_through(here)
        assert not stream.is_through(Position(here.epoch, here.seq + 1))
        assert not stream.is_through(Position("another", here.seq))
        waiting.cancel()
    assert stream.is_through(Position(here.epoch, here.seq + 1))


ACCOUNTS = {"first": {"wsPath": "/first"}, "second": {"wsPath": "/second"}}


@pytest.mark.onebus(settings={"channels": {"napcatqq": {"accounts": ACCOUNTS}}})
async def test_the_news_of_all_accounts_are_waited_for(
    qqsims: SimulateQQ, run_bot: RunBot
) -> None:
    first = await qqsims("first", self_id=1)
    second = await qqsims("second", self_id=2)
    await run_bot(slow_bot(0.2))
    await second.group(700).say("hello", by=42)
    await first.bot_idle()
    assert (len(first.sent), len(second.sent)) == (0, 1)


# ---- what runs -------------------------------------------------------------


async def test_a_loop_runs_as_a_bot_does(qqsim: SimulatedQQ, run_bot: RunBot) -> None:
    async def answer(bus: Bus) -> None:
        async for event in bus.events("qq.group.*.message.*"):
            assert isinstance(event, GroupMessage)
            await asyncio.sleep(0.4)
            await event.reply(event.text.upper())

    await run_bot(answer)
    await qqsim.group(700).say("one", by=42)
    await qqsim.group(700).say("two", by=42)
    await qqsim.bot_idle()
    assert [sent.text for sent in qqsim.sent] == ["ONE", "TWO"]


async def test_a_function_may_end_by_itself(qqsim: SimulatedQQ, run_bot: RunBot) -> None:
    async def greet(bus: Bus) -> None:
        await bus.send_group_msg(700, "hello")

    qqsim.group(700)
    await run_bot(greet)
    assert (await qqsim.next_sent()).text == "hello"
    await qqsim.nothing_sent()


async def test_a_function_that_fails_before_it_listens_says_so(run_bot: RunBot) -> None:
    async def fail(bus: Bus) -> None:
        raise LookupError("no key")

    with pytest.raises(LookupError, match="no key"):
        await run_bot(fail)


async def test_a_function_that_fails_later_fails_the_scene(
    onebus_bridge: BridgeProcess, bus: Bus
) -> None:
    async def fail(bus: Bus) -> None:
        async for _ in bus.events("qq.group.*"):
            raise LookupError("no key")

    with pytest.raises(LookupError, match="no key"):
        async with Scene(onebus_bridge, bus) as scene:
            qq = await scene.qq()
            await scene.run(fail)
            await qq.group(700).say("x", by=42)
            await qq.bot_idle()
    assert not qq.is_connected


async def test_a_program_finds_the_bridge_of_its_test(qqsim: SimulatedQQ) -> None:
    async with onebus.connect() as bus:
        assert (await bus.get_login_info())["user_id"] == qqsim.self_id


PROGRAM = """
import onebus
bot = onebus.Bot(cursor="program", max_age=None)

@bot.on_start
async def say(bus):
    await bus.send_group_msg(700, "here I am")

bot.run()
"""


async def test_a_program_of_its_own_finds_the_bridge_as_well(qqsim: SimulatedQQ) -> None:
    qqsim.group(700)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM)
    assert (await qqsim.next_sent(timeout=20)).text == "here I am"
    await qqsim.nothing_sent(within=0.05)
    process.terminate()
    assert await process.wait() == 0


# ---- what people do --------------------------------------------------------


async def test_all_that_people_do_in_a_group_comes_out_as_an_event(
    qqsim: SimulatedQQ, bus: Bus
) -> None:
    group = qqsim.group(700)
    group.add(41, "Ann", card="Boss", role="owner")
    said = await group.say("hello", by=42)
    async with bus.events("qq.group.700.*", since=0) as stream:
        await group.say("hi", by=41, at_bot=True, quote=said)
        await group.react(said, 76, by=41)
        await group.upload("a.txt", b"text", by=42)
        await group.poke(by=42)
        await group.mute(42, 60, by=41)
        await group.recall(said, by=41)
        await group.kick(42, by=41)
        await group.join(50, nickname="New")
        await group.leave(50)
        await group.ask_to_join(51, "please")
        await group.invite_bot(by=41)
        await group.mute_bot(60)
        await group.unmute_bot()
        await group.kick_bot()
        await group.readmit_bot()
        came = [await anext(stream) for _ in range(17)]
    assert [type(event) for event in came] == [
        events.GroupMessage,
        events.GroupMessage,
        events.GroupEmojiLike,
        events.GroupMessage,
        events.GroupUpload,
        events.Poked,
        events.GroupBan,
        events.GroupRecall,
        events.GroupDecrease,
        events.GroupIncrease,
        events.GroupDecrease,
        events.GroupRequest,
        events.GroupRequest,
        events.GroupBan,
        events.GroupBan,
        events.GroupDecrease,
        events.GroupIncrease,
    ]
    hi = came[1]
    assert isinstance(hi, GroupMessage)
    assert (hi.sender.card, hi.sender.role) == ("Boss", "owner")
    assert hi.policy.mentioned


async def test_nobody_speaks_where_the_bot_was_thrown_out(qqsim: SimulatedQQ) -> None:
    await qqsim.group(700).kick_bot()
    with pytest.raises(LookupError, match="group 700: the bot is not in it"):
        await qqsim.group(700).say("hello?", by=42)
    await qqsim.group(700).readmit_bot()
    await qqsim.group(700).say("hello!", by=42)


@pytest.mark.onebus(settings={"channels": {"napcatqq": {"accounts": ACCOUNTS}}})
async def test_two_accounts_are_in_one_group(qqsims: SimulateQQ) -> None:
    first = await qqsims("first", self_id=1)
    second = await qqsims("second", self_id=2, beside=first)
    await first.group(700).say("hello", by=42)
    await second.group(700).say("hi", by=43)
    assert set(second.world.groups[700].members) == {1, 2, 42, 43}


async def test_a_qq_that_the_bridge_refuses_is_told_why(onebus_scene: Scene) -> None:
    with pytest.raises(NothingHappened, match=r"QQ 1 does not connect: .*token wrong"):
        await onebus_scene.qq(self_id=1, token="wrong")


async def test_friends_write_poke_and_recall(qqsim: SimulatedQQ, bus: Bus) -> None:
    friend = qqsim.friend(42, "Ann")
    async with bus.events("qq.private.42.*") as stream:
        said = await friend.say("hi")
        await friend.say("there", quote=said)
        await friend.poke()
        await friend.recall(said)
        came = [await anext(stream) for _ in range(4)]
    assert [type(event) for event in came] == [
        events.PrivateMessage,
        events.PrivateMessage,
        events.Poked,
        events.FriendRecall,
    ]


async def test_an_account_goes_offline_and_comes_back(
    qqsim: SimulatedQQ, bus: Bus
) -> None:
    await qqsim.go_offline()
    with pytest.raises(errors.BridgeError):
        await bus.send_private_msg(42, "hi")
    qqsim.go_online()
    assert qqsim.world.online


async def test_files_go_both_ways(
    qqsim: SimulatedQQ, run_bot: RunBot, tmp_path: Path
) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"PNG")
    bot = Bot()

    @bot.on_message()
    async def send_back(event: MessageEvent) -> None:
        image = event.message.first(Image)
        assert image is not None
        await event.reply(["got it", Image(b"another")])

    await run_bot(bot)
    await qqsim.friend(42).say(Message("look", Image(picture)))
    sent = await qqsim.friend(42).next_sent()
    assert (sent.text, sent.media) == ("got it", (b"another",))
    assert (sent.group_id, sent.user_id) == (None, 42)


# ---- what the bot did ------------------------------------------------------


async def test_what_was_sent_is_taken_chat_by_chat(qqsim: SimulatedQQ, bus: Bus) -> None:
    for group in (1, 2):
        qqsim.group(group)
        await bus.send_group_msg(group, f"to {group}")
    assert (await qqsim.group(2).next_sent()).text == "to 2"
    assert (await qqsim.next_sent()).text == "to 1"
    with pytest.raises(NothingHappened, match="the bot sent nothing to group 2 within 0"):
        await qqsim.group(2).next_sent(timeout=0)


async def test_actions_are_found_by_globs(qqsim: SimulatedQQ, bus: Bus) -> None:
    qqsim.group(700).add(42)
    await bus.set_group_ban(700, 42, duration=60)
    await bus.set_group_whole_ban(700)
    assert [request.action for request in qqsim.called("set_group_*")] == [
        "set_group_ban",
        "set_group_whole_ban",
    ]
    assert (await qqsim.next_action("*_ban")).params["duration"] == 60
    with pytest.raises(NothingHappened, match="no set_group_ban was called within 0 s"):
        await qqsim.next_action("set_group_ban", timeout=0)


# ---- what failures tell ----------------------------------------------------


@pytest.mark.onebus(
    settings={"channels": {"napcatqq": {"groupPolicy": "allowlist", "groups": {"1": {}}}}}
)
async def test_a_failure_tells_what_was_heard_and_what_was_not(
    qqsim: SimulatedQQ, onebus_scene: Scene
) -> None:
    await qqsim.group(1).say("come in", by=42)
    await qqsim.group(2).say("let me in", by=43)
    await qqsim.heard()
    told = await onebus_scene.report()
    assert "bots:\n    none, run by run_bot" in told
    assert "qq.group.1.message.normal  42: 'come in'" in told
    assert "group 2, user 43: group_not_listed: " in told
    assert "let me in" not in told
    assert "actions that came to QQ 10001 (connected):\n    get_version_info {}" in told
    assert "bridge: ready" in told


async def test_a_failure_tells_that_the_bridge_is_gone(
    qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    onebus_bridge.kill()
    await qqsim.disconnected()
    with pytest.raises(NothingHappened) as caught:
        await qqsim.next_sent(timeout=0)
    assert "the bridge does not run" in str(caught.value)
    assert "QQ 10001 (not connected)" in str(caught.value)


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment as it is where the bot is used."""
    monkeypatch.setenv("ONEBUS_ACTIONS", "tcp://127.0.0.1:9")
    monkeypatch.setenv("ONEBUS_TOKEN", "secret")
    monkeypatch.setenv("ONEBUS_ACCOUNT", "main")


@pytest.mark.usefixtures("production")
async def test_what_the_environment_says_of_another_bridge_does_not_count(
    request: pytest.FixtureRequest,
) -> None:
    request.getfixturevalue("onebus_bridge")
    async with onebus.connect(timeout=5) as bus:
        assert await bus.bridge.ping()
        assert bus.account is None
