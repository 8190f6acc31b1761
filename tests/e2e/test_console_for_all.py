"""The console's page for whoever reads it: in both languages, on any screen, in
light and dark, with a screen reader."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.selenium import Axe

from harness.browser import DESKTOP, PHONE, Page
from harness.factories import StartBridge, StartBus, StartSim
from harness.web import console_token

FILES = Path(__file__).parents[2] / "bridge" / "console"
LONG = "a name that is far too long for anybody to read it, " * 4


async def peopled(bridge: StartBridge, bus: StartBus, sim: StartSim, page: Page) -> None:
    """A page with something in each of its sections."""
    b = await bridge(
        {"dmPolicy": "pairing", "groupPolicy": "allowlist", "groupAllowFrom": [700]}
    )
    peer = await sim(b)
    peer.world.add_friend(30001, LONG)
    await page.open(b, f"#token={console_token(b)}")
    program = bus(b)
    await peer.private_message(30001, "let me in")
    await peer.group_message(20002, 42, "not heard")
    await peer.group_message(700, 42, "heard")
    await program.call("bridge.pairing.approve", {"user_id": 7})
    await program.call("dance")
    await page.shows("#pairing-list", "30001")
    await page.shows("#refused-list", "20002")
    await page.shows("#events-rows", "700")
    await page.shows("#calls-rows", "dance")
    await page.click("#approved summary")


async def violations(page: Page) -> list[tuple[str, str]]:
    """What axe has to say: the rule, and where."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    found: Any = await page.apart(
        lambda: Axe().run(page.browser.driver, options=rules)
    )
    return [
        (one["id"], node["html"][:200])
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def test_there_is_no_barrier_that_can_be_found(
    bridge: StartBridge, bus: StartBus, sim: StartSim, page: Page
) -> None:
    await peopled(bridge, bus, sim, page)
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark"), (DESKTOP, "dark")):
        await page.look(size, scheme)
        assert await violations(page) == [], (size, scheme)
        wide = "return document.documentElement.scrollWidth - innerWidth"
        assert await page.js(wide) <= 0, size
    await page.click("#pairing-list button")
    assert await violations(page) == []
    await page.js("document.getElementById('ask-dialog').close()")
    await page.click("#language")
    await page.shows("#accounts-title", "账号")
    assert await page.js("return document.documentElement.lang") == "zh-CN"
    assert await violations(page) == []


async def test_the_language_is_the_readers_and_stays(
    bridge: StartBridge, sim: StartSim, page: Page
) -> None:
    b = await bridge()
    await sim(b)
    await page.open(b)
    await page.shows("#accounts", "connected")
    await page.click("#language")
    await page.shows("#accounts", "已连接")
    await page.shows("#health", "一切正常")
    await page.js("location.reload()")
    await page.shows("#accounts", "已连接")
    shown = await page.text("main")
    assert not re.search(r"\b(the|and|of|not|no)\b", shown), shown


def used_words() -> set[str]:
    """The keys that the page asks for by name."""
    script = (FILES / "console.js").read_text(encoding="utf-8")
    markup = (FILES / "index.html").read_text(encoding="utf-8")
    return {
        *re.findall(r'\bt\("(\w+)"', script),
        *re.findall(r'data-t="(\w+)"', markup),
    }


async def test_both_languages_have_all_words(bridge: StartBridge, page: Page) -> None:
    await page.open(await bridge())
    words = await page.promised("return (await import('/words.js')).WORDS")
    assert set(words) == {"en", "zh"}
    assert words["en"].keys() == words["zh"].keys()
    assert used_words() <= words["en"].keys()
    for key, english in words["en"].items():
        assert english and words["zh"][key], key
        holes = re.compile(r"\{\w+\}|`[^`]*`")
        assert set(holes.findall(english)) == set(holes.findall(words["zh"][key])), key


SCHEMA = FILES.parents[1] / "schema"
CONTRACT = (SCHEMA / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        (r"^\| `(\w+)` \| \d{5}", "error_"),
        (r"^\| `(\w+)` \| refused \|", "reason_"),
    ],
)
def test_there_are_words_for_what_the_contract_names(pattern: str, prefix: str) -> None:
    named = re.findall(pattern, CONTRACT, re.MULTILINE)
    assert len(named) > 5
    words = (FILES / "words.js").read_text(encoding="utf-8")
    for name in named:
        assert len(re.findall(rf"\b{prefix}{name}:", words)) == 2, name


def test_there_are_words_for_the_bridges_own_events() -> None:
    events = json.loads((SCHEMA / "events.json").read_text(encoding="utf-8"))["events"]
    own = [event["detail"] for event in events if event["post_type"] == "bridge"]
    words = (FILES / "words.js").read_text(encoding="utf-8")
    for name in own:
        assert words.count(f'"type_bridge.{name}":') == 2, name


def test_nothing_is_loaded_from_elsewhere() -> None:
    for file in FILES.glob("*.*"):
        if file.suffix in (".html", ".css", ".js"):
            text = file.read_text(encoding="utf-8")
            assert set(re.findall(r"https?://[^'\"\s]+", text)) <= {
                "http://www.w3.org/2000/svg"
            }
            assert "innerHTML" not in text and " style=" not in text, file
