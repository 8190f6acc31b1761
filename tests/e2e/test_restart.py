"""A bridge that was killed comes back as if nothing had been."""

import os

from harness.factories import StartBridge, StartBus, StartSim
from harness.net import free_port
from harness.sp import Caller


async def test_after_a_kill_it_starts_on_the_same_addresses_and_all_come_back(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    channel = {"wsPort": free_port()}
    first = await bridge(channel)
    program = bus(first)
    subscriber = await program.subscribe()
    peer = await sim(first)
    await subscriber.next_event("qq.meta.*")
    await first.kill()
    second = await bridge(channel)
    # The simulator, the subscriber and the caller were told nothing.
    await peer.disconnected()
    await peer.connected()
    await subscriber.until_heard(second, None)
    await peer.group_message(20002, 30001, "back")
    event = await subscriber.next_event("qq.group.*")
    assert event.envelope["epoch"] == second.epoch == first.epoch
    assert (await bus(second).call("get_status"))["status"] == "ok"


async def test_numbers_go_on_behind_the_last_one(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    last, epochs = 0, set()
    for _ in range(3):
        b = await bridge()
        ping = (await bus(b).call("bridge.ping"))["data"]
        assert ping["seq"] >= last  # more may have come before the kill
        last = ping["seq"]
        await sim(b, auto_reconnect=False)
        ping = (await bus(b).call("bridge.ping"))["data"]
        assert ping["seq"] > last
        last = ping["seq"]
        epochs.add(ping["epoch"])
        await b.kill()
    assert len(epochs) == 1


async def test_without_a_journal_each_epoch_begins_at_one(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    epochs = set()
    for _ in range(3):
        b = await bridge({}, {"journal": {"enabled": False}})
        ping = (await bus(b).call("bridge.ping"))["data"]
        assert ping["seq"] == 0
        await sim(b, auto_reconnect=False)
        assert (await bus(b).call("bridge.ping"))["data"]["seq"] > 0
        epochs.add(ping["epoch"])
        await b.kill()
    assert len(epochs) == 3


async def test_an_orderly_end_leaves_the_addresses_free(bridge: StartBridge) -> None:
    channel = {"wsPort": free_port()}
    for _ in range(5):
        b = await bridge(channel)
        caller = await Caller.connect(b.actions)
        assert (await caller.reply(caller.send("bridge.ping")))["status"] == "ok"
        await b.stop()
        await caller.close()


async def test_ipc_sockets_are_not_for_everybody(bridge: StartBridge) -> None:
    b = await bridge()
    for url in (b.events, b.actions):
        mode = os.stat(url.removeprefix("ipc://")).st_mode
        assert mode & 0o777 == 0o660


async def test_a_port_that_is_taken_is_named(bridge: StartBridge) -> None:
    first = await bridge()
    folder = bridge.folder
    rows = [
        ({"wsPort": first.port}, {}, f"port={first.port}"),
        ({}, {"events": [first.events]}, first.events),
        ({}, {"actions": [first.actions]}, first.actions),
        ({}, {"actions": [f"tcp://127.0.0.1:{first.port}"]}, str(first.port)),
        ({}, {"http": first.http.removeprefix("http://")}, "http: cannot listen"),
    ]
    for place, (channel, bus_settings, named) in enumerate(rows):
        own = {
            "events": [f"ipc://{folder}/events{place}"],
            "actions": [f"ipc://{folder}/actions{place}"],
        }
        second = bridge.prepare(channel, own | bus_settings)
        second.expected = 1
        await second.launch()
        assert await second.ended() == 1
        assert any(named in line for line in second.lines("cannot listen"))
    assert first.is_running


async def test_a_second_bridge_on_its_addresses_leaves_the_first_at_work(
    bridge: StartBridge, bus: StartBus
) -> None:
    first = await bridge()
    for channel in ({"wsPort": first.port}, {}):
        second = bridge.prepare(channel)
        second.expected = 1
        await second.launch()
        assert await second.ended() == 1
    program = bus(first)
    assert (await program.call("bridge.ping"))["status"] == "ok"
    await program.subscribe()
