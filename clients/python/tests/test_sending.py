"""What becomes of a message, and what is kept of it."""

from __future__ import annotations

import base64
import random
from typing import Any

import pytest
from conftest import Bridge

from onebus.sim import ActionFailed, Chat, Simulator, World, actions
from onebus.sim.dialect import DIALECTS

BOT, ANN, GROUP = 10001, 3, 500
HELLO = base64.b64encode(b"hello").decode()
UNREADABLE = "消息体无法解析, 请检查是否发送了不支持的消息类型"


@pytest.fixture
def world() -> World:
    made = World(BOT, "bot", now=lambda: 1_700_000_000.5, rng=random.Random(1))
    made.add_group(GROUP, "group")
    made.add_member(GROUP, ANN, "Ann")
    made.add_friend(7, "Friend")
    return made


def segment(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "data": data}


def send(
    world: World, *message: Any, dialect: str = "napcat", **to: int
) -> dict[str, Any]:
    params = {"message": list(message), **(to or {"group_id": GROUP})}
    made = actions.perform(world, "send_msg", params, dialect=DIALECTS[dialect])
    assert isinstance(made, dict)
    return made


def failure(world: World, *message: Any, **more: Any) -> tuple[int, str]:
    with pytest.raises(ActionFailed) as caught:
        send(world, *message, **more)
    return caught.value.retcode, caught.value.wording


HI = segment("text", text="hi")


@pytest.mark.parametrize(
    ("dropped", "to"),
    [
        (segment("xml", data="<a/>"), {"group_id": GROUP}),
        (segment("poke", type="1", id="1"), {"group_id": GROUP}),
        (segment("miniapp", data="{}"), {"group_id": GROUP}),
        (segment("onlinefile"), {"user_id": 7}),
        (segment("flashtransfer", fileSetId="1"), {"group_id": GROUP}),
        (segment("face", id="17"), {"group_id": GROUP}),
        (segment("face", id="x"), {"group_id": GROUP}),
        (segment("at", qq="3"), {"user_id": 7}),
        (segment("at"), {"group_id": GROUP}),
        (segment("reply", id="12345"), {"group_id": GROUP}),
        (segment("contact", type="shop", id="1"), {"group_id": GROUP}),
        (segment("music", type="xm", id="1"), {"group_id": GROUP}),
        (segment("music", type="custom", url="u"), {"group_id": GROUP}),
    ],
)
def test_dropped_without_a_word(
    world: World, dropped: dict[str, Any], to: dict[str, int]
) -> None:
    send(world, dropped, HI, **to)
    assert world.sent[-1].segments == [HI]
    assert failure(world, dropped, **to) == (1200, UNREADABLE)
    assert len(world.sent) == 1


@pytest.mark.parametrize("kind", ["share", "anonymous", "shake", "tts", "cardimage"])
def test_an_unknown_type_fails_the_whole(world: World, kind: str) -> None:
    assert failure(world, HI, segment(kind)) == (1200, f"未知的消息类型：{kind}")
    assert world.sent == []


@pytest.mark.parametrize(
    ("asked", "delivered"),
    [
        (segment("location", lat="1", lon="2", title="Home"),
         segment("text", text="测试")),
        (segment("json", data={"a": 1}, config={"token": "t"}),
         segment("json", data='{"a":1}')),
        (segment("json", data="{}"), segment("json", data="{}")),
        (segment("markdown", content="# x"), segment("markdown", content="# x")),
        (segment("face", id=13), segment("face", id="13")),
        (segment("at", qq="all"), segment("at", qq="all")),
        (segment("face", id="358", resultId="6"), segment("dice", result="6")),
        (segment("face", id="359", resultId=2), segment("rps", result="2")),
    ],
)  # fmt: skip
def test_what_is_delivered(
    world: World, asked: dict[str, Any], delivered: dict[str, Any]
) -> None:
    send(world, asked)
    assert world.sent[0].segments == [delivered]


def test_cards_arrive_as_json_and_shop_stickers_as_images(world: World) -> None:
    send(
        world,
        segment("contact", type="group", id="1"),
        segment("music", type="163", id="1"),
        segment("mface", emoji_id="e", emoji_package_id=1, key="k"),
    )
    assert [s["type"] for s in world.sent[0].segments] == ["json", "json", "image"]


def test_a_result_asked_for_is_not_the_one_that_shows(world: World) -> None:
    shown = set()
    for _ in range(50):
        sent = send(world, segment("dice", result="9"), segment("rps", result="9"))
        said = actions.perform(world, "get_msg", sent)
        shown |= {(s["type"], s["data"]["result"]) for s in said["message"]}
    dice = {("dice", str(n)) for n in range(1, 7)}
    assert shown == dice | {("rps", str(n)) for n in range(1, 4)}


def test_quotes(world: World) -> None:
    first = world.say_in_group(GROUP, ANN, [segment("text", text="one")])
    second = world.say_in_group(GROUP, ANN, [segment("text", text="two")])
    send(world, segment("reply", id=str(first.message_id)), HI)
    send(world, segment("reply", id=first.message_id, seq=second.real_seq), HI)
    quoted = [sent.segments[0]["data"]["id"] for sent in world.sent]
    assert quoted == [str(first.message_id), str(second.message_id)]


def test_nodes_stand_alone(world: World) -> None:
    code, wording = failure(world, segment("node", content="x"), HI)
    assert (code, "node" in wording) == (1400, True)


def test_a_merged_forward_can_be_read(world: World) -> None:
    said = world.say_in_group(GROUP, ANN, [segment("text", text="old")])
    inner = [segment("node", content="deep"), segment("node", content=[HI])]
    nodes = [
        segment("node", id=str(said.message_id)),
        segment("node", user_id="5", nickname="Five", content="new[CQ:face,id=1]"),
        segment("node", content=inner),
    ]
    sent = actions.perform(
        world, "send_group_forward_msg", {"group_id": GROUP, "messages": nodes}
    )
    for key in ({"id": sent["res_id"]}, {"message_id": sent["message_id"]}):
        read = actions.perform(world, "get_forward_msg", key)["messages"]
        texts = [message["raw_message"] for message in read]
        assert texts == ["old", "new[CQ:face,id=1]", "deep", "hi"]
    assert read[1]["sender"]["nickname"] == "Five"
    assert world.sent[0].nodes == tuple(nodes)
    with pytest.raises(ActionFailed):
        actions.perform(world, "get_forward_msg", {"id": "nothing"})
    with pytest.raises(ActionFailed, match="生成节点为空"):
        send(world, segment("node", id="1"))


@pytest.mark.parametrize(
    ("data", "media"),
    [
        ({"file": f"base64://{HELLO}"}, b"hello"),
        ({"file": f"data:image/png;base64,{HELLO}"}, b"hello"),
        ({"file": "/srv/a.png"}, b"disk"),
        ({"file": "/srv/../srv/a.png"}, b"disk"),
        ({"file": "file:///srv/a%2epng"}, b"disk"),
        ({"file": "https://known/a.png"}, b"page"),
        ({"file": "https://unknown/a.png"}, None),
        ({"file": "received.png"}, b"theirs"),
        ({"path": "/srv/a.png"}, b"disk"),
        ({"file": "/srv/50%"}, b"half"),
        ({"url": "https://known/a.png", "file": "/srv/a.png"}, b"page"),
        ({"url": " ", "file": "/srv/a.png"}, b"disk"),
    ],
)
def test_media_in_every_form(
    world: World, data: dict[str, Any], media: bytes | None
) -> None:
    world.files.update({"/srv/a.png": b"disk", "/srv/50%": b"half"})
    world.disk.urls["https://known/a.png"] = b"page"
    world.file_in_message("image", "received.png", b"theirs")
    send(world, segment("image", **data))
    (content,) = world.sent[0].media
    assert content.data == media
    shown = world.sent[0].segments[0]["data"]
    assert shown["file_size"] == str(len(media or b""))
    assert shown["url"].startswith("https://multimedia.nt.qq.com.cn/")


@pytest.mark.parametrize(
    ("data", "wording"),
    [
        ({}, "文件消息缺少参数"),
        ({"file": ""}, "文件消息缺少参数"),
        ({"file": "/etc/passwd"}, "文件处理失败: 识别URL失败, uri= /etc/passwd"),
        ({"file": "file:///nothing"}, "ENOENT: no such file or directory"),
        ({"file": "https://dead/a"}, "下载文件失败: Not Found"),
        ({"file": "data:,"}, "文件处理失败: 识别URL失败"),
        ({"file": "file:///50%"}, "文件处理失败: 识别URL失败"),
        ({"file": "base64://"}, "文件异常，大小为0"),
        ({"file": "/empty"}, "文件异常，大小为0"),
    ],
)
def test_media_that_cannot_be_got(
    world: World, data: dict[str, Any], wording: str
) -> None:
    world.disk.urls["https://dead/a"] = None
    world.files["/empty"] = b""
    code, text = failure(world, HI, segment("record", **data))
    assert (code, wording in text, world.sent) == (1200, True, [])


def test_what_was_sent_is_kept_in_order(world: World) -> None:
    send(world, HI, segment("at", qq="3"), segment("text", text=" there"))
    send(world, HI, user_id=7)
    first, second = world.sent
    assert (first.order, first.text, first.chat) == (0, "hi there", Chat("group", GROUP))
    assert (second.order, second.chat) == (1, Chat("private", 7))
    assert second.time == 1_700_000_000.5
    assert first.message is world.message(first.message.message_id)


def test_the_bots_own_files_can_be_asked_for(world: World) -> None:
    send(world, segment("file", file=f"base64://{HELLO}", name="a.txt"))
    file_id = world.sent[0].segments[0]["data"]["file_id"]
    given = actions.perform(world, "get_file", {"file_id": file_id})
    assert world.files[given["file"]] == b"hello"


@pytest.mark.parametrize(
    ("dialect", "asked", "delivered"),
    [
        ("llbot", segment("dice", result="4"), segment("dice", result="4")),
        ("gocqhttp", segment("rps", value="2"), segment("rps", result="2")),
        ("gocqhttp", segment("xml", data="<a/>"), segment("xml", data="<a/>")),
        ("gocqhttp", segment("file", file="/x"), None),
        ("lagrange", segment("keyboard", rows=[]), segment("keyboard", rows=[])),
        ("lagrange", segment("location", lat="1"), segment("location", lat="1")),
        ("lagrange", segment("contact", id="1"), None),
        ("llbot", segment("xml", data="<a/>"), None),
        ("llbot", segment("anything"), None),
    ],
)
def test_others_keep_and_drop_other_segments(
    world: World,
    dialect: str,
    asked: dict[str, Any],
    delivered: dict[str, Any] | None,
) -> None:
    send(world, HI, asked, dialect=dialect)
    assert world.sent[0].segments[1:] == ([delivered] if delivered else [])


async def test_a_throw_shows_in_event_and_history(bridge: Bridge) -> None:
    async with Simulator(bridge.url, report_self_message=True) as sim:
        await sim.connected()
        sim.world.add_group(GROUP, "g")
        await bridge.ask("send_group_msg", group_id=GROUP, message=segment("dice"))
        event = await bridge.until(lambda f: f.get("post_type") == "message_sent")
        (sent,) = sim.world.sent
        history = await bridge.call("get_group_msg_history", "h", group_id=GROUP)
    assert event["message"] == sent.segments
    assert history["data"]["messages"][0]["message"] == sent.segments
