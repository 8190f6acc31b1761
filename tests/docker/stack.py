"""The containers: bridge, bot and simulator, and the way to talk to each."""

from __future__ import annotations

from containers import Containers
from engine import Engine, wait_until
from qq import QQ

SERVICES = ("bridge", "bot", "sim")


class Stack(Containers, QQ):
    """`with Stack(engine)`: they are up; in the end they and their volumes go."""

    def __init__(self, engine: Engine) -> None:
        Containers.__init__(self, engine)
        QQ.__init__(self, engine.folder / "share")

    def __enter__(self) -> Stack:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def wait_for_bot(self) -> None:
        """Until it answers: a new one begins with what is said from then on."""
        self.wait_for_link()

        def is_answered() -> bool:
            self.order(say="/echo hello?", group=700)
            return "hello?" in self.answers()

        wait_until(is_answered, "answer of the bot")


def share_file(stack: Stack, name: str, data: bytes) -> str:
    """Have the bot's container write a file into the volume; gives its path."""
    path = f"/media/{name}"
    script = f"from pathlib import Path; Path({path!r}).write_bytes({data!r})"
    stack.execute("bot", "python", "-c", script)
    return path
