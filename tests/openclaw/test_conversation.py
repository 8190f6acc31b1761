"""Private chats: what people say reaches the model, and what it says reaches QQ."""

import base64
import json

from onebus import Image, Message, Record
from onebus.sim.model import Chat

from claw.model import Call
from claw.scene import Scene
from claw.shared import ALICE, BOB, LOUNGE, OWNER

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


async def test_a_message_is_answered(scene: Scene) -> None:
    hello = scene.model.on("Good morning, bot", "Good morning, Alice")
    await scene.qq.friend(ALICE, "Alice").say("Good morning, bot")
    answer = await scene.answer()
    assert (answer.user_id, answer.text) == (ALICE, "Good morning, Alice")
    assert hello.turns == 1
    typing = scene.qq.called("set_input_status")
    assert str(ALICE) in {str(shown.params["user_id"]) for shown in typing}


async def test_two_people_never_share_a_session(scene: Scene) -> None:
    scene.model.on("my word is", "I shall remember")
    await scene.qq.friend(ALICE).say("my word is xylophone")
    assert (await scene.answer()).text == "I shall remember"
    bobs = scene.model.on("which word did she say", "I cannot tell")
    await scene.qq.friend(BOB).say("which word did she say?")
    assert (await scene.answer()).text == "I cannot tell"
    alices = scene.model.on("which word did I say", "xylophone")
    await scene.qq.friend(ALICE).say("which word did I say?")
    assert (await scene.answer()).text == "xylophone"
    heard = ["xylophone" in script.asked[0].text for script in (bobs, alices)]
    assert heard == [False, True]


async def test_what_is_quoted_is_told(scene: Scene) -> None:
    alice = scene.qq.friend(ALICE)
    scene.model.on("seven o'clock", "noted")
    said = await alice.say("the meeting is at seven o'clock")
    assert (await scene.answer()).text == "noted"
    script = scene.model.on("can you move this", "moved")
    await alice.say("can you move this?", quote=said)
    assert (await scene.answer()).text == "moved"
    assert "the meeting is at seven" in script.asked[0].asked


async def test_long_answers_come_in_pieces(scene: Scene) -> None:
    words = " ".join(f"word{number:02d}" for number in range(14))
    scene.model.on("tell me a lot", words)
    qq = scene.accounts["second"]
    said = await qq.friend(BOB).say("tell me a lot")
    pieces = [await scene.answer(said.chat, account="second") for _ in range(3)]
    assert " ".join(piece.text for piece in pieces) == words
    assert max(len(piece.text) for piece in pieces) <= 40
    assert {piece.quotes for piece in pieces} == {said.message_id}


async def test_markdown_comes_as_qq_shows_it(scene: Scene) -> None:
    scene.model.on("in bold", "# Title\n\nThis is **bold** and `code`.\n\n- one\n- two")
    await scene.qq.friend(ALICE).say("in bold, please")
    text = (await scene.answer()).text
    assert "**" not in text and "# Title" not in text
    assert all(word in text for word in ("Title", "bold", "code", "one", "two"))


async def test_a_picture_reaches_the_model(scene: Scene) -> None:
    script = scene.model.on("what is in it", "a dot")
    await scene.qq.friend(ALICE).say(Message(["what is in it?", Image(PNG)]))
    assert (await scene.answer()).text == "a dot"
    (image,) = script.asked[0].images
    assert image.startswith("data:image/")


async def test_a_picture_that_is_too_large_is_left_out(scene: Scene) -> None:
    script = scene.model.on("is it too large", "I do not see it")
    qq = scene.accounts["second"]
    large = PNG + bytes(2 << 20)
    said = await qq.friend(BOB).say(Message(["is it too large?", Image(large)]))
    answer = await scene.answer(said.chat, account="second")
    assert (answer.text, script.asked[0].images) == ("I do not see it", [])
    await scene.gateway.wait_for_log("not loaded")


async def test_a_voice_message_reaches_the_model(scene: Scene) -> None:
    script = scene.model.on("I am speaking", "I have heard you")
    await scene.qq.friend(ALICE).say(Message([Record(b"I am speaking to you. " * 99)]))
    assert (await scene.answer()).text == "I have heard you"
    assert script.turns == 1


async def test_a_picture_of_the_model_reaches_qq(scene: Scene) -> None:
    (scene.gateway.workspace / "dot.png").write_bytes(PNG)
    call = Call(
        "message",
        {
            "action": "send",
            "target": f"private:{ALICE}",
            "message": "here it is",
            "media": f"{scene.gateway.workspace}/dot.png",
        },
    )
    scene.model.on("draw me a dot", call, "NO_REPLY")
    await scene.qq.friend(ALICE).say("draw me a dot")
    first = await scene.answer(Chat("private", ALICE))
    second = await scene.answer(Chat("private", ALICE))
    assert (first.text, second.media) == ("here it is", (PNG,))


async def test_commands_are_for_the_owner(scene: Scene) -> None:
    await scene.qq.friend(OWNER).say("/status")
    assert "OpenClaw" in (await scene.answer(Chat("private", OWNER))).text
    # Of somebody else in a group where all are answered they are nothing.
    lounge, chat = scene.qq.group(LOUNGE), Chat("group", LOUNGE)
    await lounge.say("/status", by=41)
    scene.model.on("is that all", "that is all")
    await lounge.say("is that all?", by=41)
    assert (await scene.answer(chat)).text == "that is all"


async def test_what_is_no_text_is_told_in_words(scene: Scene) -> None:
    location = {"lat": "39.9", "lon": "116.4", "title": "Beijing", "content": "Capital"}
    card = {"app": "com.tencent.structmsg", "prompt": "[分享] A page of news"}
    script = scene.model.on("look at these", "I see them all")
    await scene.qq.private_message(
        ALICE,
        [
            {"type": "text", "data": {"text": "look at these"}},
            {"type": "face", "data": {"id": "14"}},
            {"type": "location", "data": location},
            {"type": "dice", "data": {"result": "5"}},
            {"type": "rps", "data": {"result": "2"}},
            {"type": "json", "data": {"data": json.dumps(card)}},
            {"type": "markdown", "data": {"content": "# A heading"}},
        ],
    )
    assert (await scene.answer()).text == "I see them all"
    asked = script.asked[0].asked
    for words in ("微笑", "Beijing", "5", "A page of news", "A heading"):
        assert words in asked
