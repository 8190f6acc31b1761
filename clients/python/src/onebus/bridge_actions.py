"""The bridge's own actions: what it is, what it remembers, who may speak.

    status = await bus.bridge.status()
    print(status["accounts"]["default"]["state"])
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

from typing_extensions import NotRequired, TypedDict


class Ping(TypedDict):
    """The bridge's version, and how far its journal has come."""

    version: str
    epoch: str
    seq: int


class PausedChat(TypedDict):
    """A chat to which nothing is sent for now; neither id: the whole account."""

    group_id: NotRequired[int]
    user_id: NotRequired[int]
    reason: str
    retry_after_ms: NotRequired[int]


class Account(TypedDict):
    """An account: three states that change each by itself, and counters."""

    state: Literal["up", "down", "degraded"]
    online: bool | None
    actions: Literal["ok", "stalled"]
    heartbeat_age_ms: int | None
    self_id: int
    peer: str
    links: int
    events: int
    folded: int
    calls: int
    answers: int
    unsettled: int
    refused: int
    dropped: int
    pacing: dict[str, int]
    paused_count: int
    paused: list[PausedChat]


class Journal(TypedDict):
    """What can be replayed, and whether it is on disk."""

    state: Literal["ok", "failing", "memory", "stopped"]
    fault: str
    oldest: int
    newest: int
    bytes: int
    lost: int
    queued: int
    queue_max: int


class BridgeStatus(Ping):
    """All that the bridge tells of itself."""

    accounts: dict[str, Account]
    calls: dict[str, int]
    journal: Journal
    grants: dict[str, dict[str, int]]
    unauthorized: int


class Replayed(TypedDict):
    """Events of the journal, as the very messages that were published."""

    epoch: str
    events: list[bytes]
    next: int
    oldest: int
    newest: int
    truncated: bool
    lost: list[tuple[int, int]]


class History(TypedDict):
    """Events of one chat, oldest first; `next` is the `before` to ask on with."""

    epoch: str
    events: list[bytes]
    truncated: bool
    next: int


class NamedCursor(TypedDict):
    """A cursor that the bridge keeps; `seq` is None if it does not have it."""

    consumer: str
    seq: int | None
    epoch: str | None
    valid: NotRequired[bool]


class Decision(TypedDict):
    """Why an event was published or not, and what to change in the settings."""

    seq: int
    time: int
    account: str
    kind: Literal["message", "notice"]
    group_id: NotRequired[int]
    user_id: int
    allowed: bool
    respond: bool
    mentioned: bool
    reason: str
    advice: str


class Pairing(TypedDict):
    """Somebody who asks to be heard, or is."""

    account: str
    user_id: int
    nickname: str
    code: NotRequired[str]
    asked_at: NotRequired[int]
    expires_at: NotRequired[int]
    approved_at: NotRequired[int]
    state: NotRequired[str]


class Pairings(TypedDict):
    """Who asks, and who has been approved."""

    pending: list[Pairing]
    approved: list[Pairing]


class Catalogue(TypedDict):
    """The actions that the bridge knows, as in the schema's actions.json."""

    actions: list[dict[str, Any]]
    aliases: dict[str, str]
    bridge: list[dict[str, Any]]


class Media(TypedDict):
    """A received file."""

    name: str
    size: int
    data: bytes


class Reloaded(TypedDict):
    """Settings that count from now on, and those that need a restart."""

    changed: list[str]
    restart: list[str]


class BridgeActions:
    """`bus.bridge`: the bridge itself."""

    def __init__(self, call: Callable[[str, dict[str, Any]], Awaitable[Any]]) -> None:
        self._call = call

    async def _ask(self, action: str, **params: Any) -> Any:
        given = {key: value for key, value in params.items() if value is not None}
        return await self._call(action, given)

    async def ping(self) -> Ping:
        """Whether the bridge is there, and the seq of its last event."""
        result: Ping = await self._ask("bridge.ping")
        return result

    async def status(self) -> BridgeStatus:
        """Accounts, calls, journal and grants."""
        result: BridgeStatus = await self._ask("bridge.status")
        return result

    async def replay(
        self,
        after: int = 0,
        *,
        topics: Sequence[str] | None = None,
        max_age: float | None = None,
        epoch: str | None = None,
        limit: int | None = None,
        max_bytes: int | None = None,
    ) -> Replayed:
        """Events of the journal after `after`; `max_age` is in seconds.

        Repeat it with `next` until `truncated` is False. `Bus.events` does this by
        itself.
        """
        result: Replayed = await self._ask(
            "bridge.replay",
            after=after,
            topics=topics,
            max_age=_ms(max_age),
            epoch=epoch,
            limit=limit,
            max_bytes=max_bytes,
        )
        return result

    async def history(
        self,
        *,
        group_id: int | None = None,
        user_id: int | None = None,
        limit: int | None = None,
        before: int | None = None,
        account: str | None = None,
    ) -> History:
        """The newest events of one chat, or those before the seq `before`."""
        result: History = await self._ask(
            "bridge.history",
            group_id=group_id,
            user_id=user_id,
            limit=limit,
            before=before,
            account=account,
        )
        return result

    async def cursor_get(self, consumer: str) -> NamedCursor:
        """How far `consumer` has come."""
        result: NamedCursor = await self._ask("bridge.cursor.get", consumer=consumer)
        return result

    async def cursor_set(
        self,
        consumer: str,
        seq: int,
        *,
        epoch: str | None = None,
    ) -> NamedCursor:
        """Keep how far `consumer` has come; it is on disk when this returns."""
        result: NamedCursor = await self._ask(
            "bridge.cursor.set", consumer=consumer, seq=seq, epoch=epoch
        )
        return result

    async def why(
        self,
        *,
        group_id: int | None = None,
        user_id: int | None = None,
        seq: int | None = None,
        account: str | None = None,
        limit: int | None = None,
    ) -> list[Decision]:
        """The last decisions about these, newest first."""
        result: dict[str, list[Decision]] = await self._ask(
            "bridge.why",
            group_id=group_id,
            user_id=user_id,
            seq=seq,
            account=account,
            limit=limit,
        )
        return result["decisions"]

    async def pairing_list(self, *, account: str | None = None) -> Pairings:
        """Who asks to be heard, and who is."""
        result: Pairings = await self._ask("bridge.pairing.list", account=account)
        return result

    async def pairing_approve(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Pairing:
        """Let somebody be heard, by number or by code."""
        result: Pairing = await self._ask(
            "bridge.pairing.approve", user_id=user_id, code=code, account=account
        )
        return result

    async def pairing_deny(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Pairing:
        """Refuse somebody who asks."""
        result: Pairing = await self._ask(
            "bridge.pairing.deny", user_id=user_id, code=code, account=account
        )
        return result

    async def pairing_revoke(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Pairing:
        """No longer hear somebody."""
        result: Pairing = await self._ask(
            "bridge.pairing.revoke", user_id=user_id, code=code, account=account
        )
        return result

    async def actions(
        self,
        *,
        name: str | None = None,
        peer: str | None = None,
    ) -> Catalogue:
        """The catalogue: one action, those that fit a pattern, what a peer knows."""
        result: Catalogue = await self._ask("bridge.actions", name=name, peer=peer)
        return result

    async def media_get(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        url: str | None = None,
        type: Literal["image", "record", "video", "file"] = "file",
        group_id: int | None = None,
        out_format: str | None = None,
        account: str | None = None,
    ) -> Media:
        """The bytes of a file that was received, whichever way the peer gives them."""
        result: Media = await self._ask(
            "bridge.media.get",
            file=file,
            file_id=file_id,
            url=url,
            type=type,
            group_id=group_id,
            out_format=out_format,
            account=account,
        )
        return result

    async def reload(self) -> Reloaded:
        """Read the settings again."""
        result: Reloaded = await self._ask("bridge.reload")
        return result


class SyncBridgeActions:
    """`bus.bridge`: the bridge itself, for code that is not asynchronous."""

    def __init__(self, call: Callable[[str, dict[str, Any]], Any]) -> None:
        self._call = call

    def _ask(self, action: str, **params: Any) -> Any:
        given = {key: value for key, value in params.items() if value is not None}
        return self._call(action, given)

    def ping(self) -> Ping:
        """Whether the bridge is there, and the seq of its last event."""
        result: Ping = self._ask("bridge.ping")
        return result

    def status(self) -> BridgeStatus:
        """Accounts, calls, journal and grants."""
        result: BridgeStatus = self._ask("bridge.status")
        return result

    def replay(
        self,
        after: int = 0,
        *,
        topics: Sequence[str] | None = None,
        max_age: float | None = None,
        epoch: str | None = None,
        limit: int | None = None,
        max_bytes: int | None = None,
    ) -> Replayed:
        """Events of the journal after `after`; `max_age` is in seconds.

        Repeat it with `next` until `truncated` is False. `Bus.events` does this by
        itself.
        """
        result: Replayed = self._ask(
            "bridge.replay",
            after=after,
            topics=topics,
            max_age=_ms(max_age),
            epoch=epoch,
            limit=limit,
            max_bytes=max_bytes,
        )
        return result

    def history(
        self,
        *,
        group_id: int | None = None,
        user_id: int | None = None,
        limit: int | None = None,
        before: int | None = None,
        account: str | None = None,
    ) -> History:
        """The newest events of one chat, or those before the seq `before`."""
        result: History = self._ask(
            "bridge.history",
            group_id=group_id,
            user_id=user_id,
            limit=limit,
            before=before,
            account=account,
        )
        return result

    def cursor_get(self, consumer: str) -> NamedCursor:
        """How far `consumer` has come."""
        result: NamedCursor = self._ask("bridge.cursor.get", consumer=consumer)
        return result

    def cursor_set(
        self,
        consumer: str,
        seq: int,
        *,
        epoch: str | None = None,
    ) -> NamedCursor:
        """Keep how far `consumer` has come; it is on disk when this returns."""
        result: NamedCursor = self._ask(
            "bridge.cursor.set", consumer=consumer, seq=seq, epoch=epoch
        )
        return result

    def why(
        self,
        *,
        group_id: int | None = None,
        user_id: int | None = None,
        seq: int | None = None,
        account: str | None = None,
        limit: int | None = None,
    ) -> list[Decision]:
        """The last decisions about these, newest first."""
        result: dict[str, list[Decision]] = self._ask(
            "bridge.why",
            group_id=group_id,
            user_id=user_id,
            seq=seq,
            account=account,
            limit=limit,
        )
        return result["decisions"]

    def pairing_list(self, *, account: str | None = None) -> Pairings:
        """Who asks to be heard, and who is."""
        result: Pairings = self._ask("bridge.pairing.list", account=account)
        return result

    def pairing_approve(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Pairing:
        """Let somebody be heard, by number or by code."""
        result: Pairing = self._ask(
            "bridge.pairing.approve", user_id=user_id, code=code, account=account
        )
        return result

    def pairing_deny(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Pairing:
        """Refuse somebody who asks."""
        result: Pairing = self._ask(
            "bridge.pairing.deny", user_id=user_id, code=code, account=account
        )
        return result

    def pairing_revoke(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Pairing:
        """No longer hear somebody."""
        result: Pairing = self._ask(
            "bridge.pairing.revoke", user_id=user_id, code=code, account=account
        )
        return result

    def actions(self, *, name: str | None = None, peer: str | None = None) -> Catalogue:
        """The catalogue: one action, those that fit a pattern, what a peer knows."""
        result: Catalogue = self._ask("bridge.actions", name=name, peer=peer)
        return result

    def media_get(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        url: str | None = None,
        type: Literal["image", "record", "video", "file"] = "file",
        group_id: int | None = None,
        out_format: str | None = None,
        account: str | None = None,
    ) -> Media:
        """The bytes of a file that was received, whichever way the peer gives them."""
        result: Media = self._ask(
            "bridge.media.get",
            file=file,
            file_id=file_id,
            url=url,
            type=type,
            group_id=group_id,
            out_format=out_format,
            account=account,
        )
        return result

    def reload(self) -> Reloaded:
        """Read the settings again."""
        result: Reloaded = self._ask("bridge.reload")
        return result


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
