"""How publishing to NATS is, for whoever runs the bridge: settings, status, log,
metrics, console, doctor."""

import asyncio
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness import metrics, web
from harness import nats as real_nats
from harness.bridge import Bridge, default_settings
from harness.browser import Page
from harness.build import WAIT
from harness.cli import onebus
from harness.doctor import doctor_of
from harness.factories import StartBridge, StartBus, StartSim
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


async def is_in_state(b: Bridge, state: str) -> dict[str, Any]:
    return await told_once(b, lambda status: status["nats"]["state"] == state)


async def has_all(b: Bridge) -> dict[str, Any]:
    """Wait until the stream has what the journal has."""
    return await told_once(
        b, lambda status: status["nats"]["acked"] == status["seq"] > 0
    )


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


async def test_all_of_it_is_seen_while_all_is_well(
    bridge: StartBridge, sim: StartSim, nats: real_nats.Place, page: Page
) -> None:
    b = await bridge(None, {"nats": nats.settings()})
    peer = await sim(b)
    await peer.group_message(700, 42, "hello")
    told = await has_all(b)
    assert (told["state"], told["fault"]) == ("ok", "")
    assert (told["server"], told["stream"]) == (nats.server.url, nats.stream)
    assert told["published"] == told["acked"] == await nats.count()
    assert (told["lag"], told["lag_ms"], told["lost"]) == (0, 0, 0)
    shown = await onebus("status", "--url", b.actions)
    assert f"nats     ok, {nats.stream} at {nats.server.url}, seq " in shown.out
    scrape = metrics.parse((await web.ask(b, "/metrics")).body)
    assert scrape.value("nats_state", state="ok") == 1
    assert scrape.value("nats_acked_seq") == scrape.value("nats_published_events_total")
    assert scrape.value("nats_connects_total") == 1
    found = await doctor_of(b)
    assert nats.stream in found.one("nats")["seen"]
    await page.open(b)
    await page.shows("#journal", "gets all events")
    await page.shows("#journal", nats.stream)


async def test_nats_away_is_seen_and_takes_nothing_out_of_service(
    bridge: StartBridge, sim: StartSim, own_nats: real_nats.Place, page: Page
) -> None:
    b = await bridge(None, {"nats": own_nats.settings()})
    peer = await sim(b)
    await is_in_state(b, "ok")
    await page.open(b)
    await page.shows("#journal", "gets all events")
    own_nats.server.kill()
    told = await is_in_state(b, "connecting")
    assert (told["server"], told["fault"] != "") == ("", True)
    await peer.group_message(700, 42, "meanwhile")
    await page.shows("#health", "No connection to NATS")
    ready = await web.ask(b, "/readyz")
    assert (ready.status, ready.json["reasons"]) == (200, [])
    shown = await onebus("status", "--url", b.actions)
    assert "\n! NATS is connecting: " in shown.out
    found = await doctor_of(b)
    assert "events wait in the journal" in found.one("nats-connecting")["why"]
    assert "refused" in found.one("nats-nobody")["seen"]
    await own_nats.server.restart()
    told = await has_all(b)
    assert (told["state"], told["lost"]) == ("ok", 0)
    assert told["connects"] == 2
    await page.shows("#journal", "gets all events")


async def test_the_page_says_it_in_both_languages(
    bridge: StartBridge, page: Page
) -> None:
    b = await bridge(None, {"nats": {"url": f"nats://127.0.0.1:{free_port()}"}})
    await page.open(b)
    await page.shows("#journal", "not connected")
    await page.shows("#health", "No connection to NATS")
    await page.click("#language")
    await page.shows("#journal", "未连接")
    await page.shows("#health", "连不上 NATS")


async def test_who_does_not_use_it_sees_nothing_of_it(
    bridge: StartBridge, page: Page
) -> None:
    b = await bridge()
    assert "nats" not in (await onebus("status", "--url", b.actions)).out
    assert (await status_of(b))["nats"]["state"] == "off"
    await page.open(b)
    await page.shows("#journal", "Events kept")
    assert "NATS" not in await page.text("#journal")


async def test_a_standby_is_told_who_has_its_names(
    bridge: StartBridge, nats: real_nats.Place, folder: Path
) -> None:
    first = await bridge(None, {"nats": nats.settings()})
    await is_in_state(first, "ok")
    (elsewhere := folder / "2").mkdir()
    own = default_settings(elsewhere)
    own["bridge"]["nats"] = nats.settings()
    second = await bridge(settings=own)
    told = await is_in_state(second, "held")
    assert "default" in told["fault"] and first.epoch in told["fault"]
    found = await doctor_of(second)
    assert "default" in found.one("nats-held")["seen"]
    assert found.one("nats-held")["severity"] == "warn"
    scrape = metrics.parse((await web.ask(second, "/metrics")).body)
    assert scrape.value("nats_state", state="held") == 1
    shown = await onebus("status", "--url", second.actions)
    assert "\n! NATS is held: " in shown.out


async def test_a_misfit_is_told_with_what_differs(
    bridge: StartBridge, nats: real_nats.Place
) -> None:
    js = await nats.jetstream()
    await js.add_stream(name=nats.stream, subjects=[f"{nats.prefix}.qq.>"])
    b = await bridge(None, {"nats": nats.settings()})
    told = await is_in_state(b, "misfit")
    assert f"{nats.prefix}.qq.>" in told["fault"]
    found = await doctor_of(b)
    assert f"{nats.prefix}.qq.>" in found.one("nats-misfit")["seen"]
    assert nats.stream in found.one("nats-misfit")["remedy"]
    assert found.status == 1
