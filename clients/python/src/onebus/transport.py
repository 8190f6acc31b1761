"""What a bus needs of the way to its bridges; NNG is one such way, NATS another.

Nothing above knows which one it is: `ways` chooses by the address.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cursors import CursorStore
    from .feed import Item
    from .keeper import Keeper
    from .patterns import Patterns
    from .position import Position


# ---- events ---------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a stream is to have; a source may give more, never less."""

    patterns: Patterns
    #: Where to begin if nothing is saved: behind this seq; None: from now on.
    since: int | None
    #: In seconds.
    max_age: float | None
    #: Messages that may wait for a slow consumer.
    queue: int
    #: Keeps how far the consumer has come; None: nothing does.
    keeper: Keeper | None


class Source(Protocol):
    """Events in their order, each once, and a `Gap` for what cannot be had.

    `take` what there is, and wait for `more` when that is nothing. Whoever waits
    may be cancelled at any time; nothing is lost by it.
    """

    #: The last item was missed when it happened.
    is_replayed: bool
    #: The last item was published a moment ago, for certain.
    is_fresh: bool
    #: What time it was where events are stamped when this was opened, in ms since
    #: 1970; None: that is not known.
    now_ms: float | None

    @property
    def place(self) -> Position | None:
        """How far what was taken reaches, as a cursor keeps it; None: nobody knows."""
        ...

    def place_of(self, epoch: str, seq: int) -> Position | None:
        """The same of an event that was taken; None if it is not known any more."""
        ...

    def reaches(self, place: Position) -> bool:
        """Whether nothing up to that place of a bridge's journal is still to come."""
        ...

    async def open(self) -> None:
        """Find where to begin: what happens from now on is not missed. Waits for a
        bridge that is away; goes on where it was when called again."""
        ...

    def take(self) -> Item | None:
        """The next item. None: others have their turn, or there is none."""
        ...

    async def more(self, seconds: float | None) -> None:
        """Wait until there may be something to take, for `seconds` at most."""
        ...

    def close(self) -> None:
        """Nothing comes any more."""
        ...


class Events(AbstractAsyncContextManager["Events"], Protocol):
    """Where sources come from. `async with` opens and closes it; opening does not
    look for the bridge."""

    #: Where that is, to be shown.
    address: str

    def source(self, wanted: Wanted) -> Source:
        """A source, which is to be opened and closed."""
        ...

    def cursor(self, name: str) -> CursorStore:
        """Where it is kept by `name` how far a consumer has come."""
        ...


# ---- calls ----------------------------------------------------------------------


class WentAway(Exception):
    """The bridge has gone under a request: it may have been done."""


class NobodyThere(Exception):
    """There was no bridge to take a request: nothing was done."""


@dataclass(frozen=True)
class Call:
    """A request on its way."""

    request: Mapping[str, Any]
    #: The same as it is sent.
    message: bytes
    #: To be called when it leaves; from then on the bridge may take its time.
    leaves: Callable[[], None]


class Wire(AbstractAsyncContextManager["Wire"], Protocol):
    """The way to a bridge's actions. `async with` opens and closes it; opening does
    not look for the bridge."""

    #: Where that is, to be shown.
    address: str

    @property
    def hint(self) -> str:
        """What to say of an address at which there is no bridge."""
        ...

    def bytes_max(self) -> int:
        """Bytes of the largest request that may be sent."""
        ...

    async def exchange(self, call: Call) -> bytes:
        """Send a request and give the reply; waits for both until cancelled.

        WentAway, NobodyThere; RuntimeError if it is not open. A `BridgeError` says
        what is wrong with the request, which has not been sent then.
        """
        ...
