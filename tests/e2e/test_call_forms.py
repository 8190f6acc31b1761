"""Requests in MessagePack and in JSON, by different clients."""

import asyncio
import json
import shutil

import msgpack
import pynng
import pytest
from onebus.sim import ABSENT

from harness.build import WAIT
from harness.factories import StartBridge, StartBus, StartSim


async def test_a_call_in_messagepack_gets_its_answer_in_messagepack(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    await sim(b, self_id=10007, nickname="小桥")
    reply = await bus(b).call("get_login_info", id="i-1", trace="t-1")
    assert reply.pop("ms") >= 0
    assert reply == {
        "status": "ok",
        "retcode": 0,
        "data": {"user_id": 10007, "nickname": "小桥"},
        "message": "",
        "wording": "",
        "account": "default",
        "id": "i-1",
        "trace": "t-1",
        "warnings": [],
    }


async def test_a_call_in_json_gets_its_answer_in_json(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    await sim(b, self_id=10007, nickname="小桥")
    reply = await bus(b).call_json("get_login_info", id="一")
    assert reply["data"] == {"user_id": 10007, "nickname": "小桥"}
    assert (reply["status"], reply["id"]) == ("ok", "一")


async def test_nngcat_can_call(bridge: StartBridge, sim: StartSim) -> None:
    if shutil.which("nngcat") is None:
        pytest.skip("nngcat is not installed (package nng-utils)")
    b = await bridge()
    await sim(b, self_id=10007)
    data = '{"action":"get_login_info"}'
    process = await asyncio.create_subprocess_exec(
        *("nngcat", "--req", "--dial", b.actions, "--data", data, "--raw"),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await asyncio.wait_for(process.communicate(), WAIT)
    assert json.loads(out)["data"]["user_id"] == 10007


async def test_a_call_by_tcp_works_as_by_ipc(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge(bridge={"actions": ["tcp://127.0.0.1:0"]})
    await sim(b, self_id=10007)
    assert b.actions.startswith("tcp://127.0.0.1:")
    with pynng.Req0(dial=b.actions) as caller:
        await caller.asend(msgpack.packb({"action": "get_login_info"}))
        reply = msgpack.unpackb(await asyncio.wait_for(caller.arecv(), WAIT))
    assert reply["data"]["user_id"] == 10007


async def test_missing_null_and_given_data_stay_what_they_are(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    program = bus(b)
    peer = await sim(b)
    peer.on("send_like", lambda _: ABSENT)
    peer.on("get_null", lambda _: None)
    peer.on("get_list", lambda _: [])
    assert "data" not in await program.call("send_like", {"user_id": 1, "times": 1})
    assert (await program.call("get_null"))["data"] is None
    assert (await program.call("get_list"))["data"] == []
