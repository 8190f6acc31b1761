"""A real NATS server, one for all tests of a run, and what each has on it."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

SECONDS = 20.0

_numbers = itertools.count(1)


class NatsServer:
    """A process that stores in `folder`; started again it is the same server."""

    def __init__(self, folder: Path, settings: dict[str, object] | None = None) -> None:
        self._folder = folder
        self._settings = settings or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._port = -1

    def start(self) -> None:
        """Start it and wait until it listens."""
        ports = self._folder / "ports"
        shutil.rmtree(ports, ignore_errors=True)
        ports.mkdir()
        file = self._folder / "nats.conf"
        settings = {
            "listen": f"127.0.0.1:{self._port}",
            "ports_file_dir": str(ports),
            "max_payload": 8 << 20,
            "jetstream": {"store_dir": str(self._folder / "store")},
            **self._settings,
        }
        file.write_text(json.dumps(settings))
        with (self._folder / "nats.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["nats-server", "-c", str(file)], stdout=log, stderr=log
            )
        self._port = self._listening(ports)

    def _listening(self, folder: Path) -> int:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(StopIteration, ValueError, KeyError, IndexError):
                told = json.loads(next(folder.glob("*.ports")).read_text())
                return int(told["nats"][0].rpartition(":")[2])
            time.sleep(0.01)
        raise AssertionError((self._folder / "nats.log").read_text())

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """It is gone; what it has stored is not."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(number)
            process.wait(SECONDS)

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self._port}"

    def place(self) -> tuple[str, str]:
        """A stream, and what stands before its subjects, that nobody else has."""
        number = next(_numbers)
        return f"QQ{number}", f"test{number}"


@contextlib.contextmanager
def nats_server(
    folder: Path, settings: dict[str, object] | None = None
) -> Iterator[NatsServer]:
    folder.mkdir(parents=True, exist_ok=True)
    server = NatsServer(folder, settings)
    server.start()
    try:
        yield server
    finally:
        server.end()
