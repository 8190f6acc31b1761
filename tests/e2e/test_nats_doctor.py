"""`onebus doctor` about NATS: how its servers answer from here, and what a running
bridge tells."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from harness import nats as real_nats
from harness.doctor import Diagnosis, doctor, settings_file
from harness.net import free_port


@contextlib.asynccontextmanager
async def saying(words: bytes | None) -> AsyncIterator[str]:
    """A server that says this to whoever comes; None: nothing ever. Its URL."""
    over = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if words is None:
            await over.wait()
        else:
            writer.write(words)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"nats://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        over.set()


async def of(folder: Path, **nats: Any) -> Diagnosis:
    """With these settings of NATS, and no bridge."""
    file = settings_file(folder, bridge={"nats": nats})
    return await doctor("--config", file)


def told(found: Diagnosis) -> list[str]:
    """What is said of NATS."""
    return [f["code"] for f in found.findings if f["subject"] == "nats"]


async def test_a_server_that_will_do_is_told(folder: Path, nats: real_nats.Place) -> None:
    found = await of(folder, url=nats.urls)
    assert told(found) == ["nats"]
    assert "version 2." in found.one("nats")["seen"]


async def test_who_does_not_use_it_hears_nothing_of_it(folder: Path) -> None:
    assert told(await doctor("--config", settings_file(folder))) == []


async def test_nobody_there_is_a_fault(folder: Path) -> None:
    url = f"nats://me:hunter2@127.0.0.1:{free_port()}"
    found = await of(folder, url=url)
    assert (found.status, told(found)) == (1, ["nats-nobody"])
    assert "refused" in found.one("nats-nobody")["seen"]
    assert "hunter2" not in str(found.report)


async def test_one_of_several_away_is_a_warning(folder: Path, nats: real_nats.Place) -> None:
    found = await of(folder, url=[f"nats://127.0.0.1:{free_port()}", *nats.urls], replicas=3)
    assert (found.status, told(found)) == (0, ["nats-nobody", "nats"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (None, "nats-silent"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "nats-other"),
        (b"INFO {", "nats-other"),
        (b"I" * 100_000, "nats-other"),
        (b"", "nats-other"),
    ],
)
async def test_what_is_no_server_of_nats_is_told(
    folder: Path, words: bytes | None, code: str
) -> None:
    async with saying(words) as url:
        assert told(await of(folder, url=url)) == [code]


async def test_a_name_that_leads_nowhere_is_told(folder: Path) -> None:
    found = await of(folder, url="tls://token@no-such-host.invalid")
    assert told(found) == ["nats-no-name"]


async def test_what_a_server_asks_for_is_told(folder: Path) -> None:
    with real_nats.server(folder, settings={"authorization": {"token": "let-me-in"}}) as server:
        await server.ready()
        assert told(await of(folder, url=server.url)) == ["nats", "nats-wants-credentials"]
        host = server.url.removeprefix("nats://")
        assert told(await of(folder, url=f"nats://let-me-in@{host}")) == ["nats"]
        found = await of(folder, url=f"tls://let-me-in@{host}")
        assert told(found) == ["nats", "nats-no-tls"]


async def test_credentials_that_all_can_read_are_told(folder: Path) -> None:
    creds = folder / "nats.creds"
    creds.write_text("secret")
    creds.chmod(0o644)
    found = await of(folder, url=f"nats://127.0.0.1:{free_port()}", credsFile=str(creds))
    assert str(creds) in found.one("secret-readable")["seen"]
