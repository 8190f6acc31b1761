"""Calls by NATS: who is called, and what becomes of a call whose bridge goes."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from fake_bridge import SECONDS
from fake_nats import FakeNats, fake_nats
from nats_server import NatsServer, nats_server

import onebus
from onebus import Bus, errors


@pytest.fixture
def bridge(nats: NatsServer) -> Iterator[FakeNats]:
    with fake_nats(nats) as bridge:
        yield bridge


@contextlib.asynccontextmanager
async def bus_of(bridge: FakeNats, **options: Any) -> AsyncIterator[Bus]:
    options = {"connect_timeout": 0.3} | options
    with anyio.fail_after(SECONDS):
        async with onebus.connect(bridge.server.url, **bridge.options, **options) as bus:
            yield bus


def takes(bridge: FakeNats, account: str, owner: str | None = None) -> None:
    bridge.run_there(lambda: bridge.take(account, owner))


def leaves(bridge: FakeNats, account: str, *, is_told: bool = False) -> None:
    bridge.run_there(lambda: bridge.leave(account, is_told=is_told))


# ---- who is called -----------------------------------------------------------------


async def test_the_only_account_need_not_be_named(bridge: FakeNats) -> None:
    async with bus_of(bridge) as bus:
        assert (await bus.get_status())["online"]


async def test_of_several_one_must_be_named(bridge: FakeNats) -> None:
    takes(bridge, "second")
    async with bus_of(bridge) as bus:
        with pytest.raises(errors.AccountRequired, match="default, second"):
            await bus.get_status()
        assert await bus.get_status(account="second")
    assert [name for name, _ in bridge.asked] == ["get_status"]


async def test_who_is_configured_is_meant(bridge: FakeNats) -> None:
    takes(bridge, "second", "feedfeedfeedfeed")
    async with bus_of(bridge, account="second") as bus:
        assert await bus.get_status()
        assert await bus.bridge.ping()


async def test_the_bridges_own_actions_go_by_any_of_its_accounts(bridge: FakeNats) -> None:
    takes(bridge, "second")
    async with bus_of(bridge) as bus:
        assert (await bus.bridge.ping())["epoch"] == bridge.epoch


async def test_of_several_bridges_one_is_named_by_its_account(bridge: FakeNats) -> None:
    takes(bridge, "second", "feedfeedfeedfeed")
    async with bus_of(bridge) as bus:
        with pytest.raises(errors.AccountRequired, match="default, second"):
            await bus.bridge.ping()


async def test_an_account_is_found_by_its_number(
    bridge: FakeNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes(bridge, "sec_ond")
    accounts = {"default": {"self_id": 10001}, "sec.ond": {"self_id": 10002}}
    monkeypatch.setattr(bridge, "_status", lambda: {"accounts": accounts}, raising=False)
    async with bus_of(bridge) as bus:
        for _ in range(2):
            await bus.request("get_status", self_id=10002)
        with pytest.raises(errors.UnknownAccount, match="has the number 7"):
            await bus.request("get_status", self_id=7)
    asked = [name for name, _ in bridge.asked]
    assert asked == ["bridge.status", "get_status", "get_status", "bridge.status"]


async def test_a_name_that_is_no_token_is_called_by_its_token(bridge: FakeNats) -> None:
    takes(bridge, "my_bot__")
    async with bus_of(bridge) as bus:
        assert await bus.get_status(account="my.bot/:")


async def test_who_comes_and_goes_is_heard(bridge: FakeNats) -> None:
    async with bus_of(bridge, connect_timeout=5.0) as bus:
        await bus.get_status()
        takes(bridge, "second")
        while len(await accounts_of(bus)) != 2:
            await anyio.sleep(0.01)
        leaves(bridge, "second", is_told=True)
        while len(await accounts_of(bus)) != 1:
            await anyio.sleep(0.01)
        await bus.get_status()


async def accounts_of(bus: Bus) -> list[str]:
    wire: Any = bus._caller._wire
    return list(wire._names.all())


# ---- nobody is there -----------------------------------------------------------------


async def test_no_bridge_at_all_is_told(bridge: FakeNats) -> None:
    leaves(bridge, "default", is_told=True)
    async with bus_of(bridge) as bus:
        with pytest.raises(errors.BridgeUnreachable, match="no bridge has an account"):
            await bus.get_status()


async def test_an_account_that_nobody_has_is_told(bridge: FakeNats) -> None:
    async with bus_of(bridge) as bus:
        with pytest.raises(
            errors.BridgeUnreachable, match="for the account x; those with one: default"
        ):
            await bus.get_status(account="x")


async def test_no_server_is_told_and_no_secret(tmp_path: Path) -> None:
    url = "nats://bot:se%40cret@127.0.0.1:9"
    async with onebus.connect(url, connect_timeout=0.1) as bus:
        assert "se" + "@cret" not in repr(bus) and "%40" not in repr(bus)
        with pytest.raises(errors.BridgeUnreachable, match="no NATS server") as caught:
            await bus.get_status()
    assert "cret" not in str(caught.value)


async def test_a_call_waits_for_a_bridge_that_comes(bridge: FakeNats) -> None:
    leaves(bridge, "default")
    async with bus_of(bridge, connect_timeout=5.0) as bus:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(bus.send_group_msg, 1, "x")
            await anyio.sleep(0.1)
            await anyio.to_thread.run_sync(takes, bridge, "default")
    assert len(bridge.asked_for("send_group_msg")) == 1


@pytest.mark.parametrize("is_named", [True, False])
async def test_another_bridge_is_not_given_a_write_again(
    bridge: FakeNats, is_named: bool
) -> None:
    """It knows nothing of what the one before it has done."""
    account = "default" if is_named else None
    bridge.hold_writes()
    async with bus_of(bridge, connect_timeout=0.5) as bus:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(takes_over, bridge)
            with pytest.raises(errors.OutcomeUnknown) as caught:
                await bus.send_group_msg(1, "x", account=account)
        bridge.let_go()
        with pytest.raises(errors.OutcomeUnknown):
            await bus.settled(caught.value, timeout=0.1)
        assert await bus.send_group_msg(1, "y", account=account) is None
        assert await bus.get_status(account=account)
    texts = [p["message"][0]["data"]["text"] for p in bridge.asked_for("send_group_msg")]
    assert texts == ["x", "y"]


async def takes_over(bridge: FakeNats) -> None:
    await anyio.to_thread.run_sync(bridge.was_asked, "send_group_msg")
    await anyio.to_thread.run_sync(leaves, bridge, "default")
    bridge.run = "other"
    await anyio.to_thread.run_sync(takes, bridge, "default", "feedfeedfeedfeed")


async def test_a_server_that_goes_under_a_call_is_looked_for_again(tmp_path: Path) -> None:
    with nats_server(tmp_path / "nats") as server, fake_nats(server) as bridge:
        bridge.hold_writes()
        async with bus_of(bridge, connect_timeout=5.0) as bus:

            async def restart() -> None:
                await anyio.to_thread.run_sync(bridge.was_asked, "send_group_msg")
                server.end()
                bridge.let_go()
                server.start()

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(restart)
                await bus.send_group_msg(1, "x")
        keys = [params["id"] for params in bridge.requests if "id" in params]
    assert len(keys) == 2 and keys[0] == keys[1]


# ---- what it takes -----------------------------------------------------------------------


async def test_what_the_server_does_not_take_is_not_sent(tmp_path: Path) -> None:
    settings: dict[str, object] = {"max_payload": 10_000}
    with nats_server(tmp_path / "nats", settings) as server, fake_nats(server) as bridge:
        async with bus_of(bridge) as bus:
            for _ in range(2):
                with pytest.raises(errors.TooLarge, match="takes 10000 at once"):
                    await bus.send_group_msg(1, "x" * 10_000)
        assert bridge.asked == []


async def test_users_and_tokens_are_those_of_the_address(tmp_path: Path) -> None:
    users = [{"user": "bot", "password": "se@cret"}]
    settings: dict[str, object] = {"authorization": {"users": users}}
    with nats_server(tmp_path / "nats", settings) as server:
        address = server.url.replace("://", "://bot:se%40cret@")
        wrong = server.url.replace("://", "://bot:other@")
        async with onebus.connect(f"{wrong},{address}", connect_timeout=5.0) as bus:
            link: Any = bus.events_way
            with anyio.fail_after(SECONDS):
                await link._link.connected()


async def test_an_address_with_tls_tells_no_secret_to_who_has_none(
    nats: NatsServer, caplog: pytest.LogCaptureFixture
) -> None:
    address = nats.url.replace("nats://", "tls://bot:secret@")
    async with onebus.connect(address, connect_timeout=1.0) as bus:
        with pytest.raises(errors.BridgeUnreachable):
            await bus.get_status()
    assert "offers no TLS" in caplog.text
    assert "secret" not in caplog.text


def test_on_another_loop_it_says_so() -> None:
    async def main() -> None:
        with pytest.raises(errors.OnebusError, match="needs asyncio"):
            async with onebus.connect("nats://127.0.0.1:9"):
                pass

    anyio.run(main, backend="trio")


def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(errors.OnebusError, match=r"pip install 'onebus\[nats\]'"):
        onebus.connect("nats://127.0.0.1:9")


def test_what_is_missing_for_credentials_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "nkeys" else find(name)
    )
    onebus.connect("nats://127.0.0.1:9")
    with pytest.raises(errors.OnebusError, match=r"nkeys: pip install 'onebus\[nats\]'"):
        onebus.connect("nats://127.0.0.1:9", creds="own.creds")


async def test_what_nobody_reckoned_with_is_raised_where_one_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise LookupError("how odd")

    monkeypatch.setattr("onebus.nats_link.Connection.open", fail)
    with anyio.fail_after(SECONDS):
        async with onebus.connect("nats://127.0.0.1:9") as bus:
            with pytest.raises(LookupError, match="how odd"):
                await bus.get_status()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"events": "nats://"}, "no address of NATS"),
        ({"events": "nats://h:x"}, "no address of NATS"),
        ({"events": "nats://h/path"}, "no address of NATS"),
        ({"events": "nats://u:secret@h,tcp://other:1"}, "'tcp://other:1'"),
        ({"events": "nats://h", "stream": "a.b"}, "stream='a.b'"),
        ({"events": "nats://h", "subject_prefix": "a..b"}, "subject_prefix='a..b'"),
        ({"events": "nats://h", "tls": object()}, "an ssl.SSLContext"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", r"\.")) as caught:
        onebus.connect(**options)
    assert "secret" not in str(caught.value)


def test_the_environment_says_what_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEBUS_EVENTS", "nats://one:4222, tls://u:p@two")
    monkeypatch.setenv("ONEBUS_NATS_STREAM", "OTHER")
    monkeypatch.setenv("ONEBUS_NATS_SUBJECT_PREFIX", "a.b")
    bus = onebus.connect()
    assert bus.events_address == "nats://one:4222,tls://two:4222"
    assert bus.actions_address == bus.events_address
    wire: Any = bus._caller._wire
    assert (wire._stream, wire._subject) == ("OTHER", "a.b.qq.action.")


def test_events_may_come_another_way_than_calls_go() -> None:
    bus = onebus.connect("nats://h", "tcp://127.0.0.1:7711")
    assert bus.events_address == "nats://h:4222"
    assert bus.actions_address == "tcp://127.0.0.1:7711"
    bus = onebus.connect(["tcp://127.0.0.1:7710"], ["nats://a", "nats://b"])
    assert bus.actions_address == "nats://a:4222,nats://b:4222"
