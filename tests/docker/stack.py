"""The containers: bridge, bot and simulator, and the way to talk to each."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path
from typing import Any

from engine import Engine, run, wait_until
from images import COMPOSE, compose, environment

SERVICES = ("bridge", "bot", "sim")
UID = 10001


class Stack:
    """`with Stack(engine)`: they are up; in the end they and their volumes go."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.share = engine.folder / "share"
        self.share.mkdir()
        os.chown(self.share, UID, UID)
        #: What Docker did to bring them up.
        self.happened: list[str] = []
        (self.share / "answers").touch()
        os.chown(self.share / "answers", UID, UID)

    def __enter__(self) -> Stack:
        run([str(COMPOSE / "init.sh")])
        # What a run that was killed has left.
        self.compose("down", "--volumes", "--remove-orphans")
        began = time.time()
        self.compose("up", "--detach", "--no-build")
        self.happened = self._events(began)
        return self

    def __exit__(self, *_: object) -> None:
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
        return run(compose(*arguments), env=environment(self.engine))

    # ---- containers --------------------------------------------------------

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

    def health(self) -> str:
        """Of the bridge, as Docker sees it."""
        return str(self.inspect("bridge")["State"]["Health"]["Status"])

    def wait_for_health(self, status: str) -> None:
        wait_until(lambda: self.health() == status, f"bridge that is {status}")

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

    # ---- QQ ----------------------------------------------------------------

    def order(self, **order: Any) -> Any:
        """Tell the simulator; ConnectionError while it is away."""
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(30)
            try:
                peer.connect(str(self.share / "peer.sock"))
            except FileNotFoundError as error:
                raise ConnectionError(str(error)) from error
            peer.sendall(json.dumps(order).encode() + b"\n")
            with peer.makefile("rb") as replies:
                line = replies.readline()
        if not line:
            raise ConnectionError("it went away")
        return json.loads(line)

    def wait_for_link(self) -> None:
        """Until QQ is connected to the bridge."""

        def is_connected() -> bool:
            try:
                return bool(self.order(connected=True))
            except ConnectionError:
                return False

        wait_until(is_connected, "link between QQ and the bridge")

    def wait_for_bot(self) -> None:
        """Until it answers: a new one begins with what is said from then on."""
        self.wait_for_link()

        def is_answered() -> bool:
            self.order(say="/echo hello?", group=700)
            return "hello?" in self.answers()

        wait_until(is_answered, "answer of the bot")

    def answers(self) -> list[str]:
        """All that the bot has said in QQ, oldest first."""
        lines = (self.share / "answers").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def journal(self) -> list[dict[str, Any]]:
        """The messages that the bridge has taken, as envelopes."""
        command = ("onebus", "replay", "--since", "0", "--json", "qq.group.*")
        lines = self.execute("bridge", *command).splitlines()
        events = [json.loads(line)["envelope"] for line in lines]
        return [event for event in events if event["type"].startswith("message.")]


def share_file(stack: Stack, name: str, data: bytes) -> str:
    """Have the bot's container write a file into the volume; gives its path."""
    path = f"/media/{name}"
    script = f"from pathlib import Path; Path({path!r}).write_bytes({data!r})"
    stack.execute("bot", "python", "-c", script)
    return path
