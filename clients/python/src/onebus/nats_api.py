"""JetStream, asked: its streams and consumers.

In JetStream's own words, for nats-py of some versions leaves out what is needed
here, such as when a stream was made.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import nats.errors

from .nats_link import Connection, either

if TYPE_CHECKING:
    from nats.aio.msg import Msg

#: Seconds for an answer.
ASK_SECONDS = 5.0
#: And for that of the leader, once another one has answered.
ALL_SECONDS = 1.0

STREAM_MISSING = 10059
CONSUMER_MISSING = 10014
FILTER_UNFIT = 10093
NO_MESSAGE = 10037
_UNAVAILABLE = 10008
#: What replicas say that see no leader: unavailable, stream or consumer offline.
_NOT_THE_LEADERS = (_UNAVAILABLE, 10118, 10119)

_SECOND = 1_000_000_000
#: A time as JetStream writes it, with up to nine digits of a second.
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?")

#: What an answer says.
Answer = Mapping[str, Any]


class ApiError(nats.errors.Error):
    """JetStream refuses."""

    def __init__(self, what: str, error: Answer) -> None:
        self.code = int(error.get("err_code", 0))
        super().__init__(f"{what}: {error.get('description', 'refused')}")


async def ask(connection: Connection, what: str, body: Answer | None = None) -> Answer:
    """ApiError if it refuses, others of `FAILURES` if there is no answer."""
    payload = b"" if body is None else json.dumps(body).encode()
    try:
        message = await connection.request(f"$JS.API.{what}", payload, ASK_SECONDS)
    except nats.errors.NoRespondersError:
        raise ApiError(what, {"description": "no JetStream there"}) from None
    answer: Answer = json.loads(message.data)
    if "error" in answer:
        raise ApiError(what, answer["error"])
    return answer


async def stream(connection: Connection, name: str) -> Answer:
    """What there is to know of a stream."""
    return await _ask_leader(connection, f"STREAM.INFO.{name}")


async def consumer(connection: Connection, stream: str, name: str) -> Answer | None:
    """What there is to know of a consumer; None if there is none."""
    try:
        return await _ask_leader(connection, f"CONSUMER.INFO.{stream}.{name}")
    except ApiError as error:
        if error.code != CONSUMER_MISSING:
            raise
        return None


async def _ask_leader(connection: Connection, what: str) -> Answer:
    """As `ask`, of replicas. One that has just started, or that has lost sight of
    the others, answers for itself, and before the one that leads them."""
    try:
        return _led(what, await ask(connection, what))
    except ApiError as error:
        if error.code not in _NOT_THE_LEADERS:
            raise
        answer = await _ask_all(connection, what)
        if answer is None:
            raise
        return answer


def _led(what: str, answer: Answer) -> Answer:
    """ApiError if it is of one who knows no leader: what it tells of what was
    delivered and acknowledged may be nothing."""
    if "error" in answer:
        raise ApiError(what, answer["error"])
    cluster = answer.get("cluster")
    if cluster is not None and not cluster.get("leader"):
        unled = {"description": "it has no leader yet", "err_code": _UNAVAILABLE}
        raise ApiError(what, unled)
    return answer


async def _ask_all(connection: Connection, what: str) -> Answer | None:
    """The answer of the leader among those of all; None if there is none."""
    found: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    async def hear(message: Msg) -> None:
        if found.done() or not message.data:
            return
        try:
            found.set_result(_led(what, json.loads(message.data)))
        except ApiError as error:
            if error.code not in _NOT_THE_LEADERS:
                found.set_exception(error)

    inbox = connection.new_inbox()
    subscription = await connection.subscribe(inbox, hear)
    try:
        await connection.publish(f"$JS.API.{what}", b"", inbox)
        await either(found, connection.gone, seconds=ALL_SECONDS)
    finally:
        await subscription.unsubscribe()
    return found.result() if found.done() else None


async def create_durable(
    connection: Connection, stream: str, name: str, config: Answer
) -> Answer:
    """Make it."""
    body = {"stream_name": stream, "config": {**config, "durable_name": name}}
    return await ask(connection, f"CONSUMER.DURABLE.CREATE.{stream}.{name}", body)


async def create_ephemeral(
    connection: Connection, stream: str, config: Answer
) -> Answer:
    """Make one that ends by itself soon after nobody reads from it any more."""
    body = {"stream_name": stream, "config": config}
    return await ask(connection, f"CONSUMER.CREATE.{stream}", body)


async def delete_consumer(connection: Connection, stream: str, name: str) -> None:
    """Remove it."""
    await ask(connection, f"CONSUMER.DELETE.{stream}.{name}")


def nanoseconds(seconds: float) -> int:
    """As JetStream has times."""
    return int(seconds * _SECOND)


def milliseconds(time: str) -> float:
    """A time of JetStream's, as those of the bus are: since 1970."""
    found = _TIME.match(time)
    if found is None:
        raise nats.errors.Error(f"JetStream tells a time that is none: {time!r:.60}")
    whole = datetime.fromisoformat(found[1]).replace(tzinfo=timezone.utc)
    return (whole.timestamp() + float(found[2] or 0)) * 1000
