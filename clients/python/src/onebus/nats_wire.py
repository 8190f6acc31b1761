"""Calls by NATS: a request to the subject of an account, which its bridge answers.

NATS tells at once if nobody is there to take a request, but not if who has taken it
ends. That is seen by the name of the account, which another run of the bridge then
holds, or by asking in between whether anybody is there.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from types import TracebackType
from typing import Any, cast

import nats.errors
from typing_extensions import Self

from . import kinds
from .calls import unpack
from .errors import AccountRequired, TooLarge, UnknownAccount, refusal
from .nats_events import Place
from .nats_link import FAILURES, Connection, Lost, NatsLink, either
from .nats_names import Holder, Names
from .nats_subjects import token
from .packing import pack
from .transport import Call, NobodyThere, WentAway

#: The bridge takes no more; NATS, as a rule, far less.
REQUEST_BYTES_MAX = (64 << 20) - 4
#: Seconds after which it is asked whether anybody is still there.
PROBE_SECONDS = 1.0
#: Seconds for an answer of the bridge's own.
ASK_SECONDS = 5.0
#: Longer than any call: those have deadlines of their own.
FOREVER = 86400.0
#: Writes of which it is remembered which bridge had them.
SENT_MAX = 4096


class NatsWire:
    """A `Wire`. `account` is whom calls mean that name none."""

    def __init__(
        self,
        link: NatsLink,
        place: Place,
        *,
        account: str | None,
        credentials: Mapping[str, str],
    ) -> None:
        self.address = link.address
        self._hint = ""
        self._link = link
        self._subject = f"{place.prefix}qq.action."
        self._stream = place.stream
        self._account = account
        self._credentials = credentials
        self._names = Names(place.stream)
        self._is_open = False
        self._bytes_max = REQUEST_BYTES_MAX
        #: Which bridge was given a write, by its `id`: another one knows nothing of
        #: that, and would do it a second time.
        self._sent = OrderedDict[str, str]()
        #: Found by their number.
        self._numbers: dict[int, str] = {}

    async def __aenter__(self) -> Self:
        if self._is_open:
            raise RuntimeError("the bus is open already")
        await self._link.hold()
        self._is_open = True
        self._hint = "no NATS server answers there"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._is_open:
            self._is_open = False
            await self._link.release()

    @property
    def hint(self) -> str:
        """`Wire.hint` says what it is."""
        if self._link.now is None and self._link.fault:
            return f"not connected: {self._link.fault}"
        return self._hint

    def bytes_max(self) -> int:
        """What the server takes, as far as it is known."""
        return self._bytes_max

    async def exchange(self, call: Call) -> bytes:
        """`Wire.exchange` says what it does."""
        connection = await self._link.connected()
        self._check_size(connection, call)
        await self._names.load(connection)
        name = await self._name(connection, call.request)
        holder = self._names.holder(name)
        key = self._note_holder(call.request, name, holder)
        call.leaves()
        try:
            return await self._answer(connection, call, name, holder)
        except nats.errors.NoRespondersError:
            if key is not None:
                self._sent.pop(key, None)
            self._say_nobody(name)
            raise NobodyThere from None
        except (Lost, nats.errors.ConnectionClosedError) as error:
            raise WentAway from error

    def _check_size(self, connection: Connection, call: Call) -> None:
        self._bytes_max = min(connection.payload_max, REQUEST_BYTES_MAX)
        size = len(call.message)
        if size > self._bytes_max:
            raise refusal(
                TooLarge,
                call.request,
                f"{size} bytes, and this NATS takes {self._bytes_max} at once (its"
                " max_payload); for larger files give a URL; nothing was sent",
            )

    # ---- who is called -----------------------------------------------------------

    async def _name(self, connection: Connection, request: Mapping[str, Any]) -> str:
        """The account, as its token."""
        if request.get("account"):
            return token(str(request["account"]))
        held = self._names.all()
        if str(request["action"]).startswith("bridge."):
            return self._name_of_bridge(request, held)
        if not held:
            raise self._none()
        if len(held) > 1 and request.get("self_id"):
            return await self._name_of_number(connection, request, held)
        return self._only(request, held)

    def _none(self) -> NobodyThere:
        self._hint = f"no bridge has an account on {self._stream}"
        if self._names.fault:
            self._hint = f"name an account: who has one is not known: {self._names.fault}"
        return NobodyThere()

    def _only(self, request: Mapping[str, Any], held: Mapping[str, Holder]) -> str:
        if len(held) > 1:
            raise refusal(
                AccountRequired,
                request,
                f"which account is meant? There are {', '.join(held)}",
            )
        return next(iter(held))

    def _name_of_bridge(
        self, request: Mapping[str, Any], held: Mapping[str, Holder]
    ) -> str:
        """Any of a bridge's accounts will do for what it does itself."""
        params = cast("Mapping[str, Any]", request.get("params") or {})
        for account in (params.get("account"), self._account):
            if account and (token(str(account)) in held or not held):
                return token(str(account))
        if not held:
            raise self._none()
        if len({holder.bridge for holder in held.values()}) > 1:
            return self._only(request, held)
        return next(iter(held))

    async def _name_of_number(
        self, connection: Connection, request: Mapping[str, Any], held: Mapping[str, Holder]
    ) -> str:
        number = int(request["self_id"])
        known = self._numbers.get(number)
        if known is not None and known in held:
            return known
        for name in {holder.bridge: name for name, holder in held.items()}.values():
            await self._learn_numbers(connection, name)
        if self._numbers.get(number) not in held:
            raise refusal(
                UnknownAccount,
                request,
                f"none of the accounts {', '.join(held)} has the number {number}",
            )
        return self._numbers[number]

    async def _learn_numbers(self, connection: Connection, name: str) -> None:
        """By what the bridge that has the account `name` says of all of its own."""
        asked = pack({"action": "bridge.status", **self._credentials})
        try:
            message = await connection.request(self._subject + name, asked, ASK_SECONDS)
        except FAILURES:
            return
        data: Mapping[str, Any] = unpack(message.data).get("data") or {}
        accounts: Mapping[str, Mapping[str, Any]] = data.get("accounts") or {}
        for account, state in accounts.items():
            if state.get("self_id"):
                self._numbers[int(state["self_id"])] = token(account)

    # ---- who has it ----------------------------------------------------------------

    def _note_holder(
        self, request: Mapping[str, Any], name: str, holder: Holder | None
    ) -> str | None:
        """The `id` of a write that no bridge had before, which is noted.

        NobodyThere if another bridge, or nobody knows which, was given the same.
        """
        key = request.get("id")
        if key is None or kinds.is_read(str(request["action"])):
            return None
        bridge = "" if holder is None else holder.bridge
        if key in self._sent:
            if bridge and self._sent[key] == bridge:
                return None
            self._hint = f"the bridge that had the call is not there; {name} is another's"
            raise NobodyThere
        self._sent[key] = bridge
        if len(self._sent) > SENT_MAX:
            self._sent.popitem(last=False)
        return str(key)

    def _say_nobody(self, name: str) -> None:
        held = ", ".join(self._names.all()) or "none"
        self._hint = f"no bridge answers for the account {name}; those with one: {held}"

    # ---- the call --------------------------------------------------------------------

    async def _answer(
        self, connection: Connection, call: Call, name: str, holder: Holder | None
    ) -> bytes:
        subject = self._subject + name
        asking = asyncio.ensure_future(
            connection.request(subject, call.message, FOREVER)
        )
        try:
            with self._names.change(name, holder) as changed:
                while not asking.done():
                    await either(asking, changed, seconds=PROBE_SECONDS)
                    if asking.done():
                        break
                    if changed.done() or not await self._is_there(connection, subject):
                        raise WentAway
            return asking.result().data
        finally:
            asking.cancel()

    async def _is_there(self, connection: Connection, subject: str) -> bool:
        """Whether anybody takes requests; who only is slow does."""
        asked = pack({"action": "bridge.ping", **self._credentials})
        try:
            await connection.request(subject, asked, ASK_SECONDS)
        except nats.errors.NoRespondersError:
            return False
        except FAILURES:
            return True
        return True
