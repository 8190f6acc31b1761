"""Every type of message that a bot can send, and what of it reaches QQ behind
each implementation; and every type that it can receive."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.bus import Subscriber
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message, same
from harness.scene import FRIEND, GROUP, Scene, StartScene

Segment = dict[str, Any]

PDF = b"%PDF-1.7 \0\xff of a kind"
CARD = {"app": "com.tencent.miniapp_01", "meta": {"title": "天气"}}
PLACE = {
    "lat": 39.9042,
    "lon": 116.4074,
    "title": "Beijing",
    "content": "Capital of China",
}


def segment(kind: str, /, **data: Any) -> Segment:
    return {"type": kind, "data": data}


def text(of: str) -> Segment:
    return segment("text", text=of)


def sent_messages(s: Scene) -> list[Any]:
    """As they reached the peer."""
    return [r.params["message"] for r in s.peer.requests if "message" in r.params]


async def deliver(s: Scene, message: Any, **fields: Any) -> tuple[Segment, ...]:
    """Say it to the group; gives what QQ got to see."""
    reply = await s.say(message, **fields)
    assert reply["status"] == "ok", reply
    return tuple(s.sent[-1].segments)


async def warned(s: Scene, message: Any) -> str:
    """Say it; gives the one warning."""
    reply = await s.say(message)
    assert reply["status"] == "ok", reply
    (warning,) = reply["warnings"]
    return str(warning)


# -- to NapCat -------------------------------------------------------------------

#: What the settings guide has, with its parameters, and what QQ gets to see.
DELIVERED = {
    "text": (text("hello"), text("hello")),
    "at": (segment("at", qq="10002"), segment("at", qq="10002")),
    "at all": (segment("at", qq="all"), segment("at", qq="all")),
    "markdown": (
        segment("markdown", content="# Title\n\n**Bold text** and *italic*"),
        segment("markdown", content="# Title\n\n**Bold text** and *italic*"),
    ),
    "miniapp": (
        segment("miniapp", data=json.dumps(CARD)),
        segment("json", data=json.dumps(CARD)),
    ),
    "dice": (segment("dice", result=6), segment("dice", result="6")),
    "rps": (segment("rps", result=1), segment("rps", result="1")),
    "json": (
        segment("json", data='{"key": "value"}', config={"token": "optional_token"}),
        segment("json", data='{"key": "value"}'),
    ),
}


@pytest.mark.parametrize("name", DELIVERED)
async def test_what_the_guide_has_is_delivered(scene: StartScene, name: str) -> None:
    given, shown = DELIVERED[name]
    s = await scene()
    assert await deliver(s, [given]) == (shown,)
    assert await deliver(s, given) == (shown,)


async def test_a_mface_is_delivered(scene: StartScene) -> None:
    s = await scene()
    given = segment(
        "mface",
        emoji_package_id=12345,
        emoji_id="abc123",
        key="emoji_key",
        summary="表情摘要",
    )
    (shown,) = await deliver(s, [given])
    assert given["data"].items() <= shown["data"].items()


@pytest.mark.parametrize(("kind", "most"), [("dice", 6), ("rps", 3)])
async def test_without_a_result_qq_rolls(
    scene: StartScene, kind: str, most: int
) -> None:
    s = await scene()
    (shown,) = await deliver(s, [segment(kind)])
    assert shown["type"] == kind
    assert 1 <= int(shown["data"]["result"]) <= most


async def test_a_location_is_a_map_card(scene: StartScene) -> None:
    s = await scene()
    assert "location" in await warned(s, [segment("location", **PLACE)])
    (shown,) = s.sent[0].segments
    assert shown["type"] == "json"
    card = json.loads(shown["data"]["data"])
    assert card["app"] == "com.tencent.map"
    for told in PLACE.values():
        assert str(told) in json.dumps(card, ensure_ascii=False)


async def test_xml_is_refused_with_what_else_to_send(scene: StartScene) -> None:
    s = await scene()
    reply = await s.say(["look", segment("xml", data="<xml>...</xml>")])
    assert (reply["status"], reply["error"]) == ("failed", "unsupported_by_peer")
    assert reply["retcode"] == 34001
    assert "params.message[1]" in reply["message"]
    assert "json" in reply["message"]
    assert s.peer.requests == []


async def test_a_poke_is_an_action_in_its_place(scene: StartScene) -> None:
    s = await scene()
    poke = segment("poke", qq=30002)
    reply = await s.say(["before", poke, "after"])
    assert reply["status"] == "ok"
    asked = [(r.action, r.params.get("user_id")) for r in s.peer.requests]
    assert [action for action, _ in asked] == [
        "send_group_msg",
        "group_poke",
        "send_group_msg",
    ]
    assert str(asked[1][1]) == "30002"
    assert s.texts == ["before", "after"]
    ids = [sent.message.message_id for sent in s.sent]
    assert reply["data"]["message_ids"] == ids


async def test_a_poke_in_a_private_chat_pokes_the_other_end(scene: StartScene) -> None:
    s = await scene()
    params = {"user_id": FRIEND, "message": [segment("poke")]}
    assert (await s.call("send_private_msg", params=params))["status"] == "ok"
    (request,) = s.peer.requests
    assert (request.action, str(request.params["user_id"])) == (
        "friend_poke",
        str(FRIEND),
    )


async def test_a_quote_is_delivered(scene: StartScene) -> None:
    s = await scene()
    asked = await s.peer.group_message(GROUP, FRIEND, "a question")
    reply = segment("reply", id=str(asked.message_id))
    assert await deliver(s, [reply, text("an answer")]) == (reply, text("an answer"))


async def test_a_file_is_delivered_from_bytes(scene: StartScene) -> None:
    s = await scene()
    given = segment("file", file=PDF, name="document.pdf")
    (shown,) = await deliver(s, [given])
    assert (shown["type"], shown["data"]["file"]) == ("file", "document.pdf")
    assert s.sent[0].media[0].data == PDF


async def test_a_file_is_delivered_from_where_the_peer_has_it(
    scene: StartScene,
) -> None:
    paths = [{"from": "/path/to", "to": "/app/files"}]
    s = await scene(bridge={"media": {"paths": paths}})
    s.world.files["/app/files/document.pdf"] = PDF
    given = segment("file", file="file:///path/to/document.pdf", name="document.pdf")
    (shown,) = await deliver(s, [given])
    assert (shown["type"], shown["data"]["file"]) == ("file", "document.pdf")
    assert s.sent[0].media[0].data == PDF


@pytest.mark.parametrize("kind", ["image", "record", "video"])
async def test_media_are_delivered_from_an_address(
    scene: StartScene, kind: str
) -> None:
    s = await scene()
    address = "https://example.org/a.bin"
    (shown,) = await deliver(s, [segment(kind, file=address)])
    assert shown["type"] == kind
    assert s.sent[0].media[0].source == address


async def test_an_at_in_a_private_chat_is_text(scene: StartScene) -> None:
    s = await scene()
    message = [segment("at", qq=10002, name="小林"), text(" hello")]
    params = {"user_id": FRIEND, "message": message}
    assert (await s.call("send_private_msg", params=params))["status"] == "ok"
    assert s.texts == ["@小林 hello"]


async def test_a_type_that_nobody_knows_is_refused(scene: StartScene) -> None:
    s = await scene()
    reply = await s.say([segment("hologram")])
    assert reply["error"] == "unsupported_by_peer"
    assert s.peer.requests == []


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ([], "params.message"),
        ([segment("text")], "params.message[0].data.text"),
        (["x", segment("location", lat=91, lon=0)], "params.message[1].data.lat"),
        ([segment("dice", result=7)], "params.message[0].data.result"),
        ([segment("rps", result=4)], "params.message[0].data.result"),
        ([segment("markdown")], "params.message[0].data.content"),
        ([segment("mface", emoji_id="a", key="b")], "emoji_package_id"),
        ([{"data": {}}], "params.message[0]"),
        (5.5, "params.message"),
    ],
)
async def test_what_is_wrong_is_named_with_its_place(
    scene: StartScene, message: Any, named: str
) -> None:
    s = await scene()
    reply = await s.say(message)
    assert (reply["status"], reply["error"]) == ("failed", "bad_params")
    assert named in reply["message"]
    assert s.peer.requests == []


# -- to others --------------------------------------------------------------------

FORWARDED = {
    "llbot": [
        (segment("dice", result=6), segment("dice", result="6")),
        (segment("rps", result=2), segment("rps", result="2")),
        (segment("poke", qq="30002"), segment("poke", qq="30002")),
        (
            segment("miniapp", data=json.dumps(CARD)),
            segment("json", data=json.dumps(CARD)),
        ),
        (
            segment("share", url="https://example.org", title="Example"),
            text("Example https://example.org"),
        ),
    ],
    "gocqhttp": [
        (segment("dice", result=6), segment("dice", result="6")),
        (segment("xml", data="<xml/>"), segment("xml", data="<xml/>")),
        (segment("poke", qq="30002"), segment("poke", qq="30002")),
    ],
    "lagrange": [
        (segment("xml", data="<xml/>"), segment("xml", data="<xml/>")),
        (segment("poke", qq="30002"), segment("poke", qq="30002")),
    ],
}


@pytest.mark.parametrize("dialect", FORWARDED)
async def test_others_get_what_they_deliver(scene: StartScene, dialect: str) -> None:
    s = await scene(dialect=dialect)
    for given, shown in FORWARDED[dialect]:
        assert await deliver(s, [given]) == (shown,)
    assert {request.action for request in s.peer.requests} == {"send_group_msg"}


async def test_go_cqhttp_counts_hands_from_zero(scene: StartScene) -> None:
    s = await scene(dialect="gocqhttp")
    await deliver(s, [segment("rps", result=1)])
    assert sent_messages(s) == [[segment("rps", value="0")]]


@pytest.mark.parametrize("dialect", ["llbot", "gocqhttp"])
async def test_a_location_is_a_map_card_for_those_without(
    scene: StartScene, dialect: str
) -> None:
    s = await scene(dialect=dialect)
    assert "location" in await warned(s, [segment("location", **PLACE)])
    assert s.sent[0].segments[0]["type"] == "json"


async def test_lagrange_gets_a_location_as_it_is(scene: StartScene) -> None:
    s = await scene(dialect="lagrange")
    (shown,) = await deliver(s, [segment("location", **PLACE)])
    assert shown["type"] == "location"
    assert {key: str(value) for key, value in shown["data"].items()} == {
        key: str(value) for key, value in PLACE.items()
    }


async def test_lagrange_rolls_results_of_its_own(scene: StartScene) -> None:
    s = await scene(dialect="lagrange")
    assert "result" in await warned(s, [segment("dice", result=6)])


REFUSED = {
    "llbot": ["xml", "longmsg"],
    "gocqhttp": ["markdown", "mface", "file", "shake", "keyboard"],
    "lagrange": ["file", "contact", "shake", "forward"],
}
FULL = {
    "xml": segment("xml", data="<xml/>"),
    "longmsg": segment("longmsg", id="1"),
    "markdown": segment("markdown", content="x"),
    "mface": segment("mface", emoji_id="a", emoji_package_id=1, key="k"),
    "file": segment("file", file=PDF),
    "shake": segment("shake"),
    "keyboard": segment("keyboard", content={}),
    "contact": segment("contact", type="qq", id="1"),
    "forward": segment("forward", id="1"),
}


@pytest.mark.parametrize("dialect", REFUSED)
async def test_what_others_would_drop_is_refused(
    scene: StartScene, dialect: str
) -> None:
    s = await scene(dialect=dialect)
    for kind in REFUSED[dialect]:
        reply = await s.say([text("x"), FULL[kind]])
        assert reply.get("error") == "unsupported_by_peer", kind
    assert s.peer.requests == []


# -- texts ------------------------------------------------------------------------


async def test_a_long_text_is_cut_and_stays_in_order(scene: StartScene) -> None:
    s = await scene()
    sentence = "今天天气很好😀，我们去公园👨‍👩‍👧‍👦走走吧。"
    long = (sentence * 400)[:4500]
    assert len(long) == 4500
    reply = await s.say(long, timeout=60_000)
    assert (reply["status"], len(s.texts)) == ("ok", 3)
    assert "".join(s.texts) == long
    assert all(len(part) <= 2000 for part in s.texts)
    ids = [sent.message.message_id for sent in s.sent]
    assert reply["data"]["message_ids"] == ids
    assert reply["data"]["message_id"] == ids[-1]
    (warning,) = reply["warnings"]
    assert warning == "the text of 4500 characters left as 3 messages"


async def test_a_family_of_emoji_is_not_torn(scene: StartScene) -> None:
    s = await scene(channel={"textChunkLimit": 100})
    family = "👨‍👩‍👧‍👦"
    assert (await s.say(family * 40, timeout=60_000))["status"] == "ok"
    assert all(set(part.split(family)) == {""} for part in s.texts)
    assert "".join(s.texts) == family * 40


async def test_a_quote_leaves_with_the_first_part(scene: StartScene) -> None:
    s = await scene(channel={"textChunkLimit": 100})
    asked = await s.peer.group_message(GROUP, FRIEND, "a question")
    quote = segment("reply", id=str(asked.message_id))
    reply = await s.say([quote, text("word " * 40), segment("face", id="14")])
    assert reply["status"] == "ok"
    kinds = [[part["type"] for part in sent.segments] for sent in s.sent]
    assert kinds == [["reply", "text"], ["text", "face"]] or kinds[0][0] == "reply"
    assert [kind for part in kinds for kind in part].count("reply") == 1
    assert kinds[-1][-1] == "face"


CQ = "[CQ:at,qq=10002] hello &#91;you&#93; [CQ:face,id=14]"


async def test_codes_in_a_string_are_codes(scene: StartScene) -> None:
    s = await scene()
    shown = (segment("at", qq="10002"), text(" hello [you] "), segment("face", id="14"))
    assert await deliver(s, CQ) == shown


async def test_escaped_they_are_text(scene: StartScene) -> None:
    s = await scene()
    params = {"group_id": GROUP, "message": CQ, "auto_escape": True}
    assert (await s.call("send_group_msg", params=params))["status"] == "ok"
    assert s.texts == [CQ]
    assert [part["type"] for part in s.sent[0].segments] == ["text"]


@pytest.mark.parametrize("dialect", ["napcat", "llbot", "gocqhttp", "lagrange"])
@pytest.mark.parametrize("message", [[text(CQ)], text(CQ), [CQ]])
async def test_the_text_of_a_segment_is_never_a_code(
    scene: StartScene, dialect: str, message: Any
) -> None:
    s = await scene(dialect=dialect)
    assert await deliver(s, message) == (text(CQ),)


# -- received -----------------------------------------------------------------------

RECEIVED = [
    text("hello"),
    segment("at", qq="10001", name="小桥"),
    segment("at", qq="all"),
    segment("reply", id="-123456789"),
    segment("face", id="14", raw={"faceIndex": 14, "faceText": "/微笑"}),
    segment("image", summary="", file="A.jpg", sub_type=0, url="https://x.org/?b=1&c"),
    segment("record", file="a.amr", path="/app/a.amr", file_size="1024"),
    segment("video", file="a.mp4", url="https://x.org/a.mp4"),
    segment("file", file="a.pdf", file_id="/1-2-3", file_size="9007199254740993"),
    segment("markdown", content="# Title\n\n**Bold**"),
    segment("json", data='{"app":"com.tencent.miniapp_01","config":{"token":"t"}}'),
    segment("xml", data="<?xml version='1.0'?><msg/>"),
    segment("mface", emoji_package_id=12345, emoji_id="abc", key="k", summary="[赞]"),
    segment("dice", result="6"),
    segment("rps", result=2),
    segment("location", lat="39.9", lon="116.4", title="", content=""),
    segment("miniapp", data='{"a":1}'),
    segment("poke", type="126", id="2003", name="戳一戳"),
    segment("contact", type="qq", id="10002"),
    segment("music", type="163", id="28949129"),
    segment("share", url="https://x.org", title="t"),
    segment("forward", id="7", content=[{"message": [text("inside")]}]),
    segment("node", user_id="1", nickname="n", content=[text("in a node")]),
    segment("shake"),
    segment("hologram", depth=1.5, on=True, off=None, deep={"a": [1, {"b": 2**60}]}),
]


async def received(b: Any, program: Any, sim: StartSim) -> tuple[Any, Subscriber]:
    heard = await program.subscribe()
    return await sim(b), heard


async def test_every_type_that_is_received_arrives_unharmed(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer, heard = await received(b, bus(b), sim)
    for each in ([one] for one in RECEIVED):
        await peer.emit(group_message(message=each))
        event = await heard.next_event("qq.group.*.message.*")
        assert same(event.event["message"], each), each
    await peer.emit(group_message(message=RECEIVED))
    event = await heard.next_event("qq.group.*.message.*")
    assert same(event.event["message"], RECEIVED)


async def test_codes_that_are_received_are_segments(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer, heard = await received(b, bus(b), sim)
    await peer.emit(group_message(message=CQ, raw_message=CQ))
    event = await heard.next_event("qq.group.*.message.*")
    assert event.event["message"] == [
        segment("at", qq="10002"),
        text(" hello [you] "),
        segment("face", id="14"),
    ]
    assert event.event["raw_message"] == CQ
