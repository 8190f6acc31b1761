"""What is sent to chats is paced, keeps its order, and is not sent at all where
it cannot arrive."""

import asyncio
import time
from typing import Any

import pytest
from onebus.sim import Failed, Request, Simulator

from harness.factories import StartBridge, StartBus, StartSim
from harness.news import news_of, told
from harness.scene import FRIEND, GROUP, Scene, StartScene
from harness.wait import until

SENDS = "send_*"
OTHER_GROUP, THIRD_GROUP = GROUP + 1, GROUP + 2

#: A call that has no deadline as far as a test goes.
LONG_MS = 600_000

#: The bridge counts in whole milliseconds.
ROUNDED = 0.05


def pacing(**rates: Any) -> dict[str, Any]:
    """Settings of which only these pace."""
    unlimited = {"accountPerSecond": 0, "chatPerSecond": 0, "jitter": 0}
    return {"pacing": unlimited | rates}


def sent_requests(peer: Simulator) -> list[Request]:
    return [request for request in peer.requests if "message" in request.params]


def saying(
    s: Scene, *texts: str, group_id: int = GROUP, **fields: Any
) -> list[asyncio.Task[dict[str, Any]]]:
    """Calls that send these, one after the other."""
    return [
        s.calling(
            "send_group_msg",
            params={"group_id": group_id, "message": text},
            **({"timeout": LONG_MS} | fields),
        )
        for text in texts
    ]


async def status(s: Scene, account: str = "default") -> dict[str, Any]:
    return dict((await s.call("bridge.status"))["data"]["accounts"][account])


async def waiting(s: Scene, count: int) -> None:
    """Until so many sends have not left, or been answered."""
    while (await status(s))["pacing"]["waiting"] != count:
        pass


# -- how fast ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rates", "burst", "per_second"),
    [
        (pacing(chatBurst=3, chatPerSecond=4), 3, 4),
        (pacing(accountBurst=3, accountPerSecond=4), 3, 4),
        (None, 5, 1),  # without settings
    ],
)
async def test_a_burst_leaves_at_once_and_the_rest_by_and_by(
    scene: StartScene, rates: dict[str, Any] | None, burst: int, per_second: float
) -> None:
    s = await scene(bridge=rates)
    begun = time.monotonic()
    count = burst + 2
    calls = saying(s, *map(str, range(count)))
    assert {(await call)["status"] for call in calls} == {"ok"}
    arrived = [request.arrived - begun for request in sent_requests(s.peer)]
    for n in range(burst, count):
        assert arrived[n] >= (n + 1 - burst) / per_second - ROUNDED
    assert len(arrived) == count


async def test_without_rates_nothing_waits(scene: StartScene) -> None:
    s = await scene(bridge=pacing())
    s.peer.hold(SENDS)
    calls = saying(s, *map(str, range(100)))
    await until(lambda: len(s.peer.held) == len(calls), "all of them")
    s.peer.release()
    assert {(await call)["status"] for call in calls} == {"ok"}


async def test_what_sends_nothing_to_a_chat_passes_at_once(scene: StartScene) -> None:
    s = await scene(bridge=pacing(chatBurst=1, chatPerSecond=0.01))
    calls = saying(s, "one", "two")
    assert (await calls[0])["status"] == "ok"
    for _ in range(20):
        assert (await s.call("get_group_list"))["status"] == "ok"
        name = {"group_id": GROUP, "group_name": "x"}
        assert (await s.call("set_group_name", params=name))["status"] == "ok"
    assert s.texts == ["one"]
    calls[1].cancel()


async def test_each_part_of_a_message_counts(scene: StartScene) -> None:
    s = await scene(
        channel={"textChunkLimit": 100},
        bridge=pacing(chatBurst=1, chatPerSecond=4),
    )
    begun = time.monotonic()
    reply = await s.say("123456789 " * 30, timeout=LONG_MS)
    assert reply["status"] == "ok"
    assert len(s.texts) == len(reply["data"]["message_ids"]) == 3
    assert sent_requests(s.peer)[2].arrived - begun >= 2 / 4 - ROUNDED


# -- in what order ---------------------------------------------------------------


async def test_a_chat_keeps_its_order(scene: StartScene) -> None:
    s = await scene(bridge=pacing(chatBurst=2, chatPerSecond=20))
    s.peer.delay(0, 30)  # a peer works on several at a time
    texts = [str(n) for n in range(12)]
    calls = saying(s, *texts)
    assert {(await call)["status"] for call in calls} == {"ok"}
    assert s.texts == texts


async def test_the_next_of_a_chat_waits_for_the_answer_to_the_one_before(
    scene: StartScene,
) -> None:
    s = await scene(bridge=pacing(chatBurst=10, chatPerSecond=10))
    s.world.add_group(OTHER_GROUP, "群")
    s.peer.hold(SENDS)
    calls = saying(s, "one", "two")
    await s.peer.next_request("send_group_msg")
    (other,) = saying(s, "elsewhere", group_id=OTHER_GROUP)
    await s.peer.next_request("send_group_msg")
    said = [request.params["message"] for request in sent_requests(s.peer)]
    assert said == ["one", "elsewhere"]
    s.peer.release()
    assert {(await call)["status"] for call in (*calls, other)} == {"ok"}


async def test_but_not_for_ever(scene: StartScene) -> None:
    s = await scene(bridge=pacing(chatBurst=10, chatPerSecond=10))
    s.peer.hold(SENDS)
    begun = time.monotonic()
    calls = saying(s, "one", "two")
    await s.peer.next_request("send_group_msg")
    two = await s.peer.next_request("send_group_msg")
    assert two.arrived - begun >= 2 - ROUNDED
    s.peer.release()
    assert {(await call)["status"] for call in calls} == {"ok"}


async def test_an_answer_passes_over_bulk(scene: StartScene) -> None:
    s = await scene(bridge=pacing(accountBurst=1, accountPerSecond=4))
    news = await news_of(s)
    groups = [s.world.add_group(70000 + n, "群").group_id for n in range(12)]
    bulk = [saying(s, "bulk", group_id=group_id)[0] for group_id in groups]
    await waiting(s, len(bulk) - 1)
    await s.peer.group_message(GROUP, FRIEND, "a question")
    await news.next_event(f"qq.group.{GROUP}.message.*")
    (answer,) = saying(s, "an answer")
    assert (await answer)["status"] == "ok"
    assert not all(call.done() for call in bulk)
    assert {(await call)["status"] for call in bulk} == {"ok"}
    assert "an answer" in s.texts[:-1]


async def test_accounts_do_not_wait_for_each_other(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    accounts = {
        name: {"wsPath": f"/{name}", "dmPolicy": "open", "groupPolicy": "open"}
        for name in ("a", "b")
    }
    rates = pacing(accountBurst=1, accountPerSecond=0.01)
    b = await bridge({"accounts": accounts}, rates)
    peers = {name: await sim(b, name) for name in accounts}
    for peer in peers.values():
        peer.world.add_group(GROUP, "群")
    a = Scene(b, peers["a"], bus(b))
    calls = saying(a, "one", "two", account="a")
    assert (await calls[0])["status"] == "ok"
    assert (await a.say("three", account="b"))["status"] == "ok"
    assert (await status(a, "a"))["pacing"]["waiting"] == 1
    assert (await status(a, "b"))["pacing"]["waiting"] == 0
    assert [len(peer.world.sent) for peer in peers.values()] == [1, 1]
    calls[1].cancel()


# -- too late -----------------------------------------------------------------


async def test_what_cannot_leave_in_time_fails_at_once(scene: StartScene) -> None:
    s = await scene(bridge=pacing(chatBurst=1, chatPerSecond=0.1))
    assert (await s.say("one"))["status"] == "ok"
    reply = await s.say("two", timeout=2000)
    assert (reply["status"], reply["error"]) == ("failed", "rate_limited")
    assert reply["retcode"] == 36001
    assert 0 < reply["data"]["retry_after_ms"] <= 10_000
    assert reply["ms"] < 2000
    assert s.texts == ["one"]


async def test_after_the_time_it_says_it_leaves(scene: StartScene) -> None:
    s = await scene(bridge=pacing(chatBurst=1, chatPerSecond=1))
    assert (await s.say("one"))["status"] == "ok"
    reply = await s.say("two", timeout=100)
    assert reply["error"] == "rate_limited"
    await asyncio.sleep(reply["data"]["retry_after_ms"] / 1000)
    assert (await s.say("two", timeout=LONG_MS))["status"] == "ok"
    assert s.texts == ["one", "two"]


async def test_an_id_that_was_rate_limited_may_be_asked_again(
    scene: StartScene,
) -> None:
    s = await scene(bridge=pacing(chatBurst=1, chatPerSecond=4))
    assert (await s.say("one"))["status"] == "ok"
    reply = await s.say("two", timeout=1, id="i")
    assert reply["error"] == "rate_limited"
    assert (await s.say("two", timeout=LONG_MS, id="i"))["status"] == "ok"
    assert s.texts == ["one", "two"]


async def test_the_status_says_how_many_wait(scene: StartScene) -> None:
    s = await scene(bridge=pacing(chatBurst=1, chatPerSecond=4))
    assert (await status(s))["pacing"]["waiting"] == 0
    calls = saying(s, "1", "2", "3", "4")
    assert (await calls[0])["status"] == "ok"
    assert (await status(s))["pacing"]["waiting"] in (2, 3)
    await asyncio.gather(*calls)
    assert (await status(s))["pacing"]["waiting"] == 0


# -- where it cannot arrive ------------------------------------------------------


async def test_nothing_is_sent_where_the_bot_is_muted(scene: StartScene) -> None:
    s = await scene()
    news = await news_of(s)
    s.world.mute(GROUP, 600)
    await s.happen()
    paused = await told(news, "sending.paused")
    assert (paused["group_id"], paused["reason"]) == (GROUP, "muted")
    assert 0 < paused["retry_after_ms"] <= 600_000
    reply = await s.say("hello")
    assert (reply["error"], reply["retcode"]) == ("muted", 36002)
    assert 0 < reply["data"]["retry_after_ms"] <= 600_000
    (row,) = (await status(s))["paused"]
    assert (row["group_id"], row["reason"]) == (GROUP, "muted")
    assert sent_requests(s.peer) == []
    assert (await s.say("hello", group_id=OTHER_GROUP))["error"] == "peer_error"
    s.world.unmute(GROUP)
    await s.happen()
    assert await told(news, "sending.resumed") == {"group_id": GROUP}
    assert (await s.say("hello"))["status"] == "ok"
    assert (await status(s))["paused_count"] == 0


async def test_a_mute_ends_by_itself(scene: StartScene) -> None:
    s = await scene()
    news = await news_of(s)
    s.world.mute(GROUP, 1)
    await s.happen()
    assert (await told(news, "sending.paused"))["retry_after_ms"] <= 1000
    assert await told(news, "sending.resumed") == {"group_id": GROUP}
    bot = s.world.groups[GROUP].members[s.peer.self_id]
    await until(lambda: bot.banned_until <= s.world.time, "end of the mute")
    assert (await s.say("hello"))["status"] == "ok"


async def test_where_all_are_muted_the_first_send_finds_out(scene: StartScene) -> None:
    s = await scene()
    s.world.add_group(OTHER_GROUP, "群", bot_role="member")
    news = await news_of(s)
    for group_id in (GROUP, OTHER_GROUP):
        s.world.mute_all(group_id)
    await s.happen()
    assert (await s.say("an admin may"))["status"] == "ok"
    assert (await s.say("x", group_id=OTHER_GROUP))["error"] == "peer_error"
    paused = await told(news, "sending.paused")
    assert paused == {"group_id": OTHER_GROUP, "reason": "whole_ban"}
    reply = await s.say("x", group_id=OTHER_GROUP)
    assert (reply["error"], reply["retcode"]) == ("muted", 36002)
    assert "data" not in reply  # nobody knows when
    s.world.unmute_all(OTHER_GROUP)
    await s.happen()
    assert await told(news, "sending.resumed") == {"group_id": OTHER_GROUP}
    assert (await s.say("x", group_id=OTHER_GROUP))["status"] == "ok"
    assert s.texts == ["an admin may", "x"]


async def test_nothing_is_sent_where_the_bot_was_kicked(scene: StartScene) -> None:
    s = await scene()
    news = await news_of(s)
    s.world.kick_bot(GROUP)
    await s.happen()
    paused = await told(news, "sending.paused")
    assert paused == {"group_id": GROUP, "reason": "removed"}
    reply = await s.say("hello")
    assert (reply["error"], reply["retcode"]) == ("not_in_group", 36003)
    assert sent_requests(s.peer) == []
    s.world.rejoin(GROUP)
    await s.happen()
    assert await told(news, "sending.resumed") == {"group_id": GROUP}
    assert (await s.say("hello"))["status"] == "ok"


async def test_nothing_is_sent_while_qq_is_offline(scene: StartScene) -> None:
    s = await scene(heart_interval=200)
    news = await news_of(s)
    s.world.go_offline()
    await s.happen()
    await told(news, "offline")
    reply = await s.say("hello")
    assert (reply["error"], reply["retcode"]) == ("offline", 33002)
    assert (await s.call("get_group_list"))["status"] == "ok"
    assert sent_requests(s.peer) == []
    s.world.go_online()
    await told(news, "online")
    assert (await s.say("hello"))["status"] == "ok"


async def test_what_waits_is_told_when_the_bot_is_muted_meanwhile(
    scene: StartScene,
) -> None:
    s = await scene(bridge=pacing(chatBurst=1, chatPerSecond=2))
    news = await news_of(s)
    calls = saying(s, "one", "two")
    assert (await calls[0])["status"] == "ok"
    s.world.mute(GROUP)
    await s.happen()
    await told(news, "sending.paused")
    assert (await calls[1])["error"] == "muted"
    assert s.texts == ["one"]


# -- failures in a row ---------------------------------------------------------


async def test_three_refusals_in_a_row_pause_a_chat(scene: StartScene) -> None:
    s = await scene((SENDS, Failed("no"), 3), bridge=pacing())
    news = await news_of(s)
    s.world.add_group(OTHER_GROUP, "群")
    for _ in range(3):
        assert (await s.say("hello"))["error"] == "peer_error"
    paused = await told(news, "sending.paused")
    assert (paused["group_id"], paused["reason"]) == (GROUP, "failing")
    assert 0 < paused["retry_after_ms"] <= 40_000
    reply = await s.say("hello")
    assert (reply["error"], reply["retcode"]) == ("rate_limited", 36001)
    assert 0 < reply["data"]["retry_after_ms"] <= 40_000
    assert len(sent_requests(s.peer)) == 3
    assert (await s.say("hello", group_id=OTHER_GROUP))["status"] == "ok"


async def test_a_success_between_them_counts(scene: StartScene) -> None:
    s = await scene((SENDS, Failed("no"), 2), bridge=pacing())
    outcomes = [(await s.say(str(n))).get("error") for n in range(3)]
    assert outcomes == ["peer_error", "peer_error", None]
    s.peer.fault(SENDS, Failed("no"), times=2)
    outcomes = [(await s.say(str(n))).get("error") for n in range(3)]
    assert outcomes == ["peer_error", "peer_error", None]


async def test_six_refusals_of_three_chats_pause_the_account(
    scene: StartScene,
) -> None:
    s = await scene((SENDS, Failed("no")), bridge=pacing())
    news = await news_of(s)
    for group_id in (GROUP, OTHER_GROUP, THIRD_GROUP):
        for _ in range(2):
            assert (await s.say("x", group_id=group_id))["error"] == "peer_error"
    paused = await told(news, "sending.paused")
    assert paused.pop("retry_after_ms") > 0
    assert paused == {"reason": "failing"}
    s.peer.faults.clear()
    params = {"user_id": FRIEND, "message": "x"}
    reply = await s.call("send_private_msg", params=params)
    assert reply["error"] == "rate_limited"
    assert len(sent_requests(s.peer)) == 6
