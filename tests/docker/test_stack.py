"""Bridge, bot and simulator, as the compose file starts them."""

from __future__ import annotations

import base64
import json
import re
import time

import pytest

from engine import wait_until
from qq import UID
from stack import SERVICES, Stack, share_file

GRACE = 30


def test_a_message_is_answered(stack: Stack) -> None:
    stack.wait_for_link()
    assert stack.order(say="/echo the first", group=700)
    wait_until(lambda: "the first" in stack.answers(), "answer of the bot")


def test_the_others_start_once_the_bridge_is_healthy(stack: Stack) -> None:
    healthy = stack.happened.index(f"health_status: healthy {stack.id('bridge')}")
    for service in ("bot", "sim"):
        assert stack.happened.index(f"start {stack.id(service)}") > healthy


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_published(stack: Stack, service: str) -> None:
    assert stack.engine.docker("port", stack.id(service)) == ""


@pytest.mark.parametrize("service", SERVICES)
def test_no_process_has_rights(stack: Stack, service: str) -> None:
    for status in _processes(stack, service):
        assert status["Uid"].split() == [str(UID)] * 4
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert status["NoNewPrivs"] == "1"


def _processes(stack: Stack, service: str) -> list[dict[str, str]]:
    """What /proc tells of each process in the container."""
    script = "cat /proc/[0-9]*/status 2>/dev/null || true"
    listed = stack.execute(service, "sh", "-c", script)
    return [
        dict(re.findall(r"^(\w+):\s*(.*)$", f"Name:{block}", re.MULTILINE))
        for block in listed.split("Name:")[1:]
    ]


@pytest.mark.parametrize(
    ("service", "kept"),
    [("bridge", "/var/lib/onebus"), ("bot", "/data"), ("bot", "/media")],
)
def test_only_volumes_can_be_written(stack: Stack, service: str, kept: str) -> None:
    script = """touch "$1/probe" && rm "$1/probe"
                ! touch /usr/probe /etc/probe /probe 2>&1"""
    said = stack.execute(service, "sh", "-c", script, "sh", kept)
    assert said.count("Read-only file system") == 3


@pytest.mark.parametrize("service", SERVICES)
def test_what_an_exec_leaves_behind_is_cleared_away(stack: Stack, service: str) -> None:
    stack.execute(service, "sh", "-c", "sleep 0.2 & sleep 0.1 & true")

    def names() -> list[str]:
        return [status["Name"] for status in _processes(stack, service)]

    wait_until(lambda: "sleep" not in names(), "end of the sleeps, and no zombie of them")


@pytest.mark.parametrize("service", SERVICES)
def test_no_token_is_shown(stack: Stack, service: str) -> None:
    shown = json.dumps(stack.inspect(service)) + stack.logs(service)
    tokens = stack.secrets()
    assert [len(token) for token in tokens] == [48] * 4
    assert [token for token in tokens if token in shown] == []


def test_without_a_token_nothing_is_done(stack: Stack) -> None:
    script = 'ONEBUS_TOKEN_FILE= python -m onebus call get_group_list; test $? = 1'
    stack.execute("bot", "sh", "-c", script)


def test_a_file_that_the_bot_names_reaches_qq(stack: Stack) -> None:
    data = b"\x89PNG\r\n\x1a\n of the bot"
    path = share_file(stack, "cat.png", data)
    stack.order(disk=path)
    message = json.dumps([{"type": "image", "data": {"file": path}}])
    stack.execute("bot", "python", "-m", "onebus", "call", "send_group_msg",
                  "group_id=700", f"message={message}")  # fmt: skip
    source, sent = stack.order(sent=True)
    assert (source, base64.b64decode(sent)) == (path, data)


def test_a_file_elsewhere_does_not(stack: Stack) -> None:
    message = json.dumps([{"type": "image", "data": {"file": "/etc/passwd"}}])
    script = """python -m onebus call send_group_msg group_id=700 message="$1" 2>&1
                test $? = 1"""
    said = stack.execute("bot", "sh", "-c", script, "sh", message)
    assert "denied" in said


def test_a_bridge_that_stands_still_is_unhealthy(stack: Stack) -> None:
    stack.wait_for_health("healthy")
    stack.engine.docker("kill", "--signal=STOP", stack.id("bridge"))
    try:
        stack.wait_for_health("unhealthy")
    finally:
        stack.engine.docker("kill", "--signal=CONT", stack.id("bridge"))
    stack.wait_for_health("healthy")


def test_a_hangup_has_the_bridge_read_its_settings(stack: Stack) -> None:
    before = stack.logs("bridge").count("read again")
    stack.engine.docker("kill", "--signal=HUP", stack.id("bridge"))
    wait_until(
        lambda: stack.logs("bridge").count("read again") > before, "word of the settings"
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_stop_is_heard(stack: Stack, service: str) -> None:
    began = time.monotonic()
    stack.engine.docker("stop", f"--time={GRACE}", stack.id(service))
    assert time.monotonic() - began < GRACE / 2
    state = stack.inspect(service)["State"]
    assert (state["ExitCode"], state["OOMKilled"]) == (0, False)
    stack.engine.docker("start", stack.id(service))
    stack.wait_for_link()
