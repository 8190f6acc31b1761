"""The wall clock is set back, or far ahead, and set right again: the journal's
order is that of seq, whatever the time was."""

import time
from typing import Any

from harness.bridge import Bridge
from harness.bus import Bus, Event, read_event
from harness.clock import Clock
from harness.consumer import journal_of, losses
from harness.doctor import doctor, doctor_of, settings_file
from harness.factories import StartBridge, StartBus, StartSim

HOUR_MS = 3600 * 1000
COUNT = 300


async def replayed(program: Bus, **params: Any) -> tuple[list[Event], list[Any]]:
    """The events, and the ranges that are lost."""
    events: list[Event] = []
    lost: list[Any] = []
    while True:
        reply = await program.call("bridge.replay", params)
        page = reply["data"]
        events += map(read_event, page["events"])
        lost += page["lost"]
        params["after"] = page["next"]
        if not page["truncated"]:
            assert page["next"] == page["newest"]
            return events, lost


def hours_off(event: Event) -> int:
    return round((event.envelope["time"] / 1000 - time.time()) / 3600)


class Speaker:
    """Sends events and waits until they are published."""

    def __init__(self, program: Bus, sim: StartSim) -> None:
        self._program = program
        self._sim = sim
        self._peer: Any = None

    async def begin(self, b: Bridge) -> None:
        self._subscriber = await self._program.subscribe()
        self._peer = await self._sim(b, auto_reconnect=False)

    async def say(self, text: str) -> Event:
        """The last of them."""
        for _ in range(COUNT):
            await self._peer.group_message(20002, 30001, text)
        events = await self._subscriber.next_events(COUNT, "qq.group.*")
        assert {event.envelope["text"] for event in events} == {text}
        return events[-1]


async def speaker(b: Bridge, bus: StartBus, sim: StartSim) -> tuple[Bus, Speaker]:
    program = bus(b)
    made = Speaker(program, sim)
    await made.begin(b)
    return program, made


async def texts(program: Bus, **params: Any) -> set[str]:
    """Of the events in a replay, which has no hole up to the newest."""
    events, lost = await replayed(program, **params)
    seqs = [event.seq for event in events]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert lost == []
    return {event.envelope.get("text", "") for event in events} - {""}


async def test_a_clock_that_is_set_while_events_come(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    clock = Clock(bridge.folder)
    b = await bridge(env=clock.env)
    program, peer = await speaker(b, bus, sim)
    assert hours_off(await peer.say("right")) == 0
    clock.set(-24)
    assert hours_off(await peer.say("back")) == -24
    # Nothing of what came in the last hour is left out.
    assert await texts(program, max_age=HOUR_MS) == {"right", "back"}
    clock.set(24)
    assert hours_off(await peer.say("ahead")) == 24
    assert await texts(program, max_age=HOUR_MS) == {"ahead"}
    clock.set(0)
    assert hours_off(await peer.say("right again")) == 0
    assert "right again" in await texts(program, max_age=HOUR_MS)
    assert await texts(program, after=0) == {"right", "back", "ahead", "right again"}
    data = (await program.call("bridge.history", {"group_id": 20002, "limit": 1}))["data"]
    (event,) = map(read_event, data["events"])
    assert event.envelope["text"] == "right again"


async def test_a_clock_that_is_set_back_costs_no_event_and_no_seq(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    clock = Clock(bridge.folder)
    settings = {"journal": {"maxAge": "1h"}}
    last, epochs = 0, set()
    for number, hours in enumerate((0, -48, -24, 0)):
        clock.set(hours)
        b = await bridge(None, settings, env=clock.env)
        program, peer = await speaker(b, bus, sim)
        event = await peer.say(f"at {number}")
        assert event.seq > last
        last = event.seq
        epochs.add(b.epoch)
        found = await texts(program, after=0)
        assert found == {f"at {n}" for n in range(number + 1)}
        await b.kill()
    assert len(epochs) == 1


async def test_a_clock_that_is_set_ahead_makes_events_old_and_that_is_told(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    clock = Clock(bridge.folder)
    settings = {"journal": {"maxAge": "1h"}}
    b = await bridge(None, settings, env=clock.env)
    _, peer = await speaker(b, bus, sim)
    last = (await peer.say("old")).seq
    await b.kill()
    clock.set(2)
    b = await bridge(None, settings, env=clock.env)
    program, peer = await speaker(b, bus, sim)
    assert (await peer.say("new")).seq > last
    clock.set(0)
    assert hours_off(await peer.say("newest")) == 0
    journal = await journal_of(program)
    lost = losses(journal)
    assert lost == list(range(1, len(lost) + 1))
    assert len(lost) >= COUNT
    events, _ = await replayed(program)
    assert len(events) == len(journal) - len(lost)
    # The one that was the newest then may have stayed.
    assert [e.envelope["text"] for e in events if e.topic.startswith("qq.group.")][
        -2 * COUNT :
    ] == ["new"] * COUNT + ["newest"] * COUNT


async def test_the_doctor_sees_a_journal_from_the_future(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    clock = Clock(bridge.folder)
    clock.set(25.5)
    b = await bridge(env=clock.env)
    _, peer = await speaker(b, bus, sim)
    await peer.say("tomorrow")
    found = (await doctor_of(b)).one("clock-behind-journal")
    assert "25 h in the future" in found["seen"]
    await b.stop()
    assert (await doctor_of(b)).one("clock-behind-journal")["seen"] == found["seen"]


async def test_the_doctor_sees_a_clock_that_cannot_be_right(
    bridge: StartBridge,
) -> None:
    clock = Clock(bridge.folder)
    clock.set(-24 * 365 * 20)
    file = settings_file(bridge.folder)
    found = await doctor("--config", file, env=clock.env)
    assert found.of("fault") == ["clock-wrong"]
    assert "set-ntp" in found.one("clock-wrong")["remedy"]
