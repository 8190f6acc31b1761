"""Debian's Chromium, driven by Selenium, and the console's page in it."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from typing import Any, Final

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from harness.bridge import Bridge
from harness.build import WAIT

_ARGUMENTS: Final = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
    "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=en-GB",
    "--window-size=1280,900",
)  # fmt: skip

_POLL_SECONDS = 0.05

#: Before any script of a page: what its policy forbids is noted, and so is
#: whatever a stranger's text might get to run.
_NOTES = """
window.forbidden = [];
addEventListener("securitypolicyviolation", (event) =>
  window.forbidden.push(`${event.violatedDirective} ${event.blockedURI}`));
window.alert = () => { window.isTricked = true; };
"""

DESKTOP: Final = (1280, 900)
PHONE: Final = (360, 740)


class Browser:
    """One process for many tests: each bridge is an origin of its own."""

    def __init__(self) -> None:
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        self._profile = tempfile.TemporaryDirectory(prefix="onebus-chromium-")
        for argument in (*_ARGUMENTS, f"--user-data-dir={self._profile.name}"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"intl.accept_languages": "en-GB"})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
        self.driver.set_script_timeout(WAIT)
        self.command("Page.addScriptToEvaluateOnNewDocument", source=_NOTES)

    def quit(self) -> None:
        self.driver.quit()
        self._profile.cleanup()

    def command(self, name: str, **parameters: Any) -> Any:
        """One of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)


class Page:
    """A page in it; whatever it does is done in a thread of its own, so that
    bridge and peers live on meanwhile."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._driver = browser.driver

    async def open(self, b: Bridge, fragment: str = "") -> None:
        """The console of a bridge, as somebody sees it who comes anew."""
        await self.go("about:blank")
        await self.look(DESKTOP)
        await self.go(f"{b.http}/{fragment}")

    async def go(self, url: str) -> None:
        await self.apart(self._driver.get, url)

    async def look(self, size: tuple[int, int], scheme: str = "light") -> None:
        """A window of this size, in light or in dark."""
        width, height = size
        await self.apart(
            self.browser.command, "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        feature = {"name": "prefers-color-scheme", "value": scheme}
        await self.apart(
            self.browser.command, "Emulation.setEmulatedMedia", features=[feature]
        )

    async def js(self, script: str, *values: Any) -> Any:
        """What the body of a function gives; `arguments` are the values."""
        return await self.apart(self._driver.execute_script, script, *values)

    async def promised(self, script: str, *values: Any) -> Any:
        """The same of an async function."""
        wrapped = (
            "const [done, ...values] = [arguments[arguments.length - 1], ...arguments];"
            f"(async (...values) => {{ {script} }})(...values).then(done,"
            " (error) => done(String(error)));"
        )
        return await self.apart(self._driver.execute_async_script, wrapped, *values)

    async def text(self, selector: str) -> str:
        """Of all that fits, as it is seen: what is hidden has none."""
        script = """
          return [...document.querySelectorAll(arguments[0])]
            .map((element) => element.checkVisibility() ? element.innerText : "")
            .join("\\n");
        """
        return str(await self.js(script, selector))

    async def shows(
        self, selector: str, wanted: str | Callable[[str], bool], seconds: float = WAIT
    ) -> str:
        """Wait until it does; gives the text."""
        deadline = time.monotonic() + seconds
        fits = wanted if callable(wanted) else lambda text: wanted in text
        while not fits(found := await self.text(selector)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{selector} never shows {wanted!r}, but {found!r}")
            await asyncio.sleep(_POLL_SECONDS)
        return found

    async def count(self, selector: str) -> int:
        script = "return document.querySelectorAll(arguments[0]).length"
        return int(await self.js(script, selector))

    async def click(self, selector: str) -> None:
        """The first that fits, as a finger or a mouse does."""
        await self.apart(lambda: self._driver.find_element("css selector", selector).click())

    async def write(self, text: str) -> None:
        """With the keyboard, to what has the focus."""
        await self.apart(lambda: ActionChains(self._driver).send_keys(text).perform())

    async def tab_to(self, wanted: str, most: int = 60) -> None:
        """Press Tab until what has the focus says `wanted`."""
        for _ in range(most):
            await self.write(Keys.TAB)
            label = await self.js(
                "const it = document.activeElement;"
                "return it.getAttribute('aria-label') ?? it.innerText"
            )
            if wanted in str(label):
                return
        raise LookupError(f"Tab leads to no {wanted!r}")

    async def unlike(self, script: str, before: Any) -> Any:
        """Wait until it gives something else than before."""
        deadline = time.monotonic() + WAIT
        while (now := await self.js(script)) == before:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{script} is {before!r} for ever")
            await asyncio.sleep(_POLL_SECONDS)
        return now

    async def faults(self) -> list[str]:
        """What scripts complain of, and what the page's policy forbade. That an
        answer is none the page wants is no fault of its own."""
        lines = await self.apart(self._driver.get_log, "browser")
        said = [f"{line['source']}: {line['message']}" for line in lines]
        forbidden: list[str] = await self.js("return window.forbidden ?? []")
        return [*(line for line in said if not line.startswith("network:")), *forbidden]

    async def screenshot(self, file: str) -> None:
        await self.apart(self._driver.save_screenshot, file)

    async def apart(
        self, function: Callable[..., Any], *values: Any, **more: Any
    ) -> Any:
        """What the function gives, in a thread of its own."""
        return await asyncio.to_thread(function, *values, **more)
