"""A simulated QQ that says who it is without being seen to be asked: the bridge
asks it of each link that comes, which is of no concern to most tests."""

from __future__ import annotations

import time
from typing import Any

from onebus.sim import Request, Simulator
from onebus.sim.answers import Answer


class Introduced(Simulator):
    """`requests` and `next_request` leave that first question out."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._introduced: list[Any] = []
        super().__init__(*arguments, **options)

    def _take_request(self, adapter: Any, link: Any, text: str, value: Any) -> None:
        is_first = link not in self._introduced
        self._introduced.append(link)
        action = value.get("action") if isinstance(value, dict) else None
        if not is_first or action != "get_version_info":
            super()._take_request(adapter, link, text, value)
            return
        asked = Request(action, {}, value["echo"], text, time.monotonic(), adapter, link)
        answer = Answer(self.perform(asked), echo=asked.echo)
        self._put_answer(adapter, link, answer)
