"""What the model can do in QQ besides answering, and who may have it done."""

import base64

from onebus.sim.model import Chat

from claw.model import Asked, Call
from claw.scene import Scene
from claw.shared import ALICE, ANNEX, BOB, OWNER, WORKSHOP

WORKSHOP_CHAT = Chat("group", WORKSHOP)


def offered(asked: Asked) -> list[str]:
    """The actions of the host's message tool."""
    schema = asked.tool("message")["parameters"]
    return list(schema["properties"]["action"]["enum"])


async def test_an_owner_has_somebody_muted(scene: Scene) -> None:
    workshop = scene.qq.group(WORKSHOP)
    workshop.add(ALICE, "Alice")
    minutes = {"userId": f"{ALICE}", "durationMin": 5}
    mute = Call("message", {"action": "timeout", **minutes})
    script = scene.model.on("mute Alice please", mute, "Alice is silent now")
    await workshop.say("mute Alice please", by=OWNER)
    assert (await scene.answer(WORKSHOP_CHAT)).text == "Alice is silent now"
    params = scene.qq.called("set_group_ban")[-1].params
    assert int(params["group_id"]) == WORKSHOP
    assert (int(params["user_id"]), int(params["duration"])) == (ALICE, 300)
    assert "timeout" in offered(script.asked[0])
    assert {"qq_group", "qq_friend"} <= set(script.asked[0].tools)
    await workshop.mute(ALICE, 0, by=OWNER)


async def test_nobody_else_has(scene: Scene) -> None:
    before = len(scene.qq.called("set_group_*"))
    tries = (
        Call("message", {"action": "kick", "userId": f"{BOB}"}),
        Call("qq_group", {"action": "mute_all"}),
    )
    script = scene.model.on("throw Bob out", *tries, "I may not")
    await scene.qq.group(WORKSHOP).say("throw Bob out", by=ALICE)
    assert (await scene.answer(WORKSHOP_CHAT)).text == "I may not"
    assert "kick" not in offered(script.asked[0])
    assert "qq_group" not in script.asked[0].tools
    # The host itself takes no call of what it has not offered.
    assert all("ok" not in result for result in script.asked[-1].results)
    assert len(scene.qq.called("set_group_*")) == before


async def test_nothing_is_done_to_an_owner_or_to_the_bot(scene: Scene) -> None:
    before = len(scene.qq.called("set_group_*"))
    tries = (
        Call("message", {"action": "kick", "userId": f"{OWNER}"}),
        Call("message", {"action": "ban", "userId": f"{scene.qq.self_id}"}),
    )
    script = scene.model.on("throw us all out", *tries, "no")
    await scene.qq.group(WORKSHOP).say("throw us all out", by=OWNER)
    assert (await scene.answer(WORKSHOP_CHAT)).text == "no"
    owner, bot = script.asked[-1].results
    assert "is an owner of the bot" in owner
    assert "is the bot itself" in bot
    assert len(scene.qq.called("set_group_*")) == before


async def test_moderation_is_off_unless_it_is_switched_on(scene: Scene) -> None:
    qq = scene.accounts["second"]
    kick = Call("message", {"action": "kick", "userId": f"{ALICE}"})
    script = scene.model.on("throw Alice out", kick, "it is off")
    await qq.group(ANNEX).say("throw Alice out", by=OWNER, at_bot=True)
    answer = await scene.answer(Chat("group", ANNEX), account="second")
    assert answer.text == "it is off"
    assert "kick" not in offered(script.asked[0])
    assert "qq_group" not in script.asked[0].tools
    assert not qq.called("set_group_kick")


async def test_messages_are_reacted_to_read_and_pinned(scene: Scene) -> None:
    workshop = scene.qq.group(WORKSHOP)
    workshop.add(ALICE, "Alice", card="Alice of the bench")
    said = await workshop.say("look at this", by=ALICE)
    scene.model.on("look at this", "I see")
    assert (await scene.answer(WORKSHOP_CHAT)).text == "I see"
    steps = (
        Call("message", {"action": "react", "emoji": "赞"}),
        Call("message", {"action": "read", "limit": 10}),
        Call("message", {"action": "pin", "messageId": f"{said.message_id}"}),
        Call("qq_info", {"what": "member", "userId": f"{ALICE}"}),
    )
    script = scene.model.on("keep what Alice said", *steps, "kept")
    order = await workshop.say("keep what Alice said", by=BOB)
    assert (await scene.answer(WORKSHOP_CHAT)).text == "kept"
    _, read, _, member = script.asked[-1].results
    assert f"[{said.message_id}]" in read
    assert f"({ALICE}): look at this" in read
    assert "Alice of the bench" in member
    liked = scene.qq.called("set_msg_emoji_like")[-1].params
    assert (int(liked["message_id"]), int(liked["emoji_id"])) == (order.message_id, 76)
    pinned = scene.qq.called("set_essence_msg")[-1].params
    assert int(pinned["message_id"]) == said.message_id


async def test_a_message_of_another_chat_is_out_of_reach(scene: Scene) -> None:
    secret = await scene.qq.friend(BOB).say("between you and me")
    scene.model.on("between you and me", "of course")
    assert (await scene.answer(Chat("private", BOB))).text == "of course"
    message = {"emoji": "赞", "messageId": f"{secret.message_id}"}
    tries = (
        Call("message", {"action": "react", **message}),
        Call("message", {"action": "read", "target": f"private:{BOB}"}),
    )
    script = scene.model.on("what did Bob say", *tries, "no idea")
    await scene.qq.group(WORKSHOP).say("what did Bob say", by=ALICE)
    assert (await scene.answer(WORKSHOP_CHAT)).text == "no idea"
    assert not any("between you" in result for result in script.asked[-1].results)
    assert f"none of group:{WORKSHOP}" in script.asked[-1].results[0]


async def test_a_dice_is_thrown_and_a_file_is_put_into_the_group(scene: Scene) -> None:
    notes = base64.b64encode(b"cut, drill, glue").decode()
    file = {"buffer": notes, "filename": "plan.txt"}
    steps = (
        Call("qq_send", {"message": [{"type": "dice"}]}),
        Call("message", {"action": "upload-file", **file}),
    )
    script = scene.model.on("roll, and write it down", *steps, "there you are")
    await scene.qq.group(WORKSHOP).say("roll, and write it down", by=ALICE)
    dice = await scene.answer(WORKSHOP_CHAT)
    assert [one["type"] for one in scene.qq.segments(dice.message)] == ["dice"]
    plan = await scene.answer(WORKSHOP_CHAT)
    assert [one["type"] for one in scene.qq.segments(plan.message)] == ["file"]
    assert (await scene.answer(WORKSHOP_CHAT)).text == "there you are"
    assert "plan.txt (16 bytes)" in script.asked[-1].results[1]
