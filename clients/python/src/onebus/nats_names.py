"""Which accounts are to be called by NATS, and which bridge has each.

A bridge holds the names of its accounts in a key-value bucket, and says each few
seconds that it still does, or lets go of them. That is heard by a plain
subscription, once it is known how it stood.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import anyio

from . import nats_api
from .nats_api import NO_MESSAGE, STREAM_MISSING, ApiError
from .nats_link import FAILURES, Connection

if TYPE_CHECKING:
    from nats.aio.msg import Msg

log = logging.getLogger("onebus.nats")

#: Seconds after which a name that nobody renews is free (`bridge.nats` has 15).
LEASE_SECONDS = 20.0


@dataclass(frozen=True)
class Holder:
    """A bridge, by its journal, and which run of it."""

    bridge: str
    run: str


class Names:
    """As they are on one connection."""

    def __init__(self, stream: str) -> None:
        self._bucket = f"{stream}_accounts"
        self._connection: Connection | None = None
        self._loading = anyio.Lock()
        #: Why they are not known; empty if they are.
        self.fault = ""
        #: By token: who holds the account, and until when that was told.
        self._held: dict[str, tuple[Holder, float]] = {}
        self._waiting: set[tuple[str, Holder, asyncio.Future[None]]] = set()

    async def load(self, connection: Connection) -> None:
        """Know them, from now on by what is heard; else there is a `fault`."""
        async with self._loading:
            if self._connection is connection:
                return
            # If it fails it does so for as long as this connection lasts: it may not.
            self._connection = connection
            self._held.clear()
            self.fault = ""
            try:
                await connection.subscribe(f"$KV.{self._bucket}.>", self._on_put)
                for name in await self._keys(connection):
                    await self._look(connection, name)
            except FAILURES as error:
                self.fault = str(error) or repr(error)
                log.warning("who has which account is not known: %s", self.fault)

    def all(self) -> dict[str, Holder]:
        """The accounts that are held, by token."""
        now = anyio.current_time()
        held = {name: who for name, (who, until) in self._held.items() if until > now}
        return dict(sorted(held.items()))

    def holder(self, token: str) -> Holder | None:
        """Who holds an account, None if nobody is known to."""
        return self.all().get(token)

    @contextmanager
    def change(
        self, token: str, holder: Holder | None
    ) -> Generator[asyncio.Future[None], None, None]:
        """Done once another one than `holder` has the account, or the same anew."""
        changed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if holder is None:
            yield changed
            return
        entry = (token, holder, changed)
        self._waiting.add(entry)
        try:
            yield changed
        finally:
            self._waiting.discard(entry)

    async def _keys(self, connection: Connection) -> list[str]:
        begin = f"$KV.{self._bucket}."
        try:
            answer = await nats_api.ask(
                connection,
                f"STREAM.INFO.KV_{self._bucket}",
                {"subjects_filter": f"{begin}>"},
            )
        except ApiError as error:
            if error.code != STREAM_MISSING:
                raise
            return []
        subjects: Mapping[str, int] = answer["state"].get("subjects") or {}
        return [subject.removeprefix(begin) for subject in subjects]

    async def _look(self, connection: Connection, name: str) -> None:
        try:
            answer = await nats_api.ask(
                connection,
                f"STREAM.MSG.GET.KV_{self._bucket}",
                {"last_by_subj": f"$KV.{self._bucket}.{name}"},
            )
        except ApiError as error:
            if error.code != NO_MESSAGE:
                raise
            return
        message = answer["message"]
        is_gone = b"KV-Operation" in base64.b64decode(message.get("hdrs", ""))
        if name not in self._held:
            self._note(name, b"" if is_gone else base64.b64decode(message.get("data", "")))

    async def _on_put(self, message: Msg) -> None:
        name = message.subject.removeprefix(f"$KV.{self._bucket}.")
        is_gone = "KV-Operation" in (message.headers or {})
        self._note(name, b"" if is_gone else message.data)

    def _note(self, name: str, card: bytes) -> None:
        holder = _holder(card)
        if holder is None:
            self._held.pop(name, None)
            return
        self._held[name] = (holder, anyio.current_time() + LEASE_SECONDS)
        for token, before, changed in self._waiting:
            if token == name and before != holder and not changed.done():
                changed.set_result(None)


def _holder(card: bytes) -> Holder | None:
    """What a bridge has written; None for what is no such thing."""
    try:
        read: Any = json.loads(card)
    except ValueError:
        return None
    if not isinstance(read, dict):
        return None
    said = cast("Mapping[str, Any]", read)
    return Holder(str(said.get("bridge", "")), str(said.get("run", "")))
