"""A model on loopback that says what a test tells it to, and keeps every request.

    model.on("how are you", "fine")
    model.on("look it up", Call("message", {"action": "read", …}), "found it")

Requests come as OpenAI's chat completions; the answers are streamed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from harness.wait import Watch

from claw.server import Answer, Server

NAME: Final = "mock-1"

#: Said where a test has scripted nothing.
UNSCRIPTED: Final = "Nobody has told me what to say."

#: Letters of an answer that are streamed at a time.
_PIECE = 16

#: A first turn loads much; under load some twenty seconds have been seen.
ASKED_SECONDS: Final = 120.0

_ids = count(1)


@dataclass(frozen=True)
class Call:
    """The model calls a tool."""

    tool: str
    arguments: Mapping[str, Any]


Step = str | Call


@dataclass(frozen=True)
class Asked:
    """A request to the model."""

    body: Mapping[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body["messages"])

    @property
    def turn(self) -> list[dict[str, Any]]:
        """The messages since the last answer: what is to be answered now."""
        own = list(self.messages)
        ends = [place for place, one in enumerate(own) if _is_answer(one)]
        return own[ends[-1] + 1 :] if ends else own

    @property
    def text(self) -> str:
        """Everything that is said in it, system prompt included."""
        return "\n".join(map(_text, self.messages))

    @property
    def system(self) -> str:
        """The system prompt."""
        return _texts(self.messages, "system", "developer")

    @property
    def asked(self) -> str:
        """What people say in this turn, and what the host adds to it."""
        return _texts(self.turn, "user")

    @property
    def results(self) -> list[str]:
        """What the tools have given in this turn."""
        return [_text(one) for one in self.turn if one["role"] == "tool"]

    @property
    def images(self) -> list[str]:
        """The addresses, mostly `data:`, of the images in this turn."""
        parts = (part for one in self.turn for part in _parts(one))
        return [part["image_url"]["url"] for part in parts if "image_url" in part]

    @property
    def tools(self) -> list[str]:
        """The names of the tools that it may call."""
        return [tool["function"]["name"] for tool in self.body.get("tools", [])]

    def tool(self, name: str) -> dict[str, Any]:
        """A tool as it is described."""
        rows = (tool["function"] for tool in self.body.get("tools", []))
        return next(dict(row) for row in rows if row["name"] == name)

    @property
    def step(self) -> int:
        """How many tools have been called in this turn."""
        return sum(1 for one in self.turn if one["role"] == "assistant")


def _is_answer(message: Mapping[str, Any]) -> bool:
    return message["role"] == "assistant" and not message.get("tool_calls")


def _parts(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content") or []
    return [{"text": content}] if isinstance(content, str) else list(content)


def _text(message: Mapping[str, Any]) -> str:
    return "\n".join(part["text"] for part in _parts(message) if "text" in part)


def _texts(messages: Iterable[Mapping[str, Any]], *roles: str) -> str:
    return "\n".join(_text(one) for one in messages if one["role"] in roles)


@dataclass(eq=False)
class Script:
    """What is answered to turns in which `words` are said."""

    words: str
    steps: tuple[Step, ...]
    asked: list[Asked] = field(default_factory=list)
    """The requests that it answered, or is about to."""
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _spoken: int = 0

    def hold(self, after: int = 0) -> None:
        """From now on answer only after `release`; with `after` so many letters
        are said before."""
        self._open.clear()
        self._spoken = after

    def release(self) -> None:
        """Answer what was held, and all that comes."""
        self._open.set()

    @property
    def turns(self) -> int:
        """How many turns it was asked for, however often the model was in each."""
        return sum(1 for one in self.asked if one.step == 0)


class Model:
    """`async with Model() as model`; `model.url` is where it is."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        """Every request, oldest first."""
        self.unscripted: list[Asked] = []
        """Those among them that no test has told what to say to."""
        self._scripts: list[Script] = []
        self._watch = Watch()
        self._server = Server(self._serve)

    async def __aenter__(self) -> Model:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for script in self._scripts:
            script.release()
        await self._server.stop()

    @property
    def url(self) -> str:
        return f"{self._server.url}/v1"

    # -- what a test says and looks at ---------------------------------------

    def on(self, words: str, *steps: Step) -> Script:
        """Answer turns in which `words` are said, by these steps: the last one a
        text, tool calls before it. Of several that fit the newest counts, for what
        was said before may be told again beside what is asked now."""
        script = Script(words, steps)
        script.release()
        self._scripts.append(script)
        return script

    async def asked_for(
        self, script: Script, turns: int = 1, seconds: float = ASKED_SECONDS
    ) -> Asked:
        """Wait until it was asked to answer so many turns; gives the last request."""
        await self._watch.until(
            lambda: script.turns >= turns, f"request for {script.words!r}", seconds
        )
        return script.asked[-1]

    def heard(self, words: str) -> list[Asked]:
        """The requests in which anybody says this, in whatever turn."""
        return [one for one in self.asked if words in one.text]

    # -- the endpoint --------------------------------------------------------

    async def _serve(self, path: str, body: bytes) -> Answer | None:
        if path != "/v1/chat/completions":
            return None
        asked = Asked(json.loads(body))
        script = self._script_for(asked)
        if script is None:
            self.unscripted.append(asked)
            script = Script("", (UNSCRIPTED,))
            script.release()
        self.asked.append(asked)
        script.asked.append(asked)
        self._watch.notify()
        return Answer(_stream(script, asked.step), "text/event-stream")

    def _script_for(self, asked: Asked) -> Script | None:
        said = asked.asked
        fitting = (one for one in reversed(self._scripts) if one.words in said)
        return next(fitting, None)


async def _stream(script: Script, place: int) -> AsyncIterator[str]:
    """One step as server-sent events."""
    step = script.steps[min(place, len(script.steps) - 1)]
    identity = f"chatcmpl-{next(_ids)}"
    if script._spoken == 0:
        await script._open.wait()
    said = 0
    for delta in _deltas(step):
        yield _event(identity, delta, None)
        said += len(delta.get("content") or "")
        if 0 < script._spoken <= said:
            await script._open.wait()
    yield _event(identity, {}, "stop" if isinstance(step, str) else "tool_calls")
    usage = {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010}
    yield _line({"id": identity, "object": _KIND, "choices": [], "usage": usage})
    yield "data: [DONE]\n\n"


_KIND = "chat.completion.chunk"


def _deltas(step: Step) -> list[dict[str, Any]]:
    if isinstance(step, str):
        pieces = [step[at : at + _PIECE] for at in range(0, len(step), _PIECE)] or [""]
        return [{"role": "assistant", "content": piece} for piece in pieces]
    function = {"name": step.tool, "arguments": json.dumps(step.arguments)}
    # An id must not come twice in a conversation.
    call = {"index": 0, "id": f"call_{next(_ids)}", "type": "function"}
    return [{"role": "assistant", "tool_calls": [call | {"function": function}]}]


def _event(identity: str, delta: Mapping[str, Any], reason: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    row = {"id": identity, "object": _KIND, "model": NAME, "choices": [choice]}
    return _line(row)


def _line(row: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(row)}\n\n"
