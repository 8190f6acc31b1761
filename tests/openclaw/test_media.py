"""What comes with messages and is not in them: files, conversations passed on; and what
an answer shows before it is there."""

from onebus import File, Forward, Message

from claw.model import Call
from claw.scene import Scene
from claw.shared import ALICE, ANNEX, BOB, HALL, STRANGER

#: Whose chat is used here alone: an answer that is not said leaves its turn open.
READER = 30042

NOTES = b"The key of room nine hangs behind the clock.\n" * 3


async def test_a_file_reaches_the_model(scene: Scene) -> None:
    script = scene.model.on("notes.txt", "behind the clock")
    await scene.qq.friend(ALICE).say(Message([File(NOTES, name="notes.txt")]))
    assert (await scene.answer()).text == "behind the clock"
    assert "hangs behind the clock" in script.asked[0].text


async def test_a_conversation_passed_on_is_read(scene: Scene) -> None:
    friend = scene.qq.friend(BOB)
    scene.model.on("the train leaves at nine", "noted")
    said = await friend.say("the train leaves at nine")
    assert (await scene.answer()).text == "noted"
    scene.qq.world.forwards["4711"] = [said]
    script = scene.model.on("forwarded conversation", "at nine, then")
    await friend.say(Message([Forward(id="4711")]))
    assert (await scene.answer()).text == "at nine, then"
    (passed,) = script.asked
    assert passed.asked.count("the train leaves at nine") == 1


async def test_a_file_of_the_model_reaches_qq(scene: Scene) -> None:
    qq = scene.accounts["second"]
    (scene.gateway.workspace / "list.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    call = Call(
        "message",
        {
            "action": "send",
            "target": f"private:{READER}",
            "media": f"{scene.gateway.workspace}/list.pdf",
            "message": "the list",
        },
    )
    scene.model.on("send me the list", call, "NO_REPLY")
    await qq.friend(READER).say("send me the list")
    assert (await scene.answer(account="second")).text == "the list"
    assert (await scene.answer(account="second")).user_id == READER
    assert qq.called("upload_private_file")[-1].params["name"] == "list.pdf"


async def test_a_stranger_of_a_group_is_answered_through_it(scene: Scene) -> None:
    qq = scene.accounts["second"]
    scene.model.on("psst", "yes?")
    await qq.group(ANNEX).whisper("psst", by=STRANGER)
    assert (await scene.answer(account="second")).text == "yes?"
    assert str(qq.called("send_private_msg")[-1].params["group_id"]) == str(ANNEX)


async def test_one_sees_that_an_answer_is_being_written(scene: Scene) -> None:
    scene.model.on("take your time", "done")
    await scene.qq.friend(BOB).say("take your time")
    assert (await scene.answer()).text == "done"
    typing = scene.qq.called("set_input_status")[-1]
    assert str(typing.params["user_id"]) == str(BOB)
    said = await scene.qq.group(HALL).say("take your time", by=41, at_bot=True)
    assert (await scene.answer()).text == "done"
    reactions = scene.qq.called("set_msg_emoji_like")
    assert str(said.message_id) in [str(one.params["message_id"]) for one in reactions]
