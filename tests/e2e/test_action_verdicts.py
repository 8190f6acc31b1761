"""What a caller is told of a call: it happened, it did not, or nobody knows; and
what is found out of that later."""

import asyncio
from typing import Any

import pytest
from onebus.sim import (
    BreakAfter,
    BreakBefore,
    Failed,
    Lost,
    OnNextLink,
    Request,
    Reversed,
    Twice,
)

from harness.news import news_of, told, told_nothing
from harness.scene import FRIEND, GROUP, Scene, StartScene

RENAME = "set_group_name"
NAME = {"group_id": GROUP, "group_name": "x"}
SENDS = "send_*"

#: Long enough for a loaded machine to have sent the request before.
SHORT_MS = 500


def numbered(request: Request) -> Any:
    return request.params["n"]


def count(s: Scene, action: str) -> int:
    """How often it has reached the peer."""
    return [request.action for request in s.peer.requests].count(action)


def settled(s: Scene, source: str, **fields: Any) -> dict[str, Any]:
    """The event of one send to the group that has arrived."""
    (sent,) = s.sent
    return {
        "action": "send_group_msg",
        "status": "ok",
        "message_id": sent.message.message_id,
        "source": source,
        "group_id": GROUP,
    } | fields


async def next_settled(news: Any) -> dict[str, Any]:
    """The fields, `sent_at` aside."""
    event = await told(news, "action.settled")
    assert isinstance(event.pop("sent_at"), int)
    return event


# -- at once -------------------------------------------------------------------


async def test_what_happened_is_ok(scene: StartScene) -> None:
    s = await scene()
    reply = await s.say("hello")
    assert (reply["status"], reply["retcode"]) == ("ok", 0)
    assert reply["data"] == {"message_id": s.sent[0].message.message_id}
    assert "error" not in reply


async def test_what_the_peer_refuses_comes_in_its_own_words(scene: StartScene) -> None:
    s = await scene((SENDS, Failed("消息体无法解析", retcode=1400)))
    reply = await s.say("hello")
    assert (reply["status"], reply["error"]) == ("failed", "peer_error")
    assert (reply["retcode"], reply["wording"]) == (1400, "消息体无法解析")
    assert s.sent == []


async def test_what_qq_refuses_comes_in_its_own_words(scene: StartScene) -> None:
    s = await scene()
    s.world.mute(GROUP)  # nobody has told the bridge
    reply = await s.say("hello")
    assert (reply["error"], reply["retcode"]) == ("peer_error", 1200)
    assert reply["wording"] == reply["message"] != ""


@pytest.mark.parametrize(
    ("action", "params", "status", "error", "retcode"),
    [
        ("get_status", {}, "failed", "timeout", 33004),
        (RENAME, NAME, "unknown", "unknown", 33005),
    ],
)
async def test_without_an_answer_a_read_has_failed_and_a_write_is_unknown(
    scene: StartScene,
    action: str,
    params: dict[str, Any],
    status: str,
    error: str,
    retcode: int,
) -> None:
    s = await scene((action, Lost()))
    reply = await s.call(action, params=params, timeout=SHORT_MS)
    assert (reply["status"], reply["error"]) == (status, error)
    assert reply["retcode"] == retcode
    assert reply["ms"] >= SHORT_MS


@pytest.mark.parametrize(("fault", "runs"), [(BreakBefore(), 0), (BreakAfter(), 1)])
async def test_when_the_link_breaks_callers_are_told_at_once(
    scene: StartScene, fault: Any, runs: int
) -> None:
    s = await scene(("*", fault, 2), auto_reconnect=False)
    reply = await s.say("hello", timeout=600_000)
    assert (reply["status"], reply["error"]) == ("unknown", "unknown")
    await s.peer.reconnect()
    reply = await s.call("get_status", timeout=600_000)
    assert (reply["status"], reply["error"]) == ("failed", "not_connected")
    assert len(s.texts) == runs


async def test_a_write_leaves_once_whatever_becomes_of_it(scene: StartScene) -> None:
    s = await scene(
        (SENDS, BreakBefore(), 1),
        (SENDS, BreakAfter(), 1),
        (SENDS, Lost(), 1),
        (SENDS, Failed("no"), 1),
        (SENDS, OnNextLink(), 1),
        reconnect_interval=0.01,
    )
    texts = [str(n) for n in range(6)]
    errors = [(await s.say(text, timeout=2000)).get("error") for text in texts]
    assert errors[:4] == ["unknown"] * 3 + ["peer_error"]
    assert errors[4:] == ["unknown", None]
    asked = [r.params["message"] for r in s.peer.requests if "message" in r.params]
    assert asked == texts
    assert s.texts == ["1", "2", "4", "5"]


# -- answers -----------------------------------------------------------------


async def test_answers_in_any_order_reach_their_callers(scene: StartScene) -> None:
    s = await scene(("get_thing", Reversed(5)))
    s.peer.on("get_thing", numbered)
    calls = [s.calling("get_thing", params={"n": n}) for n in range(5)]
    replies = await asyncio.gather(*calls)
    assert [reply["data"] for reply in replies] == list(range(5))


async def test_answers_that_come_twice_are_taken_once(scene: StartScene) -> None:
    s = await scene(("get_thing", Twice()))
    s.peer.on("get_thing", numbered)
    for n in range(5):
        assert (await s.call("get_thing", params={"n": n}))["data"] == n
    status = (await s.call("bridge.status"))["data"]["accounts"]["default"]
    assert (status["answers"], status["dropped"]) == (5, 5)


async def test_a_second_answer_to_a_send_settles_nothing(scene: StartScene) -> None:
    s = await scene((SENDS, Twice()))
    news = await news_of(s)
    assert (await s.say("hello"))["status"] == "ok"
    await told_nothing(s, news, "action.settled")


# -- later -------------------------------------------------------------------


async def test_a_late_answer_settles_its_call(scene: StartScene) -> None:
    s = await scene()
    news = await news_of(s)
    s.peer.hold(SENDS)
    reply = await s.say("hello", timeout=SHORT_MS, id="i", trace="t")
    assert reply["status"] == "unknown"
    s.peer.release()
    expected = settled(s, "answer", retcode=0, id="i", trace="t")
    assert await next_settled(news) == expected


async def test_a_late_refusal_settles_its_call(scene: StartScene) -> None:
    s = await scene((RENAME, Failed("没有权限")))
    news = await news_of(s)
    s.peer.hold(RENAME)
    reply = await s.call(RENAME, params=NAME, timeout=SHORT_MS)
    assert reply["status"] == "unknown"
    s.peer.release()
    event = await next_settled(news)
    assert (event["status"], event["retcode"]) == ("failed", 1200)
    assert (event["message"], event["source"]) == ("没有权限", "answer")


async def test_an_answer_on_the_next_link_settles_its_call(scene: StartScene) -> None:
    s = await scene((RENAME, OnNextLink()))
    news = await news_of(s)
    reply = await s.call(RENAME, params=NAME, timeout=600_000)
    assert reply["status"] == "unknown"
    event = await next_settled(news)
    assert (event["status"], event["source"]) == ("ok", "answer")
    assert count(s, RENAME) == 1


async def test_the_bots_own_message_settles_its_call(scene: StartScene) -> None:
    s = await scene((SENDS, Lost()), report_self_message=True)
    news = await news_of(s)
    s.peer.hold(SENDS, run=False)
    assert (await s.say("hello", timeout=SHORT_MS))["status"] == "unknown"
    s.peer.release()
    event = await next_settled(news)
    assert event == settled(s, "event")


async def test_a_message_that_came_before_the_verdict_settles_its_call(
    scene: StartScene,
) -> None:
    s = await scene((SENDS, Lost()), report_self_message=True)
    news = await news_of(s)
    reply = await s.say("hello", timeout=SHORT_MS)
    assert reply["status"] == "unknown"
    event = await next_settled(news)
    assert event == settled(s, "event")


async def test_the_history_settles_a_call_when_the_peer_is_back(
    scene: StartScene,
) -> None:
    s = await scene((SENDS, BreakAfter(), 1))
    news = await news_of(s)
    assert (await s.say("hello", timeout=600_000))["status"] == "unknown"
    assert await next_settled(news) == settled(s, "history")


async def test_the_history_settles_a_call_while_the_link_is_up(
    scene: StartScene,
) -> None:
    s = await scene((SENDS, Lost(), 1))
    news = await news_of(s)
    params = {"user_id": FRIEND, "message": "hello"}
    reply = await s.call("send_private_msg", params=params, timeout=SHORT_MS)
    assert reply["status"] == "unknown"
    event = await next_settled(news)
    assert (event["status"], event["source"]) == ("ok", "history")
    assert event["user_id"] == FRIEND
    assert event["message_id"] == s.sent[0].message.message_id


async def test_a_message_of_another_call_settles_nothing(scene: StartScene) -> None:
    s = await scene((SENDS, BreakBefore(), 1), report_self_message=True)
    news = await news_of(s)
    assert (await s.say("the same", timeout=600_000))["status"] == "unknown"
    assert (await s.say("the same"))["status"] == "ok"
    await told_nothing(s, news, "action.settled")
    status = (await s.call("bridge.status"))["data"]["accounts"]["default"]
    assert (status["unsettled"], s.texts) == (1, ["the same"])


async def test_a_late_answer_to_a_read_is_of_no_use(scene: StartScene) -> None:
    s = await scene()
    news = await news_of(s)
    s.peer.hold("get_status")
    assert (await s.call("get_status", timeout=SHORT_MS))["error"] == "timeout"
    s.peer.release()
    await told_nothing(s, news, "action.settled")


async def test_many_calls_settle_each_once(scene: StartScene) -> None:
    unpaced = {"pacing": {"accountPerSecond": 0, "chatPerSecond": 0}}
    s = await scene(bridge=unpaced, report_self_message=True)
    news = await news_of(s)
    s.peer.hold(SENDS)
    calls = [
        s.calling(
            "send_group_msg",
            params={"group_id": GROUP, "message": "the same"},
            id=str(n),
            timeout=3 * SHORT_MS,
        )
        for n in range(20)
    ]
    assert {(await call)["status"] for call in calls} == {"unknown"}
    s.peer.release()
    events = [await next_settled(news) for _ in calls]
    assert {event["id"] for event in events} == {str(n) for n in range(20)}
    found = {event["message_id"] for event in events}
    assert found == {sent.message.message_id for sent in s.sent}
