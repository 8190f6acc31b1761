"""The bus against the real bridge and a simulated QQ."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

import onebus
from onebus import Bus, File, FileError, Image, Message, errors, wire
from onebus.sim import Late, Lost
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ


async def test_a_kill_between_send_and_answer_sends_nothing_twice(
    qqsim: SimulatedQQ, bus: Bus, onebus_bridge: BridgeProcess
) -> None:
    qqsim.group(700)
    qqsim.fault("send_group_msg", Lost())
    sending = asyncio.ensure_future(bus.send_group_msg(700, "once"))
    await qqsim.next_sent()
    onebus_bridge.kill()
    onebus_bridge.start()
    with pytest.raises(errors.OutcomeUnknown):
        await sending
    await qqsim.connected()
    assert [sent.text for sent in qqsim.sent] == ["once"]


async def test_what_has_come_of_an_unknown_outcome_is_told(
    qqsim: SimulatedQQ, bus: Bus
) -> None:
    qqsim.group(700)
    qqsim.fault("send_group_msg", Late(0.5))
    with pytest.raises(errors.OutcomeUnknown) as caught:
        await bus.send_group_msg(700, "late", timeout=0.1)
    reply = await bus.settled(caught.value, timeout=20)
    assert reply.data["message_id"] == (await qqsim.next_sent()).message_id
    assert len(qqsim.sent) == 1


async def test_the_same_key_is_carried_out_once(qqsim: SimulatedQQ, bus: Bus) -> None:
    qqsim.group(700)
    first = await bus.send_group_msg(700, "hi", idempotency_key="a")
    second = await bus.send_group_msg(700, "hi", idempotency_key="a")
    assert first == second
    assert len(qqsim.sent) == 1
    with pytest.raises(errors.BadRequest):
        await bus.send_group_msg(700, "other", idempotency_key="a")


async def test_what_strangers_say_is_never_read_for_cq_codes(
    qqsim: SimulatedQQ, bus: Bus
) -> None:
    qqsim.group(700)
    evil = "[CQ:at,qq=all] &amp; [CQ:image,file=file:///etc/passwd]"
    await bus.send_group_msg(700, evil)
    await bus.call("send_group_msg", group_id=700, message=evil)
    await bus.send_group_msg(700, Message(evil) + [evil])
    texts = [(await qqsim.next_sent()).text for _ in range(3)]
    assert texts == [evil, evil, evil * 2]


async def test_files_are_read_here_and_sent_as_bytes(
    qqsim: SimulatedQQ, bus: Bus, tmp_path: Path
) -> None:
    qqsim.group(700)
    picture = tmp_path / "图 1.png"
    picture.write_bytes(b"png" * 10)
    await bus.send_group_msg(700, Image(picture) + Image(picture.as_uri()))
    assert (await qqsim.next_sent()).media == (b"png" * 10,) * 2
    book = tmp_path / "book.pdf"
    book.write_bytes(b"p" * 3_000_000)
    qqsim.friend(42)
    await bus.send_private_msg(42, File(book))
    sent = await qqsim.next_sent()
    assert sent.media == (book.read_bytes(),)
    await bus.upload_group_file(700, book)
    request = await qqsim.next_action("upload_group_file")
    assert request.params["name"] == "book.pdf"


async def test_a_file_that_cannot_be_read_is_told_before_anything_is_sent(
    qqsim: SimulatedQQ, bus: Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileError, match=r"params.message\[1\].data.file: .*No such file"):
        await bus.send_group_msg(700, "see" + Image(tmp_path / "none.png"))
    with pytest.raises(FileError, match="params.file: .*directory"):
        await bus.upload_group_file(700, tmp_path)
    with pytest.raises(FileError, match="on another machine"):
        await bus.upload_group_file(700, "file://elsewhere/a")
    monkeypatch.setattr("onebus.files.BYTES_MAX", 1 << 20)
    (tmp_path / "big").write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(FileError, match="may have 1 MiB"):
        await bus.upload_group_file(700, tmp_path / "big")
    assert qqsim.sent == []


async def test_failures_have_the_classes_of_the_contract(
    qqsim: SimulatedQQ, bus: Bus
) -> None:
    with pytest.raises(errors.BadParams, match="params.group_id: required"):
        await bus.call("send_group_msg", message="x")
    with pytest.raises(errors.UnknownAction):
        await bus.call("bridge.nothing")
    with pytest.raises(errors.ActionFailed) as caught:
        await bus.get_msg(1)
    assert caught.value.retcode == 1200
    await qqsim.group(700).mute_bot(60)
    with pytest.raises(errors.Muted) as muted:
        await bus.send_group_msg(700, "x")
    assert 0 < (muted.value.retry_after or 0) <= 60
    with pytest.raises(errors.Unsupported):
        await bus.send_private_msg(42, onebus.Xml("<a/>"))


@pytest.mark.onebus(settings={"channels": {"napcatqq": {"reconnect": {"retryDelay": 1}}}})
async def test_no_peer_is_told(qqsim: SimulatedQQ, bus: Bus) -> None:
    qqsim.auto_reconnect = False
    await qqsim.drop()
    with pytest.raises(errors.NotConnected):
        await bus.get_group_list()


GRANTS: dict[str, Any] = {
    "bridge": {"grants": [{"name": "reader", "token": "t0k3n", "actions": "get_*"}]}
}


@pytest.mark.onebus(settings=GRANTS)
async def test_a_token_opens_what_its_grant_covers(
    qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    async with onebus.connect(actions=onebus_bridge.actions) as bus:
        with pytest.raises(errors.Unauthorized):
            await bus.get_group_list()
    async with onebus.connect(actions=onebus_bridge.actions, token="t0k3n") as bus:
        await bus.get_group_list()
        with pytest.raises(errors.Denied, match="reader"):
            await bus.send_group_msg(700, "x")


async def test_the_guides_functions_do_what_the_guide_says(
    qqsim: SimulatedQQ, bus: Bus, tmp_path: Path
) -> None:
    group = qqsim.world.add_group(700, "old", bot_role="owner")
    qqsim.world.add_member(700, 42, "member")
    qqsim.world.add_friend(43, "friend")
    file = tmp_path / "file.txt"
    file.write_text("text")
    guide = bus.guide
    await guide.set_group_admin("default", 700, 42, True)
    assert group.members[42].role == "admin"
    await guide.set_group_admin("default", 700, 42, False)
    await guide.set_group_mute("default", 700, 42, 600)
    assert group.members[42].banned_until > 0
    await guide.set_group_whole_mute("default", 700, True)
    assert group.whole_ban
    await guide.set_group_name("default", 700, "new")
    assert group.name == "new"
    member = await guide.get_group_member_info("default", 700, 42, False)
    assert member["user_id"] == 42
    assert [f["user_id"] for f in await guide.get_friend_list("default")] == [43]
    await guide.set_friend_remark("default", 43, "New Remark")
    await guide.upload_private_file("default", 43, file, "file.txt")
    await guide.uploadGroupFile("default", 700, file.as_uri(), None, "file.txt")
    await guide.kickGroupMember("default", 700, 42, False)
    assert 42 not in group.members
    await guide.deleteFriend("default", 43)
    assert 43 not in qqsim.world.friends


async def test_the_bridge_tells_of_itself(qqsim: SimulatedQQ, bus: Bus) -> None:
    await qqsim.group(700).say("one", by=42)
    while (ping := await bus.bridge.ping())["seq"] < 3:
        await asyncio.sleep(0.01)
    status = await bus.bridge.status()
    assert status["epoch"] == ping["epoch"]
    assert status["accounts"]["default"]["state"] == "up"
    replayed = await bus.bridge.replay(topics=["qq.group.*"], max_age=60)
    assert len(replayed["events"]) == 1
    history = await bus.bridge.history(group_id=700)
    assert history["events"] == replayed["events"]
    await bus.bridge.cursor_set("me", 2)
    assert (await bus.bridge.cursor_get("me"))["seq"] == 2
    (decision,) = await bus.bridge.why(group_id=700)
    assert decision["reason"] == "open"
    await bus.bridge.pairing_approve(user_id=9)
    approved = (await bus.bridge.pairing_list())["approved"]
    assert [one["user_id"] for one in approved] == [9]
    await bus.bridge.pairing_revoke(user_id=9)
    catalogue = await bus.bridge.actions(name="set_group_ban")
    assert [action["name"] for action in catalogue["actions"]] == ["set_group_ban"]
    assert await bus.bridge.reload() == {"changed": [], "restart": []}


async def test_a_received_file_is_fetched(qqsim: SimulatedQQ, bus: Bus) -> None:
    async with bus.events("qq.group.*") as events:
        await qqsim.group(700).say(Image(b"picture"), by=42)
        event = await events.__anext__()
    assert isinstance(event, onebus.GroupMessage)
    picture = event.message.first(Image)
    assert picture is not None
    media = await bus.bridge.media_get(file=str(picture.file), type="image")
    assert media["data"] == b"picture"


async def test_requests_are_granted_and_refused(qqsim: SimulatedQQ, bus: Bus) -> None:
    async with bus.events("qq.*.*.request.*") as events:
        await qqsim.group(700).ask_to_join(42, "please")
        await qqsim.group(700).ask_to_join(43)
        await qqsim.friend_request(44)
        asked = [await events.__anext__() for _ in range(3)]
    first, second, third = asked
    assert isinstance(first, onebus.GroupRequest)
    assert isinstance(second, onebus.GroupRequest)
    assert isinstance(third, onebus.FriendRequest)
    await first.approve()
    await second.reject("no")
    await third.approve()
    assert 42 in qqsim.world.group(700).members
    assert 43 not in qqsim.world.group(700).members
    assert 44 in qqsim.world.friends


async def test_a_message_is_taken_back(qqsim: SimulatedQQ, bus: Bus) -> None:
    async with bus.events("qq.group.*") as events:
        said = await qqsim.group(700).say("oh", by=42)
        event = await events.__anext__()
    assert isinstance(event, onebus.GroupMessage)
    await event.recall()
    assert said.recalled


async def test_the_bridge_answers_as_its_types_say(
    qqsim: SimulatedQQ, bus: Bus, onebus_bridge: BridgeProcess
) -> None:
    await bus.bridge.cursor_set("me", 1)
    forgotten = await bus.bridge.cursor_set("me", None)
    assert forgotten["seq"] is None
    assert await bus.bridge.cursor_get("me") == {
        "consumer": "me",
        "seq": None,
        "epoch": None,
        "valid": False,
    }
    catalogue = await bus.bridge.actions()
    assert len(catalogue["actions"]) == 195
    assert all(action["summary"] for action in catalogue["actions"])
    assert catalogue["aliases"]["setGroupMute"] == "set_group_ban"
    own = {action["name"] for action in catalogue["bridge"]}
    methods = {name for name in dir(bus.bridge) if not name.startswith("_")}
    assert {name.removeprefix("bridge.").replace(".", "_") for name in own} == methods
    approved = await bus.bridge.pairing_approve(user_id=9)
    assert approved["state"] == "approved"
    with pytest.raises(errors.BadParams, match="nobody with this number waits"):
        await bus.bridge.pairing_deny(user_id=8)
    assert await bus.bridge.why(id=12345) == []


async def test_a_file_has_a_name_only_where_one_is_taken(
    qqsim: SimulatedQQ, bus: Bus, tmp_path: Path
) -> None:
    qqsim.world.add_group(700, "group", bot_role="owner")
    picture = tmp_path / "a.png"
    picture.write_bytes(b"picture")
    for action in ("set_qq_avatar", "set_group_portrait"):
        params = {"file": picture, "group_id": 700 if "group" in action else None}
        assert (await bus.request(action, params)).warnings == (), action
    await bus.upload_group_file(700, picture)
    assert (await qqsim.next_action("upload_group_file")).params["name"] == "a.png"


@pytest.mark.parametrize(
    "source",
    [
        {"group_id": 700},
        # go-cqhttp and LLBot tell it of the sender.
        {"sender": {"user_id": 77, "group_id": 700}},
    ],
)
def test_a_temporary_chat_is_answered_by_way_of_its_group(source: dict[str, Any]) -> None:
    raw = {"post_type": "message", "message_type": "private", "user_id": 77, **source}
    event = onebus.UnknownEvent(
        **made_by_hand("qq.private.77.message.group"), raw=raw
    )
    action, params = wire.answer(event, "hi", quote=False, at=True)
    assert action == "send_private_msg"
    assert (params["user_id"], params["group_id"]) == (77, 700)


@pytest.mark.parametrize("odd", ["", 0, "0", None, "abc", [1], 1.5])
def test_what_has_no_id_is_neither_quoted_nor_mentioned(odd: Any) -> None:
    event = onebus.UnknownEvent(
        **made_by_hand("qq.group.7.message.normal"),
        raw={"message_id": odd, "user_id": odd},
    )
    with pytest.raises(ValueError, match="no message that could be quoted"):
        wire.answer(event, "hi", quote=True, at=False)
    with pytest.raises(ValueError, match="nobody who could be mentioned"):
        wire.answer(event, "hi", quote=False, at=True)


def made_by_hand(topic: str) -> dict[str, Any]:
    return {
        "topic": topic,
        "epoch": "e",
        "seq": 1,
        "received_ms": 0,
        "account": "default",
        "self_id": 1,
        "peer": None,
        "origin": "live",
        "type": "x",
        "key": "k",
        "time": 0,
        "envelope": {},
    }
