# SPDX-License-Identifier: MIT
"""The processes that a measurement starts, and that are gone when it ends."""

from __future__ import annotations

import json
import os
import queue
import re
import select
import signal
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any

READY = re.compile(r"\bws=[^ :]+:(\d+)")
READY_SECONDS = 10.0
STOP_SECONDS = 25.0
# How much of what a process said is shown when it fails.
SHOWN_LINES = 12


class BenchError(Exception):
    """A measurement that cannot be made, and why."""


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Processes started meanwhile run on `core` alone; None: anywhere."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def exit_text(code: int) -> str:
    """How a process ended, in words."""
    if code != -signal.SIGALRM and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return "ran into its time limit" if code < 0 else f"exit status {code}"


class Server:
    """A process that says on stderr, in JSON lines, when it is ready: the
    bridge, or the floor. Stopped by SIGTERM, killed if that does not do."""

    def __init__(
        self,
        command: Sequence[str],
        core: int | None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = os.path.basename(command[0])
        self._lines: deque[str] = deque(maxlen=SHOWN_LINES)
        self._ready_line = ""
        self._ready: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        started = time.monotonic()
        with pinned(core):
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.port = self._wait_ready()
        except BaseException:
            self._kill()
            raise
        self.start_ms = (time.monotonic() - started) * 1e3
        self.pid = self._process.pid

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        code = self._stop()
        if error is None and code != 0:
            raise BenchError(f"{self.name}: {exit_text(code)}{self._said()}")

    def addresses(self, key: str) -> list[str]:
        """What the line that said it was ready has for `ws`, `events` …"""
        return re.findall(rf" {key}=(\S+)", self._ready_line)

    def check(self, patience: float = 0.0) -> None:
        """Raise if the process is no longer there; one whose connections have
        just closed may take a moment until it is gone."""
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return
        how = exit_text(code)
        raise BenchError(f"{self.name} ended by itself: {how}{self._said()}")

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line.rstrip())
            port = self._port_in(line)
            if port is not None:
                self._ready_line = str(json.loads(line)["msg"])
                self._ready.put(port)
        self._ready.put(None)

    @staticmethod
    def _port_in(line: str) -> int | None:
        try:
            record = json.loads(line)
        except ValueError:
            return None
        if not isinstance(record, dict):
            return None
        message = str(record.get("msg", ""))
        found = READY.search(message) if message.startswith("ready") else None
        return int(found.group(1)) if found else None

    def _wait_ready(self) -> int:
        try:
            port = self._ready.get(timeout=READY_SECONDS)
        except queue.Empty:
            late = f"not ready after {READY_SECONDS:.0f} s"
            raise BenchError(f"{self.name} {late}{self._said()}") from None
        if port is None:
            raise BenchError(f"{self.name} did not start{self._said()}")
        return port

    def _said(self) -> str:
        return "".join(f"\n    {line}" for line in self._lines)

    def _stop(self) -> int:
        self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            return self._kill()
        finally:
            self._reader.join(STOP_SECONDS)

    def _kill(self) -> int:
        self._process.kill()
        return self._process.wait()


class Tool:
    """One of the benchmark tools: it prints lines of JSON, the last one with
    what it found."""

    def __init__(
        self,
        command: Sequence[str],
        core: int | None,
        descriptors: Sequence[int] = (),
    ) -> None:
        self.name = os.path.basename(command[0])
        self._output = b""
        self._errors = tempfile.TemporaryFile()
        with pinned(core):
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                bufsize=0,
                pass_fds=descriptors,
            )
        self.exited = os.pidfd_open(self._process.pid)

    def __enter__(self) -> Tool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self.exited)
        self._errors.close()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def wait_line(self, seconds: float) -> None:
        """Until the tool has printed its first line."""
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        if select.select([pipe], [], [], seconds)[0]:
            self._output += os.read(pipe, 4096)
        if b"\n" not in self._output:
            raise BenchError(f"{self.name} is silent{self._said()}")

    def stop(self) -> None:
        self._process.terminate()

    def result(self) -> dict[str, Any]:
        """What the tool found; it has exited."""
        code = self._process.wait()
        assert self._process.stdout is not None
        self._output += self._process.stdout.read()
        if code != 0:
            raise BenchError(f"{self.name}: {exit_text(code)}{self._said()}")
        found: dict[str, Any] = json.loads(self._output.splitlines()[-1])
        return found

    def _said(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").splitlines()
        output = self._output.decode(errors="replace").splitlines()
        shown = (output + lines)[-SHOWN_LINES:]
        return "".join(f"\n    {line}" for line in shown)


def results(tools: Sequence[Tool], seconds: float) -> list[dict[str, Any]]:
    """What the tools found, once all have exited. The first failure counts:
    the others may then be waiting for one that is gone."""
    deadline = time.monotonic() + seconds
    waiting = {tool.exited: tool for tool in tools}
    found: dict[str, dict[str, Any]] = {}
    while waiting:
        left = max(0.0, deadline - time.monotonic())
        exited = select.select(list(waiting), [], [], left)[0]
        if not exited:
            names = ", ".join(tool.name for tool in waiting.values())
            raise BenchError(f"{names}: still running after {seconds:.0f} s")
        for descriptor in exited:
            tool = waiting.pop(descriptor)
            found[tool.name] = tool.result()
    return [found[tool.name] for tool in tools]
