"""Which topic an event comes out on."""

import json
from typing import Any

from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import collected, group_message, index

SELF = {"self_id": 10001, "time": 1786700000}

#: What differs from a group message, or a whole frame, and its topic.
TABLE: list[tuple[dict[str, Any], str]] = [
    (group_message(), "qq.group.20002.message.normal"),
    (group_message(sub_type="anonymous"), "qq.group.20002.message.anonymous"),
    (group_message(sub_type=""), "qq.group.20002.message"),
    (group_message(post_type="message_sent"), "qq.group.20002.message_sent.normal"),
    (
        group_message(message_type="private", sub_type="friend"),
        "qq.private.30001.message.friend",
    ),
    (
        group_message(message_type="private", sub_type="group"),
        "qq.private.30001.message.group",
    ),
    (
        group_message(
            post_type="message_sent",
            message_type="private",
            sub_type="friend",
            user_id=10001,
            target_id=30009,
        ),
        "qq.private.30009.message_sent.friend",
    ),
    (
        SELF
        | {"post_type": "notice", "notice_type": "group_ban", "sub_type": "lift_ban"}
        | {"group_id": 123, "user_id": 5, "operator_id": 6, "duration": 0},
        "qq.group.123.notice.group_ban.lift_ban",
    ),
    (
        SELF
        | {"post_type": "notice", "notice_type": "notify", "sub_type": "poke"}
        | {"group_id": 123, "user_id": 5, "target_id": 6},
        "qq.group.123.notice.notify.poke",
    ),
    (
        SELF
        | {"post_type": "notice", "notice_type": "friend_recall"}
        | {"user_id": 456, "message_id": 6},
        "qq.private.456.notice.friend_recall",
    ),
    (
        SELF
        | {"post_type": "request", "request_type": "group", "sub_type": "invite"}
        | {"group_id": 123, "user_id": 5, "flag": "f", "comment": ""},
        "qq.group.123.request.group.invite",
    ),
    (
        SELF
        | {"post_type": "request", "request_type": "friend"}
        | {"user_id": 5, "flag": "f", "comment": ""},
        "qq.private.5.request.friend",
    ),
    (
        SELF
        | {"post_type": "meta_event", "meta_event_type": "lifecycle"}
        | {"sub_type": "connect"},
        "qq.meta.10001.lifecycle.connect",
    ),
    (
        SELF
        | {"post_type": "meta_event", "meta_event_type": "heartbeat"}
        | {"status": {"online": True, "good": True}, "interval": 5000},
        "qq.meta.10001.heartbeat",
    ),
    (
        SELF | {"post_type": "notice", "notice_type": "bot_offline", "user_id": 10001},
        "qq.meta.10001.bot_offline",
    ),
    (SELF | {"post_type": "something_new"}, "qq.other.10001.something_new"),
    (SELF | {"post_type": "a.b *>\n", "group_id": 5}, "qq.other.10001.a_b____"),
    (
        SELF
        | {"post_type": "notice", "notice_type": "new.kind", "sub_type": "群"}
        | {"group_id": "12.>"},
        "qq.group.12__.notice.new_kind.___",
    ),
]


async def test_each_kind_of_event_has_its_topic(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe()
    peer = await sim(b)
    await subscriber.next_event("qq.meta.*")
    for frame, _ in TABLE:
        await peer.emit(frame)
    events = await subscriber.next_events(len(TABLE))
    assert [event.topic for event in events] == [topic for _, topic in TABLE]


async def test_the_types_of_collected_events_are_their_names(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    """A collected file is called post_type.detail_type.NN-what.json."""
    b = await bridge()
    subscriber = await bus(b).subscribe()
    peer = await sim(b)
    await subscriber.next_event("qq.meta.*")
    for row in index()["events"]:
        frame = collected("events", row["file"])
        await peer.send_raw(frame)
        event = await subscriber.next_event()
        wanted = row["file"].split(".")[:2]
        if json.loads(frame)["post_type"] in KINDS:
            assert event.envelope["type"].split(".")[:2] == wanted, row["file"]
        else:
            assert event.topic.startswith("qq.other."), row["file"]


KINDS = ("message", "message_sent", "notice", "request", "meta_event")


async def test_a_prefix_that_ends_in_a_dot_takes_one_chat_only(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    one = await program.subscribe("qq.group.123.*")
    all_notices = await program.subscribe("qq.group.*.notice.*")
    peer = await sim(b)
    for group_id in (12, 123, 1234):
        await peer.emit(group_message(group_id=group_id))
    await peer.notice("group_ban", sub_type="ban", group_id=123, user_id=5)
    await all_notices.next_event("qq.group.123.notice.*")
    await one.next_event("qq.group.123.notice.*")
    assert len(one.events) == 2


async def test_links_are_told_on_the_bus(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"accounts": {"mybot": {}}})
    subscriber = await bus(b).subscribe("qq.bridge.mybot.*")
    peer = await sim(b, self_id=10007)
    up = await subscriber.next_event("qq.bridge.mybot.link.up")
    assert up.envelope["type"] == "bridge.link.up"
    assert up.event["self_id"] == 10007
    assert (up.event["role"], up.event["links"]) == ("Universal", 1)
    await peer.drop()
    down = await subscriber.next_event("qq.bridge.mybot.link.down")
    assert (down.event["link"], down.event["links"]) == (up.event["link"], 0)
