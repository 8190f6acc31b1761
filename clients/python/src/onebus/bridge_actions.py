"""The bridge's own actions: what it is, what it remembers, who may speak.

    status = await bus.bridge.status()
    print(status["accounts"]["default"]["state"])

What they fail with are the errors of any other call. Times are in seconds where
they are given, and as the bridge has them, in ms, where they are told.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import NotRequired, TypedDict

if TYPE_CHECKING:
    from .segment import Segment


class Ping(TypedDict):
    """The bridge's version, and how far its journal has come."""

    version: str
    epoch: str
    #: Of the last event.
    seq: int


class PausedChat(TypedDict):
    """A chat to which nothing is sent for now; neither id: the whole account."""

    group_id: NotRequired[int]
    user_id: NotRequired[int]
    #: `muted`, `whole_ban`, `removed` or `failing`.
    reason: str
    #: Missing if nobody knows.
    retry_after_ms: NotRequired[int]


class Pacing(TypedDict):
    """The queue of what is sent."""

    #: Sends that have not been answered yet.
    waiting: int


class Account(TypedDict):
    """An account: three states that change each by itself, and counters."""

    #: Whether calls can leave; `degraded`: the bridge dials, and long in vain.
    state: Literal["up", "down", "degraded"]
    #: Whether QQ is online behind the peer; None while nobody has said.
    online: bool | None
    actions: Literal["ok", "stalled"]
    #: None until one has come.
    heartbeat_age_ms: int | None
    self_id: int
    #: What the peer calls itself.
    peer: str
    links: int
    #: Published.
    events: int
    #: Not published, for they had come before.
    folded: int
    #: Sent to the peer, and come back.
    calls: int
    answers: int
    #: Answered `unknown`, and looked for.
    unsettled: int
    #: Events that the settings let nobody hear.
    refused: int
    #: Frames that led nowhere.
    dropped: int
    pacing: Pacing
    paused_count: int
    #: The last 20 of them.
    paused: list[PausedChat]


class Journal(TypedDict):
    """What can be replayed, and whether it is on disk."""

    #: `memory`: there is to be none; `stopped`: the bridge ends.
    state: Literal["ok", "failing", "memory", "stopped"]
    #: Why it cannot be written; empty if it can.
    fault: str
    #: What there is; 0 if there is nothing.
    oldest: int
    newest: int
    bytes: int
    #: Numbers whose events are in no journal.
    lost: int
    #: Events that wait to be written, and how many may.
    queued: int
    queue_max: int


class Calls(TypedDict):
    """Calls that are under way, and how many may be."""

    waiting: int
    max: int


class Grant(TypedDict):
    """Requests that came with a grant's token, and those it did not cover."""

    calls: int
    denied: int


class Nats(TypedDict):
    """How publishing to NATS is."""

    #: `off`: it is not used.
    state: Literal["off", "connecting", "held", "misfit", "failing", "ok"]
    #: Why it is not `ok`; "".
    fault: str
    #: Whom it is connected to, without credentials; "".
    server: str
    stream: str
    #: All events up to this seq are in the stream.
    acked: int
    #: Events that are not there yet, and for how many ms the oldest of them.
    lag: int
    lag_ms: int
    #: Published and not acknowledged, and how many may be.
    in_flight: int
    window: int
    #: Acknowledged; and of these, events that it had already.
    published: int
    duplicates: int
    #: To be published again, because the one before was not there.
    refused: int
    #: Times that it began anew from what the stream has.
    errors: int
    #: Events that will never be there.
    lost: int
    #: Times that a server was connected to.
    connects: int
    #: Actions that came by NATS.
    requests: int


class BridgeStatus(Ping):
    """All that the bridge tells of itself."""

    #: Whether what the gate refuses is published: `bridge.access`.
    access: Literal["enforce", "mark"]
    #: By their keys in the settings.
    accounts: dict[str, Account]
    calls: Calls
    journal: Journal
    nats: Nats
    #: By their names.
    grants: dict[str, Grant]
    #: Requests with no token of any grant.
    unauthorized: int


class Replayed(TypedDict):
    """Events of the journal."""

    epoch: str
    #: The very messages that were published, in the order of `seq`.
    events: list[bytes]
    #: Everything up to here has been looked at: the next `after`.
    next: int
    #: What there is; 0 if there is nothing.
    oldest: int
    newest: int
    #: There is more to look at: ask again.
    truncated: bool
    #: First and last of each row of events that cannot be had.
    lost: list[list[int]]


class History(TypedDict):
    """Events of one chat."""

    epoch: str
    #: The very messages that were published, oldest first.
    events: list[bytes]
    #: There are older ones.
    truncated: bool
    #: The `before` to ask for them with.
    next: int


class NamedCursor(TypedDict):
    """A cursor that the bridge keeps."""

    consumer: str
    #: None if there is none of this name; so is the epoch.
    seq: int | None
    epoch: str | None
    #: Whether it is of the bridge's present epoch; told when it is asked for.
    valid: NotRequired[bool]


class Decision(TypedDict):
    """Why something was published or not."""

    #: 0: it was not published.
    seq: int
    #: Ms since 1970.
    time: int
    account: str
    kind: Literal["message", "notice"]
    group_id: NotRequired[int]
    user_id: int
    allowed: bool
    respond: bool
    mentioned: bool
    #: As in `Policy.reason`.
    reason: str
    #: Which line of the settings decided, and what to change there.
    advice: str


class Refusal(TypedDict):
    """Somebody who knocked and was not let in, for one reason."""

    #: None: no account has the path that was asked for.
    account: str | None
    #: `unknown_path`, `token_missing`, `token_wrong`, `other_qq`, `bad_request` or
    #: `too_many_failures`.
    reason: str
    #: Of HTTP.
    status: int
    count: int
    #: Ms since 1970.
    first_at: int
    last_at: int
    #: The last time: who it was, and what came.
    remote: str | None
    path: str | None
    role: str | None
    self_id: str | None
    user_agent: str | None
    token: Literal["none", "wrong", "right", "unchecked"]
    #: What they were told: why, and what would help.
    why: str | None


class Drops(TypedDict):
    """Frames of a peer that led nowhere, for one reason."""

    reason: str
    count: int
    last_at: int


class AccountTroubles(TypedDict):
    """What has gone wrong with an account. Times are ms since 1970, None: never."""

    #: A link, the last time.
    up_at: int | None
    down_at: int | None
    down_reason: str | None
    down_code: int
    #: QQ went on- or offline.
    online_at: int | None
    #: Why the last attempt to dial failed; None: it did not.
    dial_fault: str | None
    #: Messages with CQ codes in a string, where an array was due.
    string_messages: int
    #: Messages of the bot's own that the peer has reported.
    own_messages: int
    drops: list[Drops]


class Troubles(TypedDict):
    """What has gone wrong since the start, without what is well."""

    #: The newest first.
    refusals: list[Refusal]
    #: By their keys in the settings.
    accounts: dict[str, AccountTroubles]
    #: When the settings were read again, and why that failed.
    reload_at: int | None
    reload_fault: str | None


class EndedCall(TypedDict):
    """A call, and how it ended."""

    #: Of the reply; ms since 1970.
    time: int
    #: As the caller named it.
    action: str
    account: NotRequired[str]
    #: What its parameters name.
    group_id: NotRequired[int]
    user_id: NotRequired[int]
    status: Literal["ok", "async", "failed", "unknown"]
    error: NotRequired[str]
    retcode: int
    #: Whose token came with it.
    grant: NotRequired[str]
    id: NotRequired[str]
    #: How many the reply had.
    warnings: int
    ms: int
    #: 1, or how often the same was refused.
    count: int


#: How much the bridge logs, and how much of what people said.
LogLevel = Literal["debug", "info", "warn", "error"]
LogContent = Literal["none", "preview", "full"]


class LogState(TypedDict):
    """How much the bridge logs."""

    level: LogLevel
    format: Literal["auto", "text", "json"]
    content: LogContent
    #: Components with a level of their own.
    levels: dict[str, LogLevel]
    #: How long this counts still; missing: until the settings are read again.
    for_ms: NotRequired[int]


class PairingRequest(TypedDict):
    """Somebody who asks to be heard; times are ms since 1970."""

    account: str
    user_id: int
    nickname: str
    code: str
    asked_at: int
    expires_at: int


class ApprovedUser(TypedDict):
    """Somebody who is heard, since `approved_at`, ms since 1970."""

    account: str
    user_id: int
    nickname: str
    approved_at: int


class Pairings(TypedDict):
    """Who asks, and who has been approved."""

    pending: list[PairingRequest]
    approved: list[ApprovedUser]


class Paired(TypedDict):
    """What has been decided about somebody."""

    account: str
    user_id: int
    nickname: str
    state: str


class CatalogueParam(TypedDict):
    """A parameter of an action, as the schema's actions.json has it."""

    name: str
    summary: NotRequired[str]
    types: list[str]
    #: Of an array: what it holds.
    items: NotRequired[list[str]]
    #: True: by everyone; or the peers that want it.
    required: bool | list[str]
    one_of: NotRequired[bool]
    id: NotRequired[bool]
    media: NotRequired[Literal["file", "path"]]
    same_as: NotRequired[str]
    aliases: NotRequired[list[str]]
    values: NotRequired[list[str]]
    default: NotRequired[bool | int | str]
    warn_if_missing: NotRequired[str]


class CatalogueAction(TypedDict):
    """An action, as the schema's actions.json has it."""

    name: str
    summary: str
    kind: Literal["read", "write"]
    peers: list[str]
    flags: list[str]
    answer: Literal["always", "maybe", "never"]
    params: list[CatalogueParam]
    note: NotRequired[str]


class OwnAction(TypedDict):
    """One of the bridge's own actions."""

    name: str
    kind: Literal["read", "write"]


class Catalogue(TypedDict):
    """The actions that the bridge knows."""

    actions: list[CatalogueAction]
    #: Other names, and those of their actions.
    aliases: dict[str, str]
    bridge: list[OwnAction]


class Media(TypedDict):
    """A received file."""

    name: str
    #: In bytes.
    size: int
    data: bytes


class Reloaded(TypedDict):
    """Settings that count from now on, and those that need a restart."""

    changed: list[str]
    restart: list[str]


class BridgeActions:
    """`bus.bridge`: the bridge itself."""

    def __init__(
        self,
        call: Callable[[str, dict[str, Any]], Awaitable[Any]],
        account: str | None = None,
    ) -> None:
        """`account` is whose what is asked for is, where that has to be said."""
        self._call = call
        self._account = account

    async def _ask(self, action: str, **params: Any) -> Any:
        given = {key: value for key, value in params.items() if value is not None}
        return await self._call(action, given)

    async def ping(self) -> Ping:
        """`bridge.ping`: whether the bridge is there, and how far it has come."""
        result: Ping = await self._ask("bridge.ping")
        return result

    async def status(self) -> BridgeStatus:
        """`bridge.status`: accounts, calls, journal, NATS and grants."""
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
        """`bridge.replay`: events of the journal with a higher seq than `after`.

        Repeat it with `next` until `truncated` is False; `Bus.events` does that by
        itself.

        - `topics`: up to 64 patterns; all if they are left out.
        - `max_age`: in seconds; only events from so long ago on.
        - `epoch`: the one that `after` is of; `BadParams` if there is another now.
        - `limit`: how many events, up to 10000; 1000 by default.
        - `max_bytes`: of all together, up to 4 MiB; 256 KiB by default.
        """
        result: Replayed = await self._ask(
            "bridge.replay",
            after=after,
            topics=None if topics is None else list(topics),
            max_age=None if max_age is None else round(max_age * 1000),
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
        """`bridge.history`: the newest events of one chat.

        Needs `group_id` or `user_id`.

        - `limit`: how many, up to 10000; `historyLimit` of the settings by default.
        - `before`: only events with a lower seq.
        - `account`: only what this one has heard.
        """
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
        """`bridge.cursor.get`: how far `consumer` has come."""
        result: NamedCursor = await self._ask("bridge.cursor.get", consumer=consumer)
        return result

    async def cursor_set(
        self, consumer: str, seq: int | None, *, epoch: str | None = None
    ) -> NamedCursor:
        """`bridge.cursor.set`: keep how far `consumer` has come; None forgets it.

        It is on disk when this returns. `BadParams` if `seq` is above the newest,
        or of another `epoch` than the bridge's.

        - `consumer`: 1 to 128 letters, digits and `._:@/-`.
        """
        params: dict[str, Any] = {"consumer": consumer, "seq": seq}
        if epoch is not None:
            params["epoch"] = epoch
        result: NamedCursor = await self._call("bridge.cursor.set", params)
        return result

    async def why(
        self,
        *,
        id: int | None = None,
        group_id: int | None = None,
        user_id: int | None = None,
        seq: int | None = None,
        account: str | None = None,
        limit: int | None = None,
    ) -> list[Decision]:
        """`bridge.why`: why things were heard or not, the newest first.

        - `id`: a group, a user or a seq.
        - `limit`: how many, up to 100; 10 by default.
        """
        result: dict[str, list[Decision]] = await self._ask(
            "bridge.why",
            id=id,
            group_id=group_id,
            user_id=user_id,
            seq=seq,
            account=account,
            limit=limit,
        )
        return result["decisions"]

    async def calls(
        self,
        *,
        group_id: int | None = None,
        user_id: int | None = None,
        account: str | None = None,
        limit: int | None = None,
    ) -> list[EndedCall]:
        """`bridge.calls`: the last calls and how they ended, the newest first.

        - `limit`: how many, up to 200; 50 by default.
        """
        result: dict[str, list[EndedCall]] = await self._ask(
            "bridge.calls",
            group_id=group_id,
            user_id=user_id,
            account=account,
            limit=limit,
        )
        return result["calls"]

    async def troubles(self) -> Troubles:
        """`bridge.troubles`: who was not let in, and what else has gone wrong."""
        result: Troubles = await self._call("bridge.troubles", {})
        return result

    async def pairing_list(self, *, account: str | None = None) -> Pairings:
        """`bridge.pairing.list`: who asks to be heard, and who is."""
        result: Pairings = await self._ask("bridge.pairing.list", account=account)
        return result

    async def pairing_approve(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Paired:
        """`bridge.pairing.approve`: let somebody be heard, by number or by code.

        They need not have asked. It is on disk when this returns.
        """
        return await self._decide("approve", user_id, code, account)

    async def pairing_deny(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Paired:
        """`bridge.pairing.deny`: refuse somebody, who can ask again in an hour."""
        return await self._decide("deny", user_id, code, account)

    async def pairing_revoke(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Paired:
        """`bridge.pairing.revoke`: no longer hear somebody."""
        return await self._decide("revoke", user_id, code, account)

    async def _decide(
        self, verb: str, user_id: int | None, code: str | None, account: str | None
    ) -> Paired:
        # A code names its account by itself.
        whose = account or (None if code else self._account)
        result: Paired = await self._ask(
            f"bridge.pairing.{verb}", user_id=user_id, code=code, account=whose
        )
        return result

    async def actions(
        self,
        *,
        name: str | None = None,
        peer: Literal["onebot11", "napcat", "llbot", "lagrange", "gocqhttp"]
        | None = None,
    ) -> Catalogue:
        """`bridge.actions`: the catalogue of actions.

        - `name`: a name, an alias or a pattern with `*`.
        - `peer`: only what this one knows; `onebot11` is the standard.
        """
        result: Catalogue = await self._ask("bridge.actions", name=name, peer=peer)
        return result

    async def media_get(
        self,
        received: Segment | None = None,
        *,
        file: str | None = None,
        file_id: str | None = None,
        url: str | None = None,
        type: Literal["image", "record", "video", "file"] | None = None,
        group_id: int | None = None,
        out_format: str | None = None,
        account: str | None = None,
    ) -> Media:
        """`bridge.media.get`: the bytes of a file that was received.

        Give its segment; or what that says of it, `file`, `file_id` or `url`, and its
        `type`, which is `file` unless told. Whichever way the peer gives the file, it
        comes in one piece.

        - `group_id`: where a group's file is from.
        - `out_format`: of a voice message, `mp3` by default.
        """
        result: Media = await self._ask(
            "bridge.media.get",
            **self._names(received, file=file, file_id=file_id, url=url, type=type),
            group_id=group_id,
            out_format=out_format,
            account=account or self._account,
        )
        return result

    @staticmethod
    def _names(received: Segment | None, **given: str | None) -> dict[str, str]:
        """What is known of a file: what is given, else what its segment says."""
        data: Mapping[str, Any] = {}
        if received is not None:
            data = {**(received.raw.get("data") or {}), "type": received.TYPE}
        known = {key: value or data.get(key) for key, value in given.items()}
        return {key: value for key, value in known.items() if isinstance(value, str)}

    async def log(
        self,
        level: LogLevel | None = None,
        *,
        content: LogContent | None = None,
        component: str | None = None,
        for_ms: int | None = None,
    ) -> LogState:
        """`bridge.log`: how much the bridge logs, and have it log more or less.

        - `content`: how much of what people said is in the log.
        - `component`: the part whose level it is, e.g. `link`; all by default.
        - `for_ms`: then as the settings have it; until they are read again by
          default.
        """
        result: LogState = await self._ask(
            "bridge.log",
            level=level,
            content=content,
            component=component,
            for_ms=for_ms,
        )
        return result

    async def reload(self) -> Reloaded:
        """`bridge.reload`: read the settings again.

        With a fault in them it is `BadParams`, and nothing changes.
        """
        result: Reloaded = await self._ask("bridge.reload")
        return result
