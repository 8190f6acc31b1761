"""A scenario: a file that says who does what, and what bots are to do then.

JSON5, checked as a whole before anything is played.  docs/simulator.md has the
format.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from . import steps_expect, steps_links, steps_people
from .bots import BotSettings, Roster
from .cast import Cast
from .nodes import Node, read_document
from .steps import Reading, Step, read_steps

PATIENCE = 5.0
"""Seconds that expectations wait."""

VERBS = {**steps_people.VERBS, **steps_expect.VERBS, **steps_links.VERBS}

_KEYS = ("name", "bots", "people", "groups", "timeout", "steps")
_BOT_KEYS = tuple(f.name for f in fields(BotSettings))

@dataclass(frozen=True)
class Scenario:
    """A file, read and ready."""

    path: Path
    name: str
    bots: tuple[BotSettings, ...]
    cast: Cast
    patience: float
    steps: tuple[Step, ...]


def load(path: Path, roster: Roster) -> Scenario:
    """Read a scenario; raises ScenarioError, a line for each error.

    What the command line says of bots goes before what the file says.
    """
    root = read_document(path).root
    root.only(_KEYS)
    bots = _bots(root, roster)
    cast = Cast(tuple(bot.id for bot in bots))
    cast.read(root)
    return Scenario(
        path=path,
        name=root["name"].text() if root.has("name") else path.stem,
        bots=bots,
        cast=cast,
        patience=root["timeout"].seconds() if root.has("timeout") else PATIENCE,
        steps=read_steps(root["steps"], Reading(cast, path.parent, VERBS)),
    )


def _bots(root: Node, roster: Roster) -> tuple[BotSettings, ...]:
    listed = root.get("bots")
    if listed is None:
        return roster.bots()
    given = [_bot(node) for node in listed.elements()]
    if not given:
        raise listed.error("there is no bot")
    if len({bot["id"] for bot in given}) < len(given):
        raise listed.error("two bots have one account")
    try:
        return roster.settled(given)
    except ValueError as error:
        raise listed.error(str(error)) from None


def _bot(node: Node) -> dict[str, Any]:
    """An account, or an object with the keys of BotSettings."""
    if not isinstance(node.value, dict):
        return {"id": node.integer(1)}
    node.only(_BOT_KEYS)
    given: dict[str, Any] = {"id": node["id"].integer(1)}
    for key, member in node.items():
        if key == "listen":
            given[key] = member.integer(0, 0xFFFF)
        elif key != "id":
            given[key] = member.text()
    try:
        BotSettings(**given)
    except ValueError as error:
        raise node.error(str(error)) from None
    return given
