"""JetStream, asked: its streams and consumers.

In JetStream's own words, for nats-py of some versions leaves out what is needed
here, such as when a stream was made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import nats.errors

from .nats_link import Connection

#: Seconds for an answer.
ASK_SECONDS = 5.0

STREAM_MISSING = 10059
CONSUMER_MISSING = 10014
FILTER_UNFIT = 10093
NO_MESSAGE = 10037

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
    """ApiError while the replicas have no leader: one that has just started answers
    all the same, and knows nothing yet of what was delivered and acknowledged."""
    answer = await ask(connection, what)
    cluster = answer.get("cluster")
    if cluster is not None and not cluster.get("leader"):
        raise ApiError(what, {"description": "it has no leader yet"})
    return answer


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
