"""The steps of a scenario: how each kind is read, and what it does.

A step is an object with one verb and what belongs to it, as
``{say: "/ping", by: "mei", in: "tea"}``.  A reader checks all of it and gives a
function that does it in a `Play`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import js
from .cast import Cast
from .model import Message
from .nodes import Node, ScenarioError, hint
from .rendering import Renderer
from .stage import Stage

Run = Callable[["Play"], Awaitable[None]]


class StepFailed(Exception):
    """What was expected has not come; the text says what came instead."""


@dataclass(frozen=True)
class Step:
    """One step, read and ready."""

    line: int
    words: str
    """The step in a few words, for people."""
    run: Run
    inner: tuple[Step, ...] = ()
    """Of a repeat: done `times` times, in place of `run`."""
    times: int = 1


@dataclass
class Play:
    """A scenario as it goes on."""

    stage: Stage
    cast: Cast
    patience: float
    """Seconds that expectations wait unless told otherwise."""
    rounds: int = 0
    """The number of the round of the innermost repeat, from 1."""
    labels: dict[str, Message] = field(default_factory=dict)
    """Messages by the names that steps have given them with `as`."""
    chatters: list[asyncio.Task[None]] = field(default_factory=list)

    def filled(self, text: str) -> str:
        """The text with the number of the round for ``{n}``."""
        return text.replace("{n}", str(self.rounds))

    @property
    def renderer(self) -> Renderer:
        """Puts messages in words."""
        return Renderer(self.stage.name_of, self.stage.sims[0].world.forwards)

    def message(self, label: str) -> Message:
        """The message of a label."""
        if label not in self.labels:
            raise StepFailed(f"no message is called {label!r} yet")
        return self.labels[label]

    def start_chatter(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on beside the steps."""
        self.chatters.append(asyncio.ensure_future(work))

    async def chatter_done(self) -> None:
        """Wait until all that has an end has come to it."""
        await asyncio.gather(*self.chatters)

    async def end(self) -> None:
        """Stop what still goes on."""
        for task in self.chatters:
            task.cancel()
        await asyncio.gather(*self.chatters, return_exceptions=True)
        self.chatters.clear()


@dataclass(frozen=True)
class Reading:
    """What the readers of steps are given."""

    cast: Cast
    folder: Path
    """Where relative paths begin."""
    verbs: Mapping[str, Verb]
    """All there are, but for `repeat`."""


Reader = Callable[[Node, Reading], Run]


@dataclass(frozen=True)
class Verb:
    """A kind of step; `fields` are those that may stand beside it."""

    fields: tuple[str, ...]
    read: Reader


class Verbs(dict[str, Verb]):
    """Kinds of steps by name."""

    def add(self, name: str, *fields: str) -> Callable[[Reader], Reader]:
        """Register a reader under the name of its verb."""

        def register(reader: Reader) -> Reader:
            self[name] = Verb(fields, reader)
            return reader

        return register


def read_steps(node: Node, reading: Reading) -> tuple[Step, ...]:
    """All steps of an array; one ScenarioError tells all errors in them."""
    steps: list[Step] = []
    errors: list[str] = []
    for element in node.elements():
        try:
            steps.append(_read_step(element, reading))
        except ScenarioError as error:
            errors.append(str(error))
    if errors:
        raise ScenarioError("\n".join(errors))
    return tuple(steps)


def _read_step(node: Node, reading: Reading) -> Step:
    verbs = [*reading.verbs, "repeat"]
    names = [name for name in node.object() if name in verbs]
    if len(names) != 1:
        given = next((key for key in node.object()), "")
        if names:
            raise node.error(f"these are two verbs: {', '.join(names)}")
        raise node.error(f"it has no verb{hint(given, verbs)}")
    name = names[0]
    if name == "repeat":
        return _read_repeat(node, reading)
    known = reading.verbs[name]
    node.only((name, *known.fields))
    return Step(node.line, words_of(node, name), known.read(node, reading))


def _read_repeat(node: Node, reading: Reading) -> Step:
    node.only(("repeat", "steps"))
    times = node["repeat"].integer(1)
    inner = read_steps(node["steps"], reading)
    return Step(node.line, f"repeat {times} times", _nothing, inner, times)


async def _nothing(_play: Play) -> None:
    """A repeat does only what is in it."""


def words_of(node: Node, name: str) -> str:
    """The verb, what it is given, and the rest, in the order it stands."""
    words = [name, _word(node[name].value)]
    for key, member in node.items():
        if key != name:
            words += [key, _word(member.value)]
    return " ".join(words)


def _word(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return js.dumps(value)
    return js.text(value) if isinstance(value, (bool, int, float)) else js.dumps(value)
