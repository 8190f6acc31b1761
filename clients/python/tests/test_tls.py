"""Calls and events through TLS, as a proxy before the bridge speaks it."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from socket import ntohs
from typing import Any

import anyio
import msgpack
import pynng
import pytest

import onebus
from onebus import errors

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])
OK = {"status": "ok", "retcode": 0, "data": "pong", "warnings": [], "ms": 1}

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="certificates are made by openssl"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that is signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(folder / "key"), "-out", str(folder / "crt")),
        ],
        check=True,
        capture_output=True,
    )
    (folder / "both").write_text(
        (folder / "crt").read_text() + (folder / "key").read_text()
    )
    return folder


@pytest.fixture
def address(certificate: Path) -> Iterator[str]:
    """A bridge that answers each request, with TLS before it.

    Not wss: the listener of WebSockets that NNG 1.11 has ends the process now and
    then when a connection closes.
    """
    config = pynng.TLSConfig(
        pynng.TLSConfig.MODE_SERVER, cert_key_file=str(certificate / "both")
    )
    with pynng.Rep0(tls_config=config, recv_timeout=20) as socket:
        listener: Any = socket.listen("tls+tcp://localhost:0")
        over = threading.Event()
        thread = threading.Thread(target=_answer, args=(socket, over))
        thread.start()
        yield f"tls+tcp://localhost:{ntohs(listener.local_address.port)}"
        over.set()
        thread.join()


def _answer(socket: pynng.Rep0, over: threading.Event) -> None:
    while not over.is_set():
        try:
            socket.recv()
        except pynng.Timeout:
            continue
        socket.send(msgpack.packb(OK))


def trusting(certificate: Path) -> pynng.TLSConfig:
    return pynng.TLSConfig(
        pynng.TLSConfig.MODE_CLIENT,
        server_name="localhost",
        ca_files=str(certificate / "crt"),
    )


@BACKENDS
def test_a_bridge_behind_tls_is_called(
    backend: str, address: str, certificate: Path
) -> None:
    async def main() -> None:
        async with onebus.connect(actions=address, tls=trusting(certificate)) as bus:
            assert await bus.call("bridge.ping") == "pong"

    anyio.run(main, backend=backend)


# NNG now and then aborts a program that closes a WebSocket in its handshake.
@BACKENDS
@pytest.mark.parametrize("address", ["tls+tcp"], indirect=True)
@pytest.mark.parametrize("is_configured", [True, False])
def test_who_does_not_trust_it_does_not_talk_to_it(
    backend: str, address: str, is_configured: bool
) -> None:
    tls = pynng.TLSConfig(pynng.TLSConfig.MODE_CLIENT, server_name="localhost")

    async def main() -> None:
        options: Any = {"tls": tls} if is_configured else {}
        async with onebus.connect(actions=address, **options) as bus:
            with pytest.raises(errors.BridgeUnreachable):
                await bus.call("bridge.ping", timeout=0.3)

    anyio.run(main, backend=backend)
