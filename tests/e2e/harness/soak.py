"""A long life in a short time: links, consumers, callers, settings and faults
come and go around one bridge, and what it uses meanwhile is measured."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import statistics
import subprocess
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from onebus.sim import Simulator, faults

from harness import web
from harness.bridge import Bridge
from harness.bus import Bus
from harness.consumer import Consumer
from harness.sp import SUB, Caller, dial
from harness.websocket import connect

GROUP, FRIEND = 20002, 30001
SECONDS_A_SAMPLE = 0.5

#: With a handful of peers, callers, consumers, viewers and strangers.
DESCRIPTORS_MAX = 200

#: What a call may come to while links break, answers are lost and settings
#: change; anything else is a fault of the bridge.
EXPECTED = {
    *("ok", "bad_params", "unknown_account", "account_required", "busy"),
    *("not_connected", "offline", "peer_error", "stalled", "timeout", "unknown"),
    *("rate_limited", "unsupported_by_peer"),
}

SETTINGS: dict[str, Any] = {
    "call": {"timeout": 2000, "writeTimeout": 3000},
    "pacing": {"accountPerSecond": 0, "chatPerSecond": 0, "jitter": 0},
}


def accounts(names: str) -> dict[str, Any]:
    """As `channels.napcatqq`: an account for each letter, on one port."""
    return {
        "reconnect": {"retryDelay": 300},
        "heartbeat": {"interval": 2000, "timeout": 2000},
        "accounts": {name: {"wsPath": f"/{name}"} for name in names},
    }


@dataclass
class Usage:
    """Of the process, over time."""

    resident_mib: list[float] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def take(self, b: Bridge) -> None:
        self.resident_mib.append(b.resident_mib())
        self.descriptors.append(b.fd_count())
        self.threads.append(len(os.listdir(f"/proc/{b.pid}/task")))

    def growth_mib(self) -> float:
        """From the second fifth, when all has been used once, to the last."""
        fifth = max(1, len(self.resident_mib) // 5)
        early = statistics.median(self.resident_mib[fifth : 2 * fifth] or [0.0])
        return statistics.median(self.resident_mib[-fifth:]) - early


class Soak:
    """`await run(seconds)`, then look at what has been counted."""

    def __init__(
        self, b: Bridge, program: Bus, peers: list[Simulator], dice: random.Random
    ) -> None:
        self.usage = Usage()
        self.counts: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self._b = b
        self._program = program
        self._peers = peers
        self._dice = dice
        self._is_over = False
        self._killed = Consumer(b, "killed")

    async def run(self, seconds: float) -> None:
        actors: list[Callable[[], Awaitable[None]]] = [
            *([self._call] * 4),
            self._call_and_leave,
            self._subscribe,
            self._subscribe_and_stand_still,
            self._restart_a_consumer,
            self._break_links,
            self._knock,
            self._reload,
            self._ask_by_http,
            self._look_on,
            self._add_faults,
            self._sample,
        ]
        tasks = [asyncio.create_task(self._again(actor)) for actor in actors]
        tasks += [asyncio.create_task(self._talk(peer)) for peer in self._peers]
        try:
            await asyncio.wait(tasks, timeout=seconds, return_when="FIRST_EXCEPTION")
            self._is_over = True
            await asyncio.gather(*tasks)
        finally:
            self._is_over = True
            self._killed.kill()
        for peer in self._peers:
            peer.thaw()
            peer.faults.clear()
            peer.auto_reconnect = True

    async def _again(self, actor: Callable[[], Awaitable[None]]) -> None:
        while not self._is_over:
            await actor()

    async def _pause(self, most: float) -> None:
        await asyncio.sleep(self._dice.uniform(0, most))

    def _count(self, what: str) -> None:
        self.counts[what] += 1

    # -- events --------------------------------------------------------------

    async def _talk(self, peer: Simulator) -> None:
        while not self._is_over:
            text = "x" * self._dice.randrange(1, 400)
            await peer.group_message(GROUP, FRIEND, text)
            if self._dice.random() < 0.02:
                await peer.private_message(self._dice.randrange(40000, 40050), text)
            self._count("messages")
            await self._pause(0.04)

    # -- calls ---------------------------------------------------------------

    def _request(self) -> tuple[str, dict[str, Any]]:
        own = {"account": self._dice.choice("abc")}
        kind = self._dice.random()
        if kind < 0.5:
            own["params"] = {"group_id": GROUP, "message": "hello"}
            own["id"] = f"soak-{self._dice.getrandbits(64):x}"
            return "send_group_msg", own
        if kind < 0.8:
            return "get_group_list", own
        if kind < 0.9:
            return "bridge.status", {}
        return "send_group_msg", own | {"params": {"group_id": "none"}}

    async def _call(self) -> None:
        """One caller: each of its requests has one reply, whatever happens."""
        caller = await Caller.connect(self._b.actions)
        try:
            numbers: list[int] = []
            for _ in range(200):
                action, fields = self._request()
                numbers.append(caller.send(action, **fields))
                self._count("calls")
                if len(numbers) % 16 == 0:
                    await self._take_replies(caller, numbers[-16:])
                if self._is_over:
                    break
            await self._take_replies(caller, numbers)
            assert all(len(caller.replies[number]) == 1 for number in numbers)
            self.outcomes.update(_outcome(caller.replies[n][0]) for n in numbers)
        finally:
            await caller.close()

    async def _take_replies(self, caller: Caller, numbers: list[int]) -> None:
        for number in numbers:
            await caller.reply(number)

    async def _call_and_leave(self) -> None:
        caller = await Caller.connect(self._b.actions)
        for _ in range(self._dice.randrange(1, 6)):
            action, fields = self._request()
            caller.send(action, **fields)
        await self._pause(0.05)
        await caller.close()
        self._count("callers that left")
        await self._pause(0.3)

    # -- consumers -------------------------------------------------------------

    async def _subscribe(self) -> None:
        await self._listen(self._dice.uniform(0, 1), reads=True)

    async def _subscribe_and_stand_still(self) -> None:
        await self._listen(self._dice.uniform(0, 4), reads=False)

    async def _listen(self, seconds: float, *, reads: bool) -> None:
        reader, writer = await dial(self._b.events, SUB)
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(seconds):
                while reads and await reader.read(65536):
                    pass
                await asyncio.sleep(seconds)
        writer.close()
        self._count("subscribers")

    async def _restart_a_consumer(self) -> None:
        self._killed.kill()
        self._killed.start()
        self._count("consumers killed")
        await self._pause(6)

    # -- links -----------------------------------------------------------------

    async def _break_links(self) -> None:
        peer = self._dice.choice(self._peers)
        with contextlib.suppress(Exception):
            await self._dice.choice([self._drop, self._close, self._freeze, self._babble])(
                peer
            )
        self._count("links broken")
        await self._pause(1.5)

    async def _drop(self, peer: Simulator) -> None:
        await peer.drop()

    async def _close(self, peer: Simulator) -> None:
        await peer.close_link(1000, "bye")

    async def _freeze(self, peer: Simulator) -> None:
        peer.freeze()
        await self._pause(1)
        peer.thaw()

    async def _babble(self, peer: Simulator) -> None:
        await peer.send_text('{"post_type": "message", ')

    async def _knock(self) -> None:
        """Strangers: a port scan, no HTTP, a path that is none."""
        data = self._dice.choice([b"", b"\x16\x03\x01", b"GET /x HTTP/1.1\r\n\r\n"])
        _, writer = await asyncio.open_connection("127.0.0.1", self._b.port)
        writer.write(data)
        await self._pause(0.1)
        writer.close()
        async with await connect(self._b.url("a")):
            await self._pause(0.1)
        self._count("strangers")
        await self._pause(0.5)

    # -- settings ----------------------------------------------------------------

    async def _reload(self) -> None:
        whole = self._dice.random() < 0.8
        names = self._dice.choice(["ab", "abc"])
        self._b.rewrite(accounts(names), SETTINGS)
        if not whole:
            (self._b.folder / "onebus.json").write_text('{"bridge": {"nothing": 1}}')
        self._b.signal(signal.SIGHUP)
        self._count("reloads" if whole else "reloads refused")
        await asyncio.sleep(0.2)
        await self._pause(3)

    # -- HTTP --------------------------------------------------------------------

    async def _ask_by_http(self) -> None:
        target = self._dice.choice(["/metrics", "/readyz", "/healthz", "/", "/no"])
        answer = await web.ask(self._b, target)
        assert answer.status in ((404,) if target == "/no" else (200,)), answer
        self._count("HTTP requests")
        await self._pause(0.3)

    async def _look_on(self) -> None:
        async with web.live(self._b) as live:
            await live.next("status")
            await self._pause(3)
        self._count("viewers")

    # -- faults --------------------------------------------------------------------

    async def _add_faults(self) -> None:
        kinds: list[faults.Fault] = [
            *(faults.Late(0.5), faults.Lost(), faults.Failed(), faults.Twice()),
            *(faults.Reversed(2), faults.OnNextLink(), faults.BreakBefore()),
            faults.BreakAfter(),
        ]
        self._dice.choice(self._peers).fault("*", self._dice.choice(kinds), times=1)
        self._count("faults")
        await self._pause(1)

    # -- measuring -------------------------------------------------------------------

    async def _sample(self) -> None:
        self.usage.take(self._b)
        assert self.usage.descriptors[-1] < DESCRIPTORS_MAX, _sockets(self._b.pid)
        await asyncio.sleep(SECONDS_A_SAMPLE)

    def report(self) -> str:
        resident = self.usage.resident_mib
        figures = {
            "counts": dict(self.counts),
            "outcomes": dict(self.outcomes),
            "resident MiB": [round(min(resident), 1), round(max(resident), 1)],
            "growth MiB": round(self.usage.growth_mib(), 2),
            "descriptors": [min(self.usage.descriptors), max(self.usage.descriptors)],
            "threads": [min(self.usage.threads), max(self.usage.threads)],
        }
        return json.dumps(figures, indent=2)


def _sockets(pid: int) -> str:
    """The process's sockets by kind, state, bytes unread and unsent, and place."""
    lines = subprocess.run(
        ["ss", "-Hatxnp"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    own = Counter(" ".join(row.split()[:5]) for row in lines if f"pid={pid}," in row)
    return "\n".join(f"{count:5} {row}" for row, count in own.most_common(20))


def _outcome(reply: dict[str, Any]) -> str:
    return str(reply.get("error") or reply["status"])
