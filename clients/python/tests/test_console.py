"""The chat in the terminal: commands, and what is shown."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from small_bot import small_bot

from onebus.sim import Simulator
from onebus.sim.commands import COMMANDS, follow
from onebus.sim.stage import Seat, Stage, StageError
from onebus.sim.talk import CommandError, Talk
from onebus.sim.terminal import Palette
from onebus.sim.transcript import Transcript

SOURCES = Path(__file__).parents[1] / "src"
BOT, GROUP, ME = 10001, 700, 42
SECONDS = 20.0


@dataclass
class Chat:
    """A chat whose lines are kept."""

    sims: list[Simulator]
    talk: Talk
    lines: list[str] = field(default_factory=list)

    async def type(self, *typed: str) -> list[str]:
        """Type lines; gives what was shown meanwhile."""
        before = len(self.lines)
        for line in typed:
            await follow(self.talk, line)
            await asyncio.sleep(0)
        return self.lines[before:]


@contextlib.asynccontextmanager
async def opened(*sims: Simulator) -> AsyncIterator[Chat]:
    async with contextlib.AsyncExitStack() as stack:
        for sim in sims:
            await stack.enter_async_context(sim)
        stage = Stage(list(sims))
        stage.names[ME] = "You"
        lines: list[str] = []
        talk = Talk(stage, Seat(ME, GROUP, sims[0].self_id), lines.append)
        stage.open_group(GROUP, "Tea")
        Transcript(stage, talk, Palette(False), lines.append)
        yield Chat(list(sims), talk, lines)


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    """With one bot that nobody plays."""
    async with opened(Simulator(nickname="Bot", self_id=BOT)) as made:
        yield made


@pytest.fixture
async def answered() -> AsyncIterator[Chat]:
    """With a bot that answers."""
    async with small_bot() as url, opened(Simulator(url, nickname="Bot")) as made:
        await made.sims[0].connected()
        yield made


async def test_what_is_typed_is_said(chat: Chat) -> None:
    assert await chat.type("你好", "") == ["#1 [Tea 700] You: 你好"]
    assert chat.sims[0].world.take_events() == []


async def test_a_bots_own_commands_are_said_too(chat: Chat) -> None:
    assert await chat.type("/ping me") == ["#1 [Tea 700] You: /ping me"]
    assert await chat.type("//help") == ["#2 [Tea 700] You: /help"]


async def test_a_slip_is_not_said(chat: Chat) -> None:
    with pytest.raises(CommandError, match="did you mean /poke.*write //poek bot"):
        await chat.type("/poek bot")
    assert chat.lines == []


async def test_another_prefix_leaves_all_commands_to_the_bot(chat: Chat) -> None:
    chat.talk.prefix = ":"
    assert await chat.type("/help") == ["#1 [Tea 700] You: /help"]
    assert len(await chat.type(":help")) > len(COMMANDS)


async def test_an_answer_is_shown_as_qq_would(answered: Chat) -> None:
    shown = await answered.type("/ping", "/wait", "/echo hi", "/expect hi")
    assert shown == [
        "#1 [Tea 700] You: /ping",
        "#2 [Tea 700] Bot: > #1 /ping\n    pong",
        "#3 [Tea 700] You: /echo hi",
        "#4 [Tea 700] Bot: hi",
    ]


async def test_what_a_bot_sends_cannot_give_orders(answered: Chat) -> None:
    shown = await answered.type("/echo \x1b[2J\x9b31mx\u202ey", "/wait")
    assert "\\x1b[2J\\x9b31mx\\u202ey" in shown[1]


async def test_what_a_bot_does_is_told(answered: Chat) -> None:
    ban = '/do set_group_ban {"group_id":700,"user_id":42,"duration":60}'
    await answered.type(ban, "/sleep 0")
    stage = answered.talk.stage
    while "* [Tea 700] Bot muted You for 60 s" not in answered.lines:
        await stage.take(stage.done, lambda _: True, SECONDS)
        await asyncio.sleep(0)
    with pytest.raises(CommandError, match="You is muted for 60 s"):
        await answered.type("/at")


async def shown_of(chat: Chat, action: str) -> list[str]:
    """What is shown when a bot does that."""
    before = len(chat.lines)
    await chat.type(f"/do {action}")
    await chat.talk.stage.take(chat.talk.stage.done, lambda _: True, SECONDS)
    await asyncio.sleep(0)
    return chat.lines[before + 1 :]


async def test_what_makes_no_event_has_a_line_of_its_own(answered: Chat) -> None:
    card = 'set_group_card {"group_id":700,"user_id":42,"card":"x"}'
    line = '* Bot: set_group_card group_id=700 user_id=42 card="x"'
    assert await shown_of(answered, card) == [line]


async def test_what_a_bot_reads_is_shown_on_demand(answered: Chat) -> None:
    assert await shown_of(answered, "get_status") == []
    await answered.type("/verbose on")
    assert await shown_of(answered, "get_status") == ["* Bot: get_status"]


async def test_what_fails_is_told(answered: Chat) -> None:
    (line,) = await shown_of(answered, "no_such")
    assert line == "* Bot: no_such failed with 1404: 不支持的Api no_such"


async def test_you_can_be_others_elsewhere(chat: Chat) -> None:
    shown = await chat.type(
        "/as 43 老薄", "hi", "/group 800 Birds", "tweet", "/dm", "psst", "/dm 42", "me"
    )
    assert shown == [
        "#1 [Tea 700] 老薄: hi",
        "#2 [Birds 800] 老薄: tweet",
        "#3 [private to Bot] 老薄: psst",
        "#4 [private to Bot] You: me",
    ]
    assert chat.talk.prompt == "[private] You (42)> "
    await chat.type("/as 老薄", "/group 700")
    assert chat.talk.prompt == "[Tea 700] 老薄 (43)> "


async def test_quotes_mentions_codes_and_faces(chat: Chat) -> None:
    shown = await chat.type(
        "one", "/quote 1 two", "/at three", "/at @You four", "/cq [CQ:face,id=13]",
        "/face 14",
    )  # fmt: skip
    assert shown[1:] == [
        "#2 [Tea 700] You: > #1 one\n    two",
        "#3 [Tea 700] You: @Bot three",
        "#4 [Tea 700] You: @You four",
        "#5 [Tea 700] You: [face 13]",
        "#6 [Tea 700] You: [face 14]",
    ]
    assert await chat.type("[CQ:face,id=1]") == ["#7 [Tea 700] You: [CQ:face,id=1]"]
    shown = await chat.type("/codes on", "[CQ:face,id=1]")
    assert shown == ["#8 [Tea 700] You: [face 1]"]


async def test_files_are_sent_with_their_bytes(chat: Chat, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x" * 12_000)
    shown = await chat.type(f"/image {picture}", f"/file {picture}")
    assert shown == [
        "#1 [Tea 700] You: [image 12 KB]",
        "#2 [Tea 700] You: [file a.png 12 KB]",
        "* [Tea 700] You uploaded a.png",
    ]
    assert chat.sims[0].world.disk.stored("a.png").data == b"x" * 12_000
    with pytest.raises(CommandError, match="cannot read .*none.png: No such file"):
        await chat.type(f"/image {tmp_path}/none.png")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/poke", "You poked Bot"),
        ("/poke 43", "You poked 43"),
        ("/mute bot 60", "You muted Bot for 60 s"),
        ("/mute all", "You muted everybody"),
        ("/unmute bot", "You unmuted Bot"),
        ("/kick bot", "You kicked Bot"),
        ("/join 43 Bo", "Bo joined"),
        ("/leave", "You left"),
        ("/role bot member", "Bot is no longer an administrator"),
        ("/knock let me in", "You asks to be let in: let me in"),
        ("/invite 900", "You invites the bot"),
        ("/raw {notice_type: 'strange', a: [1,]}", 'strange {"a":[1]}'),
    ],
)
async def test_commands_and_what_they_show(chat: Chat, line: str, shown: str) -> None:
    await chat.type("/join")
    events: list[object] = []
    chat.sims[0].on_event(events.append)
    lines = await chat.type(line)
    assert len(events) == 1
    assert not lines or lines[0].endswith(shown)
    assert lines or line.startswith("/raw")


async def test_a_bot_that_was_thrown_out_hears_nothing(chat: Chat) -> None:
    await chat.type("/kick bot")
    with pytest.raises(StageError, match="no bot is in group 700"):
        await chat.type("hello?")
    await chat.type("/join bot", "hello!")
    assert chat.lines[-1] == "#1 [Tea 700] You: hello!"


async def test_messages_are_taken_back_by_number_or_the_last(chat: Chat) -> None:
    shown = await chat.type("one", "two", "/recall 1", "/recall")
    assert shown[2:] == [
        "* [Tea 700] You took back a message: #1",
        "* [Tea 700] You took back a message: #2",
    ]
    with pytest.raises(CommandError, match="you have said nothing yet"):
        await chat.type("/recall")


async def test_the_account_goes_offline_and_comes_back(chat: Chat) -> None:
    assert "the bot was logged off" in (await chat.type("/offline"))[0]
    assert not chat.sims[0].world.online
    await chat.type("/online")
    assert chat.sims[0].world.online


async def test_faults_are_given_and_taken_away(chat: Chat) -> None:
    shown = await chat.type("/fault send_* lost 2", "/fault get_* late:0.5", "/faults")
    assert shown == [
        "send_*: Lost(), 2 left",
        "get_*: Late(seconds=0.5), always",
    ]
    assert await chat.type("/fault clear", "/faults") == []
    with pytest.raises(CommandError, match="the kinds are late, lost"):
        await chat.type("/fault send_*")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/as nobody", "nobody is called nobody"),
        ("/group tea", "tea is not a group"),
        ("/quote 9 x", "9 is no number of a message"),
        ("/mute bot soon", "soon is not a number of seconds"),
        ("/raw [1]", "an event is an object"),
        ("/raw {", "this is no JSON"),
        ("/verbose maybe", "neither on nor off"),
        ("/bot 5", "there is no bot 5; there are: 10001"),
        ("/wait 0", "the bot has said nothing within 0 s"),
        ("/dm\n", ""),
    ],
)
async def test_what_cannot_be_followed_is_explained(
    chat: Chat, line: str, why: str
) -> None:
    if not why:
        await chat.type(line.strip())
        line, why = "/kick bot", "this is for groups: /group ID goes to one"
    with pytest.raises(CommandError) as caught:
        await chat.type(line)
    assert why in str(caught.value)


async def test_every_command_is_explained(chat: Chat) -> None:
    shown = "\n".join(await chat.type("/help"))
    assert all(f"/{name}" in shown for name in COMMANDS)
    assert len(await chat.type("/help mute")) == 1


async def test_two_bots_are_shown_once() -> None:
    first = Simulator(nickname="A", self_id=1)
    second = Simulator(nickname="B", self_id=2, beside=first)
    async with opened(first, second) as chat:
        assert await chat.type("hi", "/mute B 60", "/kick A") == [
            "#1 [Tea 700] You: hi",
            "* [Tea 700] You muted B for 60 s",
            "* [Tea 700] You kicked A",
        ]
        await chat.type("/bot 2", "/dm", "psst")
        assert chat.talk.prompt == "[private with B] You (42)> "
        assert chat.lines[-1] == "#2 [private to B] You: psst"
        assert "bot B (2): online, not connected" in await chat.type("/who")


# -- as a program -----------------------------------------------------------------


async def console(*arguments: str, typed: str) -> tuple[int | None, str]:
    """The exit status, and what was shown, of a chat through pipes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "onebus.sim", "chat", *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(typed.encode()), SECONDS)
    return process.returncode, out.decode()


async def test_a_chat_through_pipes() -> None:
    async with small_bot() as url:
        typed = "/ping\n/expect pong\n/quit\n"
        status, out = await console("--url", url, "--linger", "0", typed=typed)
    assert status == 0
    assert out.splitlines() == [
        f"* connected to {url}",
        "#1 [Test group 700] You: /ping",
        "#2 [Test group 700] 小桥: > #1 /ping",
        "    pong",
    ]


async def test_a_pipe_that_expects_what_does_not_come_fails() -> None:
    async with small_bot() as url:
        typed = "/ping\n/wait\n/wait 0"
        status, out = await console("--url", url, "--linger", "0", typed=typed)
    assert status == 1
    assert "! the bot has said nothing within 0 s (/wait [SECONDS])" in out


async def test_a_pipe_waits_for_a_connection_only_so_long() -> None:
    arguments = ("--url", "ws://127.0.0.1:9/", "--wait", "0")
    status, out = await console(*arguments, typed="hi\n")
    assert status == 1
    assert "! bot 10001: " in out and "Traceback" not in out


async def test_a_chat_on_a_terminal() -> None:
    """The prompt, a line that is typed, the answer, and the end."""
    async with small_bot() as url:
        master, slave = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "onebus.sim", "chat", "--url", url,
            stdin=slave, stdout=slave, stderr=slave,
            env=os.environ
            | {"PYTHONPATH": str(SOURCES), "TERM": "xterm", "NO_COLOR": "1"},
        )  # fmt: skip
        os.close(slave)
        screen = Screen(master)
        await screen.until("connected to")
        await screen.until("[Test group 700] You (42)> ")
        os.write(master, "/echo 你好\n".encode())
        await screen.until("#2 [Test group 700] 小桥: 你好")
        os.write(master, b"/quit\n")
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0
        screen.close()


class Screen:
    """Reads what is written on a terminal."""

    def __init__(self, master: int) -> None:
        self._master = master
        self._text = ""
        self._changed = asyncio.Event()
        asyncio.get_running_loop().add_reader(master, self._read)

    def _read(self) -> None:
        try:
            self._text += os.read(self._master, 65536).decode("utf-8", "replace")
        except OSError:
            asyncio.get_running_loop().remove_reader(self._master)
        self._changed.set()

    async def until(self, wanted: str) -> None:
        async def seen() -> None:
            while wanted not in self._text:
                self._changed.clear()
                await self._changed.wait()

        try:
            await asyncio.wait_for(seen(), SECONDS)
        except asyncio.TimeoutError:
            raise AssertionError(f"{wanted!r} not in {self._text!r}") from None

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)
