"""The bus against the real bridge and a simulated QQ."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
import msgpack
import pytest

import onebus
from onebus import Bus, File, FileError, Image, Message, errors
from onebus.calls import Caller
from onebus.nng import REQUEST_BYTES_MAX, NngWire
from onebus.sim import Late, Lost
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ

#: How the bridge is found.
WAYS = ("nng", "nats")

T = TypeVar("T")

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])


async def elsewhere(backend: str, main: Callable[[], Awaitable[T]]) -> T:
    """Run `main` on an event loop of its own: the simulator needs ours."""
    return await asyncio.to_thread(anyio.run, main, backend=backend)


@BACKENDS
async def test_a_kill_between_send_and_answer_sends_nothing_twice(
    backend: str, qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    qqsim.group(700)
    qqsim.fault("send_group_msg", Lost())

    async def send() -> errors.OutcomeUnknown:
        async with onebus.connect(actions=onebus_bridge.actions) as bus:
            with pytest.raises(errors.OutcomeUnknown) as caught:
                await bus.send_group_msg(700, "once")
            return caught.value

    sending = asyncio.ensure_future(elsewhere(backend, send))
    await qqsim.next_sent()
    onebus_bridge.kill()
    onebus_bridge.start()
    error = await sending
    await qqsim.connected()
    async with onebus.connect(actions=onebus_bridge.actions) as bus:
        with pytest.raises(errors.OutcomeUnknown):
            await bus.settled(error, timeout=0.1)
    assert [sent.text for sent in qqsim.sent] == ["once"]


@BACKENDS
async def test_a_kill_before_the_send_sends_once(
    backend: str, qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    qqsim.group(700)
    onebus_bridge.kill()

    async def send() -> None:
        async with onebus.connect(actions=onebus_bridge.actions) as bus:
            await bus.send_group_msg(700, "once")

    sending = asyncio.ensure_future(elsewhere(backend, send))
    onebus_bridge.start()
    await sending
    assert [sent.text for sent in qqsim.sent] == ["once"]


@BACKENDS
async def test_a_bridge_that_stands_still_loses_nothing(
    backend: str, qqsim: SimulatedQQ, onebus_bridge: BridgeProcess
) -> None:
    qqsim.group(700)

    async def send(count: int) -> None:
        async with onebus.connect(actions=onebus_bridge.actions) as bus:
            async with anyio.create_task_group() as tasks:
                for n in range(count):
                    tasks.start_soon(bus.send_group_msg, 700, str(n))

    onebus_bridge.pause()
    sending = asyncio.ensure_future(elsewhere(backend, partial(send, 50)))
    await asyncio.sleep(0.05)  # It may stand still for any time.
    onebus_bridge.resume()
    await sending
    assert sorted(int(sent.text) for sent in qqsim.sent) == list(range(50))


async def test_a_stop_under_a_write_is_told_as_unknown_and_settled_never_twice(
    qqsim: SimulatedQQ, bus: Bus, onebus_bridge: BridgeProcess
) -> None:
    qqsim.group(700)
    qqsim.fault("send_group_msg", Lost())
    sending = asyncio.ensure_future(bus.send_group_msg(700, "once", timeout=0.5))
    await qqsim.next_sent()
    await asyncio.to_thread(onebus_bridge.restart)  # It waits for the deadline.
    with pytest.raises(errors.OutcomeUnknown) as caught:
        await sending
    with pytest.raises(errors.OutcomeUnknown):
        await bus.settled(caught.value, timeout=0)
    assert len(qqsim.sent) == 1


async def test_a_stranger_gets_no_file_of_ours(
    qqsim: SimulatedQQ, bus: Bus, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    address = secret.as_uri()
    async with bus.events("qq.group.*") as events:
        evil = {"type": "image", "data": {"file": address, "url": address}}
        await qqsim.group_message(700, 42, [evil])
        event = await events.__anext__()
    assert isinstance(event, onebus.GroupMessage)
    picture = event.message.first(Image)
    assert picture is not None and picture.file == address
    for echo in (event.message, Image(picture.file), event.raw["message"]):
        with pytest.raises(errors.Denied, match="bridge.media"):
            await event.reply(echo)
    assert qqsim.sent == []


def request_of(size: int) -> dict[str, Any]:
    """A request that has `size` bytes on the wire."""
    head = len(msgpack.packb({"action": "x", "params": {"data": bytes(1 << 16)}}))
    return {"action": "x", "params": {"data": bytes(size - head + (1 << 16))}}


@pytest.mark.only_nng
async def test_the_largest_request_is_taken_and_one_above_is_not_sent(
    onebus_bridge: BridgeProcess,
) -> None:
    async with Caller(NngWire(onebus_bridge.actions)) as caller:
        largest = request_of(REQUEST_BYTES_MAX)
        reply = await caller.ask(largest, begin_within=5, patience=20)
        assert reply["error"] == "bad_params"
        with pytest.raises(errors.TooLarge, match=f"^x: .* {REQUEST_BYTES_MAX + 1} bytes"):
            larger = request_of(REQUEST_BYTES_MAX + 1)
            await caller.ask(larger, begin_within=5, patience=20)


async def test_a_file_leaves_without_a_warning(
    qqsim: SimulatedQQ, bus: Bus, tmp_path: Path
) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"png")
    reply = await bus.request("set_qq_avatar", {"file": picture})
    assert reply.warnings == ()


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


async def test_the_bridge_tells_of_itself(
    qqsim: SimulatedQQ, bus: Bus, way: str
) -> None:
    await qqsim.group(700).say("one", by=42)
    while (ping := await bus.bridge.ping())["seq"] < 3:
        await asyncio.sleep(0.01)
    status = await bus.bridge.status()
    assert status["epoch"] == ping["epoch"]
    assert status["accounts"]["default"]["state"] == "up"
    assert status["nats"]["state"] == ("ok" if way == "nats" else "off")
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
    (revoked, approval) = await bus.bridge.calls(user_id=9)
    assert revoked["action"] == "bridge.pairing.revoke"
    assert approval["status"] == "ok"
    catalogue = await bus.bridge.actions(name="set_group_ban")
    assert [action["name"] for action in catalogue["actions"]] == ["set_group_ban"]
    quieter = await bus.bridge.log("warn", for_ms=60_000)
    assert (quieter["level"], quieter["content"]) == ("warn", "none")
    assert 0 < quieter["for_ms"] <= 60_000
    assert await bus.bridge.reload() == {"changed": [], "restart": []}


async def test_a_received_file_is_fetched(qqsim: SimulatedQQ, bus: Bus) -> None:
    async with bus.events("qq.group.*") as events:
        await qqsim.group(700).say(Image(b"picture"), by=42)
        event = await events.__anext__()
    assert isinstance(event, onebus.GroupMessage)
    picture = event.message.first(Image)
    assert picture is not None
    for media in (
        await bus.bridge.media_get(picture),
        await bus.bridge.media_get(file=str(picture.file), type="image"),
    ):
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
