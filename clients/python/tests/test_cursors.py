"""Where a consumer keeps how far it has come."""

from __future__ import annotations

import functools
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest

from onebus.cursors import CursorError, FileCursor, MemoryCursor
from onebus.keeper import SAVE_EVENTS, Keeper
from onebus.position import Position

PLACE = Position("0123456789abcdef", 42)


Run = Callable[[Callable[[], Awaitable[None]]], None]


@pytest.fixture(params=["asyncio", "trio"])
def run(request: pytest.FixtureRequest) -> Run:
    return functools.partial(anyio.run, backend=request.param)


@pytest.mark.parametrize("fsync", [False, True])
def test_a_file_gives_back_what_was_saved(
    run: Run, tmp_path: Path, fsync: bool
) -> None:
    async def main() -> None:
        path = tmp_path / "here.cursor"
        cursor = FileCursor(path, fsync=fsync)
        assert await cursor.load() is None
        await cursor.save(PLACE)
        await cursor.save(PLACE._replace(seq=43))
        assert await FileCursor(path).load() == PLACE._replace(seq=43)
        assert [entry.name for entry in tmp_path.iterdir()] == ["here.cursor"]

    run(main)


@pytest.mark.parametrize(
    "text",
    ["", "42", "{", '{"epoch": "e"}', '{"epoch": "e", "seq": "42"}', "[]", "\xff"]
    + ['{"epoch": "e", "seq": -1}', '{"epoch": 1, "seq": 1}'],
)
def test_a_broken_file_is_an_error_that_names_it(
    run: Run, tmp_path: Path, text: str
) -> None:
    async def main() -> None:
        path = tmp_path / "here.cursor"
        path.write_text(text, encoding="latin-1")
        with pytest.raises(CursorError, match=re.escape(f"{path}: no cursor: ")):
            await FileCursor(path).load()

    run(main)


def test_two_consumers_of_one_file_are_found_out(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        path = tmp_path / "here.cursor"
        one, two = FileCursor(path), FileCursor(path)
        assert await one.load() is None
        assert await two.load() is None
        await one.save(PLACE)
        with pytest.raises(CursorError, match="somebody else has written it"):
            await two.save(PLACE)
        await one.save(PLACE)

    run(main)


def test_a_path_that_cannot_be_written_is_an_error(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        with pytest.raises(FileNotFoundError):
            await FileCursor(tmp_path / "nowhere" / "here.cursor").save(PLACE)

    run(main)


def test_a_keeper_saves_what_is_new_after_a_second(run: Run) -> None:
    async def main() -> None:
        store = MemoryCursor(PLACE)
        keeper = Keeper(store)
        assert await keeper.load() == PLACE
        assert keeper.left(anyio.current_time()) is None
        keeper.note(PLACE._replace(seq=43))
        await keeper.save()
        assert store.position == PLACE._replace(seq=43)
        keeper.note(PLACE._replace(seq=44))
        now = anyio.current_time()
        assert 0.5 < (keeper.left(now) or 0) <= 1.0
        assert keeper.left(now + 1.0) == 0

    run(main)


def test_a_keeper_saves_sooner_when_much_is_done(run: Run) -> None:
    async def main() -> None:
        keeper = Keeper(MemoryCursor())
        keeper.note(PLACE)
        await keeper.save()
        for seq in range(SAVE_EVENTS):
            keeper.note(PLACE._replace(seq=43 + seq))
        left = keeper.left(anyio.current_time())
        assert left is not None
        assert left <= 0.1

    run(main)
