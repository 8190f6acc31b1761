"""Grants: whose token lets them do what, and what a group's tools leave."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from harness.cli import Result, listening, onebus
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
from harness.net import free_port

TOKEN = "a-token-of-the-tests-0001"
OTHER = "a-token-of-the-tests-0002"

#: What a call may end in once it has been let through: the simulated QQ is in
#: no group.
REACHED = (None, "peer_error")


def grant(name: str = "bot", token: str = TOKEN, **limits: Any) -> dict[str, Any]:
    return {"name": name, "token": token} | limits


def grants(*several: dict[str, Any]) -> dict[str, Any]:
    return {"grants": list(several)}


def send(group_id: int) -> dict[str, Any]:
    return {"group_id": group_id, "message": "hi"}


# -- tokens ----------------------------------------------------------------


async def test_a_token_is_asked_for_in_both_forms(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({}, grants(grant()))
    program = bus(b)
    await sim(b)
    for call in (program.call, program.call_json):
        assert (await call("get_status", token=TOKEN))["status"] == "ok"
        for fields in ({}, {"token": OTHER}, {"token": TOKEN + " "}, {"token": None}):
            reply = await call("get_status", **fields)
            assert (reply["error"], reply["retcode"]) == ("unauthorized", 10401)
            assert "bridge.grants" in reply["message"]
    assert (await program.call("bridge.ping"))["error"] == "unauthorized"
    status = (await program.call("bridge.status", token=TOKEN))["data"]
    assert status["grants"] == {"bot": {"calls": 3, "denied": 0}}
    assert status["unauthorized"] == 9


async def test_a_token_may_be_in_a_file_or_a_variable(
    bridge: StartBridge, bus: StartBus, folder: Path
) -> None:
    (folder / "token").write_text(TOKEN + "\n")
    file = {"name": "file", "tokenFile": str(folder / "token")}
    variable = grant("variable", "${BOT_TOKEN}")
    b = await bridge({}, grants(file, variable), env={"BOT_TOKEN": OTHER})
    for token in (TOKEN, OTHER):
        assert (await bus(b).call("bridge.ping", token=token))["status"] == "ok"


async def test_a_token_is_shown_nowhere(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({}, grants(grant(actions="get_*")) | {"log": {"level": "debug"}})
    program = bus(b)
    await sim(b)
    replies = [
        await program.call("get_status", token=TOKEN, trace="t"),
        await program.call("send_msg", token=TOKEN, trace="t"),
        await program.call("get_status", token=OTHER, trace="t"),
    ]
    b.rewrite({}, grants(grant(), grant("two", OTHER)))
    b.signal(signal.SIGHUP)
    await b.wait_for_line("bridge.grants[two] (added)")
    replies.append(await program.call("bridge.status", token=TOKEN))
    printed = await onebus("check", "--print", "--config", f"{b.folder}/onebus.json")
    assert printed.status == 0
    assert json.loads(printed.out)["bridge"]["grants"][0]["token"] == "***"
    shown = b.stderr.decode() + str(replies) + printed.out + printed.err
    assert TOKEN not in shown
    assert OTHER not in shown


async def test_refusals_are_told_with_the_grant_once_a_minute(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge({}, grants(grant(actions=["get_*", "bridge.*"])))
    program = bus(b)
    for _ in range(5):
        await program.call("send_msg", token=TOKEN)
        await program.call("send_msg")
    await program.call("bridge.ping", token=TOKEN)
    (denied,) = b.lines("call: refused", "error=denied")
    assert "grant bot does not cover send_msg: bridge.grants[bot].actions" in denied
    assert "caller=" in denied
    (unauthorized,) = b.lines("call: refused", "error=unauthorized")
    assert "caller=" in unauthorized


# -- what is covered -------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "action", "params", "error"),
    [
        ({"actions": "send_*"}, "send_group_msg", send(20002), None),
        ({"actions": ["get_*"]}, "send_group_msg", send(20002), "actions"),
        ({"actions": ["get_login_inf?"]}, "get_login_info", {}, None),
        ({"actions": ["get_*"]}, "bridge.status", {}, "actions"),
        ({"actions": ["bridge.*"]}, "bridge.status", {}, None),
        ({"accounts": ["de*"]}, "get_login_info", {}, None),
        ({"accounts": ["b?t"]}, "get_login_info", {}, "accounts"),
        ({"chats": ["group.2000?"]}, "send_group_msg", send(20002), None),
        ({"chats": "private.*"}, "send_group_msg", send(20002), "chats"),
        ({"chats": ["group.20002"]}, "send_group_msg", send(20003), "chats"),
        ({"chats": ["group.20002"]}, "delete_msg", {"message_id": 1}, "chats"),
        ({"chats": ["group.20002"]}, "get_login_info", {}, None),
        ({"chats": ["group.20002"]}, "bridge.history", {"group_id": 20002}, None),
        ({"chats": ["group.20002"]}, "bridge.history", {"group_id": 20003}, "chats"),
        ({"chats": ["group.20002"]}, "bridge.replay", {}, "chats"),
        ({"accounts": ["default"]}, "bridge.replay", {}, "accounts"),
        ({"accounts": ["x"]}, "bridge.pairing.list", {}, "accounts"),
        ({"events": False}, "bridge.replay", {}, "events"),
        ({"events": False}, "bridge.history", {"group_id": 20002}, "events"),
        ({"events": False}, "get_login_info", {}, None),
    ],
)
async def test_a_grant_covers_what_its_lists_name(
    bridge: StartBridge,
    bus: StartBus,
    sim: StartSim,
    limits: dict[str, Any],
    action: str,
    params: dict[str, Any],
    error: str | None,
) -> None:
    b = await bridge({}, grants(grant(**limits)))
    await sim(b)
    reply = await bus(b).call(action, params, token=TOKEN)
    if error is None:
        assert reply.get("error") in REACHED
    else:
        assert (reply["error"], reply["retcode"]) == ("denied", 10403)
        assert reply["message"].endswith(f": bridge.grants[bot].{error}")


@pytest.mark.parametrize(
    "tools",
    [["send_*"], "send_*", {"allow": ["send_*"]}, {"deny": "set_group_ban"}],
)
async def test_a_groups_tools_narrow_what_calls_into_it_may_do(
    bridge: StartBridge, bus: StartBus, sim: StartSim, tools: Any
) -> None:
    b = await bridge({"groups": {"20002": {"tools": tools}}})
    program = bus(b)
    await sim(b)
    ban = {"group_id": 20002, "user_id": 30001}
    reply = await program.call("set_group_ban", ban)
    assert reply["error"] == "denied"
    assert reply["message"].endswith("channels.napcatqq.groups.20002.tools")
    sent = await program.call("send_group_msg", send(20002))
    assert sent.get("error") in REACHED
    elsewhere = await program.call("set_group_ban", ban | {"group_id": 20003})
    assert elsewhere.get("error") in REACHED


# -- settings --------------------------------------------------------------


async def test_a_reload_gives_and_takes_grants(
    bridge: StartBridge, bus: StartBus
) -> None:
    b = await bridge()
    program = bus(b)
    b.rewrite({}, grants(grant()))
    reply = await program.call("bridge.reload")
    assert reply["data"] == {"changed": ["bridge.grants[bot] (added)"], "restart": []}
    assert (await program.call("bridge.ping"))["error"] == "unauthorized"
    b.rewrite({}, grants(grant(token=OTHER, actions=["bridge.reload"])))
    reply = await program.call("bridge.reload", token=TOKEN)
    assert set(reply["data"]["changed"]) == {
        "bridge.grants[bot].token",
        "bridge.grants[bot].actions",
    }
    assert (await program.call("bridge.ping", token=TOKEN))["error"] == "unauthorized"
    assert (await program.call("bridge.ping", token=OTHER))["error"] == "denied"
    b.rewrite({})
    reply = await program.call("bridge.reload", token=OTHER)
    assert reply["data"]["changed"] == ["bridge.grants[bot] (removed)"]
    assert (await program.call("bridge.ping"))["status"] == "ok"


async def test_actions_may_be_reached_from_outside_once_there_is_a_grant(
    bridge: StartBridge, bus: StartBus
) -> None:
    outside = {"actions": [f"tcp://0.0.0.0:{free_port()}"]}
    closed = bridge.prepare({}, outside)
    closed.expected = 78
    await closed.launch()
    assert await closed.ended() == 78
    assert b"bridge.grants" in closed.stderr
    closed.noise.clear()
    b = await bridge({}, outside | grants(grant()))
    result = await onebus("call", "bridge.ping", "--url", outside["actions"][0])
    assert json.loads(result.out)["error"] == "unauthorized"
    assert b.is_running


async def test_the_last_grant_stays_while_others_reach_the_actions(
    bridge: StartBridge, bus: StartBus
) -> None:
    outside = {"actions": [f"tcp://0.0.0.0:{free_port()}"]}
    b = await bridge({}, outside | grants(grant()))
    b.rewrite({})  # without a grant, and on this machine from the next start on
    b.signal(signal.SIGHUP)
    await b.wait_for_line("settings: refused, all stays as it was: bridge.grants")
    url = ("--url", outside["actions"][0])
    result = await onebus("call", "bridge.ping", *url)
    assert json.loads(result.out)["error"] == "unauthorized"
    b.rewrite({}, {"allowInsecure": True})
    b.signal(signal.SIGHUP)
    await b.wait_for_line("settings: changed bridge.grants[bot] (removed)")
    assert (await onebus("call", "bridge.ping", *url)).status == 0


# -- the commands ----------------------------------------------------------


async def asked(b: Any, *arguments: str, **env: str) -> Result:
    return await onebus(*arguments, "--config", f"{b.folder}/onebus.json", env=env)


@pytest.mark.parametrize(
    "command",
    [("call", "bridge.ping"), ("pairing", "list"), ("why",), ("replay",)],
    ids=lambda words: str(words[0]),
)
async def test_a_command_shows_the_token_it_is_given(
    bridge: StartBridge, folder: Path, command: tuple[str, ...]
) -> None:
    b = await bridge({}, grants(grant()))
    file = folder / "token"
    file.write_text(TOKEN + "\n")
    good = [
        await asked(b, *command, "--token-file", str(file)),
        await asked(b, *command, ONEBUS_TOKEN=TOKEN),
        await asked(b, *command, ONEBUS_TOKEN_FILE=str(file)),
        await asked(b, *command, "--token-file", str(file), ONEBUS_TOKEN=OTHER),
    ]
    assert [(result.status, result.err) for result in good] == [(0, "")] * 4
    for result in (await asked(b, *command), await asked(b, *command, ONEBUS_TOKEN="x")):
        assert result.status == 1
        assert "--token-file" in result.err
        assert "$ONEBUS_TOKEN" in result.err


async def test_listen_shows_its_token_for_what_was_before(
    bridge: StartBridge, sim: StartSim, folder: Path
) -> None:
    b = await bridge({}, grants(grant()))
    (folder / "token").write_text(TOKEN)
    await (await sim(b)).emit(group_message("before"))
    options = ("--config", f"{b.folder}/onebus.json", "--since", "1h", "--json")
    file = ("--token-file", str(folder / "token"))
    async with listening(*options, *file, "--count", "1", "qq.group.*") as listener:
        assert await listener.ended() == 0
    async with listening(*options) as listener:
        assert await listener.ended() == 1
        await listener.has_said("--token-file")


@pytest.mark.parametrize(
    ("arguments", "env", "said"),
    [
        (("--token-file", "/nonexistent"), {}, "cannot be read: No such file"),
        (("--token-file", "/dev/null"), {}, "is empty"),
        ((), {"ONEBUS_TOKEN": ""}, "is empty"),
        ((), {"ONEBUS_TOKEN": "x" * 1025}, "is too long"),
        ((), {"ONEBUS_TOKEN": "x", "ONEBUS_TOKEN_FILE": "y"}, "both set"),
    ],
)
async def test_a_token_that_cannot_be_had_is_told(
    bridge: StartBridge, arguments: tuple[str, ...], env: dict[str, str], said: str
) -> None:
    b = await bridge()
    result = await asked(b, "call", "bridge.ping", *arguments, **env)
    assert (result.status, result.out) == (1, "")
    assert said in result.err


async def test_a_token_is_no_argument(bridge: StartBridge) -> None:
    result = await onebus("call", "--token", "x", "bridge.ping")
    assert result.status != 0
