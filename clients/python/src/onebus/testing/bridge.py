"""The bridge as a process of a test."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from typing_extensions import Self

from .guard import Guard
from .log import Log

if TYPE_CHECKING:
    from ..bus import Bus

#: The account's token, unless the settings say another one.
TOKEN = "sim-token"

START_SECONDS = 20.0
STOP_SECONDS = 40.0
#: Until it publishes to NATS, which need not be there.
NATS_SECONDS = 5.0
#: Lines of the log that a failure shows.
LINES_TOLD = 20

Settings = Mapping[str, Any]

#: What `onebus.connect` has variables for, of the settings of `bridge.nats`.
_NATS_VARIABLES = {
    "credsFile": "ONEBUS_NATS_CREDS",
    "stream": "ONEBUS_NATS_STREAM",
    "subjectPrefix": "ONEBUS_NATS_SUBJECT_PREFIX",
}


class BridgeFailed(Exception):
    """The bridge is not there, or does not do what it should; has its log."""


def find_binary() -> str:
    """The bridge's binary: `ONEBUS_BINARY`, else `onebus` in the PATH."""
    named = os.environ.get("ONEBUS_BINARY")
    if named:
        if not os.access(named, os.X_OK):
            raise BridgeFailed(f"ONEBUS_BINARY={named}: no program")
        return str(Path(named).absolute())
    found = shutil.which("onebus")
    if found is None:
        raise BridgeFailed(
            "no bridge to test with: install onebus, or name its binary in"
            " ONEBUS_BINARY (./dev build makes build/release/bridge/onebus)"
        )
    return found


def merged(base: Settings, over: Settings) -> dict[str, Any]:
    """`over` laid over `base`, map by map."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            value = merged(cast("Settings", below), cast("Settings", value))
        result[key] = value
    return result


class BridgeProcess:
    """The real bridge, in a temporary folder of its own.

    It listens for a peer on a free port and has its bus on Unix sockets; with a
    `bridge.nats` in its settings those who test find it there. Everybody
    may speak to the bot, and nothing is paced, unless `settings` (those of the
    bridge's own file, laid over these) say otherwise; what is changed in them later
    counts from the next start on. None of its methods awaits: a bridge starts in
    some 30 ms. It ends with the test run, however that ends.
    """

    def __init__(
        self, settings: Settings | None = None, *, folder: Path | None = None
    ) -> None:
        # A Unix socket's address has 107 bytes at most, so not below pytest's.
        self.folder = folder or Path(tempfile.mkdtemp(prefix="onebus-"))
        self.settings = copy.deepcopy(merged(_defaults(self.folder), settings or {}))
        #: What it says, to look at or to wait for.
        self.log = Log()
        self._owns_folder = folder is None
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        self._urls: dict[str, str] = {}

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # ---- life --------------------------------------------------------------

    def start(self) -> None:
        """Start it and wait until it is ready; it listens where it did before."""
        if self.is_running:
            raise BridgeFailed("the bridge runs already")
        self._launch()
        if not self.log.wait_for("bridge: ready", START_SECONDS):
            status = self._running.poll()
            if status is None:
                self.kill()
            raise BridgeFailed(self._told(f"did not start (status {status})"))
        if self._nats_address:
            self.log.wait_for("nats: publishing", NATS_SECONDS)
        found = re.findall(r"listening account=(\S+) url=(\S+)", self.log.text)
        self._urls = dict(found)
        self._keep_ports()

    def _launch(self) -> None:
        self._release()
        file = self.folder / "onebus.json"
        file.write_text(json.dumps(self.settings), encoding="utf-8")
        process = subprocess.Popen(
            [find_binary(), "run", "--config", str(file)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env={k: v for k, v in os.environ.items() if not k.startswith("ONEBUS_")},
            # Ctrl-C is for the test run, which then closes the bridge.
            start_new_session=True,
        )
        self._process = process
        self._guard = Guard(process.pid, self.folder if self._owns_folder else None)
        assert process.stderr is not None
        self.log.follow(process.stderr)

    def stop(self) -> None:
        """End it by SIGTERM and wait for that; BridgeFailed if it ends badly."""
        self._end(signal.SIGTERM)
        if self._running.returncode != 0:
            raise BridgeFailed(self._told(f"ended with {self._running.returncode}"))

    def kill(self) -> None:
        """As `kill -9`."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it, if it runs, and start it again: same journal, same addresses."""
        if self.is_running:
            self.stop()
        self.start()

    def pause(self) -> None:
        """Let it stand still, as on a machine that is too slow."""
        self._running.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._running.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End it, whatever state it is in, and take its folder away."""
        if self.is_running:
            self.resume()
            self._end(signal.SIGTERM)
        self._release()
        if self._owns_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._running.pid

    def _end(self, number: signal.Signals) -> None:
        process = self._running
        process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise BridgeFailed(self._told(f"did not end on {number.name}")) from None
        finally:
            self._release()

    def _release(self) -> None:
        """Let go of a process that has ended."""
        guard, self._guard = self._guard, None
        if guard is not None:
            guard.close()
            self.log.join()

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise BridgeFailed("the bridge has not been started")
        return self._process

    @property
    def text(self) -> str:
        """What it has said, over all its starts: a line each."""
        return "\n".join(self.log.lines)

    def _told(self, what: str) -> str:
        lines = "\n".join(f"    {line}" for line in self.log.lines[-LINES_TOLD:])
        return f"the bridge {what}; the end of its log:\n{lines}"

    # ---- addresses ---------------------------------------------------------

    @property
    def events(self) -> str:
        """Address of the events: of NATS, if the settings have a `bridge.nats`."""
        return self._nats_address or str(self.settings["bridge"]["events"][0])

    @property
    def actions(self) -> str:
        """Address of the actions, likewise."""
        return self._nats_address or str(self.settings["bridge"]["actions"][0])

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which `onebus.connect` finds it, in another process too."""
        found = {"ONEBUS_EVENTS": self.events, "ONEBUS_ACTIONS": self.actions}
        for name, variable in _NATS_VARIABLES.items():
            if self._nats.get(name):
                found[variable] = str(self._nats[name])
        return found

    def connect(self) -> Bus:
        """A bus that is connected to it, as by `onebus.connect`."""
        from ..bus import STREAM, Bus

        return Bus(
            self.events,
            self.actions,
            creds=self._nats.get("credsFile"),
            stream=self._nats.get("stream") or STREAM,
            subject_prefix=self._nats.get("subjectPrefix") or "",
        )

    @property
    def _nats(self) -> Settings:
        return cast("Settings", self.settings["bridge"].get("nats") or {})

    @property
    def _nats_address(self) -> str:
        url: str | list[str] = self._nats.get("url") or ""
        return url if isinstance(url, str) else ",".join(url)

    def url(self, account: str = "default") -> str:
        """Where the peer of an account dials."""
        try:
            return self._urls[account]
        except KeyError:
            known = ", ".join(self._urls) or "none"
            raise LookupError(
                f"account {account}: it does not listen; those that do: {known}"
            ) from None

    def token(self, account: str = "default") -> str:
        """What the peer of an account has to give."""
        channel = self.settings["channels"]["napcatqq"]
        own = channel.get("accounts", {}).get(account, {})
        return str({**channel, **own}["accessToken"])

    def _keep_ports(self) -> None:
        """Let the next start use the ports of this one, where they were free ones."""
        channel = self.settings["channels"]["napcatqq"]
        accounts: dict[str, Any] = channel.get("accounts") or {"default": channel}
        for name, url in self._urls.items():
            account = accounts[name]
            if account.get("wsPort", channel.get("wsPort")) == 0:
                account["wsPort"] = urlsplit(url).port


def _defaults(folder: Path) -> dict[str, Any]:
    return {
        "channels": {
            "napcatqq": {
                "wsPort": 0,
                "accessToken": TOKEN,
                "dmPolicy": "open",
                "groupPolicy": "open",
            }
        },
        "bridge": {
            "stateDir": f"{folder}/state",
            "events": [f"ipc://{folder}/events"],
            "actions": [f"ipc://{folder}/actions"],
            "http": "",
            "pacing": {"accountPerSecond": 0, "chatPerSecond": 0, "jitter": 0},
            "log": {"format": "json"},
        },
    }
