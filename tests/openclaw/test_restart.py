"""No message is lost and none is answered twice, whatever ends and begins again: the
gateway, the channel, the bridge, or the link to NapCat."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from harness.wait import until
from onebus.sim.model import Chat

from claw.scene import Scene, put_up

ALICE, BOB, CAROL = 30002, 30003, 30004
LOUNGE = 20002

CHANNEL = {
    "accounts": {
        "main": {
            "allowFrom": [ALICE, BOB, CAROL],
            "groups": {str(LOUNGE): {"requireMention": False}},
        },
        "late": {"dmPolicy": "open", "maxAge": "2s"},
    }
}

#: s, a little above `maxAge` of account late.
TOO_OLD = 2.5


@pytest.fixture(scope="module")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("claw")
    async with put_up(folder, CHANNEL, accounts=("main", "late")) as scene:
        yield scene


#: What OpenClaw says, by itself, where it takes up what a crash cut off.
CONTINUED = "I'm continuing your interrupted request"


async def answers(scene: Scene, chat: Chat, count: int) -> list[str]:
    """The next answers in one chat, in their order."""
    found: list[str] = []
    while len(found) < count:
        text = (await scene.answer(chat)).text
        if not text.startswith(CONTINUED):
            found.append(text)
    return found


def private(user_id: int) -> Chat:
    return Chat("private", user_id)


async def test_killed_while_the_model_answers(own: Scene) -> None:
    qq, model = own.qq, own.model
    model.on("good evening", "good evening to you")
    await qq.friend(ALICE).say("good evening")
    assert await answers(own, private(ALICE), 1) == ["good evening to you"]

    story = model.on("tell me a story", "Once upon a time there was a bridge.")
    story.hold(after=16)
    poem = model.on("say a poem", "Roses are red.")
    poem.hold()
    await qq.friend(ALICE).say("tell me a story")
    await qq.group(LOUNGE).say("say a poem", by=41)
    await asyncio.gather(model.asked_for(story), model.asked_for(poem))
    await own.gateway.kill()

    model.on("are you there", "I am, again")
    model.on("how does it end", "well")
    late = model.on("is anybody late", "nobody")
    await qq.friend(BOB).say("are you there?")
    await qq.group(LOUNGE).say("how does it end?", by=42)
    await own.accounts["late"].friend(CAROL).say("is anybody late?")
    said = time.monotonic()
    story.release()
    poem.release()
    await until(lambda: time.monotonic() - said > TOO_OLD, "old message", 2 * TOO_OLD)
    await own.start_gateway()
    assert await answers(own, private(BOB), 1) == ["I am, again"]
    assert await answers(own, private(ALICE), 1) == [story.steps[0]]
    assert await answers(own, Chat("group", LOUNGE), 2) == ["Roses are red.", "well"]
    # What is too old is not answered any more.
    await own.gateway.wait_for_log(f"private:{CAROL}: .*maxAge")
    assert late.turns == 0


async def test_stopped_in_good_order(own: Scene) -> None:
    assert await own.gateway.stop() == 0
    own.model.on("still the same", "quite so")
    await own.qq.friend(ALICE).say("still the same?")
    await own.start_gateway()
    assert await answers(own, private(ALICE), 1) == ["quite so"]


async def test_settings_change_while_the_model_answers(own: Scene) -> None:
    qq, model = own.qq, own.model
    slow = model.on("think about it", "I have thought about it")
    slow.hold()
    quick = model.on("no need to think", "no need indeed")
    await qq.friend(ALICE).say("think about it")
    await model.asked_for(slow)
    before = len(own.gateway.log)
    own.gateway.change({"channels": {"napcatqq": {"historyLimit": 7}}})
    await qq.friend(BOB).say("no need to think")
    slow.release()
    await own.gateway.wait_for_log(r"restarting napcatqq channel|channels\.napcatqq", before)
    assert await answers(own, private(BOB), 1) == ["no need indeed"]
    assert await answers(own, private(ALICE), 1) == ["I have thought about it"]
    await qq.friend(BOB).say("no need to think any more")
    assert await answers(own, private(BOB), 1) == ["no need indeed"]
    assert (slow.turns, quick.turns) == (1, 2)


async def test_the_bridge_is_killed_while_the_model_answers(own: Scene) -> None:
    qq, model = own.qq, own.model
    script = model.on("what is a bus", "a queue on wheels")
    script.hold()
    await qq.friend(ALICE).say("what is a bus?")
    await model.asked_for(script)
    own.bridge.kill()
    script.release()
    await own.gateway.wait_for_log("waiting to send")
    own.bridge.start()
    assert await answers(own, private(ALICE), 1) == ["a queue on wheels"]
    await qq.connected()
    model.on("are you back", "never away")
    await qq.friend(BOB).say("are you back?")
    assert await answers(own, private(BOB), 1) == ["never away"]
    assert script.turns == 1


async def test_the_link_is_lost_while_the_model_answers(own: Scene) -> None:
    qq, model = own.qq, own.model
    script = model.on("can you hear me", "loud and clear")
    script.hold()
    await qq.friend(ALICE).say("can you hear me?")
    await model.asked_for(script)
    qq.auto_reconnect = False
    await qq.drop()
    await qq.disconnected()
    script.release()
    await own.gateway.wait_for_log("NapCat is not connected")
    await qq.reconnect()
    qq.auto_reconnect = True
    assert await answers(own, private(ALICE), 1) == ["loud and clear"]
    assert script.turns == 1
