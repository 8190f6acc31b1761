"""Who and where in a scenario: names for accounts and groups.

    people: {mei: 42, bo: {id: 43, name: "老薄", friend: true}},
    groups: {tea: {id: 700, name: "茶", owner: "mei", members: ["bo"]}},
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from .model import Chat, Role
from .nodes import Node, hint
from .stage import Seat, Stage

_PLACE_KEYS = "id name bot_role bots owner admins members cards".split()

BOT = "bot"
"""The first bot, in every place where an account may stand."""


@dataclass(frozen=True)
class Person:
    """Somebody of a scenario."""

    id: int
    name: str
    friend: bool = True


@dataclass(frozen=True)
class Place:
    """A group of a scenario; `roles` has all members but those bots that are
    in it as `bot_role`."""

    id: int
    name: str
    bot_role: Role = "admin"
    bots: tuple[int, ...] = ()
    roles: dict[int, Role] = field(default_factory=dict)
    cards: dict[int, str] = field(default_factory=dict)


@dataclass
class Cast:
    """Reads names where they stand, and furnishes a stage."""

    bots: tuple[int, ...]
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Place] = field(default_factory=dict)

    # -- reading -------------------------------------------------------------------

    def read(self, root: Node) -> None:
        """`people` and `groups` of a scenario."""
        people, groups = root.get("people"), root.get("groups")
        for name, node in people.items() if people else ():
            self.people[name] = _person(name, node)
        for name, node in groups.items() if groups else ():
            self.groups[name] = self._place(name, node)

    def _place(self, name: str, node: Node) -> Place:
        if not isinstance(node.value, dict):
            roles = self._everybody()
            return Place(node.integer(1), name, bots=self.bots, roles=roles)
        node.only(_PLACE_KEYS)
        bots = [self.account(bot) for bot in _elements(node, "bots")]
        return Place(
            node["id"].integer(1),
            node["name"].text() if node.has("name") else name,
            bot_role=_role(node.get("bot_role")),
            bots=tuple(bots) if node.has("bots") else self.bots,
            roles=self._roles(node),
            cards=self._cards(node),
        )

    def _roles(self, node: Node) -> dict[int, Role]:
        """Everybody is a member unless there is a list of them."""
        roles: dict[int, Role] = {}
        if not node.has("members"):
            roles = self._everybody()
        for member in _elements(node, "members"):
            roles[self.account(member)] = "member"
        for admin in _elements(node, "admins"):
            roles[self.account(admin)] = "admin"
        owner = node.get("owner")
        if owner is not None:
            roles[self.account(owner)] = "owner"
        return {who: role for who, role in roles.items() if who not in self.bots}

    def _everybody(self) -> dict[int, Role]:
        return {who.id: "member" for who in self.people.values()}

    def _cards(self, node: Node) -> dict[int, str]:
        cards = node.get("cards")
        found = cards.items() if cards else ()
        return {self._named(name, card): card.text() for name, card in found}

    # -- names ---------------------------------------------------------------------

    def account(self, node: Node) -> int:
        """A person by name, an account by number, or a bot."""
        if isinstance(node.value, str):
            return self._named(node.text(), node)
        return node.integer(1)

    def _named(self, name: str, node: Node) -> int:
        if name == BOT:
            return self.bots[0]
        if name in self.people:
            return self.people[name].id
        if name.isascii() and name.isdigit():
            return int(name)
        raise node.error(f"nobody is called {name!r}{hint(name, [BOT, *self.people])}")

    def bot(self, node: Node | None) -> int | None:
        """A bot, None where none is named."""
        if node is None:
            return None
        account = self.account(node)
        if account not in self.bots:
            allowed = ", ".join(map(str, self.bots))
            told = f"{account} is no bot of this scenario (allowed: {allowed})"
            raise node.error(told)
        return account

    def group(self, node: Node) -> int:
        """A group by name or number."""
        if not isinstance(node.value, str):
            return node.integer(1)
        place = self.groups.get(node.text())
        if place is None:
            name = node.text()
            raise node.error(f"no group is called {name!r}{hint(name, [*self.groups])}")
        return place.id

    def seat(self, step: Node) -> Seat:
        """`by`, and `in` a group or `to` a bot: who does something, and where.

        The first person and the first group need not be named.
        """
        if step.has("in") and step.has("to"):
            raise step.error("`in` a group, or `to` a bot, not both")
        to = step.get("to")
        user_id = self.seat_person(step)
        bot = self.bot(to) or self.bots[0]
        return Seat(user_id, None if to else self.place(step), bot)

    def seat_person(self, step: Node) -> int:
        """`by`, the first person unless told."""
        by = step.get("by")
        if by is not None:
            return self.account(by)
        for person in self.people.values():
            return person.id
        raise step.error("`by` is missing: the scenario has no people")

    def place(self, step: Node) -> int:
        """`in`, the first group unless told."""
        given = step.get("in")
        if given is not None:
            return self.group(given)
        for place in self.groups.values():
            return place.id
        raise step.error("`in` is missing: the scenario has no groups")

    def chat(self, step: Node) -> Chat | None:
        """Where a bot is to say something: `in` a group, `to` a person."""
        if step.has("in"):
            return Chat("group", self.group(step["in"]))
        if step.has("to"):
            return Chat("private", self.account(step["to"]))
        return None

    # -- furnishing ----------------------------------------------------------------

    def furnish(self, stage: Stage) -> None:
        """Have all people and groups there, without any event."""
        for person in self.people.values():
            stage.names[person.id] = person.name
            for sim in stage.sims if person.friend else ():
                sim.world.add_friend(person.id, person.name)
        for place in self.groups.values():
            self._furnish_group(stage, place)

    def _furnish_group(self, stage: Stage, place: Place) -> None:
        for bot in place.bots:
            world = stage.sim(bot).world
            world.add_group(place.id, place.name, bot_role=place.bot_role)
        for account, role in place.roles.items() if place.bots else ():
            world = stage.sim(place.bots[0]).world
            card = place.cards.get(account, "")
            name = stage.nickname(account)
            world.add_member(place.id, account, name, role=role, card=card)


def _person(name: str, node: Node) -> Person:
    if not isinstance(node.value, dict):
        return Person(node.integer(1), name)
    node.only(("id", "name", "friend"))
    return Person(
        node["id"].integer(1),
        node["name"].text() if node.has("name") else name,
        node["friend"].flag() if node.has("friend") else True,
    )


def _elements(node: Node, key: str) -> list[Node]:
    member = node.get(key)
    return [] if member is None else member.elements()


def _role(node: Node | None) -> Role:
    if node is None:
        return "admin"
    roles: dict[str, Role] = {role: role for role in get_args(Role)}
    return roles[node.one_of(roles)]
