"""Who may be on NATS at all, by credentials and by certificates: the bridge and the
Python client with what is right, and what each says of what is not."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onebus
import pytest

from harness import nats as real_nats
from harness.build import WAIT
from harness.certificates import Certificates
from harness.factories import StartBridge, StartBus, StartSim
from harness.mirror import state_is
from harness.nats import Server
from harness.nats_keys import Operator
from harness.wait import until

#: Seconds for a call to find out why it cannot be made.
PATIENCE = 2.0


async def refusal(address: str, **options: Any) -> str:
    """What somebody is told who calls a bridge there."""
    async with onebus.connect(address, connect_timeout=PATIENCE, **options) as bus:
        with pytest.raises(onebus.BridgeUnreachable) as caught:
            await asyncio.wait_for(bus.bridge.ping(), WAIT)
    return str(caught.value)


async def works(
    bridge: StartBridge, sim: StartSim, settings: dict[str, Any], **options: Any
) -> None:
    """A bridge with these settings of NATS is heard and called by a client."""
    b = await bridge(None, {"nats": settings})
    peer = await sim(b)
    await peer.group_message(700, 42, "hello")
    async with onebus.connect(settings["url"], **options) as bus:
        async with bus.events("qq.group.*", since=0, cursor="listener") as events:
            event = await asyncio.wait_for(anext(events), WAIT)
            assert isinstance(event, onebus.MessageEvent)
            assert event.text == "hello"
        assert (await bus.call("get_login_info"))["user_id"] == peer.self_id


# ---- a file of credentials -------------------------------------------------------


@pytest.fixture
def operator() -> Operator:
    return Operator()


@pytest.fixture
def signed(folder: Path, operator: Operator) -> Iterator[Server]:
    """A server that lets in whom the operator's accounts vouch for."""
    with real_nats.server(folder, settings=operator.settings()) as server:
        yield server


async def test_with_credentials_the_bridge_and_the_client_are_let_in(
    signed: Server, operator: Operator, bridge: StartBridge, sim: StartSim, folder: Path
) -> None:
    await signed.ready()
    settings = {"url": signed.url, "credsFile": str(operator.creds(folder / "bridge.creds"))}
    await works(bridge, sim, settings, creds=operator.creds(folder / "bot.creds"))


def strangers(_: Operator, file: Path) -> Path:
    return Operator().creds(file)


def expired(operator: Operator, file: Path) -> Path:
    return operator.creds(file, expires=time.time() - 10)


def missing(_: Operator, file: Path) -> Path:
    return file


def no_words(_: Operator, file: Path) -> Path:
    file.touch(0o600)
    file.write_text("hunter2\n")
    return file


def no_seed(operator: Operator, file: Path) -> Path:
    text = operator.creds(file).read_text()
    file.write_text(text[: text.index("-----BEGIN USER NKEY")])
    return file


MAKERS = pytest.mark.parametrize(
    ("make", "said"),
    [
        (strangers, "Authorization Violation"),
        (expired, "Authorization Violation"),
        (missing, "No such file"),
        (no_words, "no credentials of NATS"),
        (no_seed, "no credentials of NATS"),
    ],
)


@MAKERS
async def test_the_client_says_what_is_wrong_with_its_credentials(
    signed: Server,
    operator: Operator,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    make: Callable[[Operator, Path], Path],
    said: str,
) -> None:
    await signed.ready()
    told = await refusal(signed.url, creds=make(operator, folder / "own.creds"))
    assert said in told
    assert "hunter2" not in told + caplog.text
    rows = [row for row in caplog.messages if "not connected" in row]
    assert len(rows) == 1, rows


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (strangers, ": Authorization Violation: look at bridge.nats.credsFile"),
        (expired, ": Authorization Violation: look at bridge.nats.credsFile"),
        (no_words, "no nkey user seed found in"),
        (no_seed, "no nkey user seed found in"),
    ],
)
async def test_the_bridge_says_what_is_wrong_with_its_credentials(
    signed: Server,
    operator: Operator,
    folder: Path,
    bridge: StartBridge,
    bus: StartBus,
    make: Callable[[Operator, Path], Path],
    said: str,
) -> None:
    await signed.ready()
    creds = make(operator, folder / "own.creds")
    b = await bridge(None, {"nats": {"url": signed.url, "credsFile": str(creds)}})
    told = await state_is(bus(b), "connecting", said)
    assert ".c:" not in told["fault"]
    assert "hunter2" not in told["fault"] + b.stderr.decode()


async def test_credentials_that_are_renewed_are_read_again(
    signed: Server,
    operator: Operator,
    bridge: StartBridge,
    bus: StartBus,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await signed.ready()
    creds = expired(operator, folder / "own.creds")
    b = await bridge(None, {"nats": {"url": signed.url, "credsFile": str(creds)}})
    program = bus(b)
    await state_is(program, "connecting", "Authorization Violation")
    async with onebus.connect(signed.url, creds=creds, connect_timeout=WAIT) as client:
        asked = asyncio.create_task(client.bridge.ping())
        await until(lambda: "Authorization Violation" in caplog.text, "the refusal")
        operator.creds(creds)
        await state_is(program, "ok")
        assert (await asyncio.wait_for(asked, WAIT))["epoch"] == b.epoch


# ---- certificates --------------------------------------------------------------------


@dataclass(frozen=True)
class Trust:
    """What somebody has who comes to a server with TLS."""

    ca: Path | None
    own: Path | None = None

    def settings(self) -> dict[str, str]:
        """A bridge's."""
        own = {} if self.own is None else {"cert": str(self.own), "key": str(self.own)}
        return own if self.ca is None else {"ca": str(self.ca), **own}

    def context(self) -> ssl.SSLContext:
        """A client's."""
        context = ssl.create_default_context(cafile=self.ca)
        if self.own is not None:
            context.load_cert_chain(self.own)
        return context


@contextlib.contextmanager
def secured(folder: Path, own: Certificates, cert: Path) -> Iterator[tuple[Server, str]]:
    """A server that shows this certificate and asks for one; and its address."""
    tls = {"cert_file": str(cert), "key_file": str(cert), "ca_file": str(own.ca), "verify": True}
    with real_nats.server(folder, settings={"tls": tls}) as server:
        yield server, server.url.replace("nats://", "tls://")


async def test_with_certificates_the_bridge_and_the_client_are_let_in(
    folder: Path, certificates: Certificates, bridge: StartBridge, sim: StartSim
) -> None:
    trust = Trust(certificates.ca, certificates.client)
    with secured(folder, certificates, certificates.server) as (server, url):
        await server.ready()
        settings = {"url": url, "tls": trust.settings()}
        await works(bridge, sim, settings, tls=trust.context())


ROWS = pytest.mark.parametrize(
    ("shown", "ca", "own", "client_says", "bridge_says"),
    [
        ("server", "ca", None, "wants a certificate", "wants a certificate"),
        ("server", "ca", "stranger", "wants a certificate", "wants a certificate"),
        ("server", "other_ca", "client", "local issuer", "local issuer"),
        ("server", None, "client", "local issuer", "local issuer"),
        ("client", "ca", "client", "not valid for '127.0.0.1'", "IP address mismatch"),
    ],
    ids=["no certificate", "a stranger's", "another CA", "no CA", "another host"],
)


def trust_of(certificates: Certificates, ca: str | None, own: str | None) -> Trust:
    files: list[Path | None] = [
        None if name is None else getattr(certificates, name) for name in (ca, own)
    ]
    return Trust(*files)


@ROWS
async def test_what_is_wrong_with_certificates_is_told(
    folder: Path,
    certificates: Certificates,
    bridge: StartBridge,
    bus: StartBus,
    shown: str,
    ca: str | None,
    own: str | None,
    client_says: str,
    bridge_says: str,
) -> None:
    trust = trust_of(certificates, ca, own)
    with secured(folder, certificates, getattr(certificates, shown)) as (server, url):
        await server.ready()
        assert client_says in await refusal(url, tls=trust.context())
        b = await bridge(None, {"nats": {"url": url, "tls": trust.settings()}})
        told = await state_is(bus(b), "connecting", bridge_says)
        assert "bridge.nats.tls" in told["fault"]
