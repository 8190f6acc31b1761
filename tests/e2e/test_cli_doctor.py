"""`onebus doctor` without a bridge: what keeps one from starting, or from
reaching its peers."""

import asyncio
import contextlib
import os
import pty
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from onebus.sim import Simulator

from harness.build import BINARY, SLOWNESS, WAIT
from harness.cli import onebus
from harness.disk import small_disk
from harness.doctor import Diagnosis, doctor, settings_file
from harness.factories import StartBridge
from harness.net import free_port

#: What may take as long as a peer is waited for.
BOUND_SECONDS = 6.0 * SLOWNESS

_LISTENER = """\
import socket, sys
socket = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("up", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def program(folder: Path, name: str, port: int) -> Iterator[int]:
    """A program with this name that listens on the port; its pid."""
    script = folder / name
    script.write_text(_LISTENER)
    process = subprocess.Popen(
        [sys.executable, script, str(port), "--token=SECRETSECRET"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        yield process.pid
    finally:
        process.communicate(timeout=WAIT)


@contextlib.asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[str]:
    """A peer that says this to whoever asks; None: nothing ever. Its URL."""
    over = asyncio.Event()

    async def serve(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if answer is None:
            await over.wait()
        else:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"ws://127.0.0.1:{port}/"
        over.set()


async def of(folder: Path, *arguments: str, **channel: Any) -> Diagnosis:
    """With these settings of the channel."""
    return await doctor("--config", settings_file(folder, channel), *arguments)


# -- the whole ---------------------------------------------------------------


async def test_before_the_start_there_is_no_fault(folder: Path) -> None:
    found = await of(folder, wsPort=free_port(), wsHost="0.0.0.0", accessToken="long enough to do")
    assert (found.status, found.of("fault")) == (0, [])
    assert found.of("warn") == ["not-running"]
    assert "onebus run" in found.one("not-running")["remedy"]
    assert (found.report["running"], found.report["ok"]) == (False, True)
    assert not (folder / "state").exists()


async def test_the_text_is_grouped_and_ends_with_the_worst(folder: Path) -> None:
    port = free_port()
    file = settings_file(folder, {"wsPort": port})
    with program(folder, "napcat.py", port):
        result = await onebus("doctor", "--config", file)
    assert (result.status, result.err) == (1, "")
    *_, worst, last = result.out.rstrip("\n").split("\n\n")
    assert worst.startswith("addresses\n")
    assert "\n  fault  default: peers dial" in worst
    assert "\n         do   " in worst
    assert last.startswith("1 fault, ")
    assert "\x1b" not in result.out


@pytest.mark.parametrize("no_color", ["", "1"])
async def test_colours_are_for_terminals(folder: Path, no_color: str) -> None:
    file = settings_file(folder)
    above, below = pty.openpty()
    environment = {"TERM": "xterm", "NO_COLOR": no_color}
    process = subprocess.Popen(
        [BINARY, "doctor", "--config", file], stdout=below, env=environment
    )
    os.close(below)
    text = b""
    with contextlib.suppress(OSError):
        while piece := os.read(above, 1 << 16):
            text += piece
    os.close(above)
    assert process.wait(WAIT) == 0
    assert (b"\x1b[" in text) is (no_color == "")


async def test_faulty_settings_are_told_and_the_rest_is_looked_at(
    folder: Path,
) -> None:
    found = await of(folder, wsPrt=3001, wsPort="x")
    assert found.status == 78
    assert found.of("fault") == ["settings", "settings"]
    assert any("did you mean wsPort" in f["seen"] for f in found.findings)
    assert {"clock", "limits"} <= {f["subject"] for f in found.findings}
    assert found.report["settings_usable"] is False


@pytest.mark.parametrize(
    "arguments", [("more",), ("--account", "nobody"), ("--no-such-option",)]
)
async def test_a_wrong_command_line_is_told(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    result = await onebus("doctor", "--config", settings_file(folder), *arguments)
    assert (result.status, result.out) == (2, "")
    assert result.err


# -- settings ----------------------------------------------------------------


async def test_a_secret_that_others_can_read_is_told_and_never_shown(
    folder: Path,
) -> None:
    secret = folder / "token"
    secret.write_text("SECRETSECRET")
    file = settings_file(folder, {"accessTokenFile": str(secret)})
    found = await doctor("--config", file)
    assert f"chmod 640 {secret}" in found.one("secret-readable")["remedy"]
    secret.chmod(0o640)
    assert "secret-readable" not in (await doctor("--config", file)).troubles
    found = await of(folder, accessToken="SECRETSECRET")
    assert "secret-readable" not in found.troubles
    (folder / "onebus.json").chmod(0o644)
    found = await doctor("--config", file)
    assert "secret-readable" in found.troubles
    assert "SECRET" not in str(found.report)


async def test_patterns_that_fit_nothing_are_told_here_and_by_check(
    folder: Path,
) -> None:
    grant = {"name": "bot", "token": "x" * 20, "actions": ["send_grup_msg"]}
    file = settings_file(folder, bridge={"grants": [grant]})
    found = await doctor("--config", file)
    assert "did you mean send_group_msg?" in found.one("fits-nothing")["seen"]
    checked = await onebus("check", "--config", file)
    assert checked.status == 0
    assert 'bridge.grants[0] (bot).actions: "send_grup_msg" fits no' in checked.err


# -- addresses ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [("napcat.py", "let the bridge dial NapCat"), ("other.py", "another port")],
)
async def test_a_taken_port_is_told_with_who_has_it(
    folder: Path, name: str, said: str
) -> None:
    port = free_port()
    with program(folder, name, port) as pid:
        found = await of(folder, wsPort=port)
    assert (found.status, found.of("fault")) == (1, ["port-taken"])
    taken = found.one("port-taken")
    assert f"{folder}/{name} (pid {pid})" in taken["seen"]
    assert said in taken["remedy"]
    assert "SECRET" not in str(found.report)


async def test_another_onebus_on_the_port_is_known(
    folder: Path, bridge: StartBridge
) -> None:
    b = await bridge()
    other = folder / "other"
    other.mkdir()
    found = await of(other, wsPort=b.port)
    taken = found.one("port-taken")
    assert f"(pid {b.pid})" in taken["seen"]
    assert f"kill {b.pid}" in taken["remedy"]


async def test_a_bus_port_and_a_bus_socket_can_be_taken(folder: Path) -> None:
    port = free_port()
    socket = await asyncio.start_unix_server(lambda r, w: None, folder / "events")
    with program(folder, "it.py", port):
        file = settings_file(folder, bridge={"actions": [f"tcp://127.0.0.1:{port}"]})
        found = await doctor("--config", file)
    socket.close()
    assert found.of("fault") == ["bridge-mute", "port-taken", "port-taken"]


@pytest.mark.parametrize(
    ("host", "code"),
    [("192.0.2.7", "address-not-here"), ("no-such-host.invalid", "no-such-host")],
)
async def test_a_host_that_is_not_here_is_told(
    folder: Path, host: str, code: str
) -> None:
    found = await of(
        folder, wsHost=host, wsPort=free_port(), accessToken="long enough to do"
    )
    assert found.of("fault") == [code]
    found.one(code)


async def test_a_folder_for_sockets_that_is_not_there_is_told(folder: Path) -> None:
    file = settings_file(folder, bridge={"events": [f"ipc://{folder}/none/events"]})
    found = await doctor("--config", file)
    assert f"mkdir -p {folder}/none" in found.one("no-folder")["remedy"]


# -- peers that are dialled --------------------------------------------------


@pytest.mark.parametrize("dialect", ["napcat", "gocqhttp"])
@pytest.mark.parametrize(
    ("token", "code"), [("wrong", "token-wrong"), (None, "token-missing")]
)
async def test_a_peer_that_refuses_the_token_is_told(
    folder: Path, dialect: str, token: str | None, code: str
) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(token="right", dialect=dialect, heart_interval=0)
        with_token = {} if token is None else {"accessToken": token}
        found = await of(folder, connect=listener.url, **with_token)
    assert found.of("fault") == [code]
    assert "websocketServers" in found.one(code)["remedy"]


async def test_a_peer_that_lets_us_in_is_well(folder: Path) -> None:
    async with Simulator() as peer:
        listener = await peer.listen(token="the right one", heart_interval=0)
        found = await of(folder, connect=listener.url, accessToken="the right one")
    assert found.one("peer")["severity"] == "ok"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "path-unknown"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "no-websocket"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "peer-hung-up"),
        (b"", "peer-hung-up"),
        (None, "peer-silent"),
    ],
)
async def test_what_is_no_peer_is_told(
    folder: Path, answer: bytes | None, code: str
) -> None:
    begin = time.monotonic()
    async with answering(answer) as url:
        found = await of(folder, connect=url)
    assert found.of("fault") == [code]
    found.one(code)
    assert time.monotonic() - begin < BOUND_SECONDS


@pytest.mark.parametrize(
    ("host", "code"),
    [("127.0.0.1", "peer-not-there"), ("no-such-host.invalid", "no-such-host")],
)
async def test_a_peer_that_is_not_there_is_told(
    folder: Path, host: str, code: str
) -> None:
    found = await of(folder, connect=f"ws://{host}:{free_port()}/")
    assert found.of("fault") == [code]
    found.one(code)


async def test_many_silent_peers_take_no_longer_than_one(folder: Path) -> None:
    begin = time.monotonic()
    async with answering(None) as url:
        accounts = {f"bot{i}": {"connect": f"{url}{i}"} for i in range(20)}
        found = await of(folder, accounts=accounts)
        assert found.of("fault") == ["peer-silent"] * 20
        assert time.monotonic() - begin < BOUND_SECONDS
        one = await of(folder, "--account", "bot3", accounts=accounts)
    assert one.one("peer-silent")["account"] == "bot3"


# -- the state folder --------------------------------------------------------


def journal(folder: Path) -> Path:
    return folder / "state" / "journal.db"


def traces(folder: Path) -> dict[str, tuple[int, int]]:
    """What is in there, when it was written and how large it is."""
    return {
        path.name: (path.stat().st_mtime_ns, path.stat().st_size)
        for path in (folder / "state").iterdir()
    }


async def test_a_journal_at_rest_is_sound_and_left_alone(
    folder: Path, bridge: StartBridge
) -> None:
    b = await bridge()
    await b.stop()
    before = traces(folder)
    found = await of(folder)
    assert found.one("journal")["severity"] == "ok"
    assert found.of("fault") == []
    assert traces(folder) == before


async def test_a_journal_after_a_kill_is_sound_and_left_alone(
    folder: Path, bridge: StartBridge
) -> None:
    b = await bridge()
    await b.kill()
    before = traces(folder)
    assert "journal.db-wal" in before
    found = await of(folder)
    assert found.one("journal")["severity"] == "ok"
    assert traces(folder) == before


async def test_a_journal_that_another_bridge_has_is_told(
    folder: Path, bridge: StartBridge
) -> None:
    b = await bridge()
    other = folder / "other"
    other.mkdir()
    file = settings_file(other, bridge={"stateDir": f"{folder}/state"})
    found = await doctor("--config", file)
    held = found.one("journal-held")
    assert f"(pid {b.pid})" in held["seen"]
    assert "bridge.stateDir" in held["remedy"]


async def test_a_journal_of_a_newer_version_is_told(
    folder: Path, bridge: StartBridge
) -> None:
    b = await bridge()
    await b.stop()
    with contextlib.closing(sqlite3.connect(journal(folder))) as db:
        db.execute("PRAGMA user_version = 99")
    assert "schema 99" in (await of(folder)).one("journal-newer")["seen"]


async def test_a_journal_that_is_none_is_told(folder: Path) -> None:
    journal(folder).parent.mkdir(mode=0o700)
    journal(folder).write_bytes(b"no such thing" * 100)
    (await of(folder)).one("journal-damaged")


async def test_a_full_disk_is_told(folder: Path) -> None:
    file = settings_file(folder)
    with small_disk(folder / "state", 24) as disk:
        small = await doctor("--config", file, wrapper=disk.wrapper)
        disk.fill()
        full = await doctor("--config", file, wrapper=disk.wrapper)
    assert small.of("fault") == []
    assert "maxBytes" in small.one("disk-small")["remedy"]
    assert "make room" in full.one("disk-full")["remedy"]
    assert full.status == 1


async def test_a_disk_that_is_read_only_is_told(folder: Path) -> None:
    file = settings_file(folder)
    with small_disk(folder / "state", 24) as disk:
        disk.make_read_only()
        found = await doctor("--config", file, wrapper=disk.wrapper)
    assert "remount" in found.one("disk-read-only")["remedy"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
async def test_a_folder_of_another_user_is_told(folder: Path) -> None:
    state = folder / "state"
    state.mkdir(mode=0o700)
    folder.chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IXOTH)
    file = settings_file(folder)
    Path(file).chmod(0o644)
    runner = shutil.which("setpriv")
    assert runner is not None
    wrapper = (runner, "--reuid=65534", "--regid=65534", "--clear-groups")
    found = await doctor("--config", file, wrapper=wrapper)
    assert {"state-dir-not-writable", "state-dir-owner"} <= set(found.troubles)


# -- limits ------------------------------------------------------------------


async def test_a_low_limit_of_files_is_told(folder: Path) -> None:
    wrapper = ("prlimit", "--nofile=100")
    found = await doctor("--config", settings_file(folder), wrapper=wrapper)
    assert "LimitNOFILE" in found.one("few-files")["remedy"]
