"""What an operator does at the command line."""

import re
from collections.abc import AsyncIterator

import pytest
from onebus.sim.model import Chat

from claw.scene import Scene
from claw.shared import WORKSHOP

NEWCOMER = 39991
"""Is on no list, and is let in."""


async def test_somebody_is_let_in_by_their_qq_number(scene: Scene) -> None:
    newcomer = scene.qq.friend(NEWCOMER, "Nell")
    await newcomer.say("may I come in?")
    assert "airing code" in (await scene.answer(Chat("private", NEWCOMER))).text

    wrong = await scene.gateway.cli("napcatqq", "approve", "39990")
    assert wrong.status != 0, wrong
    assert "39990 has not asked" in wrong.out + wrong.err
    assert f"Nell ({NEWCOMER}), account main" in wrong.out + wrong.err

    done = await scene.gateway.cli(
        "napcatqq", "approve", f"{NEWCOMER}", "--notify", "--owner"
    )
    assert done.status == 0, done
    assert "they were told in QQ" in done.out
    assert "there is a command owner already" in done.out
    assert "approved" in (await scene.answer(Chat("private", NEWCOMER))).text
    scene.model.on("am I in", "you are")
    await newcomer.say("am I in?")
    assert (await scene.answer(Chat("private", NEWCOMER))).text == "you are"


@pytest.fixture
async def repaired(scene: Scene) -> AsyncIterator[None]:
    """Account `closed` works again afterwards."""
    yield
    qq = scene.accounts["closed"]
    qq.go_online()
    qq.auto_reconnect = True
    await qq.reconnect()
    await qq.connected()


@pytest.mark.usefixtures("repaired")
async def test_what_is_away_is_told_with_what_to_do(scene: Scene) -> None:
    qq = scene.accounts["closed"]
    await qq.go_offline()
    offline = await scene.gateway.cli("channels", "status", "--probe")
    (line,) = re.findall(r".*\bclosed\b.*probe failed.*", offline.out)
    assert "works" not in line
    assert "QQ is offline behind NapCat" in offline.out
    assert "log the account in again" in offline.out

    qq.auto_reconnect = False
    await qq.drop()
    away = await scene.gateway.cli("napcatqq", "status")
    assert away.status == 1, away
    assert "main: works" in away.out
    assert "closed: does not work" in away.out
    assert "NapCat is not connected to the bridge" in away.out
    assert "onebus doctor" in away.out


async def test_a_group_is_written_to_by_its_name(scene: Scene) -> None:
    scene.qq.group(WORKSHOP)
    scene.qq.world.groups[WORKSHOP].name = "产品群"
    sent = await scene.gateway.cli(
        *("message", "send", "--channel", "napcatqq", "--account", "main"),
        *("--target", "产品群", "--message", "the shop is open"),
    )
    assert sent.status == 0, sent
    assert (await scene.answer(Chat("group", WORKSHOP))).text == "the shop is open"
