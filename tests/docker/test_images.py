"""What is in the images, and what they say of themselves."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from engine import ROOT, Engine
from images import BASE, BRIDGE, PYTHON, REVISION, SOURCE

IMAGES = (BRIDGE, PYTHON)

#: What each may have above its base, in MB.
SIZE_MOST = {BRIDGE: 30, PYTHON: 100}

CONTAINED = ("--rm", "--read-only", "--cap-drop=ALL", "--network=none",
             "--security-opt=no-new-privileges:true")  # fmt: skip


def inspect(engine: Engine, image: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(engine.docker("image", "inspect", image))[0]
    return found


def version() -> str:
    text = (ROOT / "CMakeLists.txt").read_text()
    found = re.search(r"project\(onebus VERSION ([\d.]+)", text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_small(engine: Engine, image: str) -> None:
    base, whole = (inspect(engine, name)["Size"] for name in (BASE, image))
    above = (whole - base) / 1e6
    print(f"{image}: {above:.1f} MB above its base of {base / 1e6:.1f} MB")
    assert above < SIZE_MOST[image]


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_says_what_it_is(engine: Engine, image: str) -> None:
    labels = inspect(engine, image)["Config"]["Labels"]
    prefix = "org.opencontainers.image."
    assert {name: labels[prefix + name]
            for name in ("version", "revision", "source", "licenses")} == {
        "version": version(), "revision": REVISION, "source": SOURCE, "licenses": "MIT",
    }  # fmt: skip


@pytest.mark.parametrize("image", IMAGES)
def test_it_runs_as_a_user_without_rights(engine: Engine, image: str) -> None:
    assert inspect(engine, image)["Config"]["User"] == "10001:10001"


def test_the_bridge_tells_of_its_own_health(engine: Engine) -> None:
    health = inspect(engine, BRIDGE)["Config"]["Healthcheck"]
    assert health["Test"][:3] == ["CMD", "onebus", "health"]


@pytest.mark.parametrize(
    ("image", "command"),
    [
        (BRIDGE, ["version"]),
        (PYTHON, ["python", "-m", "onebus", "--version"]),
        (PYTHON, ["python", "-m", "onebus.sim", "--help"]),
    ],
)
def test_it_needs_nothing_to_run(
    engine: Engine, image: str, command: list[str]
) -> None:
    assert engine.docker("run", *CONTAINED, image, *command)


def test_the_bridge_has_nats(engine: Engine) -> None:
    assert "libnats" in engine.docker("run", *CONTAINED, BRIDGE, "version")


def test_without_settings_the_bridge_keeps_to_itself(engine: Engine) -> None:
    said = engine.docker("run", *CONTAINED, BRIDGE, "check", "--print")
    assert "0.0.0.0" not in said
    assert "/var/lib/onebus" in said


@pytest.mark.parametrize("image", IMAGES)
def test_no_secret_and_no_source_has_come_in(engine: Engine, image: str) -> None:
    found = engine.docker(
        "run", "--rm", "--network=none", "--user=0", "--entrypoint=find", image,
        "/", "-xdev",
        "(", "-name", "*_token", "-o", "-name", "bridge.c", "-o", "-name", ".git", ")",
    )  # fmt: skip
    assert found == ""
