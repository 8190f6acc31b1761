"""The bridge as a process of a test: it starts, breaks, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from onebus.testing import BridgeFailed, BridgeProcess

SECONDS = 20.0


def is_alive(pid: int) -> bool:
    """Whether there is such a process, one that has ended but for its parent aside."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it holds within some seconds."""
    deadline = time.monotonic() + SECONDS
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


async def test_it_goes_on_where_it_was_after_a_kill() -> None:
    with BridgeProcess() as bridge:
        url = bridge.url()
        async with bridge.connect() as bus:
            before = await bus.bridge.ping()
            bridge.kill()
            assert not bridge.is_running
            bridge.start()
            assert (await bus.bridge.ping())["epoch"] == before["epoch"]
        assert bridge.url() == url
        assert bridge.text.count("bridge: ready") == 2


async def test_it_ends_in_good_order_and_starts_anew() -> None:
    with BridgeProcess() as bridge:
        first = bridge.pid
        bridge.restart()
        assert bridge.pid != first and not is_alive(first)
        bridge.stop()
        assert not bridge.is_running
        bridge.restart()
        assert bridge.is_running


def test_nothing_is_left_of_it() -> None:
    with BridgeProcess() as bridge:
        pid, folder = bridge.pid, bridge.folder
        bridge.pause()
    assert not is_alive(pid)
    assert not folder.exists()


def test_a_folder_of_the_caller_stays(tmp_path: Path) -> None:
    folder = tmp_path / "b"
    folder.mkdir()
    with BridgeProcess(folder=folder):
        pass
    assert (folder / "state").exists()


LEAVES = """
from onebus.testing import BridgeProcess

bridge = BridgeProcess()
bridge.start()
print(bridge.pid, bridge.folder, flush=True)
{end}
"""


@pytest.mark.parametrize(
    ("end", "number"),
    [("", None), ("input()", signal.SIGTERM), ("input()", signal.SIGKILL)],
    ids=["it ends", "it is terminated", "it is killed"],
)
def test_it_ends_with_the_test_run(end: str, number: signal.Signals | None) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LEAVES.format(end=end)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        pid, folder = run.stdout.readline().split()
        if number is not None:
            assert is_alive(int(pid))
            run.send_signal(number)
    assert eventually(lambda: not is_alive(int(pid)))
    assert eventually(lambda: not Path(folder).exists())


def test_ctrl_c_is_for_the_test_run_alone() -> None:
    with BridgeProcess() as bridge:
        assert os.getsid(bridge.pid) != os.getsid(0)


def test_a_missing_program_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ONEBUS_BINARY", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    bridge = BridgeProcess()
    with pytest.raises(BridgeFailed, match=r"ONEBUS_BINARY \(./dev build makes"), bridge:
        pass
    assert not bridge.folder.exists()


def test_a_bridge_that_does_not_start_is_told_with_its_log() -> None:
    settings = {"channels": {"napcatqq": {"groupPolicy": "sometimes"}}}
    bridge = BridgeProcess(settings)
    with pytest.raises(BridgeFailed, match=r"did not start[\s\S]*groupPolicy"), bridge:
        pass
    assert not bridge.folder.exists()


def test_settings_of_the_caller_stay_as_they_are() -> None:
    accounts = {"a": {"wsPath": "/a"}, "b": {"connect": "ws://127.0.0.1:1/"}}
    with BridgeProcess({"channels": {"napcatqq": {"accounts": accounts}}}) as bridge:
        assert bridge.url("a").endswith("/a")
        with pytest.raises(LookupError, match="account b: it does not listen.*: a"):
            bridge.url("b")
    assert accounts == {"a": {"wsPath": "/a"}, "b": {"connect": "ws://127.0.0.1:1/"}}


def test_a_change_of_settings_counts_from_the_next_start() -> None:
    with BridgeProcess() as bridge:
        bridge.settings["channels"]["napcatqq"]["accessToken"] = "another"
        bridge.restart()
        assert bridge.token() == "another"


def test_it_runs_once() -> None:
    with BridgeProcess() as bridge, pytest.raises(BridgeFailed, match="runs already"):
        bridge.start()
