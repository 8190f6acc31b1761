"""The real gateway: its folder, its settings, its start and its end."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx
from harness.net import free_port
from harness.wait import until
from onebus.testing.bridge import merged

from claw import model
from claw.node import OPENCLAW, Outcome, environment, kill_group, node_folder, run
from claw.plugin import PACKED

#: On a quiet machine it takes 8 to 27.
START_SECONDS: Final = 150.0
STOP_SECONDS: Final = 60.0

_TOKEN = "gateway-token"

Settings = dict[str, Any]


def default_settings(folder: Path, port: int, model_url: str) -> Settings:
    """Of a gateway with this plugin, this model, and nothing that speaks of itself."""
    mock = {
        "id": model.NAME,
        "name": "Mock",
        "reasoning": False,
        "input": ["text", "image"],
        "cost": {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0},
        "contextWindow": 128000,
        "maxTokens": 4096,
    }
    provider = {
        "baseUrl": model_url,
        "apiKey": "mock-key",
        "api": "openai-completions",
        "models": [mock],
    }
    return {
        "gateway": {
            "mode": "local",
            "port": port,
            "bind": "loopback",
            "auth": {"mode": "token", "token": _TOKEN},
        },
        "update": {"checkOnStart": False},
        "telemetry": {"enabled": False},
        "discovery": {"mdns": {"mode": "off"}},
        "logging": {"file": f"{folder}/openclaw.log"},
        "plugins": {
            "allow": ["napcatqq"],
            "slots": {"memory": "none"},
            "load": {"paths": [str(PACKED)]},
            "entries": {"napcatqq": {"enabled": True}},
        },
        "models": {
            "mode": "replace",
            "catalogRefresh": {"enabled": False},
            "providers": {"mock": provider},
        },
        "agents": {
            "defaults": {
                "model": {"primary": f"mock/{model.NAME}"},
                "workspace": f"{folder}/workspace",
                "skipBootstrap": True,
                "heartbeat": {"every": "0m"},
            }
        },
        "tools": {"toolSearch": False},
    }


class Gateway:
    """`settings` are laid over those of `default_settings`."""

    def __init__(
        self, folder: Path, model_url: str, settings: Mapping[str, Any]
    ) -> None:
        self.folder = folder
        self.port = free_port()
        own = merged(default_settings(folder, self.port, model_url), settings)
        for name in ("home", "tmp", "state", "workspace"):
            (folder / name).mkdir()
        self._config = folder / "state" / "openclaw.json"
        self._config.write_text(json.dumps(own))
        self._output = folder / "gateway.out"
        self._env = environment(folder)
        self._process: asyncio.subprocess.Process | None = None

    # -- life --------------------------------------------------------------

    async def start(self) -> None:
        """Start it, and wait until its channels have been started."""
        await self.launch()
        await self.ready()

    async def launch(self) -> None:
        """Start the process."""
        with self._output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._command("gateway", "run", "--port", str(self.port)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._env,
                cwd=self.folder,
                start_new_session=True,
            )

    async def ready(self) -> None:
        """Wait until its channels have been started."""
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        async with httpx.AsyncClient(timeout=START_SECONDS, trust_env=False) as client:
            while not await self._is_ready(client):
                assert self.is_running, self._told("has ended")
                if asyncio.get_running_loop().time() > deadline:
                    raise TimeoutError(self._told("is not ready"))
                await asyncio.sleep(0.05)

    async def _is_ready(self, client: httpx.AsyncClient) -> bool:
        try:
            for path in ("startupz", "readyz"):
                url = f"http://127.0.0.1:{self.port}/{path}"
                if (await client.get(url)).status_code != 200:
                    return False
        except httpx.TransportError:
            return False
        return True

    async def stop(self) -> int:
        """By SIGTERM; gives the exit status."""
        process = self._running
        process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except asyncio.TimeoutError:
            raise TimeoutError(self._told("did not end on SIGTERM")) from None
        finally:
            kill_group(process.pid)

    async def kill(self) -> None:
        """As `kill -9`, all its processes."""
        kill_group(self._running.pid)
        await self._running.wait()

    async def close(self) -> None:
        """End it, whatever state it is in."""
        if self._process is not None:
            await self.kill()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "not launched"
        return self._process

    # -- its folder ----------------------------------------------------------

    @property
    def workspace(self) -> Path:
        """Of its agent: files that it may send, and skills."""
        return self.folder / "workspace"

    def add_skill(self, name: str, what: str) -> None:
        """A skill of the agent's workspace; counts from the next start on."""
        folder = self.workspace / "skills" / name
        folder.mkdir(parents=True)
        head = f"---\nname: {name}\ndescription: {what}\n---\n"
        (folder / "SKILL.md").write_text(f"{head}\n# {name}\n\n{what}\n")

    @property
    def settings(self) -> Settings:
        """As they are in its file, which it writes to as well."""
        return dict(json.loads(self._config.read_text()))

    def change(self, settings: Mapping[str, Any]) -> None:
        """Lay these over what is in its file, which it watches."""
        self.write(merged(self.settings, settings))

    def write(self, settings: Mapping[str, Any]) -> None:
        """Put these into its file."""
        new = self._config.with_suffix(".new")
        new.write_text(json.dumps(settings))
        new.replace(self._config)

    # -- what it says --------------------------------------------------------

    @property
    def log(self) -> str:
        """All that it has printed, over all starts."""
        return self._output.read_text(errors="replace") if self._output.exists() else ""

    @property
    def told(self) -> str:
        """All that anybody could read of it: what it has printed, and its log."""
        file = self.folder / "openclaw.log"
        return self.log + (file.read_text(errors="replace") if file.exists() else "")

    async def wait_for_log(self, pattern: str, after: int = 0) -> re.Match[str]:
        """Wait until it has printed what fits, behind the first `after` letters."""
        expression = re.compile(pattern)
        try:
            return await until(
                lambda: expression.search(self.log, after), "log", START_SECONDS
            )
        except TimeoutError:
            raise TimeoutError(self._told(f"has not said {pattern!r}")) from None

    def _told(self, what: str) -> str:
        lines = "\n".join(self.log.splitlines()[-60:])
        return f"the gateway {what}; the end of what it said:\n{lines}"

    # -- commands ------------------------------------------------------------

    async def cli(self, *arguments: str) -> Outcome:
        """`openclaw …`, as its user would."""
        return await run(*self._command(*arguments), env=self._env, cwd=self.folder)

    async def cli_json(self, *arguments: str) -> Any:
        """What a command with `--json` says; it must end well."""
        outcome = await self.cli(*arguments, "--json")
        assert outcome.status == 0, outcome
        return json.loads(outcome.out)

    async def rpc(self, method: str, **params: Any) -> Any:
        """Call a method of the running gateway."""
        return await self.cli_json(
            "gateway", "call", method, "--params", json.dumps(params)
        )

    def _command(self, *arguments: str) -> tuple[str, ...]:
        return (str(node_folder() / "node"), str(OPENCLAW), *arguments)
