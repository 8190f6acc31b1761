"""Strangers: they get a code, somebody lets them in, and they are told so."""

import re

from onebus.sim.model import Chat

from claw.scene import Scene

CODE = re.compile(r"openclaw pairing approve napcatqq ([A-HJ-NP-Z2-9]{8})")


async def test_a_stranger_asks_is_let_in_and_is_answered(scene: Scene) -> None:
    stranger = scene.qq.friend(39001, "Newcomer")
    chat = Chat("private", 39001)
    script = scene.model.on("may I come in", "welcome")
    await stranger.say("may I come in?")
    challenge = (await scene.answer(chat)).text
    assert CODE.search(challenge), challenge
    assert "39001" in challenge
    # A second one within the hour gets no second code.
    await stranger.say("hello, anybody?")

    (request,) = [
        row
        for row in (await scene.gateway.rpc("channels.pairing.list", channel="napcatqq"))[
            "requests"
        ]
        if row["senderId"] == "39001"
    ]
    approved = await scene.gateway.rpc(
        "channels.pairing.approve",
        channel="napcatqq",
        accountId="main",
        requestId=request["requestId"],
        notify=True,
    )
    assert approved["notification"] == "sent"
    assert (await scene.answer(chat)).text
    assert script.turns == 0
    await stranger.say("may I come in now?")
    assert (await scene.answer(chat)).text == "welcome"


async def test_a_code_lets_in_whoever_it_was_given_to(scene: Scene) -> None:
    stranger, chat = scene.qq.friend(39002), Chat("private", 39002)
    scene.model.on("I have a code", "so you have")
    await stranger.say("knock knock")
    found = CODE.search((await scene.answer(chat)).text)
    assert found
    outcome = await scene.gateway.cli("pairing", "approve", "napcatqq", found[1], "--account", "main")
    assert outcome.status == 0, outcome
    await stranger.say("I have a code")
    assert (await scene.answer(chat)).text == "so you have"
    # On this account only.
    other = scene.accounts["closed"].friend(39002)
    await other.say("I have a code here as well")
