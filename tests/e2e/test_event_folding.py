"""What comes twice is published once, and what is said twice is published
twice."""

import json

from harness.factories import StartBridge, StartBus
from harness.frames import group_message
from harness.websocket import connect


async def test_a_message_that_its_peer_delivers_twice_comes_once(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    message = group_message("once", real_seq="7")
    async with await connect(b.url()) as peer:
        for _ in range(3):
            await peer.send_json(message)
        await peer.send_json(group_message("once", real_seq="8"))
        events = await subscriber.next_events(2)
        assert [event.event["real_seq"] for event in events] == ["7", "8"]
        assert events[1].envelope["seq"] == events[0].envelope["seq"] + 1
        status = await program.call("bridge.status")
    assert status["data"]["accounts"]["default"]["folded"] == 2
    assert len(b.lines("event: folded account=default")) == 1


async def test_two_links_with_a_form_each_give_one_event(
    bridge: StartBridge, bus: StartBus
) -> None:
    """NapCat sets the form of messages for each connection by itself."""
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    async with await connect(b.url()) as old, await connect(b.url()) as new:
        for number in range(20):
            array = group_message(f"said {number}", real_seq=str(1 + number))
            string = array | {"message": f"said {number}"}
            await old.send_json(array)
            await subscriber.next_event()
            await new.send_json(string)
            await new.send_json(group_message("between", real_seq=str(100 + number)))
            assert (await subscriber.next_event()).envelope["text"] == "between"


async def test_a_peer_that_comes_back_and_tells_it_again_is_folded(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    subscriber = await bus(b).subscribe("qq.group.*")
    message = json.dumps(group_message("before the cut"))
    async with await connect(b.url()) as peer:
        await peer.send(message)
        await subscriber.next_event()
    async with await connect(b.url()) as peer:
        await peer.send(message)
        await peer.send_json(group_message("after it"))
        assert (await subscriber.next_event()).envelope["text"] == "after it"
