"""A simulated QQ in a container, which does as it is told: peer.py."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

from engine import wait_until

UID = 10001


class QQ:
    """By the folder that it shares with us."""

    def __init__(self, share: Path) -> None:
        self.share = share
        share.mkdir(parents=True)
        (share / "answers").touch()
        for path in (share, share / "answers"):
            os.chown(path, UID, UID)

    def order(self, **order: Any) -> Any:
        """Tell it; ConnectionError while it is away."""
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
        """Until it is connected to the bridge."""

        def is_connected() -> bool:
            try:
                return bool(self.order(connected=True))
            except ConnectionError:
                return False

        wait_until(is_connected, "link between QQ and the bridge")

    def answers(self) -> list[str]:
        """All that the bot has said in QQ, oldest first."""
        lines = (self.share / "answers").read_text().splitlines()
        return [json.loads(line) for line in lines]
