"""Something that runs beside a block of code."""

from __future__ import annotations

import anyio
import pytest

from onebus.background import beside

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])


@BACKENDS
def test_it_runs_and_is_cancelled_when_the_block_is_left(backend: str) -> None:
    async def main() -> None:
        seen: list[str] = []

        async def run() -> None:
            seen.append("begun")
            try:
                await anyio.sleep_forever()
            finally:
                seen.append("ended")

        async with beside(run):
            await anyio.wait_all_tasks_blocked()
            assert seen == ["begun"]
        assert seen == ["begun", "ended"]

    anyio.run(main, backend=backend)


@BACKENDS
def test_what_the_block_raises_is_raised_as_it_is(backend: str) -> None:
    async def main() -> None:
        with pytest.raises(KeyError, match="mine"):
            async with beside(anyio.sleep_forever):
                raise KeyError("mine")

    anyio.run(main, backend=backend)


@BACKENDS
def test_what_it_fails_with_is_raised_at_the_end(backend: str) -> None:
    async def main() -> None:
        async def fail() -> None:
            raise ValueError("it failed")

        with pytest.raises(ValueError, match="it failed"):
            async with beside(fail):
                await anyio.wait_all_tasks_blocked()

    anyio.run(main, backend=backend)
