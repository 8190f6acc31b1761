"""No token is ever in the log, wherever it came from and whatever is wrong.

That no test's tokens are is seen to by the fixture `no_secret_is_told`; here
they are put in every place there is.
"""

import signal

import pytest

from harness.cli import onebus
from harness.factories import StartBridge, StartSim
from harness.net import free_port
from harness.secrets import SECRETS, Secrets
from harness.sp import Caller
from harness.websocket import opening

PATH = "/onebot/v11/ws"
DEBUG = {"log": {"level": "debug", "content": "full"}}


async def test_the_watch_finds_what_is_told() -> None:
    watch = Secrets()
    watch.note_settings({"channels": {"x": {"accessToken": "first-token"}}})
    watch.note_settings({"connect": "ws://me:pass-word@h/?key=query-value"})
    watch.note_arguments(["--set", "bridge.grants.a.token=third-token"])
    watch.note_environment({"ONEBUS_X_ACCESS_TOKEN": "fourth-token"})
    watch.note_request("/?access_token=fi%2Fth", [("Authorization", "Token sixth-x")])
    for secret in (
        b"first-token",
        b"pass-word",
        b"query-value",
        b"third-token",
        b"fourth-token",
        b"fi/th",
        b"sixth-x",
    ):
        printed = Secrets()
        printed.__dict__ |= watch.__dict__ | {"_printed": [lambda s=secret: b"a " + s]}
        assert bool(printed.told()) == (len(secret) >= 6), secret


async def test_no_form_of_a_token_at_the_door(bridge: StartBridge) -> None:
    right, wrong = "right-right-right", "wrong-wrong-wrong"
    b = await bridge({"accessToken": right}, DEBUG)
    for token in (right, wrong):
        for form in (f"Bearer {token}", f"Token {token}", token, f"Basic {token}"):
            await opening(b.port, PATH, [("Authorization", form)])
        for target in (PATH, "/nowhere", f"{PATH}/{'x' * 300}"):
            for name in ("access_token", "token", "key"):
                SECRETS.note(token)
                await opening(b.port, f"{target}?{name}={token}&x=1")
        odd = [("X-Client-Role", "odd"), ("Authorization", f"Bearer {token}")]
        await opening(b.port, f"{PATH}?x=1&access_token={token}", odd, method="POST")
        await opening(b.port, PATH, [("Sec-WebSocket-Protocol", f"t-{token}")])
    assert b.lines("ws: refused")


async def test_no_token_of_a_grant(bridge: StartBridge) -> None:
    grant = {"name": "bot", "token": "granted-granted-1", "actions": ["bridge.ping"]}
    b = await bridge(None, {"grants": [grant], **DEBUG})
    caller = await Caller.connect(b.actions)
    for token in ("granted-granted-1", "not-granted-at-all", "granted-granted-12"):
        for action in ("bridge.ping", "bridge.reload", "send_group_msg"):
            await caller.reply(caller.send(action, token=token, trace="t"))
    await caller.reply(caller.send_bytes(b"\x82\xa5token\xb2not-granted-at-all"))
    await caller.close()
    assert b.lines("call: refused")


async def test_no_token_that_is_dialled_with(bridge: StartBridge) -> None:
    port = free_port()
    url = f"ws://127.0.0.1:{port}/way?key=query-query-query&x=another-secret"
    own = {"connect": url, "accessToken": "dialled-dialled"}
    settings = {
        "channels": {"napcatqq": own},
        "bridge": {
            "stateDir": f"{bridge.folder}/state",
            "http": "127.0.0.1:0",
            "events": [f"ipc://{bridge.folder}/events"],
            "actions": [f"ipc://{bridge.folder}/actions"],
            **DEBUG,
        },
    }
    b = await bridge(settings=settings)
    assert b.lines("ws: dialling", f"url=ws://127.0.0.1:{port}/way?*** token=set")
    await b.wait_for_line("link: cannot reach the peer")
    checked = await onebus("check", "--print", "--config", str(b.folder / "onebus.json"))
    assert checked.status == 0
    for secret in ("query-query-query", "another-secret", "dialled-dialled"):
        assert secret not in checked.out


@pytest.mark.parametrize("way", ["environment", "file", "flag"])
async def test_no_token_by_whatever_way(
    bridge: StartBridge, sim: StartSim, way: str
) -> None:
    token = f"by-{way}-by-{way}"
    file = bridge.folder / "token"
    file.write_text(token + "\n")
    path = "channels.napcatqq.accessToken"
    b = await bridge(
        None,
        DEBUG,
        env={"ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKEN": token}
        if way == "environment"
        else {"ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKENFILE": str(file)}
        if way == "file"
        else None,
        arguments=["--set", f"{path}={token}"] if way == "flag" else [],
    )
    SECRETS.note(token)
    await sim(b, token=token)
    assert (await opening(b.port)).status == 401
    b.signal(signal.SIGHUP)
    await b.wait_for_line("settings: read again")


async def test_no_token_of_settings_that_change_or_are_refused(
    bridge: StartBridge, sim: StartSim
) -> None:
    b = await bridge({"wsPort": free_port(), "accessToken": "before-before"}, DEBUG)
    b.rewrite({"wsPort": b.port, "accessToken": "behind-behind"}, DEBUG)
    b.signal(signal.SIGHUP)
    await b.wait_for_line("settings: read again")
    await sim(b, token="behind-behind")
    for faulty in (
        '{"channels":{"napcatqq":{"accessToken":"faulty-faulty"',
        '{"channels":{"napcatqq":{"accessToken":["faulty-faulty"]}}}',
        '{"channels":{"napcatqq":{"accesToken":"faulty-faulty"}}}',
        '{"channels":{"napcatqq":{"connect":"ws://a b/?key=faulty-faulty"}}}',
        '{"channels":{"napcatqq":{"connect":"ws://me:faulty-faulty@h/"}}}',
        '{"bridge":{"grants":[{"name":"x","token":"faulty-faulty ","odd":1}]}}',
        '{"bridge":{"grants":"faulty-faulty"}}',
    ):
        SECRETS.note("faulty-faulty")
        told = len(b.lines("settings: refused"))
        (b.folder / "onebus.json").write_text(faulty)
        b.signal(signal.SIGHUP)
        await b.wait_for_line(
            lambda _, n=told: len(b.lines("settings: refused")) > n  # type: ignore[misc]
        )
