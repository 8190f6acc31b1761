"""The bridge's own events, as the real bridge publishes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import anyio
import pytest

from onebus import (
    ActionSettled,
    BotOffline,
    Bus,
    ConfigReloaded,
    Event,
    Heartbeat,
    Lifecycle,
    LinkDown,
    LinkUp,
    PairingApproved,
    PairingRequested,
    PairingRevoked,
    QQOffline,
    QQOnline,
    SendingPaused,
    SendingResumed,
    UnknownEvent,
    errors,
)
from onebus.sim import Late
from onebus.testing import BridgeProcess
from onebus.testing.qq import SimulatedQQ

SECONDS = 20

Kind = TypeVar("Kind", bound=Event)


async def heard(bus: Bus, *kinds: type[Event]) -> Sequence[Event]:
    """All there is in the journal, once it has an event of each kind."""
    events: list[Event] = []
    missing = set(kinds)
    with anyio.fail_after(SECONDS):
        async with bus.events(since=0) as stream:
            while missing:
                event = await stream.__anext__()
                assert isinstance(event, Event)
                assert not isinstance(event, UnknownEvent), event
                events.append(event)
                missing.discard(type(event))
    return events


def first(events: Sequence[Event], kind: type[Kind]) -> Kind:
    return next(event for event in events if isinstance(event, kind))


@pytest.mark.onebus(heart_interval=100)
async def test_a_peer_and_its_qq_come_and_go(qqsim: SimulatedQQ, bus: Bus) -> None:
    await heard(bus, LinkUp, Lifecycle)
    await qqsim.go_offline()
    await heard(bus, QQOffline, BotOffline)
    qqsim.go_online()
    await heard(bus, QQOnline, Heartbeat)
    await qqsim.close_link(1001, "bye")
    events = await heard(bus, LinkDown)
    up, down = first(events, LinkUp), first(events, LinkDown)
    assert (up.self_id, up.links, up.chat) == (qqsim.world.self_id, 1, None)
    assert (down.link, down.links) == (up.link, 0)
    assert (down.code, down.role) == (1001, up.role)
    assert first(events, QQOffline).source in ("heartbeat", "bot_offline", "get_status")


async def test_a_chat_is_paused_while_the_bot_is_muted(
    qqsim: SimulatedQQ, bus: Bus
) -> None:
    await qqsim.group(700).mute_bot(600)
    paused = first(await heard(bus, SendingPaused), SendingPaused)
    assert (paused.group_id, paused.user_id, paused.reason) == (700, None, "muted")
    assert paused.retry_after_ms is not None
    assert 0 < paused.retry_after_ms <= 600_000
    await qqsim.group(700).unmute_bot()
    assert first(await heard(bus, SendingResumed), SendingResumed).group_id == 700


async def test_an_unknown_outcome_is_settled(qqsim: SimulatedQQ, bus: Bus) -> None:
    qqsim.group(700)
    qqsim.fault("send_group_msg", Late(0.5))
    with pytest.raises(errors.OutcomeUnknown) as caught:
        await bus.send_group_msg(700, "late", timeout=0.1, idempotency_key="once")
    settled = first(await heard(bus, ActionSettled), ActionSettled)
    assert (settled.action, settled.status, settled.source) == (
        "send_group_msg",
        "ok",
        "answer",
    )
    assert (settled.id, settled.group_id) == (caught.value.id, 700)
    assert settled.message_id == qqsim.sent[0].message_id


@pytest.mark.onebus(settings={"channels": {"napcatqq": {"dmPolicy": "pairing"}}})
async def test_strangers_are_paired(qqsim: SimulatedQQ, bus: Bus) -> None:
    await qqsim.friend(9, "Lin").say("hello")
    asked = first(await heard(bus, PairingRequested), PairingRequested)
    assert (asked.user_id, asked.nickname) == (9, "Lin")
    assert asked.expires_at > asked.received_ms
    await bus.bridge.pairing_approve(code=asked.code)
    await bus.bridge.pairing_revoke(user_id=9)
    events = await heard(bus, PairingApproved, PairingRevoked)
    assert first(events, PairingApproved).user_id == 9


async def test_settings_are_read_again(
    qqsim: SimulatedQQ, bus: Bus, onebus_bridge: BridgeProcess
) -> None:
    await bus.bridge.reload()
    reloaded = first(await heard(bus, ConfigReloaded), ConfigReloaded)
    assert reloaded.settings == {"changed": [], "restart": []}
