"""What /metrics shows, after known traffic and at any time."""

import asyncio
import re
import signal

from harness import web
from harness.build import WAIT
from harness.factories import StartBridge, StartBus, StartSim
from harness.frames import group_message
from harness.metrics import Scrape, lint, parse, scrape
from harness.net import free_port
from harness.sp import Caller
from harness.websocket import opening

OPEN = {"dmPolicy": "open", "groupPolicy": "open"}
MANY = 200


async def test_an_idle_bridge_shows_everything_and_zeros(bridge: StartBridge) -> None:
    b = await bridge()
    found = await scrape(b)
    assert lint(found) == ""
    assert found.value("account_connected", account="default") == 0
    assert not found.has("account_online", account="default")
    assert found.value("ws_bytes_total", account="default", direction="in") == 0
    assert found.value("event_latency_seconds_count") == 0
    assert found.value("journal_state", state="ok") == 1
    assert found.value("journal_next_seq") == 1
    assert found.value("config_reload_success") == 1
    assert found.value("bus_subscribers") == 0
    assert found.value("log_messages_total", level="info") > 0
    assert found.samples["process_resident_memory_bytes", frozenset()] > 1 << 20
    assert found.samples["process_threads", frozenset()] > 1
    # As many bounds as there are queues.
    for kind in ("items", "bytes"):
        queues = {
            labels for name, labels in found.samples if name == f"onebus_queue_{kind}"
        }
        bounds = {
            labels for name, labels in found.samples if name == f"onebus_queue_{kind}_max"
        }
        assert len(queues) > 4
        assert queues == bounds
        assert all(found.samples[f"onebus_queue_{kind}_max", q] > 0 for q in queues)


async def test_values_after_known_traffic(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(OPEN | {"dmPolicy": "allowlist", "allowFrom": [30001]})
    program = bus(b)
    subscriber = await program.subscribe("qq.*")
    peer = await sim(b, heart_interval=100)
    await subscriber.next_event("qq.bridge.default.online")
    before = await scrape(b)
    await peer.emit(group_message("one"))
    await peer.emit(group_message("two"))
    await peer.private_message(30009, "not heard")
    await peer.private_message(30001, "heard")
    await subscriber.next_message(30001)
    caller = await Caller.connect(b.actions)
    params = {"user_id": 30001, "message": "hi"}
    sent = await caller.reply(caller.send("send_private_msg", params=params))
    assert sent["status"] == "ok", sent
    assert (await caller.reply(caller.send("send_private_msg")))["error"] == "bad_params"
    assert (await caller.reply(caller.send("no_such_action")))["status"] == "failed"
    assert (await caller.reply(caller.send("bridge.replay")))["status"] == "ok"

    def rise(name: str, **labels: str) -> float:
        return found.value(name, **labels) - before.value(name, **labels)

    found = await scrape(b)
    assert lint(found) == ""
    default = {"account": "default"}
    assert found.value("account_connected", **default) == 1
    assert found.value("account_online", **default) == 1
    assert found.value("heartbeat_age_seconds", **default) < WAIT
    assert rise("events_received_total", **default, post_type="message") == 4
    assert rise("events_published_total", **default, post_type="message") == 3
    assert rise("access_denied_total", **default, reason="dm_not_listed") == 1
    assert rise("ws_bytes_total", **default, direction="in") > 400
    assert rise("ws_bytes_total", **default, direction="out") > 50
    action = default | {"action": "send_private_msg"}
    assert found.value("actions_total", **action, result="ok") == 1
    assert found.value("actions_total", **action, result="rejected") == 1
    other = default | {"action": "other"}
    assert found.value("actions_total", **other, result="failed") == 1
    assert found.value("action_duration_seconds_count", **default) == 2
    assert rise("requests_refused_total", error="bad_params") == 1
    assert rise("replay_requests_total", result="ok") == 1
    assert found.value("replayed_events_total") > 3
    assert found.value("bus_subscribers") == 1
    assert found.value("event_latency_seconds_count") == found.value("journal_next_seq") - 1
    assert 0 < found.value("event_latency_seconds_sum") < WAIT
    assert found.value("journal_commit_seconds_count") > 0
    assert found.value("queue_items_max", queue="journal") == 4096
    # Nobody is named.
    values = {value for _, value in found.labels()}
    assert not any(re.fullmatch(r"\d{4,}", value) for value in values)
    for word in ("20002", "30001", "30009", "10001", "no_such_action", "not heard"):
        assert word not in found.text
    await caller.close()


async def test_peers_that_are_refused_are_counted(bridge: StartBridge) -> None:
    b = await bridge({"accessToken": "t0k3n-of-the-account"})
    assert (await opening(b.port, "/elsewhere")).status == 404
    assert (await opening(b.port)).status == 401
    assert (await opening(b.port, "/onebot/v11/ws?access_token=wrong")).status == 403
    found = await scrape(b)
    for account, reason in (
        ("", "unknown_path"),
        ("default", "token_missing"),
        ("default", "token_wrong"),
    ):
        labels = {"account": account, "result": "refused", "reason": reason}
        assert found.value("ws_connections_total", **labels) == 1, reason


async def test_settings_that_are_refused_are_seen(bridge: StartBridge) -> None:
    b = await bridge(OPEN)
    good = await scrape(b)
    file = b.folder / "onebus.json"
    text = file.read_text()
    file.write_text("{")
    b.signal(signal.SIGHUP)
    await b.wait_for_line("settings: refused")
    bad = await scrape(b)
    assert bad.value("config_reload_success") == 0
    name = "config_last_reload_timestamp_seconds"
    assert bad.value(name) == good.value(name)
    file.write_text(text)
    b.signal(signal.SIGHUP)
    await b.wait_for_line("settings: read again")
    again = await scrape(b)
    assert again.value("config_reload_success") == 1
    assert again.value(name) > good.value(name)


async def test_a_journal_that_is_in_memory_is_told_as_such(bridge: StartBridge) -> None:
    b = await bridge(OPEN, {"journal": {"enabled": False}})
    found = await scrape(b)
    for state in ("ok", "failing", "memory", "stopped"):
        assert found.value("journal_state", state=state) == (state == "memory")


async def test_many_accounts_are_shown(bridge: StartBridge) -> None:
    names = [f"bot{i:03}" for i in range(MANY)]
    b = await bridge(
        OPEN
        | {
            "wsPort": free_port(),
            "accounts": {name: {"wsPath": f"/{name}"} for name in names},
        }
    )
    found = await scrape(b)
    assert lint(found) == ""
    assert {value for key, value in found.labels() if key == "account"} == {*names, ""}
    assert len(found.samples) < 80 * MANY


async def test_scrapes_side_by_side_while_events_flow(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge(OPEN)
    subscriber = await bus(b).subscribe("qq.*")
    peer = await sim(b)
    scrapes: list[Scrape] = []

    async def watch() -> None:
        while len(subscriber.events) < 500:
            scrapes.append(await scrape(b))

    async def talk() -> None:
        for number in range(500):
            await peer.group_message(20001, 30001, f"say {number}")
        await peer.group_message(20002, 30001, "end")

    await asyncio.gather(talk(), *(watch() for _ in range(4)))
    await subscriber.next_event("qq.group.20002.*")
    published = {"account": "default", "post_type": "message"}
    last = await scrape(b)
    assert last.value("events_published_total", **published) == 501
    assert len(scrapes) >= 4
    for found in scrapes:
        assert found.types == last.types or set(found.types) < set(last.types)
    assert lint(last) == ""


async def test_whoever_leaves_before_the_answer_harms_nobody(bridge: StartBridge) -> None:
    b = await bridge()
    for _ in range(50):
        _, writer = await web.open_connection(b)
        writer.write(web.request(b, "GET", "/metrics"))
        await writer.drain()
        writer.close()
    assert (await scrape(b)).value("config_reload_success") == 1


def test_what_is_read_is_read_right() -> None:
    found = parse('# TYPE a_total counter\na_total{b="c\\"d",e="f"} 1.5\n')
    assert found.samples["a_total", frozenset({("b", 'c\\"d'), ("e", "f")})] == 1.5
