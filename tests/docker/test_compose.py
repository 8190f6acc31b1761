"""The compose files as they are read, and what init.sh makes for them."""

from __future__ import annotations

import functools
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from engine import Engine, run
from images import BRIDGE, COMPOSE, compose, environment

OURS = ("bridge", "bot", "sim")
WITH_OPENCLAW = ("bridge", "openclaw", "sim")
SERVERS = ("nats1", "nats2", "nats3")
WITH_NATS = (*SERVERS, "bridge1", "bridge2", "consumer", "sim1", "sim2")


@pytest.fixture(scope="module")
def secrets(engine: Engine) -> Path:
    run([str(COMPOSE / "init.sh")])
    return COMPOSE / "secrets"


@functools.cache
def config(
    engine: Engine, *, openclaw: bool = False, nats: bool = False, sim: bool
) -> dict[str, Any]:
    """As docker-compose has understood it; its own words are YAML."""
    command = compose("config", openclaw=openclaw, nats=nats, sim=sim, tests=False)
    text = run(command, env=environment(engine))
    reader = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
    read = run(["/usr/bin/python3", "-c", reader], input=text.encode())
    found: dict[str, Any] = json.loads(read)
    return found


def services(engine: Engine, **which: bool) -> dict[str, Any]:
    """Those that are started without being asked for by name."""
    every = config(engine, **which)["services"]
    return {name: one for name, one in every.items() if "profiles" not in one}


def published(service: dict[str, Any]) -> list[str]:
    """In the short form, which newer versions write out."""
    return [
        port if isinstance(port, str)
        else "{host_ip}:{published}:{target}/{protocol}".format(**port)
        for port in service.get("ports", [])
    ]  # fmt: skip


def test_with_napcat_only_its_login_is_published(engine: Engine, secrets: Path) -> None:
    started = services(engine, sim=False)
    assert set(started) == {"bridge", "bot", "napcat"}
    assert published(started.pop("napcat")) == ["127.0.0.1:6099:6099/tcp"]
    assert [published(one) for one in started.values()] == [[], []]


def test_openclaw_stands_in_the_bots_place(engine: Engine, secrets: Path) -> None:
    started = services(engine, openclaw=True, sim=False)
    assert set(started) == {"bridge", "openclaw", "napcat"}
    assert published(started["openclaw"]) == published(started["bridge"]) == []


def test_with_nats_as_well(engine: Engine, secrets: Path) -> None:
    started = services(engine, nats=True, sim=False)
    napcats = [started.pop(name) for name in ("napcat1", "napcat2")]
    assert [published(one) for one in napcats] == [
        ["127.0.0.1:6099:6099/tcp"], ["127.0.0.1:6098:6099/tcp"]
    ]  # fmt: skip
    assert not any(published(one) for one in started.values())


@pytest.mark.parametrize(
    ("with_", "ours"),
    [("", OURS), ("openclaw", WITH_OPENCLAW), ("nats", WITH_NATS)],
)
def test_with_the_simulator_nothing_is(
    engine: Engine, secrets: Path, with_: str, ours: tuple[str, ...]
) -> None:
    started = services(engine, sim=True, **dict.fromkeys(filter(None, [with_]), True))
    assert set(started) == set(ours)
    assert not any(published(one) for one in started.values())


@pytest.mark.parametrize("service", [*{*OURS, *WITH_OPENCLAW}, *WITH_NATS])
def test_a_container_of_ours_is_contained(
    engine: Engine, secrets: Path, service: str
) -> None:
    nats = service in WITH_NATS
    one = config(engine, openclaw=not nats, nats=nats, sim=True)["services"][service]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["restart"] == "unless-stopped"
    assert one["stop_grace_period"] == "30s"
    assert one["logging"]["options"] == {"max-file": "3", "max-size": "10m"}


def test_all_wait_for_a_healthy_bridge(engine: Engine, secrets: Path) -> None:
    every = {**services(engine, sim=False),
             **services(engine, openclaw=True, sim=True)}  # fmt: skip
    del every["bridge"]
    assert set(every) == {"bot", "napcat", "openclaw", "sim"}
    for one in every.values():
        assert one["depends_on"]["bridge"]["condition"] == "service_healthy"


def test_openclaw_has_no_way_to_qq_but_the_bridge(
    engine: Engine, secrets: Path
) -> None:
    found = config(engine, openclaw=True, sim=True)
    joined = {name: set(one["networks"]) for name, one in found["services"].items()}
    assert joined["openclaw"] == {"bus", "out"}
    assert joined["openclaw"] & joined["napcat"] == set()
    assert found["networks"]["bus"]["internal"] is True


def test_with_nats_qq_reaches_its_own_bridge_alone(
    engine: Engine, secrets: Path
) -> None:
    found = config(engine, nats=True, sim=True)
    joined = {name: set(one["networks"]) for name, one in found["services"].items()}
    for number in ("1", "2"):
        assert joined[f"napcat{number}"] == joined[f"sim{number}"] == {f"qq{number}"}
        assert joined[f"bridge{number}"] == {f"qq{number}", "bus"}
    assert all(joined[name] == {"bus"} for name in (*SERVERS, "consumer"))
    assert found["networks"]["bus"]["internal"] is True


def test_the_consumer_is_shown_its_own_password_only(
    engine: Engine, secrets: Path
) -> None:
    one = services(engine, nats=True, sim=True)["consumer"]
    assert [secret["source"] for secret in one["secrets"]] == ["nats_bot_password"]


def test_openclaw_is_shown_its_own_token_only(engine: Engine, secrets: Path) -> None:
    one = services(engine, openclaw=True, sim=True)["openclaw"]
    assert [secret["source"] for secret in one["secrets"]] == ["openclaw_token"]


def test_a_second_init_changes_nothing(engine: Engine, secrets: Path) -> None:
    def made() -> dict[str, str]:
        files = [*secrets.iterdir(), COMPOSE / "openclaw.env", COMPOSE / "nats.env"]
        return {file.name: file.read_text() for file in files}

    before = made()
    run([str(COMPOSE / "init.sh")])
    assert made() == before
    tokens = {f"{name}_token" for name in ("napcat", "operator", "bot", "openclaw")}
    users = ("bridge", "bot", "admin", "route")
    passwords = {"nats.conf", "nats.env"} | {f"nats_{user}_password" for user in users}
    assert set(before) == tokens | passwords | {"napcat.json", "openclaw.env"}
    assert len(set(before.values())) == len(before)


def test_the_secrets_are_read_by_containers_and_by_nobody_else(secrets: Path) -> None:
    assert stat.S_IMODE(os.stat(secrets).st_mode) == 0o700
    for file in secrets.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o444
    for name in ("openclaw.env", "nats.env"):
        assert stat.S_IMODE((COMPOSE / name).stat().st_mode) == 0o600


def with_settings(
    engine: Engine, secrets: Path, *command: str, folder: str = "config"
) -> str:
    """A command of the bridge, which has the settings and secrets of the stack."""
    return engine.docker(
        "run", "--rm", "--network=none", f"--volume={COMPOSE / folder}:/etc/onebus:ro",
        f"--volume={secrets}:/run/secrets:ro", "--user=0", BRIDGE, *command,
    )  # fmt: skip


def test_the_settings_hold(engine: Engine, secrets: Path) -> None:
    with_settings(engine, secrets, "check")


def test_beside_openclaw_the_bridge_lets_it_decide(
    engine: Engine, secrets: Path
) -> None:
    said = with_settings(engine, secrets, "check", "--print", folder="openclaw")
    assert '"access": "mark"' in said


def test_napcat_is_told_what_the_bridge_expects(engine: Engine, secrets: Path) -> None:
    expected = json.loads(
        with_settings(engine, secrets, "napcat-config", "--host=bridge", "--json")
    )
    given = json.loads((secrets / "napcat.json").read_text())["network"]
    (client,) = given.pop("websocketClients")
    assert not any(given.values())
    assert client == expected
