"""The settings guide's examples, as an operator copies them."""

import json
import re
from pathlib import Path

from harness.bridge import Settings
from harness.cli import onebus
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
from harness.net import free_port

MANIFEST = Path(__file__).parents[2] / "clients/openclaw/openclaw.plugin.json"

SEVERAL_ACCOUNTS = """
// ~/.openclaw/openclaw.json
{
  "gateway": {"port": 18789}, // not ours
  "channels": {
    "telegram": {"enabled": false},
    "napcatqq": {
      "accounts": {
        "bot1": {
          "name": "Primary Bot",
          "wsPort": 3001,
          "wsPath": "/onebot/bot1/ws",
          "accessToken": "token-bot1",
        },
        "bot2": {
          "name": "Secondary Bot",
          "wsPort": 3002,
          "wsPath": "/onebot/bot2/ws",
          "accessToken": "token-bot2",
        },
      },
    },
  },
}
"""


def settings(text: str, folder: Path) -> Settings:
    """The example with its ports changed, and the bus on Unix sockets."""
    plain = re.sub(r"//.*", "", text)
    plain = re.sub(r",(\s*})", r"\1", plain)
    plain = re.sub(r'"wsPort": \d+', lambda _: f'"wsPort": {free_port()}', plain)
    bus = {
        "events": [f"ipc://{folder}/e"],
        "actions": [f"ipc://{folder}/a"],
        "stateDir": f"{folder}/state",
        "http": "127.0.0.1:0",
        "access": "mark",
    }
    return dict(json.loads(plain)) | {"bridge": bus}


async def test_the_guides_several_accounts_work(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(settings=settings(SEVERAL_ACCOUNTS, bridge.folder))
    assert b.url("bot1").endswith("/onebot/bot1/ws")
    program = bus(b)
    subscriber = await program.subscribe("qq.group.*")
    for place, name in enumerate(("bot1", "bot2")):
        peer = await sim(b, name, self_id=10001 + place, token=f"token-{name}")
        await peer.emit(group_message(name, self_id=peer.self_id))
        event = await subscriber.next_event()
        assert event.envelope["account"] == name
        reply = await program.call("get_login_info", account=name)
        assert reply["data"]["user_id"] == peer.self_id
    stranger = await sim.dialing(b.url("bot1"), token="token-bot2")
    assert (await stranger.refused()).status == 403


async def test_comments_and_trailing_commas_are_read(folder: Path) -> None:
    file = folder / "openclaw.json"
    file.write_text(SEVERAL_ACCOUNTS)
    result = await onebus("check", "--config", str(file))
    assert (result.status, result.err) == (0, "")
    assert "2 accounts" in result.out


async def test_the_guides_quick_start_works(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge({"accessToken": "your-secure-token"})
    assert b.url().endswith("/onebot/v11/ws")
    await sim(b, token="your-secure-token")
    assert (await bus(b).call("get_login_info"))["status"] == "ok"


async def test_what_openclaw_keeps_beside_is_passed_over(folder: Path) -> None:
    manifest = json.loads(MANIFEST.read_text())
    schema = manifest["channelConfigs"]["napcatqq"]["schema"]["properties"]
    group = schema["groups"]["additionalProperties"]["properties"]
    account = schema["accounts"]["additionalProperties"]["properties"]
    # The wrong type for most, so that each key is looked at and refused but for
    # those that are not the bridge's.
    wrong = dict.fromkeys(set(schema) - {"groups", "accounts"}, [[]])
    groups = {"1": dict.fromkeys(group, [[]])}
    accounts = {"a": dict.fromkeys(set(account) - {"groups"}, [[]])}
    channel = {**wrong, "groups": groups, "accounts": accounts}
    file = folder / "openclaw.json"
    file.write_text(json.dumps({"channels": {"napcatqq": channel}}))
    result = await onebus("check", "--config", str(file))
    assert (result.status, "unknown key" in result.err) == (78, False), result.err
    assert "wsPort" in result.err and "eventsUrl" not in result.err


async def test_entries_are_written_as_openclaw_has_them(folder: Path) -> None:
    lists = {
        "allowFrom": ["qq:1", "user:2", 3, "*"],
        "groupAllowFrom": ["group:4", "user:5", "napcatqq:group:6", 7],
        "groups": {"8": {"allowFrom": ["user:9"]}},
    }
    file = folder / "openclaw.json"
    file.write_text(json.dumps({"channels": {"napcatqq": lists}}))
    result = await onebus("check", "--config", str(file))
    assert result.status == 0, result.err
