"""Calls: one request, one reply, whatever the bridge does meanwhile."""

from __future__ import annotations

import contextlib
import pickle
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import msgpack
import pynng
import pytest
from fake_nats import FakeNats, fake_nats
from nats.aio.msg import Msg

import onebus
from onebus import Bus, errors
from onebus.calls import CALLS_MAX, Caller
from onebus.nng import NngWire

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio", "nats"])
NNG = pytest.mark.parametrize("backend", ["asyncio", "trio"])

Request = dict[str, Any]
#: What the bridge answers; None: nothing, and it goes away for a moment.
Answer = Callable[[Request], Any]

OK = {"status": "ok", "retcode": 0, "data": None, "warnings": [], "ms": 1}


class Bridge:
    """A bridge that answers as it is told, in a thread."""

    #: What `connect` is told besides the address.
    options: Mapping[str, Any] = {}

    def __init__(self, address: str) -> None:
        self.address = address
        self.requests: list[Request] = []
        self.answer: Answer = lambda request: OK
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._ready = threading.Event()

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        self.end()
        self._thread.join()

    def end(self) -> None:
        """It ends once it has answered."""
        self._is_over.set()

    def _serve(self) -> None:
        while not self._is_over.is_set():
            with pynng.Rep0(listen=self.address, recv_timeout=20) as socket:
                self._ready.set()
                self._answer_on(socket)

    def _answer_on(self, socket: pynng.Rep0) -> None:
        while not self._is_over.is_set():
            try:
                request = msgpack.unpackb(socket.recv())
            except pynng.Timeout:
                continue
            self.requests.append(request)
            reply = self.answer(request)
            if reply is None:
                return
            socket.send(reply if isinstance(reply, bytes) else msgpack.packb(reply))


class NatsBridge(Bridge):
    """The same on NATS. Whether it is there is not asked of the test."""

    def __init__(self, nats: FakeNats) -> None:
        super().__init__(nats.server.url)
        self.options = nats.options
        self._nats = nats

    def _serve(self) -> None:
        asked: queue.Queue[Msg | None] = queue.Queue()
        self._nats.asks(asked.put)
        self._ready.set()
        while not self._is_over.is_set():
            with contextlib.suppress(queue.Empty):
                self._answer_to(asked.get(timeout=0.02))
        self._nats.is_gone()

    def _answer_to(self, message: Any) -> None:
        request = msgpack.unpackb(message.data)
        if request["action"] == "bridge.ping":
            self._nats.say(message, msgpack.packb(OK))
            return
        self.requests.append(request)
        reply = self.answer(request)
        if reply is not None:
            reply = reply if isinstance(reply, bytes) else msgpack.packb(reply)
            self._nats.say(message, reply)
        elif not self._is_over.is_set():
            self._nats.is_gone()
            self._nats.is_back()


@pytest.fixture
def bridge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bridge]:
    with contextlib.ExitStack() as stack:
        started = Bridge(f"ipc://{tmp_path}/a")
        if _backend(request) == "nats":
            server = request.getfixturevalue("nats")
            started = NatsBridge(stack.enter_context(fake_nats(server)))
        started.start()
        stack.callback(started.stop)
        yield started


def _backend(request: pytest.FixtureRequest) -> str:
    """What the test is run with."""
    callspec = getattr(request.node, "callspec", None)
    return "" if callspec is None else str(callspec.params.get("backend", ""))


def connected(bridge: Bridge, **options: Any) -> Bus:
    """A bus that is connected to `bridge`."""
    return onebus.connect(actions=bridge.address, **bridge.options, **options)


def run(backend: str, bridge: Bridge, main: Callable[[Bus], Any], **options: Any) -> Any:
    """Run `main` with a bus that is connected to `bridge`."""

    async def within() -> Any:
        async with connected(bridge, **options) as bus:
            return await main(bus)

    return anyio.run(within, backend="asyncio" if backend == "nats" else backend)


def failed(error: str, **more: Any) -> dict[str, Any]:
    status = "unknown" if error == "unknown" else "failed"
    return {"status": status, "retcode": 1, "error": error, "warnings": [], **more}


@BACKENDS
def test_a_call_gives_the_data_of_the_reply(backend: str, bridge: Bridge) -> None:
    bridge.answer = lambda request: {**OK, "data": {"message_id": 7}}
    sent = run(backend, bridge, lambda bus: bus.send_group_msg(1, "hi"))
    assert sent == {"message_id": 7}
    (request,) = bridge.requests
    assert request["action"] == "send_group_msg"
    assert request["params"] == {
        "group_id": 1,
        "message": [{"type": "text", "data": {"text": "hi"}}],
    }
    assert len(request["id"]) <= 128
    assert "timeout" not in request
    assert "token" not in request


@BACKENDS
def test_what_is_said_of_a_call_goes_with_it(backend: str, bridge: Bridge) -> None:
    async def main(bus: Bus) -> onebus.CallReply:
        return await bus.request(
            "get_x",
            {"a": None, "b": 1},
            account="default",
            timeout=1.5,
            idempotency_key="mine",
            trace="t",
        )

    reply = run(backend, bridge, main, token="secret")
    assert reply.status == "ok"
    assert bridge.requests == [
        {
            "action": "get_x",
            "params": {"b": 1},
            "account": "default",
            "timeout": 1500,
            "token": "secret",
            "id": "mine",
            "trace": "t",
        }
    ]


def test_reads_have_no_key_and_writes_have_keys_of_their_own(bridge: Bridge) -> None:
    async def main(bus: Bus) -> None:
        await bus.get_group_list()
        await bus.call("get_what_nobody_knows")
        await bus.send_group_msg(1, "a")
        await bus.send_group_msg(1, "a")
        await bus.call("what_nobody_knows")

    run("asyncio", bridge, main)
    keys = [request.get("id") for request in bridge.requests]
    assert keys[:2] == [None, None]
    assert len(set(keys[2:])) == 3
    assert None not in keys[2:]


def test_the_token_is_shown_nowhere(bridge: Bridge) -> None:
    bridge.answer = lambda request: failed("unauthorized", message="no such token")

    async def main(bus: Bus) -> tuple[str, Exception]:
        with pytest.raises(errors.Unauthorized) as caught:
            await bus.get_status()
        return repr(bus), caught.value

    shown, error = run("asyncio", bridge, main, token="secret")
    assert "secret" not in shown + str(error) + repr(error)


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(errors).values() if getattr(kind, "error", "")]
)
def test_each_error_of_the_contract_has_its_class(
    kind: type[errors.BridgeError], bridge: Bridge
) -> None:
    bridge.answer = lambda request: failed(
        kind.error,
        message="because",
        account="bot",
        id="k",
        data={"retry_after_ms": 1500},
    )

    async def main(bus: Bus) -> errors.BridgeError:
        with pytest.raises(errors.BridgeError) as caught:
            await bus.set_group_name(1, "x")
        return caught.value

    error = run("asyncio", bridge, main)
    assert type(error) is kind
    assert (error.retcode, error.message, error.account) == (1, "because", "bot")
    assert str(error) == f"set_group_name (bot): {kind.error} 1: because"
    if isinstance(error, (errors.RateLimited, errors.Muted)):
        assert error.retry_after == 1.5


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (failed("brand_new"), errors.BridgeError),
        ({**failed("brand_new"), "status": "unknown"}, errors.OutcomeUnknown),
        ({"status": "failed"}, errors.BridgeError),
    ],
)
def test_an_error_of_a_newer_bridge_is_told_by_its_status(
    reply: Any, kind: type[Exception], bridge: Bridge
) -> None:
    bridge.answer = lambda request: reply

    async def main(bus: Bus) -> Exception:
        with pytest.raises(errors.BridgeError) as caught:
            await bus.call("x")
        return caught.value

    assert type(run("asyncio", bridge, main)) is kind


@pytest.mark.parametrize("reply", [b"\xc1", b"\x01", b"\x80", b"", b"\x81\xa1a"])
def test_a_reply_that_is_none_is_refused(reply: bytes, bridge: Bridge) -> None:
    bridge.answer = lambda request: reply

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.MalformedMessage):
            await bus.get_status()

    run("asyncio", bridge, main)


@BACKENDS
def test_a_write_is_asked_again_with_its_key_when_the_bridge_goes(
    backend: str, bridge: Bridge
) -> None:
    bridge.answer = lambda request: OK if len(bridge.requests) > 2 else None
    run(backend, bridge, lambda bus: bus.send_group_msg(1, "once"))
    assert len(bridge.requests) == 3
    assert bridge.requests[0] == bridge.requests[1] == bridge.requests[2]
    assert bridge.requests[0]["id"]


@NNG
def test_a_bridge_that_is_not_there_is_told_of(backend: str, tmp_path: Path) -> None:
    async def main() -> None:
        address = f"ipc://{tmp_path}/none"
        async with onebus.connect(actions=address, connect_timeout=0.1) as bus:
            with pytest.raises(errors.BridgeUnreachable, match=address):
                await bus.send_group_msg(1, "x")

    anyio.run(main, backend=backend)


@NNG
def test_a_call_waits_for_a_bridge_that_comes(backend: str, tmp_path: Path) -> None:
    bridge = Bridge(f"ipc://{tmp_path}/a")

    async def main() -> None:
        async with (
            onebus.connect(actions=bridge.address) as bus,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(bus.send_group_msg, 1, "x")
            await anyio.wait_all_tasks_blocked()
            bridge.start()

    try:
        anyio.run(main, backend=backend)
        assert len(bridge.requests) == 1
    finally:
        bridge.stop()


@BACKENDS
def test_no_reply_to_a_write_leaves_its_outcome_unknown(
    backend: str, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.bus.GRACE", 0.0)
    gate = threading.Event()

    async def main(bus: Bus) -> None:
        await bus.get_status()
        bridge.answer = lambda request: gate.wait(10) and OK
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x", timeout=0.5)
        with pytest.raises(errors.ActionTimeout):
            await bus.get_status(timeout=0.5)
        gate.set()
        reply = await bus.settled(caught.value)
        assert reply.status == "ok"

    run(backend, bridge, main)
    assert bridge.requests[1] == bridge.requests[-1]


@BACKENDS
def test_what_has_come_of_it_is_asked_until_it_is_known(
    backend: str, bridge: Bridge
) -> None:
    def answer(request: Request) -> Any:
        return failed("unknown") if len(bridge.requests) < 3 else failed("timeout")

    bridge.answer = answer

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x")
        with pytest.raises(errors.ActionTimeout):
            await bus.settled(caught.value)

    run(backend, bridge, main)
    assert len(bridge.requests) == 3
    assert bridge.requests[0] == bridge.requests[2]


@BACKENDS
def test_who_is_told_unknown_for_too_long_is_told_so(
    backend: str, bridge: Bridge
) -> None:
    bridge.answer = lambda request: failed("unknown")

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x")
        with pytest.raises(errors.OutcomeUnknown):
            await bus.settled(caught.value, timeout=0)

    run(backend, bridge, main)


@BACKENDS
def test_a_cancelled_call_leaves_nothing_behind(backend: str, bridge: Bridge) -> None:
    gate = threading.Event()
    bridge.answer = lambda request: gate.wait(10) and OK

    async def main(bus: Bus) -> None:
        for _ in range(5):
            with anyio.move_on_after(0.02) as scope:
                await bus.send_group_msg(1, "x")
            assert scope.cancelled_caught
        gate.set()
        await bus.send_group_msg(1, "y")

    run(backend, bridge, main)
    assert bridge.requests[-1]["params"]["message"][0]["data"]["text"] == "y"


@BACKENDS
def test_many_calls_are_under_way_at_once(backend: str, bridge: Bridge) -> None:
    bridge.answer = lambda request: {**OK, "data": request["params"]["n"]}

    async def main(bus: Bus) -> list[int]:
        got: list[int] = []

        async def call(n: int) -> None:
            got.append(await bus.call("get_n", n=n))

        async with anyio.create_task_group() as tasks:
            for n in range(600):
                tasks.start_soon(call, n)
        return got

    assert sorted(run(backend, bridge, main)) == list(range(600))


def test_warnings_are_logged_and_kept(
    bridge: Bridge, caplog: pytest.LogCaptureFixture
) -> None:
    bridge.answer = lambda request: {**OK, "warnings": ["half of it"]}
    reply = run("asyncio", bridge, lambda bus: bus.request("x"))
    assert reply.warnings == ("half of it",)
    assert "x: half of it" in caplog.text


async def test_a_bus_that_is_closed_says_so() -> None:
    bus = onebus.connect()
    with pytest.raises(RuntimeError, match="async with"):
        await bus.get_status()


async def test_the_environment_says_what_is_not_given(
    bridge: Bridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.write_text("from a file\n")
    monkeypatch.setenv("ONEBUS_ACTIONS", bridge.address)
    monkeypatch.setenv("ONEBUS_TOKEN_FILE", str(token))
    monkeypatch.setenv("ONEBUS_ACCOUNT", "second")
    async with onebus.connect() as bus:
        await bus.get_status()
    assert bridge.requests[0]["token"] == "from a file"
    assert bridge.requests[0]["account"] == "second"


async def test_errors_can_be_pickled(bridge: Bridge) -> None:
    error = errors.error_of("x", failed("rate_limited", data={"retry_after_ms": 5}))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is errors.RateLimited
    assert again.retry_after == 0.005


@BACKENDS
def test_who_does_not_get_a_turn_in_time_is_told(backend: str, bridge: Bridge) -> None:
    gate = threading.Event()
    bridge.answer = lambda request: gate.wait(10) and OK

    async def main(bus: Bus) -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(CALLS_MAX):
                tasks.start_soon(bus.get_status)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(errors.Busy, match="nothing was sent"):
                await bus.send_group_msg(1, "x", timeout=0.05)
            gate.set()
        await bus.send_group_msg(1, "y")

    run(backend, bridge, main)
    assert len(bridge.requests) == CALLS_MAX + 1


@NNG
def test_those_above_the_bound_go_in_order(backend: str, bridge: Bridge) -> None:
    async def main(bus: Bus) -> None:
        async with anyio.create_task_group() as tasks:
            for n in range(5):
                tasks.start_soon(partial(bus.call, "get_n", n=n))
                await anyio.wait_all_tasks_blocked()

    async def within() -> None:
        caller = Caller(NngWire(bridge.address), calls_max=1)
        async with caller:
            bus = Bus("tcp://127.0.0.1:1", bridge.address)
            bus._caller = caller
            await main(bus)

    anyio.run(within, backend=backend)
    assert [request["params"]["n"] for request in bridge.requests] == list(range(5))


@NNG
def test_the_time_of_a_call_counts_for_finding_the_bridge(
    backend: str, tmp_path: Path
) -> None:
    async def main() -> None:
        async with onebus.connect(actions=f"ipc://{tmp_path}/none") as bus:
            with anyio.fail_after(5), pytest.raises(errors.BridgeUnreachable):
                await bus.send_group_msg(1, "x", timeout=0.05)

    anyio.run(main, backend=backend)


@BACKENDS
def test_a_bridge_that_does_not_come_back_is_told_of(
    backend: str, bridge: Bridge
) -> None:
    def answer(request: Request) -> Any:
        bridge.end()

    bridge.answer = answer

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.OutcomeUnknown, match="gone away"):
            await bus.send_group_msg(1, "x")

    # It must be found to begin with, on a busy machine as well.
    run(backend, bridge, main, connect_timeout=1.0)
    assert len(bridge.requests) == 1


@BACKENDS
def test_a_read_under_which_the_bridge_goes_was_not_answered(
    backend: str, bridge: Bridge
) -> None:
    def answer(request: Request) -> Any:
        bridge.end()

    bridge.answer = answer

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.BridgeUnreachable, match="gone away"):
            await bus.get_status()

    # It must be found to begin with, on a busy machine as well.
    run(backend, bridge, main, connect_timeout=1.0)


@BACKENDS
@pytest.mark.parametrize("error", ["busy", "shutting_down"])
def test_who_asks_again_is_not_told_that_nothing_was_sent(
    error: str, backend: str, bridge: Bridge
) -> None:
    answers = iter([None, failed(error), OK])
    bridge.answer = lambda request: next(answers)
    run(backend, bridge, lambda bus: bus.send_group_msg(1, "x"))
    assert len(bridge.requests) == 3
    assert bridge.requests[0] == bridge.requests[2]


@BACKENDS
@pytest.mark.parametrize("error", ["busy", "shutting_down"])
def test_the_first_time_it_is_true(error: str, backend: str, bridge: Bridge) -> None:
    bridge.answer = lambda request: failed(error)

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.BridgeError) as caught:
            await bus.send_group_msg(1, "x")
        assert caught.value.is_retriable

    run(backend, bridge, main)
    assert len(bridge.requests) == 1


@BACKENDS
def test_a_bus_that_is_closed_ends_its_calls(backend: str, bridge: Bridge) -> None:
    gate = threading.Event()
    bridge.answer = lambda request: gate.wait(10) and OK

    async def main() -> None:
        bus = connected(bridge)
        async with anyio.create_task_group() as tasks:
            await bus.__aenter__()

            async def call() -> None:
                with pytest.raises(RuntimeError, match="is closed"):
                    await bus.send_group_msg(1, "x")

            tasks.start_soon(call)
            while not bridge.requests:
                await anyio.sleep(0.001)
            await bus.__aexit__(None, None, None)
        gate.set()
        async with bus:
            await bus.get_status()

    anyio.run(main, backend="asyncio" if backend == "nats" else backend)


@BACKENDS
def test_a_bus_is_opened_once_at_a_time(backend: str, bridge: Bridge) -> None:
    async def main(bus: Bus) -> None:
        with pytest.raises(RuntimeError, match="open already"):
            await bus.__aenter__()
        await bus.get_status()

    run(backend, bridge, main)


@NNG
def test_what_is_too_large_is_told_before_it_is_sent(
    backend: str, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.nng.REQUEST_BYTES_MAX", 1000)

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.TooLarge, match="takes 1000 at once"):
            await bus.send_group_msg(1, onebus.Image(bytes(1000)))

    run(backend, bridge, main)
    assert bridge.requests == []


@BACKENDS
def test_an_error_has_no_token_and_can_be_settled_by_another_bus(
    backend: str, bridge: Bridge
) -> None:
    bridge.answer = lambda request: failed("unknown")

    async def ask(bus: Bus) -> bytes:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x")
        return pickle.dumps(caught.value)

    pickled = run(backend, bridge, ask, token="secret")
    assert b"secret" not in pickled
    bridge.answer = lambda request: {**OK, "data": {"message_id": 7}}

    async def settle(bus: Bus) -> onebus.CallReply:
        return await bus.settled(pickle.loads(pickled))

    assert run(backend, bridge, settle, token="new").data == {"message_id": 7}
    first, second = bridge.requests
    assert first.pop("token") == "secret"
    assert second.pop("token") == "new"
    assert first == second


def test_what_the_bridge_has_forgotten_is_not_asked(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge.answer = lambda request: failed("unknown")

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x")
        monkeypatch.setattr("onebus.bus.KEY_LIFE", -1.0)
        with pytest.raises(ValueError, match="a day old"):
            await bus.settled(caught.value, timeout=0)
        by_hand = errors.error_of("x", failed("unknown"))
        assert isinstance(by_hand, errors.OutcomeUnknown)
        with pytest.raises(ValueError, match="no call of a Bus"):
            await bus.settled(by_hand)

    run("asyncio", bridge, main)
    assert len(bridge.requests) == 1


@BACKENDS
def test_a_bridge_that_is_away_or_stops_does_not_end_the_asking(
    backend: str, bridge: Bridge
) -> None:
    answers = iter(
        [failed("unknown"), failed("shutting_down"), None, failed("busy"), OK]
    )
    bridge.answer = lambda request: next(answers)

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x")
        assert (await bus.settled(caught.value)).status == "ok"

    run(backend, bridge, main)
    assert len(bridge.requests) == 5


@BACKENDS
def test_what_the_peer_refused_it_with_is_told(backend: str, bridge: Bridge) -> None:
    answers = iter([failed("unknown"), failed("peer_error", wording="no")])
    bridge.answer = lambda request: next(answers)

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x")
        with pytest.raises(errors.ActionFailed, match="no"):
            await bus.settled(caught.value)

    run(backend, bridge, main)


@BACKENDS
def test_a_bridge_that_hangs_does_not_hold_who_asks_what_came_of_it(
    backend: str, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.bus.GRACE", 0.0)
    gate = threading.Event()

    async def main(bus: Bus) -> None:
        await bus.get_status()
        bridge.answer = lambda request: gate.wait(20) and OK
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x", timeout=0.5)
        again = errors.OutcomeUnknown(caught.value.action, caught.value.reply)
        again.request = {**(caught.value.request or {}), "timeout": 60_000}
        again.asked = caught.value.asked
        with anyio.fail_after(10), pytest.raises(errors.OutcomeUnknown):
            await bus.settled(again, timeout=0.1)
        gate.set()

    run(backend, bridge, main)


def test_warnings_are_logged_once_and_kept(
    bridge: Bridge, caplog: pytest.LogCaptureFixture
) -> None:
    answers = iter(
        [
            failed("unknown", warnings=["one"]),
            failed("unknown", warnings=["one"]),
            {**OK, "warnings": ["one", "two"]},
        ]
    )
    bridge.answer = lambda request: next(answers)

    async def main(bus: Bus) -> onebus.CallReply:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x")
        assert caught.value.warnings == ("one",)
        return await bus.settled(caught.value)

    with caplog.at_level("WARNING", "onebus"):
        reply = run("asyncio", bridge, main)
    assert reply.warnings == ("one", "two")
    assert [record.getMessage() for record in caplog.records] == ["send_group_msg: one"]


@NNG
def test_every_context_is_given_back(
    backend: str, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    bridge.answer = lambda request: gate.wait(10) and OK
    opened: list[pynng.Context] = []
    closed: list[pynng.Context] = []
    new_context, close = pynng.Socket.new_context, pynng.Context.close

    def opening(socket: pynng.Socket) -> pynng.Context:
        opened.append(new_context(socket))
        return opened[-1]

    def closing(context: pynng.Context) -> None:
        closed.append(context)
        close(context)

    monkeypatch.setattr(pynng.Socket, "new_context", opening)
    monkeypatch.setattr(pynng.Context, "close", closing)

    async def main(bus: Bus) -> None:
        for seconds in (0.0, 0.001, 0.02):
            with anyio.move_on_after(seconds):
                await bus.send_group_msg(1, "x")
        gate.set()
        await bus.send_group_msg(1, "y")

    run(backend, bridge, main)
    assert len(opened) >= 3
    # Others may be among those that were closed: contexts close when they are
    # collected, those of other tests, too.
    assert {*map(id, opened)} <= {*map(id, closed)}


def test_the_bridges_own_actions_name_no_account(bridge: Bridge) -> None:
    async def main(bus: Bus) -> None:
        await bus.call("bridge.ping")
        await bus.bridge.ping()
        await bus.get_status()
        await bus.request("get_status", self_id=10001)

    run("asyncio", bridge, main, account="bot")
    accounts = [request.get("account") for request in bridge.requests]
    assert accounts == [None, None, "bot", None]
    assert bridge.requests[3]["self_id"] == 10001


@pytest.mark.parametrize("action", ["download_file_stream", "test_download_stream_async"])
def test_an_answer_in_parts_may_take_long(
    action: str, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.bus.GRACE", 0.0)
    released = threading.Event()

    async def main(bus: Bus) -> None:
        await bus.get_status()
        bridge.answer = lambda request: released.wait(1.0) or OK
        await bus.call(action, timeout=0.5)

    run("asyncio", bridge, main)
