"""A Docker engine, the images and the containers, each once for all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import NEEDED, Engine
from images import build, lay_out, make_base, make_nats
from stack import Stack


def pytest_sessionstart() -> None:
    if os.geteuid() != 0:
        raise pytest.UsageError(
            "these tests start a Docker engine of their own, and must be run as root:"
            " sudo ./dev test --docker"
        )
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        raise pytest.UsageError(
            f"missing: {', '.join(missing)}; ./dev test --docker installs them"
        )


@pytest.fixture(scope="session")
def images() -> None:
    """All are in the store; what stands on the same base is made side by side."""
    lay_out()
    with Engine(online=True) as engine, ThreadPoolExecutor() as pool:
        make_base(engine)
        for made in [pool.submit(make_nats, engine), pool.submit(build, engine)]:
            made.result()


@pytest.fixture(scope="session")
def engine(images: None) -> Iterator[Engine]:
    """One with a network of its own, and the images."""
    with Engine(online=False) as engine:
        yield engine


@pytest.fixture(scope="session")
def stack(engine: Engine) -> Iterator[Stack]:
    """Bridge, bot and simulator, and the bot answers."""
    with Stack(engine) as stack:
        stack.wait_for_bot()
        yield stack
