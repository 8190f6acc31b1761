"""Lanes: in order within one, side by side across them, bounded."""

from __future__ import annotations

import anyio
import pytest

from onebus.lanes import Lanes
from onebus.progress import Progress

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])


class Workshop:
    """Work that waits until it is let go, and notes what has begun and ended."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.gates: dict[str, anyio.Event] = {}

    async def work(self, item: str) -> None:
        self.begun.append(item)
        await self.gates.setdefault(item, anyio.Event()).wait()
        self.ended.append(item)

    def let_go(self, *items: str) -> None:
        for item in items:
            self.gates.setdefault(item, anyio.Event()).set()


@BACKENDS
def test_one_lane_is_worked_in_order(backend: str) -> None:
    async def main() -> None:
        shop = Workshop()
        async with anyio.create_task_group() as tasks:
            lanes = Lanes[str](tasks, shop.work, width=4, depth=10)
            for item in ("a1", "a2", "a3"):
                await lanes.put("a", item)
            await anyio.wait_all_tasks_blocked()
            assert shop.begun == ["a1"]
            shop.let_go("a3", "a2", "a1")
        assert shop.ended == ["a1", "a2", "a3"]

    anyio.run(main, backend=backend)


@BACKENDS
def test_a_slow_lane_holds_up_no_other(backend: str) -> None:
    async def main() -> None:
        shop = Workshop()
        async with anyio.create_task_group() as tasks:
            lanes = Lanes[str](tasks, shop.work, width=4, depth=10)
            await lanes.put("a", "a1")
            await lanes.put("b", "b1")
            shop.let_go("b1")
            await anyio.wait_all_tasks_blocked()
            assert shop.ended == ["b1"]
            shop.let_go("a1")

    anyio.run(main, backend=backend)


@BACKENDS
def test_only_so_many_lanes_are_worked_at_once(backend: str) -> None:
    async def main() -> None:
        shop = Workshop()
        async with anyio.create_task_group() as tasks:
            lanes = Lanes[str](tasks, shop.work, width=2, depth=10)
            for lane in "abc":
                await lanes.put(lane, lane)
            await anyio.wait_all_tasks_blocked()
            assert len(shop.begun) == 2
            shop.let_go("a", "b", "c")
        assert sorted(shop.ended) == ["a", "b", "c"]

    anyio.run(main, backend=backend)


@BACKENDS
def test_putting_waits_while_there_is_no_room(backend: str) -> None:
    async def main() -> None:
        shop = Workshop()
        async with anyio.create_task_group() as tasks:
            lanes = Lanes[str](tasks, shop.work, width=1, depth=2)
            await lanes.put("a", "1")
            await lanes.put("a", "2")
            with anyio.move_on_after(0.05) as waited:
                await lanes.put("a", "3")
            assert waited.cancelled_caught
            shop.let_go("1", "2", "4")
            await lanes.put("a", "4")
        assert shop.ended == ["1", "2", "4"]

    anyio.run(main, backend=backend)


def test_progress_is_up_to_the_first_that_is_not_done() -> None:
    progress = Progress()
    assert progress.done == 0
    for number in (3, 5, 9):
        progress.begin(number)
    assert progress.done == 2
    progress.end(5)
    assert progress.done == 2
    progress.end(3)
    assert progress.done == 8
    progress.end(9)
    assert progress.done == 9


def test_progress_takes_rising_numbers_only() -> None:
    progress = Progress()
    progress.begin(3)
    with pytest.raises(ValueError, match="3 after 3"):
        progress.begin(3)
