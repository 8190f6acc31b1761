"""A simulated QQ with handles for what tests do: people say things, a bot answers.

    await qq.group(700).say("/ping", by=42)
    assert (await qq.next_sent()).text == "pong"
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..message import Message, MessageLike
from ..sim import Request, Simulator
from ..sim.model import Chat, Sent
from ..sim.model import Message as Said
from . import report
from .chats import TIMEOUT, FriendHandle, GroupHandle, Quotable
from .sent import SentMessage, shown

if TYPE_CHECKING:
    from .scene import Scene

#: How long nothing must happen for it to count as nothing, where nobody can tell
#: whether the bot is at work, in seconds.
QUIET = 0.3

T = TypeVar("T")

_MEDIA = ("image", "record", "video", "file")


class NothingHappened(AssertionError):
    """What was waited for did not come; says what did."""


class SimulatedQQ(Simulator):
    """The account of a bot under test, and everybody who talks to it.

    `scene` is what it is part of: who knows of the bots and of the bridge.
    """

    def __init__(self, url: str, *, scene: Scene | None = None, **options: Any) -> None:
        super().__init__(url, **options)
        self._scene = scene
        #: Those that were asked for; the bot may have been thrown out since.
        self._groups: set[int] = set()
        #: The orders of what was given already.
        self._taken: set[int] = set()

    # ---- who there is ------------------------------------------------------

    def group(self, group_id: int) -> GroupHandle:
        """A group with the bot in it; it is made up when it does not exist."""
        if group_id not in self._groups:
            self._groups.add(group_id)
            self.world.group(group_id)
        return GroupHandle(self, group_id)

    def friend(self, user_id: int, nickname: str = "") -> FriendHandle:
        """A friend of the bot; somebody is made up when there is no such one."""
        if user_id not in self.world.friends:
            name = nickname or self.world.nickname_of(user_id) or f"User {user_id}"
            self.world.add_friend(user_id, name)
        return FriendHandle(self, user_id)

    async def go_offline(self) -> None:
        """QQ logs the account off: what is sent fails, the connection stays."""
        self.world.go_offline()
        await self.flush()

    def go_online(self) -> None:
        """The account is there again, which a heartbeat tells in its time."""
        self.world.go_online()

    # ---- what the bot does -------------------------------------------------

    @property
    def sent(self) -> list[SentMessage]:
        """All that the bot has sent, oldest first, whether taken or not."""
        return [shown(one) for one in self.world.sent]

    async def next_sent(
        self, timeout: float = TIMEOUT, *, chat: Chat | None = None
    ) -> SentMessage:
        """The next message of the bot, to `chat` or to any; each is given once.

        NothingHappened, an AssertionError, if none comes in `timeout` seconds.
        """
        __tracebackhide__ = True
        where = "" if chat is None else f" to {chat.kind} {chat.peer_id}"
        found = await self._wait(
            lambda: self._untaken(chat), timeout, f"the bot sent nothing{where}"
        )
        self._taken.add(found.order)
        return shown(found)

    async def next_action(self, name: str, timeout: float = TIMEOUT) -> Request:
        """The next request of an action; `name` may be a glob. Each is given once."""
        __tracebackhide__ = True

        def look() -> Request | None:
            for request in list(self._unseen):
                if fnmatch.fnmatchcase(str(request.action), name):
                    self._unseen.remove(request)
                    return request
            return None

        return await self._wait(look, timeout, f"no {name} was called")

    def called(self, name: str) -> list[Request]:
        """All requests of an action so far, oldest first; `name` may be a glob."""
        return [
            request
            for request in self.requests
            if fnmatch.fnmatchcase(str(request.action), name)
        ]

    async def nothing_sent(self, within: float | None = None) -> None:
        """Fail if the bot sends something that was not taken.

        Waits until the bot is idle (see `bot_idle`), which takes no longer than
        the bot does. Where it does not run in this scene, or with `within`, so
        many seconds are waited, 0.3 by default.
        """
        __tracebackhide__ = True
        if within is None and self._scene is not None and self._scene.bots.count:
            await self.bot_idle()
            found = self._untaken(None)
        else:
            found = await self._sent_within(QUIET if within is None else within)
        if found is not None:
            raise AssertionError(f"the bot sent {shown(found).message!r}")

    async def bot_idle(self, timeout: float = TIMEOUT) -> None:
        """Wait until the bots of this scene are through with all that has happened.

        That is: they have heard it, their handlers have returned, and what those
        have caused is dealt with as well. Tasks that handlers leave behind are
        not waited for. RuntimeError if the scene runs no bot.
        """
        __tracebackhide__ = True
        if self._scene is None or not self._scene.bots.count:
            raise RuntimeError("bot_idle: no bot runs here: start it by run_bot")
        try:
            await self._scene.idle(timeout)
        except TimeoutError:
            what = f"the bot is still at work after {timeout:g} s"
            raise NothingHappened(await self._why(what)) from None

    async def _sent_within(self, seconds: float) -> Sent | None:
        try:
            return await self._watch.until(lambda: self._untaken(None), seconds, "")
        except TimeoutError:
            return None

    def _untaken(self, chat: Chat | None) -> Sent | None:
        for sent in self.world.sent:
            if sent.order not in self._taken and chat in (None, sent.chat):
                return sent
        return None

    async def _wait(self, look: Callable[[], T | None], timeout: float, what: str) -> T:
        __tracebackhide__ = True
        try:
            return await self._watch.until(look, timeout, what)
        except TimeoutError:
            what = f"{what} within {timeout:g} s"
            raise NothingHappened(await self._why(what)) from None

    async def _why(self, what: str) -> str:
        if self._scene is None:
            return f"{what}\n{report.of_qq(self)}"
        return f"{what}\n{await self._scene.report()}"

    # ---- what people say ---------------------------------------------------

    def said(self, quoted: Quotable) -> Said:
        """A message as the simulator has it; LookupError if it has it no more."""
        message_id = quoted if isinstance(quoted, int) else quoted.message_id
        message = self.world.message(message_id)
        if message is None:
            raise LookupError(f"message_id {message_id}: no such message")
        return message

    def segments(self, message: MessageLike) -> list[dict[str, Any]]:
        """`message` as the simulator has it, its files on NapCat's disk."""
        return [self._segment(wire) for wire in Message(message).to_wire()]

    def _segment(self, wire: dict[str, Any]) -> dict[str, Any]:
        content = wire["data"].get("file")
        if wire["type"] not in _MEDIA or isinstance(content, str) or content is None:
            return wire
        name = wire["data"].get("name") or "file"
        if isinstance(content, os.PathLike):
            path = Path(cast("os.PathLike[str]", content))
            name, content = path.name, path.read_bytes()
        return self.world.file_in_message(wire["type"], name, bytes(content))
