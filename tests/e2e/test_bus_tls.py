"""The bus over TLS: who is served, and who is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgpack
import onebus
import pynng
import pytest

from harness.bridge import Bridge
from harness.certificates import Certificates
from harness.cli import onebus as run
from harness.factories import StartBridge, StartSim
from harness.net import free_port

TIMEOUT_MS = 5000


def settings(certificates: Certificates, **own: Any) -> dict[str, Any]:
    """Both sockets by TLS, each in both ways."""
    server = str(certificates.server)
    return {
        "events": ["tls+tcp://127.0.0.1:0", f"wss://127.0.0.1:{free_port()}/events"],
        "actions": ["tls+tcp://127.0.0.1:0", f"wss://127.0.0.1:{free_port()}/actions"],
        "tls": {"cert": server, "key": server, **own},
    }


def trust(ca: Path, own: Path | None = None) -> pynng.TLSConfig:
    tls = pynng.TLSConfig(
        pynng.TLSConfig.MODE_CLIENT, server_name="127.0.0.1", ca_files=[str(ca)]
    )
    if own is not None:
        tls.set_cert_key_file(str(own), None)
    return tls


def ping(url: str, tls: pynng.TLSConfig) -> dict[str, Any]:
    with pynng.Req0(
        tls_config=tls, send_timeout=TIMEOUT_MS, recv_timeout=TIMEOUT_MS
    ) as socket:
        socket.dial(url, block=True)
        socket.send(msgpack.packb({"action": "bridge.ping"}))
        return dict(msgpack.unpackb(socket.recv()))


@pytest.mark.parametrize("way", [0, 1], ids=["tls+tcp", "wss"])
async def test_events_and_calls_cross_it(
    bridge: StartBridge, sim: StartSim, certificates: Certificates, way: int
) -> None:
    b = await bridge(None, settings(certificates))
    peer = await sim(b)
    events, actions = b.addresses("events")[way], b.addresses("actions")[way]
    async with onebus.connect(events, actions, tls=trust(certificates.ca)) as bus:
        async with bus.events("qq.group.*") as stream:
            assert (await bus.call("bridge.ping"))["epoch"] == b.epoch
            await peer.group_message(20002, 30001, "hello")
            event = await anext(stream)
            assert event.text == "hello"


async def test_a_bridge_by_another_ca_is_not_trusted(
    bridge: StartBridge, certificates: Certificates
) -> None:
    b = await bridge(None, settings(certificates))
    with pytest.raises(pynng.NNGException):
        ping(b.actions, trust(certificates.stranger))
    assert ping(b.actions, trust(certificates.ca))["status"] == "ok"


async def test_with_a_ca_only_who_has_its_certificate_is_served(
    bridge: StartBridge, certificates: Certificates
) -> None:
    b = await bridge(None, settings(certificates, ca=str(certificates.ca)))
    for own in (None, certificates.stranger):
        with pytest.raises(pynng.NNGException):
            ping(b.actions, trust(certificates.ca, own))
    assert ping(b.actions, trust(certificates.ca, certificates.client))["status"] == "ok"


async def test_commands_find_it(
    bridge: StartBridge, certificates: Certificates
) -> None:
    address = f"tls+tcp://localhost:{free_port()}"
    own = settings(certificates, ca=str(certificates.ca)) | {"actions": [address]}
    b = await bridge(None, own)
    answer = await run("call", "--config", str(b.folder / "onebus.json"), "bridge.ping")
    assert (answer.status, answer.err) == (0, "")


@pytest.mark.parametrize(("trusted", "status"), [("ca", 0), ("stranger", 1)])
async def test_commands_find_it_from_elsewhere(
    bridge: StartBridge, certificates: Certificates, trusted: str, status: int
) -> None:
    address = f"tls+tcp://localhost:{free_port()}"
    await bridge(None, settings(certificates) | {"actions": [address]})
    answer = await run(
        *("call", "--url", address),
        *("--set", f"bridge.tls.ca={getattr(certificates, trusted)}", "bridge.ping"),
    )
    assert answer.status == status, answer.err
    assert status == 0 or "cannot reach the bridge" in answer.err


def launch(bridge: StartBridge, own: dict[str, Any]) -> Bridge:
    b = bridge.prepare(None, own)
    b.expected = 1
    return b


async def test_a_key_that_is_none_is_said(
    bridge: StartBridge, certificates: Certificates
) -> None:
    own = settings(certificates)
    own["tls"]["key"] = str(certificates.ca)
    b = launch(bridge, own)
    await b.launch()
    assert await b.ended() == 1
    assert b.lines("cannot listen with TLS") and str(certificates.ca) in b.stderr.decode()


async def test_who_speaks_no_tls_hurts_nobody(
    bridge: StartBridge, certificates: Certificates
) -> None:
    b = await bridge(None, settings(certificates))
    plain = b.actions.replace("tls+tcp", "tcp")
    with pynng.Req0(send_timeout=500, recv_timeout=500) as socket:
        socket.dial(plain, block=False)
        with pytest.raises(pynng.NNGException):
            socket.send(b"hello")
            socket.recv()
    assert ping(b.actions, trust(certificates.ca))["status"] == "ok"
