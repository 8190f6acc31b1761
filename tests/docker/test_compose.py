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


@pytest.fixture(scope="module")
def secrets(engine: Engine) -> Path:
    run([str(COMPOSE / "init.sh")])
    return COMPOSE / "secrets"


@functools.cache
def config(engine: Engine, *, sim: bool) -> dict[str, Any]:
    """As docker-compose has understood it; its own words are YAML."""
    command = compose("config", sim=sim, tests=False)
    text = run(command, env=environment(engine))
    reader = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
    read = run(["/usr/bin/python3", "-c", reader], input=text.encode())
    found: dict[str, Any] = json.loads(read)["services"]
    return found


def published(service: dict[str, Any]) -> list[str]:
    """In the short form, which newer versions write out."""
    return [
        port if isinstance(port, str)
        else "{host_ip}:{published}:{target}/{protocol}".format(**port)
        for port in service.get("ports", [])
    ]  # fmt: skip


def test_with_napcat_only_its_login_is_published(engine: Engine, secrets: Path) -> None:
    services = dict(config(engine, sim=False))
    assert set(services) == {"bridge", "bot", "napcat"}
    assert published(services.pop("napcat")) == ["127.0.0.1:6099:6099/tcp"]
    assert [published(one) for one in services.values()] == [[], []]


def test_with_the_simulator_nothing_is(engine: Engine, secrets: Path) -> None:
    services = config(engine, sim=True)
    started = {name: one for name, one in services.items() if "profiles" not in one}
    assert set(started) == set(OURS)
    assert not any(published(one) for one in started.values())


@pytest.mark.parametrize("service", OURS)
def test_a_container_of_ours_is_contained(
    engine: Engine, secrets: Path, service: str
) -> None:
    one = config(engine, sim=True)[service]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["restart"] == "unless-stopped"
    assert one["stop_grace_period"] == "30s"
    assert one["logging"]["options"] == {"max-file": "3", "max-size": "10m"}


def test_all_wait_for_a_healthy_bridge(engine: Engine, secrets: Path) -> None:
    for service, sim in (("bot", False), ("napcat", False), ("sim", True)):
        waits = config(engine, sim=sim)[service]["depends_on"]
        assert waits["bridge"]["condition"] == "service_healthy"


def test_a_second_init_changes_nothing(engine: Engine, secrets: Path) -> None:
    before = {file.name: file.read_text() for file in secrets.iterdir()}
    run([str(COMPOSE / "init.sh")])
    assert {file.name: file.read_text() for file in secrets.iterdir()} == before
    names = {"napcat_token", "operator_token", "bot_token", "napcat.json"}
    assert set(before) == names
    assert len(set(before.values())) == len(names)


def test_the_secrets_are_read_by_containers_and_by_nobody_else(secrets: Path) -> None:
    assert stat.S_IMODE(os.stat(secrets).st_mode) == 0o700
    for file in secrets.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o444


def with_settings(engine: Engine, secrets: Path, *command: str) -> str:
    """A command of the bridge, which has the settings and secrets of the stack."""
    return engine.docker(
        "run", "--rm", "--network=none", f"--volume={COMPOSE / 'config'}:/etc/onebus:ro",
        f"--volume={secrets}:/run/secrets:ro", "--user=0", BRIDGE, *command,
    )  # fmt: skip


def test_the_settings_hold(engine: Engine, secrets: Path) -> None:
    with_settings(engine, secrets, "check")


def test_napcat_is_told_what_the_bridge_expects(engine: Engine, secrets: Path) -> None:
    expected = json.loads(
        with_settings(engine, secrets, "napcat-config", "--host=bridge", "--json")
    )
    given = json.loads((secrets / "napcat.json").read_text())["network"]
    (client,) = given.pop("websocketClients")
    assert not any(given.values())
    assert client == expected
