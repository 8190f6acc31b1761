"""What can go wrong, as classes.

A call that fails raises one of these, named after the `error` of the bridge's
reply:

    OnebusError
      BridgeUnreachable   the bridge itself does not answer
      MalformedMessage    what came from the bus is no message of the bridge
      BridgeError         the bridge's reply says that it failed
        OutcomeUnknown    it may have happened: do not repeat it blindly
        ...

Decide by the class; `retcode` and the texts are for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

__all__ = [
    "AccountOffline",
    "AccountRequired",
    "ActionFailed",
    "ActionTimeout",
    "BadParams",
    "BadRequest",
    "BridgeError",
    "BridgeUnreachable",
    "Busy",
    "Denied",
    "InternalError",
    "MalformedMessage",
    "Muted",
    "NotConnected",
    "NotInGroup",
    "OnebusError",
    "OutcomeUnknown",
    "RateLimited",
    "ShuttingDown",
    "Stalled",
    "TooLarge",
    "Unauthorized",
    "UnknownAccount",
    "UnknownAction",
    "Unsupported",
]


class OnebusError(Exception):
    """Whatever this package raises by itself."""


class BridgeUnreachable(OnebusError):
    """The bridge does not answer: nothing was sent, or it was a read."""


class MalformedMessage(OnebusError):
    """What came from the bus is not what the bridge's contract says."""


class BridgeError(OnebusError):
    """The bridge's reply to a call: it failed, or it may have happened.

    `reply` is the whole reply as it came, `action` what was called.
    """

    #: The `error` of the reply that this class stands for.
    error: ClassVar[str] = ""
    #: The retcode that the bridge gives with it; a peer's answer has its own.
    code: ClassVar[int] = 0
    #: Whether the same call may be repeated, at once or later.
    is_retriable: ClassVar[bool] = False

    def __init__(self, action: str, reply: Mapping[str, Any]) -> None:
        super().__init__(action, reply)
        self.action = action
        self.reply = reply

    @property
    def retcode(self) -> int:
        """The peer's if it answered, else the bridge's."""
        return int(self.reply.get("retcode", 0))

    @property
    def kind(self) -> str:
        """The `error` of the reply, also where this package does not know it."""
        return str(self.reply.get("error", self.error))

    @property
    def message(self) -> str:
        """What the peer or the bridge has to say about it."""
        return str(self.reply.get("message") or self.reply.get("wording") or "")

    @property
    def wording(self) -> str:
        """The peer's own words; empty if it did not answer."""
        return str(self.reply.get("wording") or "")

    @property
    def data(self) -> Any:
        """The `data` of the reply, None if it has none."""
        return self.reply.get("data")

    @property
    def account(self) -> str | None:
        """The account that was called, None if none was."""
        return self.reply.get("account")

    @property
    def id(self) -> str | None:
        """The idempotency key of the call."""
        return self.reply.get("id")

    @property
    def trace(self) -> str | None:
        """What the call was given to be found by in the bridge's log."""
        return self.reply.get("trace")

    @property
    def ms(self) -> int:
        """How long it took."""
        return int(self.reply.get("ms", 0))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was done differently than asked."""
        return tuple(self.reply.get("warnings", ()))

    def __str__(self) -> str:
        where = f" ({self.account})" if self.account else ""
        said = f": {self.message}" if self.message else ""
        return f"{self.action}{where}: {self.kind} {self.retcode}{said}"


class _Delayed(BridgeError):
    """Fails now; may work after a time that the bridge may know."""

    is_retriable = True

    @property
    def retry_after(self) -> float | None:
        """Seconds after which to try again, None if nobody knows."""
        if not isinstance(self.data, Mapping):
            return None
        ms = cast("Mapping[str, Any]", self.data).get("retry_after_ms")
        return None if ms is None else ms / 1000


class BadRequest(BridgeError):
    """The request itself is wrong: `message` names the field."""

    error = "bad_request"
    code = 10001


class BadParams(BridgeError):
    """A parameter is missing or not of its form: `message` names it."""

    error = "bad_params"
    code = 10003


class UnknownAction(BridgeError):
    """The peer, or the bridge, does not know the action."""

    error = "unknown_action"
    code = 10002


class AccountRequired(BridgeError):
    """There are several accounts, and the call names none."""

    error = "account_required"
    code = 10101


class UnknownAccount(BridgeError):
    """No account has this name and this number."""

    error = "unknown_account"
    code = 10102


class Unauthorized(BridgeError):
    """The bridge wants a token: none was given, or a wrong one."""

    error = "unauthorized"
    code = 10401


class Denied(BridgeError):
    """The token's grant, the group's tools or the media settings forbid it."""

    error = "denied"
    code = 10403


class TooLarge(BridgeError):
    """More bytes than the bridge or the peer takes, or than were to be given."""

    error = "too_large"
    code = 10413


class ShuttingDown(BridgeError):
    """The bridge stops; nothing was sent, or it was a read."""

    error = "shutting_down"
    code = 20001
    is_retriable = True


class InternalError(BridgeError):
    """The bridge could not write to disk, or not read its journal."""

    error = "internal"
    code = 20002
    is_retriable = True


class NotConnected(BridgeError):
    """No OneBot implementation is connected for the account.

    Nothing was sent, or the link broke under a read.
    """

    error = "not_connected"
    code = 33001
    is_retriable = True


class AccountOffline(BridgeError):
    """QQ is offline behind the peer; nothing was sent."""

    error = "offline"
    code = 33002
    is_retriable = True


class Stalled(BridgeError):
    """The peer answers no actions; nothing was sent."""

    error = "stalled"
    code = 33003
    is_retriable = True


class ActionTimeout(BridgeError):
    """No answer to a read, or none to a write that did not happen."""

    error = "timeout"
    code = 33004
    is_retriable = True


class OutcomeUnknown(BridgeError):
    """No answer to a write: **it may have happened**.

    Do not repeat it blindly. `await bus.settled(error)` tells what has come of
    it once that is known.
    """

    error = "unknown"
    code = 33005

    #: What was asked, so that it can be asked what came of it; without the token.
    request: Mapping[str, Any] | None = None
    #: When, in seconds since 1970.
    asked: float = 0.0


class Busy(BridgeError):
    """Too much is under way; nothing was sent."""

    error = "busy"
    code = 36000
    is_retriable = True


class RateLimited(_Delayed):
    """Its turn would come too late, or sending pauses; nothing was sent."""

    error = "rate_limited"
    code = 36001


class Muted(_Delayed):
    """The bot may not speak in the group; nothing was sent."""

    error = "muted"
    code = 36002


class NotInGroup(BridgeError):
    """The bot is not in the group any more; nothing was sent."""

    error = "not_in_group"
    code = 36003


class Unsupported(BridgeError):
    """The peer would drop it in silence; `message` names the way out."""

    error = "unsupported_by_peer"
    code = 34001


class ActionFailed(BridgeError):
    """The peer answered `failed`: `retcode` and `wording` are its own."""

    error = "peer_error"
    code = 34000


_CLASSES: dict[str, type[BridgeError]] = {
    kind.error: kind
    for kind in (
        BadRequest,
        BadParams,
        UnknownAction,
        AccountRequired,
        UnknownAccount,
        Unauthorized,
        Denied,
        TooLarge,
        ShuttingDown,
        InternalError,
        NotConnected,
        AccountOffline,
        Stalled,
        ActionTimeout,
        OutcomeUnknown,
        Busy,
        RateLimited,
        Muted,
        NotInGroup,
        Unsupported,
        ActionFailed,
    )
}


def error_of(action: str, reply: Mapping[str, Any]) -> BridgeError:
    """The exception for a reply that is neither `ok` nor `async`.

    An `error` that is newer than this package is told by its status.
    """
    kind = _CLASSES.get(reply.get("error", ""))
    if kind is None:
        kind = OutcomeUnknown if reply.get("status") == "unknown" else BridgeError
    return kind(action, reply)


def refusal(
    kind: type[BridgeError], request: Mapping[str, Any], message: str
) -> BridgeError:
    """The error of a call that got no reply, as if the bridge had told it."""
    status = "unknown" if issubclass(kind, OutcomeUnknown) else "failed"
    told = {key: request[key] for key in ("account", "id", "trace") if key in request}
    reply = {"status": status, "retcode": kind.code, "error": kind.error, **told}
    return kind(str(request["action"]), {**reply, "message": message})
