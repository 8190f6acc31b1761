"""A bridge of which a test decides what it keeps, publishes and answers."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import pynng

from onebus.patterns import Patterns
from onebus.position import Position

SECONDS = 20.0
GROUP = "qq.group.7.message.normal"


class FakeBridge:
    """Pub0 and Rep0 on Unix sockets in `folder`; the actions in a thread.

    All methods may be called from the test's thread, on any event loop.
    """

    def __init__(self, folder: Path) -> None:
        self._reset(f"ipc://{folder}/events", f"ipc://{folder}/actions")

    def _reset(self, events: str, actions: str | None = None) -> None:
        self.events_address = events
        self.actions_address = actions or events
        self.epoch = "0123456789abcdef"
        self.newest = 0
        self.oldest = 1
        #: What the journal has, by seq.
        self.kept: dict[int, bytes] = {}
        #: Saved cursors, by name.
        self.cursors: dict[str, dict[str, Any]] = {}
        #: All that was asked, oldest first.
        self.asked: list[tuple[str, dict[str, Any]]] = []
        #: Errors to answer with, by action.
        self.refuses: dict[str, str] = {}
        #: At most so many events to a page.
        self.page = 1000
        self._held: dict[str, threading.Event] = {}
        self._gate = threading.Event()
        self._changed = threading.Condition()
        self._connections = 0

    @property
    def options(self) -> dict[str, Any]:
        """What `connect` is told besides the addresses."""
        return {}

    def place(self, seq: int) -> Position:
        """Where an event stands, as a cursor keeps it."""
        return Position(self.epoch, seq)

    # ---- life ----------------------------------------------------------------

    def start(self) -> None:
        self._pub = pynng.Pub0(send_buffer_size=8192)
        self._pub.add_post_pipe_connect_cb(self._on_connect)
        self._pub.listen(self.events_address)
        self._rep = pynng.Rep0(listen=self.actions_address)
        self._thread = threading.Thread(target=self._serve, args=(self._rep,))
        self._thread.start()

    def stop(self) -> None:
        self._pub.close()
        self._rep.close()
        self._thread.join(SECONDS)

    def restart(self) -> None:
        """It ends and starts again, with the same journal."""
        self.stop()
        with self._changed:
            self._connections = 0
        self.start()

    def begin_anew(self) -> None:
        """Its journal is gone."""
        self.epoch = f"{int(self.epoch, 16) + 1:016x}"
        self.newest, self.oldest = 0, 1
        self.kept.clear()

    def _on_connect(self, _pipe: pynng.Pipe) -> None:
        with self._changed:
            self._connections += 1
            self._changed.notify_all()

    def has_subscriber(self) -> None:
        """Wait until somebody hears what is published."""
        self._wait_for(lambda: self._connections > 0)

    def was_asked(self, action: str, times: int = 1) -> list[dict[str, Any]]:
        """Wait until it was; the parameters of each time."""
        self._wait_for(lambda: len(self.asked_for(action)) >= times)
        return self.asked_for(action)

    def asked_for(self, action: str) -> list[dict[str, Any]]:
        return [params for name, params in self.asked if name == action]

    def _wait_for(self, look: Any) -> None:
        with self._changed:
            assert self._changed.wait_for(look, SECONDS), self.asked

    # ---- events ----------------------------------------------------------------

    def publish(
        self,
        topic: str = GROUP,
        *,
        is_heard: bool = True,
        is_kept: bool = True,
        account: str = "default",
        age: float = 0.0,
        **event: Any,
    ) -> int:
        """Publish an event, and keep it; gives its seq."""
        self.newest += 1
        message = self.message(self.newest, topic, account, age, event)
        if is_kept:
            self.kept[self.newest] = message
        if is_heard:
            self._pub.send(message)
        return self.newest

    def message(
        self,
        seq: int,
        topic: str = GROUP,
        account: str = "default",
        age: float = 0.0,
        event: dict[str, Any] | None = None,
    ) -> bytes:
        envelope = {
            "v": 1,
            "epoch": self.epoch,
            "seq": seq,
            "time": int((time.time() - age) * 1000),
            "account": account,
            "self_id": 10001,
            "origin": "live",
            "type": "message.group.normal",
            "key": f"group:7:{seq}",
            "text": "hi",
            "policy": {
                "allowed": True,
                "respond": False,
                "mentioned": False,
                "reason": "open",
            },
            "event": {
                "time": 1786700000,
                "self_id": 10001,
                "post_type": "message",
                "message_type": "group",
                "sub_type": "normal",
                "message_id": seq,
                "group_id": 7,
                "user_id": 42,
                "message": [{"type": "text", "data": {"text": "hi"}}],
                "raw_message": "hi",
                "sender": {"user_id": 42, "nickname": "x"},
                **(event or {}),
            },
        }
        return topic.encode() + b"\0" + msgpack.packb(envelope)

    def send(self, message: bytes) -> None:
        """Publish these very bytes."""
        self._pub.send(message)

    def forget(self, until: int) -> None:
        """The journal rolls past these."""
        for seq in range(self.oldest, until + 1):
            self.kept.pop(seq, None)
        self.oldest = until + 1

    # ---- actions ---------------------------------------------------------------

    def hold(self, action: str, asked: threading.Event) -> None:
        """Answer it only once that is let go; `asked` is set when it comes."""
        self._gate.clear()
        self._held[action] = asked

    def let_go(self) -> None:
        """Answer what is held; then nothing is held any more."""
        self._held.clear()
        self._gate.set()

    def _serve(self, rep: pynng.Rep0) -> None:
        with contextlib.suppress(pynng.Closed):
            while True:
                request = msgpack.unpackb(rep.recv())
                rep.send(msgpack.packb(self._reply(request)))

    def _reply(self, request: dict[str, Any]) -> dict[str, Any]:
        action, params = request["action"], request.get("params", {})
        with self._changed:
            self.asked.append((action, params))
            self._changed.notify_all()
        if action in self._held:
            self._held[action].set()
            self._gate.wait(SECONDS)
        if action in self.refuses:
            return {"status": "failed", "retcode": 1, "error": self.refuses[action]}
        data = getattr(self, "_" + action.rpartition("bridge.")[2].replace(".", "_"))
        return {"status": "ok", "retcode": 0, "data": data(**params), "ms": 0}

    def _send_group_msg(self, **_: Any) -> None:
        return None

    def _get_status(self) -> dict[str, Any]:
        return {"online": True, "good": True}

    def _ping(self) -> dict[str, Any]:
        return {"version": "0", "epoch": self.epoch, "seq": self.newest}

    def _replay(
        self,
        after: int | None = None,
        topics: list[str] | None = None,
        limit: int = 1000,
        max_bytes: int = 0,
        max_age: int | None = None,
    ) -> dict[str, Any]:
        begin = self.oldest - 1 if after is None else after
        until = max(begin, min(begin + min(limit, self.page), self.newest))
        seqs = range(begin + 1, until + 1)
        wanted = Patterns(*(topics or ()))
        found = [self.kept[seq] for seq in seqs if seq in self.kept]
        since = 0 if max_age is None else time.time() * 1000 - max_age
        is_empty = self.oldest > self.newest
        return {
            "epoch": self.epoch,
            "events": [m for m in found if wanted.wants(m) and _time(m) >= since],
            "next": until,
            "oldest": 0 if is_empty else self.oldest,
            "newest": 0 if is_empty else self.newest,
            "truncated": until < self.newest,
            "lost": [[seq, seq] for seq in seqs if seq not in self.kept],
        }

    def _cursor_get(self, consumer: str) -> dict[str, Any]:
        found = self.cursors.get(consumer, {"seq": None, "epoch": None})
        return {"consumer": consumer, **found, "valid": found["epoch"] == self.epoch}

    def _cursor_set(self, consumer: str, seq: int, epoch: str) -> dict[str, Any]:
        self.cursors[consumer] = {"seq": seq, "epoch": epoch}
        return {"consumer": consumer, "seq": seq, "epoch": epoch}


def _time(message: bytes) -> int:
    return int(msgpack.unpackb(message[message.index(0) + 1 :])["time"])


@contextlib.contextmanager
def fake_bridge(folder: Path) -> Iterator[FakeBridge]:
    bridge = FakeBridge(folder)
    bridge.start()
    try:
        yield bridge
    finally:
        bridge.stop()
