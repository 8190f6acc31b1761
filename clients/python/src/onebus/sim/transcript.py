"""What happens, as lines on a screen.

A message is shown once, however many bots hear it; what a bot does is shown
when nothing else tells of it, or when it fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from . import js
from .cq import Segment
from .model import Event, Message, Notice
from .rendering import Renderer, action_text
from .stage import Done, Stage
from .talk import Talk
from .terminal import Palette, one_line, printable

_READING = ("get_", "can_", "fetch_", "nc_get_", "_get_", ".get_", "check_")
_SENDING = ("send_", "forward_", "upload_")
_INDENT = "    "
_QUOTE_CHARACTERS = 40


class Transcript:
    """Writes what happens on `stage` by `put`, one line or more at a time."""

    def __init__(
        self, stage: Stage, talk: Talk, palette: Palette, put: Callable[[str], None]
    ) -> None:
        self._stage = stage
        self._talk = talk
        self._palette = palette
        self._put = put
        world = stage.sims[0].world
        self._renderer = Renderer(stage.name_of, world.forwards)
        self._news = 0
        """How many events there were; an action that made one needs no line."""
        self._news_told = 0
        world.commons.listeners.append(self._on_news)
        stage.on_outcome(self._on_outcome)

    def _on_news(self, event: Event) -> None:
        """Shown a moment later, when whoever made it is done with it."""
        self._news += 1
        asyncio.get_running_loop().call_soon(self._show, event)

    def _on_outcome(self, done: Done) -> None:
        told, self._news_told = self._news != self._news_told, self._news
        name = js.text(done.request.action)
        is_quiet = told or name.startswith((*_READING, *_SENDING))
        if done.failure is not None or not is_quiet or self._talk.verbose:
            asyncio.get_running_loop().call_soon(self._show_action, done)

    # -- lines -----------------------------------------------------------------

    def _show(self, event: Event) -> None:
        self._news_told = self._news
        if isinstance(event, Message):
            self._put(self._message_line(event))
        else:
            self._put(self._notice_line(event))

    def _message_line(self, said: Message) -> str:
        number = self._talk.number(said)
        is_bot = said.sender_id in self._stage.bots
        name = said.card or said.nickname or self._stage.name_of(said.sender_id)
        speaker = self._palette.paint(one_line(name, 40), "bot" if is_bot else "person")
        text = printable(self._renderer.text(said.segments))
        text = text.replace("\n", f"\n{_INDENT}")
        head = self._palette.paint(f"#{number} {self._place(said)}", "system")
        return f"{head} {speaker}: {self._quote(said)}{text}"

    def _place(self, said: Message) -> str:
        if said.chat.kind == "group":
            return one_line(f"[{self._talk.place(said.chat.peer_id)}]", 40)
        peers = [account for account in said.copies if account != said.sender_id]
        other = said.chat.peer_id if said.sender_id in self._stage.bots else peers[0]
        return one_line(f"[private to {self._stage.name_of(other)}]", 40)

    def _quote(self, said: Message) -> str:
        quoted = self._quoted(said.segments)
        if quoted is None:
            return ""
        number = self._talk.number_of(quoted)
        text = self._renderer.text(quoted.segments)
        shown = f"> #{number} {one_line(text, _QUOTE_CHARACTERS)}\n{_INDENT}"
        return self._palette.paint(shown, "system")

    def _quoted(self, segments: list[Segment]) -> Message | None:
        for segment in segments:
            if segment.get("type") == "reply":
                quoted = js.text(segment["data"].get("id", ""))
                for sim in self._stage.sims if quoted.isdecimal() else ():
                    found = sim.world.message(int(quoted))
                    if found is not None:
                        return found
        return None

    def _notice_line(self, notice: Notice) -> str:
        group_id = notice.get("group_id")
        place = f"[{self._talk.place(group_id)}] " if group_id else ""
        line = f"* {place}{self._renderer.notice(notice)}{self._about(notice)}"
        return self._palette.paint(one_line(line), "notice")

    def _about(self, notice: Notice) -> str:
        """The number of the message it is about."""
        for sim in self._stage.sims if "message_id" in notice else ():
            number = self._talk.number_of(sim.world.message(notice["message_id"]))
            if number is not None:
                return f": #{number}"
        return ""

    def _show_action(self, done: Done) -> None:
        name = self._stage.name_of(done.bot)
        request = action_text(done.request.action, done.request.params)
        if done.failure is None:
            line = one_line(f"* {name}: {request}")
            self._put(self._palette.paint(line, "system"))
            return
        failure = f"failed with {done.failure.retcode}: {done.failure.wording}"
        line = f"* {name}: {one_line(request, 80)} {one_line(failure)}"
        self._put(self._palette.paint(line, "error"))
