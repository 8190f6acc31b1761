"""onebus check, and how settings are found and laid over each other."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli import onebus

SECRET = "SECRETSECRETSECRET"


def write(folder: Path, value: object) -> str:
    file = folder / "some.json"
    file.write_text(value if isinstance(value, str) else json.dumps(value))
    return str(file)


def channel(**keys: Any) -> dict[str, Any]:
    return {"channels": {"napcatqq": keys}}


async def shown(folder: Path, *arguments: str, **env: str) -> dict[str, Any]:
    result = await onebus("check", "--print", *arguments, env=env, cwd=folder)
    assert result.status == 0, result.err
    return dict(json.loads(result.out))


async def test_good_settings_are_fine(folder: Path) -> None:
    result = await onebus("check", "--config", write(folder, channel(wsPort=1234)))
    assert (result.status, result.err) == (0, "")
    assert "some.json" in result.out


async def test_without_a_file_the_defaults_are_fine(folder: Path) -> None:
    result = await onebus("check", cwd=folder)
    assert (result.status, result.err) == (0, "")


async def test_every_fault_is_told_with_its_place(folder: Path) -> None:
    text = """{
      "channels": {"napcatqq": {
        "wsPort": 70000,
        "wsPaht": "/x",
        "accessToken": ""
      }},
      "bridge": {"events": "tcp://nowhere"}
    }"""
    result = await onebus("check", "--config", write(folder, text))
    assert (result.status, result.out) == (78, "")
    for line, part in ((3, "wsPort"), (4, "wsPath"), (5, "accessToken"), (7, "events")):
        assert any(
            f"some.json:{line}:" in fault and part in fault
            for fault in result.err.splitlines()
        ), result.err


@pytest.mark.parametrize("text", ["", "{", "[]", "hello", '{"a":}', "\x00", "{}x"])
async def test_a_file_that_is_no_json_is_told(folder: Path, text: str) -> None:
    result = await onebus("check", "--config", write(folder, text))
    assert result.status == 78
    assert "some.json" in result.err


async def test_a_file_that_is_not_there_is_told(folder: Path) -> None:
    for arguments in (("--config", "none.json"), ()):
        env = {} if arguments else {"ONEBUS_CONFIG": "none.json"}
        result = await onebus("check", *arguments, env=env, cwd=folder)
        assert result.status == 78
        assert "none.json" in result.err


async def test_settings_without_effect_are_noted_and_fine(folder: Path) -> None:
    text = '{"bridge": {\n"nats": {"stream": "s"},\n"log": {"level": "info"}}}'
    result = await onebus("check", "--config", write(folder, text))
    assert result.status == 0
    assert "some.json" in result.out
    (note,) = result.err.splitlines()
    assert note.startswith("note: ")
    assert "some.json:2: bridge.nats.stream: no effect" in note
    assert "bridge.nats.url is not set" in note


async def test_run_refuses_the_same_settings(folder: Path) -> None:
    file = write(folder, channel(wsPort="x", unknown=1))
    checked = await onebus("check", "--config", file)
    started = await onebus("run", "--config", file)
    assert (started.status, started.err) == (78, checked.err)


async def test_a_token_is_printed_as_stars(folder: Path) -> None:
    (folder / "token").write_text(SECRET)
    sources = (
        channel(accessToken=SECRET),
        channel(accessTokenFile=str(folder / "token")),
        channel(accounts={"a": {"accessToken": SECRET}}),
        channel(accessToken="${MY_TOKEN}"),
    )
    for source in sources:
        file = write(folder, source)
        env = {"MY_TOKEN": SECRET}
        result = await onebus("check", "--print", "--config", file, env=env)
        assert result.status == 0, result.err
        assert '"***"' in result.out
        assert SECRET not in result.out + result.err
        result = await onebus("check", "--config", file, env=env)
        assert SECRET not in result.out + result.err


async def test_no_fault_tells_a_secret(folder: Path) -> None:
    (folder / "token").write_text(f" {SECRET}\x01")
    rows: tuple[tuple[dict[str, Any], dict[str, str], tuple[str, ...]], ...] = (
        (channel(accessToken=f" {SECRET}"), {}, ()),
        (channel(accessToken=SECRET + "\n"), {}, ()),
        (channel(accessToken=[SECRET]), {}, ()),
        (channel(accessToken=SECRET * 100), {}, ()),
        (channel(accessToken=SECRET, accessTokenFile="x"), {}, ()),
        (channel(accessTokenFile=str(folder / "token")), {}, ()),
        ({}, {"ONEBUS_CHANNELS_NAPCATQQ_ACCESSTOKEN": f" {SECRET}"}, ()),
        ({}, {}, ("--set", f"channels.napcatqq.accessToken= {SECRET}")),
    )
    for value, env, arguments in rows:
        file = write(folder, value)
        result = await onebus("check", "--config", file, *arguments, env=env)
        assert result.status == 78, (value, env, arguments)
        assert SECRET not in result.out + result.err, (value, env, arguments)


async def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    folder: Path,
) -> None:
    file = write(folder, {"bridge": {"log": {"level": "error", "format": "json"}}})
    named = ("--config", file)
    env = {"ONEBUS_BRIDGE_LOG_LEVEL": "warn"}
    flag = ("--set", "bridge.log.level=debug")
    assert (await shown(folder, *named))["bridge"]["log"]["level"] == "error"
    assert (await shown(folder, *named, **env))["bridge"]["log"]["level"] == "warn"
    both = await shown(folder, *named, *flag, **env)
    assert both["bridge"]["log"]["level"] == "debug"
    assert both["bridge"]["log"]["format"] == "json"


async def test_the_environment_may_name_the_file(folder: Path) -> None:
    file = write(folder, channel(wsPort=4321))
    found = await shown(folder, ONEBUS_CONFIG=file)
    assert found["channels"]["napcatqq"]["accounts"]["default"]["wsPort"] == 4321


async def test_a_file_in_the_working_folder_is_found(folder: Path) -> None:
    (folder / "onebus.json").write_text(json.dumps(channel(wsPort=4321)))
    found = await shown(folder)
    assert found["channels"]["napcatqq"]["accounts"]["default"]["wsPort"] == 4321


async def test_what_is_printed_can_be_loaded_again(folder: Path) -> None:
    value = channel(accounts={"a": {"wsPort": 1}, "b": {"wsPort": 2, "name": "名"}})
    dialling = channel(connect="ws://127.0.0.1:3001/x")
    for settings in (value, dialling):
        first = await shown(folder, "--config", write(folder, settings))
        second = await shown(folder, "--config", write(folder, first))
        assert first == second


async def test_an_address_for_everybody_needs_more_than_that(folder: Path) -> None:
    for value in (
        channel(wsHost="0.0.0.0"),
        {"bridge": {"events": ["tcp://0.0.0.0:7710"]}},
        {"bridge": {"actions": ["tcp://*:7711"]}},
    ):
        result = await onebus("check", "--config", write(folder, value))
        assert result.status == 78, value
        assert "allowInsecure" in result.err


# -- as JSON -----------------------------------------------------------------------


async def test_json_of_good_settings(folder: Path) -> None:
    file = write(folder, channel(accounts={"a": {}, "b": {"wsPort": 3002}}))
    result = await onebus("check", "--json", "--config", file)
    assert (result.status, result.err) == (0, "")
    found = json.loads(result.out)
    assert (found["ok"], found["file"]) == (True, file)
    assert (found["accounts"], found["faults"]) == (["a", "b"], [])


async def test_json_of_faults(folder: Path) -> None:
    file = write(folder, {"bridge": {"events": 1, "acces": "mark"}})
    result = await onebus("check", "--json", "--config", file)
    assert (result.status, result.err) == (78, "")
    found = json.loads(result.out)
    assert (found["ok"], found["accounts"], len(found["faults"])) == (False, [], 2)
    assert "did you mean access" in "".join(found["faults"])


async def test_json_and_print_exclude_each_other() -> None:
    result = await onebus("check", "--json", "--print")
    assert (result.status, result.out) == (2, "")
    assert "--print" in result.err
