"""bridge.troubles: the bridge remembers whom it has not let in, and why."""

from typing import Any

import pytest

from harness.factories import StartBridge, StartBus
from harness.websocket import opening

TOKEN = "the right one"
PATH = "/onebot/v11/ws"
BAD = [("Authorization", "Bearer SECRETSECRET")]
GOOD = [("Authorization", f"Bearer {TOKEN}")]
BOSS = [*GOOD, ("X-Self-ID", "10001"), ("X-Client-Role", "Boss")]

#: What is asked for, the headers, and what is remembered of it.
KNOCKS: list[tuple[str, list[tuple[str, str]], dict[str, Any]]] = [
    ("/ws", [], {"account": None, "reason": "unknown_path", "path": "/ws"}),
    (PATH, [], {"reason": "token_missing", "token": "none", "status": 401}),
    (PATH, BAD, {"reason": "token_wrong", "token": "wrong", "status": 403}),
    (PATH, [*GOOD, ("X-Self-ID", "9")], {"reason": "other_qq", "self_id": "9"}),
    (PATH, BOSS, {"reason": "bad_request", "role": "Boss"}),
]


@pytest.mark.parametrize(
    ("path", "headers", "expected"), KNOCKS, ids=[row[2]["reason"] for row in KNOCKS]
)
async def test_a_refusal_is_remembered(
    bridge: StartBridge,
    bus: StartBus,
    path: str,
    headers: list[tuple[str, str]],
    expected: dict[str, Any],
) -> None:
    b = await bridge({"accessToken": TOKEN, "selfId": 10001})
    for _ in range(2):
        assert (await opening(b.port, path, headers)).status >= 400
    data = (await bus(b).call("bridge.troubles"))["data"]
    (refusal,) = data["refusals"]
    usual = {"account": "default", "count": 2, "remote": "127.0.0.1"}
    assert refusal.items() >= (usual | expected).items()
    assert refusal["first_at"] <= refusal["last_at"]
    assert refusal["why"]
    assert "SECRET" not in str(data)
    assert TOKEN not in str(data)
