"""What a compose file has started, and how to look at it and to kill it."""

from __future__ import annotations

import json
import time
from typing import Any

from engine import Engine, run, wait_until
from images import COMPOSE, compose, environment


class Containers:
    """`with Containers(engine)`: they are up; in the end they and their volumes go."""

    def __init__(
        self, engine: Engine, *, nats: bool = False, project: str = "onebustests"
    ) -> None:
        self.engine = engine
        self._nats, self._environment = nats, environment(engine, project)
        #: What Docker did to bring them up.
        self.happened: list[str] = []

    def up(self) -> None:
        run([str(COMPOSE / "init.sh")])
        # What a run that was killed has left.
        self.down()
        began = time.time()
        self.compose("up", "--detach", "--no-build")
        self.happened = self._events(began)

    def down(self) -> None:
        self.compose("down", "--volumes", "--remove-orphans")

    def _events(self, since: float) -> list[str]:
        """What the engine has done, oldest first: `start onebus-tests-bot`. It
        remembers the last few hundred only."""
        return self.engine.docker(
            "events", f"--since={since:.3f}", f"--until={time.time():.3f}",
            "--filter=type=container",
            "--format={{.Action}} {{.Actor.Attributes.name}}",
        ).splitlines()  # fmt: skip

    def compose(self, *arguments: str) -> str:
        return run(compose(*arguments, nats=self._nats), env=self._environment)

    def id(self, service: str) -> str:
        return f"onebus-tests-{service}"

    def inspect(self, service: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            self.engine.docker("inspect", self.id(service))
        )[0]
        return found

    def execute(self, service: str, *command: str) -> str:
        return self.engine.docker("exec", self.id(service), *command)

    def logs(self, service: str) -> str:
        return run(["sh", "-c", 'docker logs "$1" 2>&1', "sh", self.id(service)],
                   env=self.engine.environment)  # fmt: skip

    def wait_for_health(self, status: str, service: str = "bridge") -> None:
        """Of a container, as Docker sees it."""

        def health() -> str:
            return str(self.inspect(service)["State"]["Health"]["Status"])

        wait_until(lambda: health() == status, f"{service} that is {status}")

    def crash(self, service: str) -> None:
        """Kill its first process as a fault would, and wait until Docker has it
        up again."""
        before = self.inspect(service)
        self.engine.kill(before["State"]["Pid"])

        def is_back() -> bool:
            now = self.inspect(service)
            again: bool = now["RestartCount"] > before["RestartCount"]
            return again and now["State"]["Running"]

        wait_until(is_back, f"{service} that is up again")

    def secrets(self) -> list[str]:
        folder = COMPOSE / "secrets"
        return [file.read_text() for file in folder.glob("*_token")]

    def journal(self, bridge: str = "bridge") -> list[dict[str, Any]]:
        """The messages that a bridge has taken, as envelopes."""
        command = ("onebus", "replay", "--since", "0", "--json", "qq.group.*")
        lines = self.execute(bridge, *command).splitlines()
        events = [json.loads(line)["envelope"] for line in lines]
        return [event for event in events if event["type"].startswith("message.")]
