"""Each call gets its own answer, once, whatever way and order it comes."""

import asyncio
import random

from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
from harness.sp import Caller
from harness.websocket import connect


async def test_200_calls_at_once_get_their_own_answers_in_any_order(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    peer.on("get_thing", lambda request: request.params["n"])
    peer.hold("get_thing")
    caller = await Caller.connect(b.actions)
    numbers = [caller.send("get_thing", params={"n": n}) for n in range(200)]
    held = [await peer.next_request("get_thing") for _ in numbers]
    random.Random(1).shuffle(held)
    for request in held:
        peer.release(request)
    for n, number in enumerate(numbers):
        assert (await caller.reply(number))["data"] == n
    assert [len(caller.replies[number]) for number in numbers] == [1] * 200
    await caller.close()


async def test_many_callers_at_once_get_their_own_answers(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    peer.on("get_thing", lambda request: request.params["n"])
    peer.delay(0, 20)
    callers = [await Caller.connect(b.actions) for _ in range(20)]

    async def work(place: int) -> None:
        for n in range(place * 1000, place * 1000 + 20):
            number = callers[place].send("get_thing", params={"n": n})
            assert (await callers[place].reply(number))["data"] == n

    await asyncio.gather(*map(work, range(len(callers))))
    for caller in callers:
        await caller.close()


async def test_no_echo_is_used_twice_even_over_reconnects(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    peer = await sim(b)
    for _ in range(4):
        await asyncio.gather(*(program.call("get_status") for _ in range(25)))
        await peer.reconnect()
    echoes = [request.echo for request in peer.requests]
    assert len(echoes) == len(set(echoes)) == 100
    assert all(isinstance(echo, str) for echo in echoes)


async def test_no_echo_is_used_twice_over_a_restart(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    echoes = set()
    for _ in range(2):
        b = await bridge()
        peer = await sim(b, auto_reconnect=False)
        await bus(b).call("get_status")
        echoes.add(peer.requests[0].echo)
        await b.stop()
    assert len(echoes) == 2


async def test_a_request_is_one_text_frame(bridge: StartBridge, bus: StartBus) -> None:
    """`Peer.request` fails for anything else than one final text frame."""
    b = await bridge()
    program = bus(b)
    async with await connect(b.url()) as peer:
        for size in (0, 125, 126, 65535, 65536, 5_000_000):
            params = {"text": "x" * size}
            call = asyncio.create_task(program.call("do", params))
            request = await peer.request()
            assert list(request) == ["action", "params", "echo"]
            assert (request["action"], request["params"]) == ("do", params)
            await peer.answer_ok(request, {})
            assert (await call)["status"] == "ok"


async def test_an_answer_may_come_by_another_link_of_the_account(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    """What NapCat does when its url is changed while a request is under way."""
    b = await bridge()
    program = bus(b)
    peer = await sim(b)
    peer.hold("get_status")
    call = asyncio.create_task(program.call("get_status"))
    await peer.next_request("get_status")
    await peer.forget()
    peer.release()
    assert (await call)["status"] == "ok"
    assert len(peer.link.open_links) == 2


async def test_calls_go_by_the_newest_link_and_the_older_stays(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe("qq.bridge.*", "qq.group.*")
    peer = await sim(b)
    forgotten = await peer.forget()
    await program.call("get_status")
    request = await peer.next_request("get_status")
    assert request.link is not forgotten
    assert forgotten.is_open
    await peer.emit(group_message())
    assert await subscriber.next_event("qq.group.*")
    assert [e.topic for e in subscriber.events].count(
        "qq.group.20002.message.normal"
    ) == 1


async def test_an_answer_from_another_account_is_not_taken(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge({"accounts": {"a": {}, "b": {}}})
    program = bus(b)
    async with (
        await connect(b.url("a")) as peer,
        await connect(b.url("b"), self_id=10002) as stranger,
    ):
        call = asyncio.create_task(program.call("get_status", account="a"))
        request = await peer.request()
        await stranger.answer_ok(request, "stolen")
        await b.wait_for_line("nobody waits for")
        await peer.answer_ok(request, "right")
        assert (await call)["data"] == "right"


async def test_late_double_and_foreign_answers_are_dropped(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    peer = await sim(b)
    peer.hold("get_status")
    late = await program.call("get_status", timeout=50)
    assert late["error"] == "timeout"
    peer.release()
    assert (await program.call("get_login_info"))["status"] == "ok"
    login = await peer.next_request("get_login_info")
    peer.answer(login, "again")
    await peer.send_text('{"status":"ok","retcode":0,"echo":{"not":"ours"}}')
    await peer.send_text('{"status":"ok","retcode":0}')
    await peer.group_message(20002, 30001, "after")
    await subscriber.next_event()
    status = (await program.call("bridge.status"))["data"]
    assert status["accounts"]["default"]["dropped"] == 4
    assert status["calls"]["waiting"] == 0
    assert len(b.lines("nobody waits for")) == 1
