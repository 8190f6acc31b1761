"""The console in a browser: what happens to the bridge is seen on its page."""

import pytest

from harness.browser import DESKTOP, PHONE, Page
from harness.factories import StartBridge, StartBus, StartSim
from harness.wait import until

TWO = {"accounts": {"day": {"wsPath": "/day"}, "night": {"wsPath": "/night"}}}

#: What somebody may call himself, or say.
MARKUP = '<img src=x onerror="alert(1)"><script>alert(1)</script>'
TURNED = "good\u202egnp.exe\u2066 \u0007\u0000end"
ENDLESS = "W" * 10_000


async def test_each_state_of_an_account_is_shown_as_it_changes(
    bridge: StartBridge, sim: StartSim, page: Page
) -> None:
    b = await bridge(TWO)
    await page.open(b)
    await page.shows("#link", "Live")
    await page.shows("#health", "2 things need attention")
    peer = await sim(b, "day", heart_interval=200)
    day = "#accounts > li:first-child"
    await page.shows(f"{day} .lights", "connected")
    await page.shows(f"{day} .lights", "online")
    await page.shows(f"{day} .lights", "0 s ago")
    assert "NapCat" in await page.text(day)
    await page.shows("#health", "One thing needs attention")
    peer.world.online = False
    await page.shows("#said", "day: QQ is offline.")
    await page.shows(f"{day} .lights", "offline")
    await page.shows("#health", "day: QQ is offline")
    peer.auto_reconnect = False
    await peer.drop()
    await page.shows("#said", "day is not connected any more.")
    await page.shows(f"{day} .lights", "not connected")
    assert (await page.text("#accounts > li:last-child h3")) == "night"
    assert await page.js("return document.title") == "(2) onebus"


async def test_of_many_accounts_those_come_first_that_need_something(
    bridge: StartBridge, sim: StartSim, page: Page
) -> None:
    accounts = {f"a{i}": {"wsPath": f"/{i}"} for i in range(30)}
    b = await bridge({"accounts": accounts})
    await sim(b, "a0")
    await page.open(b)
    await page.shows("#health", "29 things need attention")
    assert "and 21 more" in await page.text("#health-list")
    assert await page.count("#accounts > li") == 24
    await page.click("#accounts-more")
    assert await page.count("#accounts > li") == 30
    last = await page.text("#accounts > li:last-child")
    assert "a0" in last and "connected" in last


@pytest.mark.parametrize("content", ["none", "preview", "full"])
async def test_an_event_is_shown_as_far_as_its_content_may_be(
    bridge: StartBridge, sim: StartSim, page: Page, content: str
) -> None:
    b = await bridge(None, {"log": {"content": content}})
    peer = await sim(b)
    await page.open(b)
    await page.shows("#events-rows", "link opened")
    await peer.group_message(700, 42, "begin " + "x" * 90 + " end")
    row = await page.shows("#events-rows tr:first-child", "group 700")
    assert "42" in row
    assert ("begin" in row) == (content != "none")
    assert ("end" in row) == (content == "full")
    assert ("100 characters" in row) == (content == "none")
    assert ("bridge.log.content" in await page.text("#events-note")) == (
        content == "none"
    )


async def test_what_strangers_write_is_text_and_nothing_else(
    bridge: StartBridge, sim: StartSim, page: Page
) -> None:
    b = await bridge(None, {"log": {"content": "full"}})
    peer = await sim(b)
    peer.world.add_group(700, "g")
    peer.world.add_member(700, 41, nickname=MARKUP)
    peer.world.add_member(700, 42, nickname=TURNED)
    peer.world.add_member(700, 43, nickname=ENDLESS)
    await page.open(b)
    for user, text in ((41, MARKUP), (42, TURNED), (43, ENDLESS)):
        await peer.group_message(700, user, [{"type": "text", "data": {"text": text}}])
    await page.shows("#events-rows", "WWWW")
    shown = await page.text("#events-rows")
    assert shown.count(MARKUP) == 2
    assert "good\ufffdgnp.exe\ufffd \ufffd\ufffdend" in shown
    assert not set(shown) & set("\u202e\u2066\u0007\u0000")
    assert await page.count("main img, main script") == 0
    assert not await page.js("return window.isTricked")
    for size in (DESKTOP, PHONE):
        await page.look(size)
        assert await is_wide_enough(page), size


async def is_wide_enough(page: Page) -> bool:
    """Nothing leads out of the window to the right."""
    return bool(
        await page.js("return document.documentElement.scrollWidth <= innerWidth")
    )


async def test_calls_are_shown_with_their_verdicts(
    bridge: StartBridge, bus: StartBus, sim: StartSim, page: Page
) -> None:
    b = await bridge()
    await sim(b)
    program = bus(b)
    await page.open(b)
    await page.shows("#calls-empty", "No call yet.")
    await program.call("get_status")
    await program.call("send_group_msg", {"group_id": 1, "message": "hi"})
    await program.call("dance", {"user_id": 5})
    await page.shows("#calls-rows", "dance")
    rows = (await page.text("#calls-rows tr")).replace("\t", " ")
    assert "unknown action" in rows
    assert "private 5" in rows
    assert "group 1" in rows
    assert "default" in rows
    await page.shows("#rates .calls .peak", lambda text: "at most 0/s" not in text)
    chart = await page.js("return document.querySelector('#rates svg').ariaLabel")
    assert chart.startswith("Events: ")


async def test_who_is_refused_is_shown_with_the_line_to_add(
    bridge: StartBridge, sim: StartSim, page: Page
) -> None:
    b = await bridge({"groupPolicy": "allowlist"})
    peer = await sim(b)
    await page.open(b)
    for _ in range(3):
        await peer.group_message(20002, 42, "hello")
    shown = await page.shows("#refused-list", "3 times")
    assert "the group is not listed" in shown
    assert '"20002": {}' in shown
    assert "channels.napcatqq.groups" in shown
    page.browser.command("Browser.grantPermissions", permissions=["clipboardReadWrite"])
    await page.click("#refused-list button")
    await page.shows("#toast", "Copied.")
    copied = await page.promised("return await navigator.clipboard.readText()")
    assert copied == '"20002": {}'


async def test_the_list_of_events_is_bounded_and_can_be_held(
    bridge: StartBridge, sim: StartSim, page: Page
) -> None:
    b = await bridge(None, {"log": {"content": "full"}})
    peer = await sim(b)
    await page.open(b)
    await page.shows("#link", "Live")
    for i in range(80):
        await peer.group_message(700, 42, f"number {i}")
    await page.shows("#events-rows tr:first-child", "number 79")
    assert await page.count("#events-rows tr") == 12
    await page.click("#events-more")
    assert await page.count("#events-rows tr") == 50
    await page.click("#pause")
    await page.shows("#link", "Paused")
    await peer.group_message(700, 42, "unseen")
    await page.shows("#accounts .counts", "82")
    assert "unseen" not in await page.text("#events-rows")
    await page.click("#pause")
    await page.shows("#events-rows tr:first-child", "unseen")


async def test_the_page_comes_back_with_the_bridge(
    bridge: StartBridge, page: Page
) -> None:
    b = await bridge()
    port = int(b.http.rpartition(":")[2])
    await page.open(b)
    await page.shows("#link", "Live")
    await b.kill()
    await page.shows("#lost", "Not connected to the bridge.")
    assert (await page.js("return document.title")).startswith("Not connected")
    await page.click("#retry")
    await bridge(None, {"http": f"127.0.0.1:{port}"})
    await page.shows("#link", "Live")
    assert await page.text("#lost") == ""


async def test_a_page_that_nobody_looks_at_asks_for_nothing(
    bridge: StartBridge, page: Page
) -> None:
    b = await bridge()
    await page.open(b)
    await page.shows("#link", "Live")
    fds = b.fd_count()
    await page.js("""
      const real = window.fetch;
      window.asked = 0;
      window.fetch = (...what) => { window.asked++; return real(...what); };
    """)
    hide = "Object.defineProperty(document, 'hidden', {configurable: true, value: %s});"
    turn = "document.dispatchEvent(new Event('visibilitychange'))"
    await page.js(hide % "true" + turn)
    await until(lambda: b.fd_count() < fds, "end of the stream")
    assert await page.js("return window.asked") == 0
    await page.js(hide % "false" + turn)
    assert await page.unlike("return window.asked", 0) == 1
    await page.shows("#link", "Live")
