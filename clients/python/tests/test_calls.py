"""Calls: one request, one reply, whatever the bridge does meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import msgpack
import pynng
import pytest

import onebus
from onebus import Bus, errors, wire
from onebus.waiting import wait_for

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])

Request = dict[str, Any]
#: What the bridge answers; None: nothing, and it goes away for a moment.
Answer = Callable[[Request], Any]

OK = {"status": "ok", "retcode": 0, "data": None, "warnings": [], "ms": 1}


class Bridge:
    """A bridge that answers as it is told, in a thread."""

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

    def leave(self) -> None:
        """Go away, and do not come back."""
        self._is_over.set()

    def stop(self) -> None:
        self.leave()
        self._thread.join()

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


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    started = Bridge(f"ipc://{tmp_path}/a")
    started.start()
    yield started
    started.stop()


def run(backend: str, bridge: Bridge, main: Callable[[Bus], Any], **options: Any) -> Any:
    """Run `main` with a bus that is connected to `bridge`."""

    async def within() -> Any:
        async with onebus.connect(actions=bridge.address, **options) as bus:
            return await main(bus)

    return anyio.run(within, backend=backend)


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
            account="bot",
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
            "account": "bot",
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


@BACKENDS
def test_a_bridge_that_is_not_there_is_told_of(backend: str, tmp_path: Path) -> None:
    async def main() -> None:
        address = f"ipc://{tmp_path}/none"
        async with onebus.connect(actions=address, connect_timeout=0.1) as bus:
            with pytest.raises(errors.BridgeUnreachable, match=address):
                await bus.send_group_msg(1, "x")

    anyio.run(main, backend=backend)


@BACKENDS
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
    bridge.answer = lambda request: gate.wait(10) and OK

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x", timeout=0.1)
        with pytest.raises(errors.ActionTimeout):
            await bus.get_status(timeout=0.1)
        gate.set()
        reply = await bus.settled(caught.value)
        assert reply.status == "ok"

    run(backend, bridge, main)
    assert bridge.requests[0] == bridge.requests[-1]


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
    import pickle

    error = errors.error_of("x", failed("rate_limited", data={"retry_after_ms": 5}))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is errors.RateLimited
    assert again.retry_after == 0.005


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "an id": ({"group_id": 1 << 70}, r"params\.group_id: 1180591620717411303424: allowed"),
    "a text": ({"a": {"b": ["x", "\ud800"]}}, r"params\.a\.b\[1\]: '\\ud800': allowed"),
    "not a number": ({"a": [float("nan")]}, r"params\.a\[0\]: nan: allowed: a finite"),
    "infinity": ({"message": {"type": "x", "data": {"y": float("inf")}}}, r"data\.y: inf"),
    "a set": ({"a": {1}}, r"params\.a: \{1\}: allowed: text, numbers"),
    "a class": ({"message": {"type": "x", "data": {"y": int}}}, r"message\[0\]\.data\.y"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_has_no_form_on_the_wire_is_named(what: str, bridge: Bridge) -> None:
    params, told = BAD[what]

    async def main(bus: Bus) -> None:
        with pytest.raises(ValueError, match=told):
            await bus.request("send_x", params)

    run("asyncio", bridge, main)
    assert bridge.requests == []


@pytest.mark.parametrize("timeout", [0, -1, 1801, float("nan"), float("inf")])
def test_a_timeout_that_is_none_is_refused(timeout: float, bridge: Bridge) -> None:
    async def main(bus: Bus) -> None:
        with pytest.raises(ValueError, match="allowed: seconds above 0, up to 1800"):
            await bus.get_status(timeout=timeout)

    run("asyncio", bridge, main)
    with pytest.raises(ValueError, match="timeout="):
        onebus.connect(timeout=timeout)


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_time_to_connect_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="connect_timeout=.*: allowed: seconds above 0"):
        onebus.connect(connect_timeout=seconds)


def test_a_request_that_the_bridge_would_not_take_is_not_sent(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.bus.REQUEST_MAX", 1 << 20)

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.TooLarge, match="nothing was sent"):
            await bus.send_group_msg(1, onebus.Image(b"x" * (1 << 20)))

    run("asyncio", bridge, main)
    assert bridge.requests == []


def test_messages_are_messages_wherever_they_are_given(bridge: Bridge) -> None:
    text = {"type": "text", "data": {"text": "[CQ:face,id=1]"}}

    async def main(bus: Bus) -> None:
        await bus.send_group_msg(1, (part for part in ["[CQ:face,id=1]"]))
        await bus.send_group_msg(1, [[["[CQ:face,id=1]"]]])
        node = {"type": "node", "data": {"content": [onebus.Text("[CQ:face,id=1]")]}}
        await bus.send_group_msg(1, node)
        await bus.handle_quick_operation({}, {"reply": "[CQ:face,id=1]", "delete": True})

    run("asyncio", bridge, main)
    first, second, third, fourth = [request["params"] for request in bridge.requests]
    assert first["message"] == second["message"] == [text]
    assert third["message"] == [{"type": "node", "data": {"content": [text]}}]
    assert fourth["operation"] == {"reply": [text], "delete": True}


def test_a_message_that_is_a_plain_string_for_the_peer_stays_one(bridge: Bridge) -> None:
    async def main(bus: Bus) -> None:
        await bus.set_group_kick(1, 2, message="bye")

    run("asyncio", bridge, main)
    assert bridge.requests[0]["params"]["message"] == "bye"


def test_which_messages_are_plain_strings_is_as_in_the_catalogue() -> None:
    catalogue = Path(__file__).parents[3] / "schema" / "actions.json"
    actions = json.loads(catalogue.read_text(encoding="utf-8"))["actions"]
    for action in actions:
        for param in action.get("params", ()):
            if param["name"] in ("message", "messages"):
                given = wire.params(action["name"], {param["name"]: "x"})
                is_plain = given[param["name"]] == "x"
                assert is_plain == ("message" not in param["types"]), action["name"]


@BACKENDS
def test_a_call_that_finds_no_room_in_its_time_was_not_sent(
    backend: str, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.bus.CALLS_MAX", 1)
    monkeypatch.setattr("onebus.bus.GRACE", 0.0)
    gate = threading.Event()
    bridge.answer = lambda request: gate.wait(10) and OK

    async def main(bus: Bus) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(bus.get_status)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(errors.Busy, match="1 calls were under way for 0.1 s"):
                await bus.send_group_msg(1, "x", timeout=0.1)
            gate.set()
        await bus.send_group_msg(1, "y")

    run(backend, bridge, main)
    assert len(bridge.requests) == 2


@BACKENDS
def test_cancelled_waiters_leave_their_room_to_others(
    backend: str, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onebus.bus.CALLS_MAX", 2)
    gate = threading.Event()
    bridge.answer = lambda request: gate.wait(10) and OK

    async def main(bus: Bus) -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(8):
                tasks.start_soon(bus.get_status)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        gate.set()
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(bus.get_status)

    run(backend, bridge, main)


@BACKENDS
def test_calls_that_are_under_way_are_told_that_the_bus_closes(
    backend: str, bridge: Bridge
) -> None:
    gate = threading.Event()
    bridge.answer = lambda request: gate.wait(10) and OK
    told: list[str] = []

    async def main() -> None:
        bus = onebus.connect(actions=bridge.address)

        async def call() -> None:
            with pytest.raises(RuntimeError, match="the bus is closed") as caught:
                await bus.send_group_msg(1, "x")
            told.append(str(caught.value))

        async with anyio.create_task_group() as tasks:
            async with bus:
                for _ in range(3):
                    tasks.start_soon(call)
                await anyio.wait_all_tasks_blocked()
                while not bridge.requests:
                    await anyio.sleep(0.01)
        gate.set()

    anyio.run(main, backend=backend)
    assert len(told) == 3


async def test_a_bus_is_opened_once_at_a_time(bridge: Bridge) -> None:
    bus = onebus.connect(actions=bridge.address)
    async with bus:
        with pytest.raises(RuntimeError, match="open already"):
            await bus.__aenter__()
        await bus.get_status()
    async with bus:
        await bus.get_status()


@BACKENDS
def test_a_bridge_that_goes_and_stays_away_is_told_of_as_that(
    backend: str, tmp_path: Path
) -> None:
    bridge = Bridge(f"ipc://{tmp_path}/a")

    def answer(request: Request) -> Any:
        bridge.leave()

    bridge.answer = answer
    bridge.start()

    async def main(bus: Bus) -> None:
        with pytest.raises(errors.OutcomeUnknown, match="went away, and is not back"):
            await bus.send_group_msg(1, "x")

    run(backend, bridge, main, connect_timeout=0.2)
    bridge.stop()


def test_what_is_kept_of_a_call_has_no_token(bridge: Bridge) -> None:
    def answer(request: Request) -> Any:
        return failed("unknown") if len(bridge.requests) < 3 else OK

    bridge.answer = answer

    async def main(bus: Bus) -> Any:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x")
        await bus.settled(caught.value)
        return vars(caught.value)

    assert "secret" not in repr(run("asyncio", bridge, main, token="secret"))
    assert [request["token"] for request in bridge.requests] == ["secret"] * 3


async def test_what_was_no_call_of_a_bus_cannot_be_settled(bridge: Bridge) -> None:
    error = errors.error_of("x", failed("unknown"))
    assert isinstance(error, errors.OutcomeUnknown)
    async with onebus.connect(actions=bridge.address) as bus:
        with pytest.raises(ValueError, match="no call of a bus"):
            await bus.settled(error)


@BACKENDS
def test_settling_outlasts_a_bridge_that_is_away(backend: str, bridge: Bridge) -> None:
    answers = [failed("unknown"), failed("shutting_down"), failed("busy"), OK]
    bridge.answer = lambda request: answers[len(bridge.requests) - 1]

    async def main(bus: Bus) -> str:
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await bus.send_group_msg(1, "x")
        return (await bus.settled(caught.value)).status

    assert run(backend, bridge, main) == "ok"


#: NNG itself must not have been used before a fork, so this runs on its own.
FORKED = """
import os, sys, anyio, onebus

bus = onebus.connect(actions=sys.argv[1])

async def main():
    async with bus:
        await bus.send_group_msg(1, "x")

child = os.fork()
anyio.run(main)
if child:
    os.waitpid(child, 0)
"""


def test_keys_of_forked_processes_differ(bridge: Bridge) -> None:
    command = [sys.executable, "-c", FORKED, bridge.address]
    subprocess.run(command, check=True, timeout=30)
    first, second = (request["id"] for request in bridge.requests)
    assert first != second


@pytest.mark.parametrize(
    ("content", "told"), [(None, "No such file"), ("\n", "no token in it")]
)
def test_a_token_that_cannot_be_read_is_told_of(
    content: str | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("ONEBUS_TOKEN_FILE", str(file))
    with pytest.raises(errors.OnebusError, match=f"ONEBUS_TOKEN_FILE={file}.*{told}"):
        onebus.connect()
    assert onebus.connect(token="mine")


async def test_a_cancellation_that_pynng_passes_over_comes_again() -> None:
    """It does so when the operation has ended in the same moment."""
    begun = asyncio.Event()

    async def operation() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            begun.set()
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    task = asyncio.ensure_future(wait_for(operation()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
