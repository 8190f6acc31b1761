"""How publishing to NATS is, for whoever runs the bridge: settings, status, log,
metrics, console, doctor."""

import asyncio
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness import web
from harness.bridge import Bridge
from harness.browser import Page
from harness.build import WAIT
from harness.cli import onebus
from harness.factories import StartBridge, StartBus
from harness.net import free_port

PASSWORD = "hunter2-of-nats"


async def status_of(b: Bridge) -> dict[str, Any]:
    shown = await onebus("status", "--json", "--url", b.actions)
    return dict(json.loads(shown.out)["data"])


async def told_once(
    b: Bridge, is_so: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """Wait until bridge.status says so; what is told of NATS then."""

    async def look() -> dict[str, Any]:
        while not is_so(status := await status_of(b)):
            pass
        return dict(status["nats"])

    return await asyncio.wait_for(look(), WAIT)


# -- the settings ------------------------------------------------------------


async def test_a_password_in_an_address_is_shown_to_nobody(
    folder: Path, bridge: StartBridge
) -> None:
    url = f"nats://me:{PASSWORD}@127.0.0.1:{free_port()}"
    b = await bridge(None, {"nats": {"url": url}})
    await told_once(b, lambda status: status["nats"]["fault"] != "")
    b.signal(signal.SIGUSR1)
    await b.wait_for_line("state: nats mode=connecting")
    shown = await onebus("check", "--print", "--config", str(b.folder / "onebus.json"))
    assert "nats://***@127.0.0.1" in shown.out
    everything = [shown.out, json.dumps(await status_of(b)), b.stderr.decode()]
    everything.append((await onebus("status", "--url", b.actions)).out)
    everything.append((await web.ask(b, "/metrics")).body)
    assert all(PASSWORD not in text for text in everything)


async def test_a_server_for_everybody_needs_more_than_an_address(folder: Path) -> None:
    file = folder / "some.json"
    file.write_text('{"bridge": {\n"nats": {"url": ["nats://127.0.0.1", "nats://10.0.0.1"]}}}')
    result = await onebus("check", "--config", str(file))
    assert result.status == 78
    assert "some.json:2: bridge.nats.url[1]: " in result.err
    assert "credsFile" in result.err


async def test_other_servers_count_from_the_next_start_on(
    bridge: StartBridge, bus: StartBus
) -> None:
    def servers(password: str) -> dict[str, Any]:
        return {"nats": {"url": f"nats://me:{password}@127.0.0.1:{port}"}}

    port = free_port()
    b = await bridge(None, servers("one-password"))
    b.rewrite({"wsPort": 0}, servers("another-password"))
    reply = await bus(b).call("bridge.reload")
    assert reply["data"] == {"changed": [], "restart": ["bridge.nats.url"]}


# -- what is told ------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_the_page_says_it_in_both_languages(
    bridge: StartBridge, page: Page, lang: str
) -> None:
    b = await bridge(None, {"nats": {"url": f"nats://127.0.0.1:{free_port()}"}})
    await page.open(b)
    if lang == "zh":
        await page.click("#language")
    await page.shows("#journal", {"en": "not connected", "zh": "未连接"}[lang])
    await page.shows("#health", {"en": "No connection to NATS", "zh": "连不上 NATS"}[lang])


async def test_who_does_not_use_it_sees_nothing_of_it(
    bridge: StartBridge, page: Page
) -> None:
    b = await bridge()
    assert "nats" not in (await onebus("status", "--url", b.actions)).out
    assert (await status_of(b))["nats"]["state"] == "off"
    await page.open(b)
    await page.shows("#journal", "Events kept")
    assert "NATS" not in await page.text("#journal")
