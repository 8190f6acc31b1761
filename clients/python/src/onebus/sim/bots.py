"""Which accounts there are and how they are reached: `BotSettings`.

On the command line a bot is ``ID[,KEY=VALUE]...``, in a scenario an object with
the same keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from .adapter import LinkSettings
from .dialect import DIALECTS, target_of
from .model import MessageFormat
from .peer import Simulator
from .problems import cannot_listen

DEFAULT_URL = "ws://127.0.0.1:3001/onebot/v11/ws"
KEYS = "url api event listen token dialect format name".split()
"""What may follow an account on the command line."""


@dataclass(frozen=True)
class BotSettings:
    """One account.  It dials `url`, or `api` and `event` with one role each,
    and listens at the port `listen`; 0 is any free one."""

    id: int = 10001
    url: str | None = None
    api: str | None = None
    event: str | None = None
    listen: int | None = None
    token: str = ""
    dialect: str = "napcat"
    format: MessageFormat = "array"
    name: str = "小桥"

    def __post_init__(self) -> None:
        """Raises ValueError, which names the key and what is allowed."""
        _one_of("dialect", self.dialect, tuple(DIALECTS))
        _one_of("format", self.format, get_args(MessageFormat))
        if not 0 < self.id < 1 << 53:
            raise ValueError(f"id: {self.id} is no account: 1 to 2^53 - 1")
        if self.listen is not None and not 0 <= self.listen <= 0xFFFF:
            raise ValueError(f"listen: {self.listen} is no port: 0 to 65535")
        for url in (self.url, self.api, self.event):
            if url is not None:
                target_of(url)

    @property
    def is_reachable(self) -> bool:
        """Whether it is told where to dial or to listen."""
        ways = (self.url, self.api, self.event, self.listen)
        return any(way is not None for way in ways)


@dataclass(frozen=True)
class Company:
    """Several accounts in one QQ, and what holds for all of them."""

    bots: tuple[BotSettings, ...]
    seed: int = 1
    fixed_ids: bool = False
    streams: bool = True
    answer_delay: tuple[float, float] = (0.0, 0.0)
    """Milliseconds."""
    host: str = "127.0.0.1"
    """Where those that listen do so."""
    link: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Settings of all links; see LinkSettings."""

    def simulators(self) -> list[Simulator]:
        """One for each bot, not yet entered; ValueError for two of one account."""
        sims: list[Simulator] = []
        for bot in self.bots:
            sims.append(self._simulator(bot, sims[0] if sims else None))
        return sims

    def _simulator(self, bot: BotSettings, beside: Simulator | None) -> Simulator:
        sim = Simulator(
            self_id=bot.id,
            nickname=bot.name,
            seed=self.seed,
            streams=self.streams,
            answer_delay=self.answer_delay,
            fixed_ids=self.fixed_ids,
            beside=beside,
        )
        ways = (("Universal", bot.url), ("API", bot.api), ("Event", bot.event))
        for role, url in ways:
            if url is not None:
                sim.add_link(self._link_settings(bot, url, role))
        return sim

    def _link_settings(self, bot: BotSettings, url: str, role: str) -> LinkSettings:
        return LinkSettings(
            url=url,
            role=role,
            token=bot.token,
            dialect=bot.dialect,
            message_format=bot.format,
            **self.link,
        )

    async def start(self, sims: list[Simulator], stack: AsyncExitStack) -> None:
        """Listen and dial, until the stack unwinds.

        Raises OSError, with a text that says what to do, when a port cannot be
        listened at.
        """
        for bot, sim in zip(self.bots, sims, strict=True):
            await stack.enter_async_context(sim)
            if bot.listen is not None:
                await self._listen(bot, bot.listen, sim)

    async def _listen(self, bot: BotSettings, port: int, sim: Simulator) -> None:
        ours = {name: value for name, value in self.link.items() if name in _LISTENING}
        try:
            await sim.listen(
                self.host,
                port,
                token=bot.token,
                dialect=bot.dialect,
                message_format=bot.format,
                **ours,
            )
        except OSError as error:
            raise OSError(cannot_listen(self.host, port, error)) from None


_WAYS = frozenset({"url", "api", "event", "listen"})
"""The keys that say how a bot is reached."""

_LISTENING = frozenset({"report_self_message", "heart_interval"})


@dataclass(frozen=True)
class Roster:
    """The bots as the command line has them.

    `common` holds for all, `named` has those of `--bot` by account; both are
    keys of BotSettings.
    """

    account: int = 10001
    """The only one, when none is named."""
    common: Mapping[str, Any] = field(default_factory=dict[str, Any])
    named: Mapping[int, Mapping[str, Any]] = field(
        default_factory=dict[int, Mapping[str, Any]]
    )

    def bots(self) -> tuple[BotSettings, ...]:
        """Those of the command line; raises ValueError."""
        accounts = list(self.named) or [self.account]
        return self.settled([{"id": account} for account in accounts])

    def settled(self, given: list[dict[str, Any]]) -> tuple[BotSettings, ...]:
        """Bots that a scenario gives; the command line goes before it.

        Who is not told where to dial dials the usual place; those that listen
        take one port after the other.  Raises ValueError.
        """
        return tuple(self._settled(keys, place) for place, keys in enumerate(given))

    def _settled(self, given: Mapping[str, Any], place: int) -> BotSettings:
        common = dict(self.common)
        if common.get("listen"):
            common["listen"] += place
        bot = _changed(_changed(BotSettings(), given), common)
        bot = _changed(bot, self.named.get(bot.id, {}))
        return bot if bot.is_reachable else replace(bot, url=DEFAULT_URL)


def _changed(bot: BotSettings, given: Mapping[str, Any]) -> BotSettings:
    """What says how a bot is reached takes the place of all that did before."""
    keys: dict[str, Any] = dict(given)
    if _WAYS & keys.keys():
        keys = dict.fromkeys(_WAYS) | keys
    return replace(bot, **keys)


def parse_bot(text: str) -> tuple[int, dict[str, Any]]:
    """``ID[,KEY=VALUE]...``: the account, and what is said of it.

    Raises ValueError.
    """
    account, *pairs = text.split(",")
    if not (account.isascii() and account.isdigit()):
        raise ValueError(f"--bot {text}: it begins with an account: ID[,KEY=VALUE]...")
    given: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if key not in KEYS or not equals:
            raise ValueError(f"--bot {text}: {pair}: allowed keys: {', '.join(KEYS)}")
        given[key] = _port(text, value) if key == "listen" else value
    return int(account), given


def _port(text: str, value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise ValueError(f"--bot {text}: listen={value} is no port: 0 to 65535")
    return int(value)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name}: {value!r} is not allowed: {', '.join(allowed)}")
