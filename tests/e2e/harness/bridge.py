"""The bridge: the real binary, its settings, its log and its end."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from onebus.testing.bridge import merged

from harness.build import BINARY, SANITIZER_OPTIONS, SLOWNESS, WAIT
from harness.secrets import SECRETS
from harness.wait import Watch

Settings = dict[str, Any]
LogLine = dict[str, Any]

_STOP_SECONDS = 40.0 * SLOWNESS

#: Under valgrind, on a busy machine.
_START_SECONDS = 60.0 * SLOWNESS


def default_settings(folder: Path) -> Settings:
    """One account on a free port, open to all, the bus on Unix sockets in
    `folder`."""
    return {
        "channels": {
            "napcatqq": {"wsPort": 0, "dmPolicy": "open", "groupPolicy": "open"}
        },
        "bridge": {
            "stateDir": f"{folder}/state",
            "events": [f"ipc://{folder}/events"],
            "actions": [f"ipc://{folder}/actions"],
            "http": "127.0.0.1:0",
        },
    }


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, without what would set the bridge's settings, and with `extra`."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("ONEBUS_")}
    return own | SANITIZER_OPTIONS | dict(extra or {})


def _parse(line: str) -> LogLine | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "msg" in value else None


class Bridge:
    """One process. `start` returns once it is ready."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        *,
        arguments: Sequence[str] = (),
        wrapper: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.settings = settings
        self.folder = folder
        self.log: list[LogLine] = []
        self.noise: list[str] = []
        """Lines of stderr that are no log lines."""
        self.stderr = b""
        """All that it printed, there or on stdout."""
        self.expected = 0
        """The exit status that is right."""
        self.status: int | None = None
        """The exit status, once it has ended; -9 if it was killed."""
        self._arguments = arguments
        self._wrapper = wrapper
        self._env = environment(env)
        SECRETS.note_settings(settings)
        SECRETS.note_arguments(arguments)
        SECRETS.note_environment(env or {})
        SECRETS.printed_by(lambda: self.stderr)
        self._watch = Watch()
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None]

    # -- life --------------------------------------------------------------

    async def launch(self) -> None:
        """Start the process, whatever becomes of it."""
        file = self.folder / "onebus.json"
        file.write_text(json.dumps(self.settings))
        self._process = await asyncio.create_subprocess_exec(
            *self._wrapper,
            str(BINARY),
            "run",
            "--config",
            str(file),
            *self._arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._env,
            cwd=self.folder,
        )
        self._reading = asyncio.create_task(self._read())

    def rewrite(
        self,
        channel: Mapping[str, Any],
        bridge: Mapping[str, Any] | None = None,
        *,
        without: Sequence[str] = (),
    ) -> None:
        """Write the settings file anew, as a start with these would: over the
        defaults of a test, `without` some of the channel's keys."""
        own = {"channels": {"napcatqq": channel}, "bridge": bridge or {}}
        self.settings = merged(default_settings(self.folder), own)
        for key in without:
            del self.settings["channels"]["napcatqq"][key]
        SECRETS.note_settings(self.settings)
        (self.folder / "onebus.json").write_text(json.dumps(self.settings))

    async def start(self) -> None:
        """Start it and wait until it is ready."""
        await self.launch()
        await self._watch.until(
            lambda: self._ready() or self.status is not None,
            "ready line",
            _START_SECONDS,
        )
        assert self._ready(), f"it ended with {self.status}: {self.stderr!r}"

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; gives the exit status."""
        self.signal(number)
        return await self.ended()

    async def ended(self, seconds: float = _STOP_SECONDS) -> int:
        """Wait until it has ended; gives the exit status."""
        await self._watch.until(
            lambda: self.status is not None, "end of the bridge", seconds
        )
        assert self.status is not None
        return self.status

    async def kill(self) -> None:
        """As `kill -9`."""
        if self.status is None:
            self.process.kill()
        await self.ended()

    async def stop_cleanly(self) -> None:
        """End it, if need be, and fail if it did not run and end as it should."""
        try:
            if self.status is None:
                await self.stop()
        finally:
            await self.kill()
        assert self.noise == [], "more than log lines:\n" + "\n".join(self.noise)
        assert self.status in (self.expected, -signal.SIGKILL), self.stderr.decode()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "not launched"
        return self._process

    @property
    def is_launched(self) -> bool:
        return self._process is not None

    @property
    def is_running(self) -> bool:
        return self.is_launched and self.status is None

    @property
    def pid(self) -> int:
        return self.process.pid

    def fd_count(self) -> int:
        """How many file descriptors it has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def resident_mib(self) -> float:
        """How much memory it has that is resident."""
        return self._memory_mib("VmRSS")

    def peak_mib(self) -> float:
        """The most it ever had."""
        return self._memory_mib("VmHWM")

    def _memory_mib(self, row: str) -> float:
        text = Path(f"/proc/{self.pid}/status").read_text()
        (size,) = re.findall(rf"^{row}:\s*(\d+) kB", text, re.MULTILINE)
        return int(size) / 1024

    def cpu_seconds(self) -> float:
        """How long it has kept a core busy."""
        stat = Path(f"/proc/{self.pid}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    # -- the log -----------------------------------------------------------

    async def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        pending = b""
        while piece := await stream.read(64 * 1024):
            self.stderr += piece
            *lines, pending = (pending + piece).split(b"\n")
            for line in lines:
                self._take(line.decode())
            self._watch.notify()
        self.status = await self.process.wait()
        self._watch.notify()

    def _take(self, line: str) -> None:
        parsed = _parse(line)
        if parsed is None:
            self.noise.append(line)
        else:
            self.log.append(parsed)

    def lines(self, *parts: str) -> list[str]:
        """The log's `component: msg` that have all of `parts` in them."""
        texts = (f"{line.get('component')}: {line['msg']}" for line in self.log)
        return [text for text in texts if all(part in text for part in parts)]

    async def wait_for_line(
        self, wanted: str | Callable[[LogLine], bool], seconds: float = WAIT
    ) -> LogLine:
        """The first log line that is wanted, by a part of its text or a rule."""

        def look() -> LogLine | None:
            return next((line for line in self.log if _is(line, wanted)), None)

        return await self._watch.until(look, f"log line {wanted!r}", seconds)

    def _ready(self) -> str:
        lines = self.lines("bridge: ready")
        return lines[0] if lines else ""

    # -- addresses -----------------------------------------------------------

    def addresses(self, key: str) -> list[str]:
        """All addresses of the ready line: of `ws`, `events` or `actions`."""
        return re.findall(rf" {key}=(\S+)", self._ready())

    @property
    def epoch(self) -> str:
        return self.addresses("epoch")[0]

    @property
    def events(self) -> str:
        """Where the first event socket listens."""
        return self.addresses("events")[0]

    @property
    def actions(self) -> str:
        """Where the first action socket listens."""
        return self.addresses("actions")[0]

    @property
    def http(self) -> str:
        """Where it answers by HTTP."""
        return f"http://{self.addresses('http')[0]}"

    @property
    def port(self) -> int:
        """The first account's port."""
        return int(self.addresses("ws")[0].rpartition(":")[2])

    def url(self, account: str | None = None) -> str:
        """Where the account's peer dials; None: the first one."""
        name = re.escape(account) if account else r"\S+"
        for line in self.lines("ws: listening account="):
            if found := re.search(rf"account={name} url=(\S+)", line):
                return found[1]
        raise LookupError(f"no account {account}")

    def account(self, name: str | None = None) -> Settings:
        """The settings of an account, its channel's values put in."""
        channel = self.settings.get("channels", {}).get("napcatqq", {})
        accounts = channel.get("accounts", {"default": {}})
        return merged(channel, accounts[name or next(iter(accounts))])


def _is(line: LogLine, wanted: str | Callable[[LogLine], bool]) -> bool:
    if callable(wanted):
        return wanted(line)
    return wanted in f"{line.get('component')}: {line['msg']}"
