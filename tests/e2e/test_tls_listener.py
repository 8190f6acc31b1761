"""A listener that speaks TLS, and may ask for a certificate."""

import shutil
import ssl
from pathlib import Path

import pytest

from harness import websocket
from harness.certificates import Certificates
from harness.factories import StartBridge, StartBus, StartSim


def tls(certificates: Certificates, **more: str) -> dict[str, object]:
    pem = str(certificates.server)
    return {"tls": {"cert": pem, "key": pem} | more}


async def test_peers_come_in_by_wss(
    bridge: StartBridge, bus: StartBus, sim: StartSim, certificates: Certificates
) -> None:
    b = await bridge(tls(certificates))
    assert b.url().startswith("wss://")
    peer = await sim(b, verify_certificate=False)
    assert (await bus(b).call("get_login_info"))["status"] == "ok"
    # More than fits one TLS record, both ways.
    text = "x" * 300_000
    peer.on("echo", lambda request: request.params)
    reply = await bus(b).call("echo", {"text": text})
    assert reply["data"]["text"] == text


async def test_who_has_no_certificate_stays_out(
    bridge: StartBridge, bus: StartBus, sim: StartSim, certificates: Certificates
) -> None:
    b = await bridge(tls(certificates, clientCa=str(certificates.ca)))
    for certificate in ("", str(certificates.stranger)):
        out = await sim.dialing(
            b.url(), verify_certificate=False, certificate=certificate
        )
        await out.link.attempted(2)
        assert out.link.connections == 0
    await b.wait_for_line("TLS handshake")
    await sim(b, verify_certificate=False, certificate=str(certificates.client))
    assert (await bus(b).call("get_login_info"))["status"] == "ok"


async def test_ws_to_a_tls_port_is_said(
    bridge: StartBridge, sim: StartSim, certificates: Certificates
) -> None:
    b = await bridge(tls(certificates))
    peer = await sim.dialing(b.url().replace("wss://", "ws://"))
    await peer.link.attempted(2)
    line = await b.wait_for_line("lost a connection")
    assert "wss://" in line["msg"]
    assert peer.link.connections == 0


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
async def test_old_tls_is_refused(
    bridge: StartBridge, certificates: Certificates, version: ssl.TLSVersion
) -> None:
    b = await bridge(tls(certificates))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(OSError):
        await websocket.open_tls(b.port, context)


async def test_a_renewed_certificate_is_taken_up(
    bridge: StartBridge, bus: StartBus, sim: StartSim, certificates: Certificates
) -> None:
    pem = bridge.folder / "server.pem"
    shutil.copy(certificates.server, pem)
    b = await bridge({"tls": {"cert": str(pem), "key": str(pem)}})
    peer = await sim(b, verify_certificate=False)
    before = await websocket.certificate_of(b.port)
    shutil.copy(certificates.client, pem)
    assert (await bus(b).call("bridge.reload"))["status"] == "ok"
    assert await websocket.certificate_of(b.port) != before
    assert peer.link.connections == 1
    assert (await bus(b).call("get_login_info"))["status"] == "ok"


async def test_a_bad_certificate_is_a_fault_of_the_settings(
    bridge: StartBridge, certificates: Certificates, folder: Path
) -> None:
    nonsense = folder / "nonsense.pem"
    nonsense.write_text("no certificate")
    b = bridge.prepare({"tls": {"cert": str(nonsense), "key": str(nonsense)}})
    b.expected = 1
    await b.launch()
    assert await b.ended() == 1
    assert b.lines("nonsense.pem")
