"""A bot of a few lines that takes reverse connections, for the simulator's tests."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


def answers(event: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What the bot does then: actions and their parameters."""
    if event.get("post_type") != "message":
        return []
    is_group = event["message_type"] == "group"
    place = "group_id" if is_group else "user_id"
    chat = {place: event[place]}
    said = "".join(s["data"].get("text", "") for s in event["message"])
    word, _, rest = said.partition(" ")
    text = {"type": "text", "data": {"text": rest}}
    if word == "/ping":
        quote = {"type": "reply", "data": {"id": str(event["message_id"])}}
        pong = {"type": "text", "data": {"text": "pong"}}
        return [("send_msg", {**chat, "message": [quote, pong]})]
    if word == "/echo":
        return [("send_msg", {**chat, "message": [text]})]
    if word == "/twice":
        return [("send_msg", {**chat, "message": [text]})] * 2
    if word == "/do":
        action, _, params = rest.partition(" ")
        return [(action, json.loads(params or "{}"))]
    return []


@contextlib.asynccontextmanager
async def small_bot() -> AsyncIterator[str]:
    """Gives the url to dial."""

    async def handle(connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in connection:
                for action, params in answers(json.loads(frame)):
                    request = {"action": action, "params": params, "echo": "e"}
                    await connection.send(json.dumps(request))

    async with serve(handle, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}/"
