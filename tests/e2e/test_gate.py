"""Who is heard, and who is told why not."""

from typing import Any

import pytest

from harness.cli import onebus
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message

AT_BOT = [{"type": "at", "data": {"qq": "10001"}}]


def gate(**more: Any) -> dict[str, Any]:
    return {"dmPolicy": "closed", "groupPolicy": "allowlist"} | more


@pytest.mark.parametrize("tools", [["send_group_msg"], "send_group_msg"])
async def test_the_settings_guides_group_is_heard_and_no_other(
    bridge: StartBridge, bus: StartBus, sim: StartSim, tools: list[str] | str
) -> None:
    b = await bridge(
        gate(
            groups={
                "20002": {
                    "enabled": True,
                    "requireMention": True,
                    "systemPrompt": "You are a helpful group assistant.",
                    "skills": ["weather", "translation"],
                    "tools": tools,
                }
            }
        )
    )
    program = bus(b)
    subscriber = await program.subscribe("qq.*")
    peer = await sim(b)
    await peer.emit(group_message("elsewhere", group_id=20003))
    await peer.emit(group_message("hello"))
    first = await subscriber.next_event("qq.*.*.message.*")
    assert first.envelope["text"] == "hello"
    assert first.envelope["policy"] == {
        "allowed": True,
        "respond": False,
        "mentioned": False,
        "reason": "group_listed",
        "system_prompt": "You are a helpful group assistant.",
        "skills": ["weather", "translation"],
        "tools": {"allow": ["send_group_msg"]},
    }
    await peer.emit(group_message("hello", message=AT_BOT))
    second = await subscriber.next_event("qq.*.*.message.*")
    assert second.envelope["policy"]["respond"] is True
    assert second.seq == first.seq + 1


async def test_the_first_drop_says_what_to_add_and_that_helps(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(gate())
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    peer = await sim(b)
    await peer.emit(group_message("unheard"))
    line = await b.wait_for_line("access: dropped")
    assert "group=20002" in line["msg"]
    assert '"20002": {}' in line["msg"]
    b.rewrite(gate(groups={"20002": {}}))
    reply = await program.call("bridge.reload")
    assert reply["data"]["changed"] == [
        "channels.napcatqq.accounts.default.groups.20002 (added)"
    ]
    await peer.emit(group_message("heard"))
    assert (await subscriber.next_event()).envelope["text"] == "heard"
    assert peer.link.connections == 1


async def test_why_explains_a_drop_by_the_line_of_the_settings(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(gate(groups={"20002": {"allowFrom": [1]}}))
    await bus(b).subscribe()
    peer = await sim(b)
    await peer.emit(group_message("unheard"))
    await b.wait_for_line("access: dropped")
    url = ("--url", b.actions, "--config", str(b.folder / "onebus.json"))
    for number in ("20002", "30001"):
        result = await onebus("why", *url, number)
        assert result.status == 0
        assert "dropped, sender_not_listed" in result.out
        assert "onebus.json:1: channels.napcatqq.groups.20002" in result.out
    result = await onebus("why", *url, "--user", "5")
    assert "no decision about that" in result.out
    result = await onebus("why", *url, "--json", "--group", "20002")
    assert '"reason":"sender_not_listed"' in result.out


async def test_notices_are_gated_like_messages_and_the_bots_own_state_is_not(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(gate())
    subscriber = await bus(b).subscribe("qq.*")
    peer = await sim(b)
    await subscriber.next_event("qq.meta.*")
    poke = {"sub_type": "poke", "group_id": 20002, "user_id": 30001, "target_id": 10001}
    await peer.notice("notify", **poke)
    await peer.notice("group_increase", group_id=20002, user_id=30001)
    await peer.notice("friend_recall", user_id=30001, message_id=1)
    await peer.notice("group_increase", group_id=20002, user_id=peer.self_id)
    await peer.friend_request(30001, "let me in")
    topics = [event.topic for event in await subscriber.next_events(2)]
    assert topics == [
        "qq.group.20002.notice.group_increase._",
        "qq.private.30001.request.friend",
    ] or [topic.split(".")[3] for topic in topics] == ["notice", "request"]


async def test_marking_leaves_it_to_the_consumer(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"dmPolicy": "pairing"} | gate(), {"access": "mark"})
    subscriber = await bus(b).subscribe("qq.group.*", "qq.private.*")
    peer = await sim(b)
    await peer.emit(group_message("x"))
    event = await subscriber.next_event()
    assert event.envelope["policy"]["allowed"] is False
    assert event.envelope["policy"]["reason"] == "group_not_listed"
    await peer.private_message(30001, "hi")
    event = await subscriber.next_event()
    assert event.envelope["policy"]["allowed"] is False
    assert not peer.requests


@pytest.mark.parametrize("form", ["answer", "message_sent"])
async def test_a_reply_to_the_bot_is_a_mention(
    bridge: StartBridge, bus: StartBus, sim: StartSim, form: str
) -> None:
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    peer = await sim(b, report_self_message=form == "message_sent")
    await peer.group_message(20002, 30001, "there is such a group")
    reply = await program.call("send_group_msg", {"group_id": 20002, "message": "hi"})
    if form == "message_sent":
        own = await subscriber.next_event("qq.group.*.message_sent.*")
        assert own.envelope["policy"]["respond"] is False
    quote = {"type": "reply", "data": {"id": str(reply["data"]["message_id"])}}
    await peer.emit(group_message("that", message=[quote]))
    event = await subscriber.next_event("qq.group.*.message.*")
    while event.envelope["text"]:
        event = await subscriber.next_event("qq.group.*.message.*")
    assert event.envelope["policy"]["mentioned"] is True
    assert event.envelope["policy"]["respond"] is True
