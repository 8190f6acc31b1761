"""The bridge's own events, as a test waits for them."""

from __future__ import annotations

from typing import Any

from harness.bus import Subscriber
from harness.scene import Scene

PRIVATE = "qq.private.*.message.*"


async def news_of(s: Scene) -> Subscriber:
    """Hears everything, the bridge's own events too."""
    return await s.program.subscribe("qq.*", "qq.bridge.*")


async def told(news: Subscriber, what: str, account: str = "default") -> dict[str, Any]:
    """The next event `what` of the account: its fields."""
    event = await news.next_event(f"qq.bridge.{account}.{what}")
    assert event.envelope["type"] == f"bridge.{what}"
    return event.event


async def told_nothing(s: Scene, news: Subscriber, what: str) -> None:
    """No event `what` has come, and none was on its way."""
    mark = await s.peer.private_message(39999, "a mark")
    while (await news.next_event(PRIVATE)).event["message_id"] != mark.message_id:
        pass
    topics = [event.topic for event in news.events]
    assert [topic for topic in topics if topic.endswith(f".{what}")] == []
