"""onebus call"""

import asyncio
import json

import pytest

from harness.cli import onebus
from harness.factories import StartBridge, StartSim
from harness.websocket import connect


async def test_a_call_prints_the_reply_as_a_line_of_json(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    await sim(b, self_id=10007, nickname="小桥")
    result = await onebus("call", "--url", b.actions, "get_login_info", "--id", "i")
    assert (result.status, result.err) == (0, "")
    assert result.out.count("\n") == 1
    reply = json.loads(result.out)
    assert reply["data"] == {"user_id": 10007, "nickname": "小桥"}
    assert reply["id"] == "i"


async def test_params_go_to_the_peer_as_they_are(bridge: StartBridge) -> None:
    params = {"n": 2**64 - 1, "f": 0.1, "s": "你好\n", "l": [{}, [], None, True]}
    b = await bridge()
    async with await connect(b.url()) as peer:
        call = asyncio.create_task(
            onebus("call", "--url", b.actions, "do", json.dumps(params))
        )
        request = await peer.request()
        assert (request["action"], request["params"]) == ("do", params)
        await peer.answer_ok(request, params)
        assert json.loads((await call).out)["data"] == params


async def test_params_come_on_stdin_where_they_are_long(bridge: StartBridge) -> None:
    params = {"s": "x" * 300_000}
    b = await bridge()
    async with await connect(b.url()) as peer:
        call = asyncio.create_task(
            onebus(
                *("call", "--url", b.actions, "do", "-"),
                stdin=json.dumps(params).encode(),
            )
        )
        request = await peer.request()
        assert request["params"] == params
        await peer.answer_ok(request, None)
        assert (await call).status == 0


async def test_stdin_that_is_not_json_is_told(bridge: StartBridge) -> None:
    b = await bridge()
    result = await onebus("call", "--url", b.actions, "do", "-", stdin=b"{'a': 1}")
    assert result.status == 2
    assert "not JSON" in result.err


async def test_a_call_that_failed_is_told_by_the_exit_status(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    await sim(b)
    result = await onebus("call", "--url", b.actions, "no_such_action")
    assert result.status == 1
    assert json.loads(result.out)["error"] == "unknown_action"


@pytest.mark.parametrize("time", ["100", "100ms"])
async def test_a_timeout_of_the_caller_counts(
    bridge: StartBridge, sim: StartSim, time: str
) -> None:
    b = await bridge()
    (await sim(b)).hold()
    options = ("--url", b.actions, "--timeout", time)
    result = await onebus("call", *options, "get_status")
    assert result.status == 1
    assert json.loads(result.out)["error"] == "timeout"


async def test_an_account_can_be_named(bridge: StartBridge, sim: StartSim) -> None:
    b = await bridge({"accounts": {"a": {}, "b": {}}})
    await sim(b, "b", self_id=10002)
    config = ("--config", str(b.folder / "onebus.json"))
    result = await onebus("call", *config, "get_status")
    assert json.loads(result.out)["error"] == "account_required"
    result = await onebus("call", *config, "--account", "b", "get_status")
    assert result.status == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("do", "{"),
        ("do", "{'a':1}"),
        ("do", ""),
        (),
        ("do", "{}", "more"),
        ("--no-such-option", "do"),
        ("--timeout", "soon", "do"),
        ("--timeout", "-1", "do"),
        ("--timeout", "5 s", "do"),
    ],
)
async def test_a_slip_on_the_command_line_is_2(
    bridge: StartBridge, sim: StartSim, arguments: tuple[str, ...]
) -> None:
    b = await bridge()
    peer = await sim(b)
    result = await onebus("call", "--url", b.actions, *arguments)
    assert result.status == 2
    assert result.err
    assert peer.requests == []


async def test_params_that_are_no_object_fail(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    result = await onebus("call", "--url", b.actions, "do", "[1]")
    assert result.status in (1, 2)
    assert peer.requests == []


async def test_when_nobody_is_there_it_says_so(bridge: StartBridge) -> None:
    result = await onebus("call", "--url", f"ipc://{bridge.folder}/none", "do")
    assert result.status == 1
    assert "cannot reach the bridge" in result.err
