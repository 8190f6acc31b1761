"""Several accounts: each answers what is said to it, and nobody else."""

from onebus.sim.model import Chat

from claw.scene import Scene
from claw.shared import ALICE, FORUM, OWNER


async def test_each_answers_its_own_mentions(scene: Scene) -> None:
    chat = Chat("group", FORUM)
    main, second = scene.accounts["main"], scene.accounts["second"]
    second.group(FORUM)
    first = scene.model.on("what is one", "one is one")
    await main.group(FORUM).say("what is one?", by=ALICE, at_bot=True)
    assert (await scene.answer(chat, account="main")).text == "one is one"
    other = scene.model.on("what is two", "two is two")
    await second.group(FORUM).say("what is two?", by=ALICE, at_bot=True)
    assert (await scene.answer(chat, account="second")).text == "two is two"
    assert (first.turns, other.turns) == (1, 1)


async def test_private_chats_with_two_accounts_are_two(scene: Scene) -> None:
    main, second = scene.accounts["main"], scene.accounts["second"]
    scene.model.on("my secret is", "I keep it")
    await main.friend(OWNER).say("my secret is a cactus")
    assert (await scene.answer()).text == "I keep it"
    script = scene.model.on("do you know my secret", "I do not")
    await second.friend(OWNER).say("do you know my secret?")
    assert (await scene.answer(account="second")).text == "I do not"
    assert "cactus" not in script.asked[0].text
