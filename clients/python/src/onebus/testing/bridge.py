"""The bridge as a process of a test."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import weakref
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from typing_extensions import Self

#: The account's token, unless the settings say another one.
TOKEN = "sim-token"

START_SECONDS = 20.0
STOP_SECONDS = 40.0
LINES_MAX = 2000

Settings = Mapping[str, Any]


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

    It listens for a peer on a free port and has its bus on Unix sockets. Everybody
    may speak to the bot, and nothing is paced, unless `settings` (those of the
    bridge's own file, laid over these) say otherwise. None of its methods awaits:
    a bridge starts in some 30 ms.
    """

    def __init__(
        self, settings: Settings | None = None, *, folder: Path | None = None
    ) -> None:
        # A Unix socket's address has 107 bytes at most, so not below pytest's.
        self.folder = folder or Path(tempfile.mkdtemp(prefix="onebus-"))
        self.settings = merged(_defaults(self.folder), settings or {})
        self.log: deque[str] = deque(maxlen=LINES_MAX)
        self._owns_folder = folder is None
        self._changed = threading.Condition()
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        _alive.add(self)

    def __enter__(self) -> Self:
        self.start()
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
        self.log.clear()
        file = self.folder / "onebus.json"
        file.write_text(json.dumps(self.settings), encoding="utf-8")
        self._process = subprocess.Popen(
            [find_binary(), "run", "--config", str(file)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env={k: v for k, v in os.environ.items() if not k.startswith("ONEBUS_")},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._wait_for("bridge: ready", START_SECONDS)
        self._keep_port()

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
        if self._owns_folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        _alive.discard(self)

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
            if self._reader is not None:
                self._reader.join()

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise BridgeFailed("the bridge has not been started")
        return self._process

    # ---- addresses ---------------------------------------------------------

    @property
    def events(self) -> str:
        """Address of the events."""
        return str(self.settings["bridge"]["events"][0])

    @property
    def actions(self) -> str:
        """Address of the actions."""
        return str(self.settings["bridge"]["actions"][0])

    def url(self, account: str = "default") -> str:
        """Where the peer of an account dials."""
        found = re.search(rf"listening account={re.escape(account)} url=(\S+)", self.text)
        if found is None:
            raise LookupError(f"account {account}: none that listens")
        return found[1]

    def token(self, account: str = "default") -> str:
        """What the peer of an account has to give."""
        channel = self.settings["channels"]["napcatqq"]
        own = channel.get("accounts", {}).get(account, {})
        return str({**channel, **own}["accessToken"])

    def _keep_port(self) -> None:
        """Let the next start use the ports of this one, where they were free ones."""
        channel = self.settings["channels"]["napcatqq"]
        accounts: dict[str, Any] = channel.get("accounts") or {"default": channel}
        for name, account in accounts.items():
            if account.get("wsPort", channel.get("wsPort")) == 0:
                port = re.search(r":(\d+)/", self.url(name))
                if port is not None:
                    account["wsPort"] = int(port[1])

    # ---- the log -----------------------------------------------------------

    @property
    def text(self) -> str:
        """The log, a line each: component, what happened."""
        with self._changed:
            return "\n".join(self.log)

    def _read(self) -> None:
        stream = self._running.stderr
        assert stream is not None
        with stream:
            for line in stream:
                with self._changed:
                    self.log.append(_shown(line.decode(errors="replace").rstrip()))
                    self._changed.notify_all()
        self._running.wait()
        with self._changed:
            self._changed.notify_all()

    def _wait_for(self, words: str, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: any(words in line for line in self.log) or self._is_over(),
                seconds,
            )
            is_there = any(words in line for line in self.log)
        if not is_there:
            status = self._running.poll()
            self.kill() if status is None else None
            raise BridgeFailed(self._told(f"did not start (status {status})"))

    def _is_over(self) -> bool:
        return self._running.poll() is not None

    def _told(self, what: str) -> str:
        lines = "\n".join(f"    {line}" for line in list(self.log)[-20:])
        return f"the bridge {what}; the end of its log:\n{lines}"


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
            "pacing": {"accountPerSecond": 0, "chatPerSecond": 0, "jitter": 0},
            "log": {"format": "json"},
        },
    }


def _shown(line: str) -> str:
    try:
        told = json.loads(line)
        return f"{told['component']}: {told['msg']}"
    except (ValueError, LookupError, TypeError):
        return line


_alive: weakref.WeakSet[BridgeProcess] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Leave no process behind when a run of tests is broken off."""
    for bridge in list(_alive):
        bridge.close()
