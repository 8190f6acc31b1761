"""What the console's page can do, and who may have it done."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from selenium.webdriver.common.keys import Keys

from harness.bridge import Bridge
from harness.browser import Page
from harness.factories import StartBridge, StartBus, StartSim
from harness.web import console_token

PAIRING = {"dmPolicy": "pairing"}
ASKS = "#pairing-list"


async def asked(b: Bridge, start: StartSim, page: Page, fragment: str = "") -> None:
    """Somebody asks to be heard, and the page shows it."""
    peer = await start(b)
    peer.world.add_friend(30001, "Ann")
    await page.open(b, fragment)
    await peer.private_message(30001, "let me in")
    await page.shows(ASKS, "Ann")


async def test_a_stranger_is_let_in_with_the_keyboard_alone(
    bridge: StartBridge, bus: StartBus, sim: StartSim, page: Page
) -> None:
    b = await bridge(PAIRING)
    peer = await sim(b)
    peer.world.add_friend(30001, "Ann")
    subscriber = await bus(b).subscribe("qq.private.*")
    await page.open(b, f"#token={console_token(b)}")
    assert await page.js("return location.hash") == ""
    await peer.private_message(30001, "let me in")
    await page.shows(ASKS, "Ann")
    await page.shows("#health", "One person asks to be heard.")
    await page.tab_to("Approve Ann (30001)")
    await page.write(Keys.ENTER)
    await page.shows("#ask-dialog", "Approve Ann (30001)?")
    await page.tab_to("Approve", most=2)
    await page.write(Keys.ENTER)
    await page.shows("#toast", "Ann (30001) is approved.")
    await page.shows("#pairing-empty", "Nobody asks.")
    assert await page.js("return document.activeElement.id") == "pairing"
    await page.shows("#approved summary", "1")
    await peer.private_message(30001, "thanks")
    assert (await subscriber.next_event()).envelope["text"] == "thanks"


async def test_who_is_denied_or_revoked_is_not_heard(
    bridge: StartBridge, bus: StartBus, sim: StartSim, page: Page
) -> None:
    b = await bridge(PAIRING)
    await asked(b, sim, page, f"#token={console_token(b)}")
    await page.click(f"{ASKS} button:last-child")
    await page.click("#ask-yes")
    await page.shows("#toast", "Ann (30001) is denied.")
    await page.shows("#pairing-empty", "Nobody asks.")
    await bus(b).call("bridge.pairing.approve", {"user_id": 7})
    await page.shows("#approved summary", "1")
    await page.click("#approved summary")
    await page.click("#approved-list button")
    # Escape is no.
    await page.write(Keys.ESCAPE)
    assert await page.text("#ask-dialog") == ""
    await page.click("#approved-list button")
    await page.click("#ask-yes")
    await page.shows("#toast", "7 is not heard any more.")
    listed = await bus(b).call("bridge.pairing.list")
    assert listed["data"] == {"pending": [], "approved": []}


async def test_without_a_token_the_page_says_where_there_is_one(
    bridge: StartBridge, sim: StartSim, page: Page
) -> None:
    b = await bridge(PAIRING)
    await asked(b, sim, page)
    await page.click(f"{ASKS} button")
    await page.shows("#token-dialog", "onebus console")
    await page.write(Keys.ENTER)
    await page.shows("#token-fault", "Put a token here first.")
    await page.write("no token" + Keys.ENTER)
    await page.shows("#token-fault", "That cannot be a token")
    await page.js("document.getElementById('token-field').value = ''")
    await page.write("wrong" + Keys.ENTER)
    # What was begun goes on.
    await page.shows("#ask-dialog", "Approve Ann (30001)?")
    await page.click("#ask-yes")
    await page.shows("#token-dialog", "The bridge does not take this token.")
    await page.write(console_token(b) + Keys.ENTER)
    await page.shows("#ask-dialog", "Approve Ann (30001)?")
    await page.click("#ask-yes")
    await page.shows("#toast", "Ann (30001) is approved.")


async def test_with_grants_nothing_is_shown_before_there_is_a_token(
    bridge: StartBridge, sim: StartSim, page: Page
) -> None:
    grants = [
        {"name": "all", "token": "all-of-it"},
        {"name": "looks", "token": "only-looks", "actions": ["bridge.status"]},
    ]
    b = await bridge(PAIRING, {"grants": grants})
    await sim(b)
    await page.open(b)
    await page.shows("#token-dialog", "The bridge wants a token")
    assert await page.text("#accounts") == ""
    await page.write("only-looks" + Keys.ENTER)
    await page.shows("#accounts", "default")
    await page.shows("#pairing-empty", "grant looks does not cover")
    await page.shows("#calls-empty", "Not shown: grant looks does not cover")
    await page.shows("#events-empty", "Not shown: grant looks does not cover")
    await page.shows("#refused-empty", "Not shown: grant looks does not cover")
    await page.click("#token")
    await page.write("all-of-it" + Keys.ENTER)
    await page.shows("#pairing-empty", "Nobody asks.")
    await page.click("#token")
    await page.click("#token-forget")
    await page.shows("#token-dialog", "The bridge wants a token")
    assert await page.js("return sessionStorage['onebus.token']") == ""


class OtherSite(BaseHTTPRequestHandler):
    """A page of somebody else, that the user looks at."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>other</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


async def test_another_sites_page_gets_and_does_nothing(
    bridge: StartBridge, bus: StartBus, page: Page
) -> None:
    b = await bridge(PAIRING)
    site = ThreadingHTTPServer(("127.0.0.1", 0), OtherSite)
    thread = Thread(target=site.serve_forever, daemon=True)
    thread.start()
    try:
        await page.go(f"http://127.0.0.1:{site.server_port}/")
        ask = """
          const [url, token] = values;
          const body = '{"action":"bridge.pairing.approve","params":{"user_id":7}}';
          const headers = {Authorization: `Bearer ${token}`};
          const tries = [
            fetch(`${url}/api/live`),
            fetch(`${url}/api/live`, {headers}),
            fetch(`${url}/api/call`, {method: "POST", body, headers:
              {...headers, "Content-Type": "application/json"}}),
            fetch(`${url}/api/call`, {method: "POST", body, mode: "no-cors"}),
            fetch(`${url}/api/call`, {method: "POST", body, mode: "no-cors",
              credentials: "include", headers: {"Content-Type": "text/plain"}}),
          ];
          const ends = await Promise.allSettled(tries);
          return ends.map((end) => end.value?.type ?? "refused");
        """
        ends = await page.promised(ask, b.http, console_token(b))
        assert ends == ["refused"] * 5
    finally:
        site.shutdown()
        thread.join()
        site.server_close()
    listed = await bus(b).call("bridge.pairing.list")
    assert listed["data"] == {"pending": [], "approved": []}
    # What the browser says of it is as it should be.
    await page.open(b)
    await page.faults()
