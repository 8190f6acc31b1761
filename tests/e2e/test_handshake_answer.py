"""What a peer gets to hear when it asks to come in."""

import asyncio

import pytest

from harness.build import WAIT
from harness.factories import StartBridge
from harness.websocket import opening

PATH = "/onebot/v11/ws"


async def test_the_answer_has_no_protocol_and_no_extension(bridge: StartBridge) -> None:
    """NapCat drops a connection with either: it asked for neither."""
    b = await bridge()
    for offer in ("permessage-deflate", "permessage-deflate; client_max_window_bits"):
        answer = await opening(b.port, PATH, [("Sec-WebSocket-Extensions", offer)])
        assert answer.status == 101
        assert "sec-websocket-extensions" not in answer.headers
        assert "sec-websocket-protocol" not in answer.headers


@pytest.mark.parametrize("path", [PATH, PATH + "/", PATH + "?x=1", PATH + "/?x=1"])
async def test_the_path_may_end_in_a_slash(bridge: StartBridge, path: str) -> None:
    assert (await opening((await bridge()).port, path)).status == 101


async def test_another_path_is_not_found_and_the_known_ones_are_named(
    bridge: StartBridge,
) -> None:
    accounts = {"a": {"wsPath": "/first"}, "b": {"wsPath": "/second"}}
    b = await bridge({"accounts": accounts, "wsPort": 0})
    for path in ("/", "/second", "/onebot", "/First", "/first/more", "/firs", "//"):
        answer = await opening(b.port, path)
        assert answer.status == 404, path
        assert "/first" in answer.body


@pytest.mark.parametrize(
    "role", ["Universal", "universal", "UNIVERSAL", "API", "Api", "api", "EVENT", ""]
)
async def test_a_role_is_known_in_any_case(bridge: StartBridge, role: str) -> None:
    b = await bridge()
    assert (await opening(b.port, PATH, [("x-client-role", role)])).status == 101


BAD_REQUESTS = [
    ("X-Client-Role", "Admin", "Universal"),
    ("X-Self-ID", "abc", "X-Self-ID"),
    ("X-Self-ID", "-5", "X-Self-ID"),
    ("X-Self-ID", "0", "X-Self-ID"),
    ("X-Self-ID", "99999999999999999999", "X-Self-ID"),
    ("Sec-WebSocket-Protocol", "onebot", "Sec-WebSocket-Protocol"),
    ("Sec-WebSocket-Protocol", "a, b", "Sec-WebSocket-Protocol"),
]


@pytest.mark.parametrize(("name", "value", "help"), BAD_REQUESTS)
async def test_what_is_wrong_with_a_request_is_told(
    bridge: StartBridge, name: str, value: str, help: str
) -> None:
    answer = await opening((await bridge()).port, PATH, [(name, value)])
    assert answer.status == 400
    assert help in answer.body


async def test_a_number_that_is_not_the_accounts_is_refused(
    bridge: StartBridge,
) -> None:
    b = await bridge({"selfId": 10001})
    for number, status in (("10001", 101), ("10002", 403), ("", 403)):
        answer = await opening(b.port, PATH, [("X-Self-ID", number)])
        assert answer.status == status, number
        assert status == 101 or "10001" in answer.body


@pytest.mark.parametrize("rewrite", [str.lower, str.upper, str.title])
async def test_header_names_are_known_in_any_case(
    bridge: StartBridge, rewrite: "type[str]"
) -> None:
    b = await bridge({"accessToken": "t", "selfId": 10001})
    headers = [
        (rewrite("authorization"), "Bearer t"),
        (rewrite("x-self-id"), "10001"),
        (rewrite("x-client-role"), "Universal"),
    ]
    assert (await opening(b.port, PATH, headers)).status == 101


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_plain_http_is_told_to_upgrade(bridge: StartBridge, method: str) -> None:
    b = await bridge({"accessToken": "t"})
    size = [("Content-Length", "0")] if method == "POST" else []
    for path in (PATH, "/", "/favicon.ico"):
        answer = await opening(b.port, path, size, is_upgrade=False, method=method)
        assert answer.status == 426
        assert method == "HEAD" or "ws://" in answer.body


async def test_an_upgrade_required_names_the_protocol(bridge: StartBridge) -> None:
    """RFC 9110, 15.5.22: a 426 must carry an Upgrade header."""
    answer = await opening((await bridge()).port, PATH, is_upgrade=False)
    assert answer.headers["upgrade"].lower() == "websocket"


async def test_nothing_but_websocket_is_upgraded_to(bridge: StartBridge) -> None:
    """Over HTTP/2 a peer could open WebSockets past the judge of this request."""
    b = await bridge()
    headers = [
        ("Connection", "Upgrade, HTTP2-Settings"),
        ("HTTP2-Settings", "AAMAAABkAAQAAP__"),
    ]
    for protocol in ("h2c", "H2C"):
        upgrade = [*headers, ("Upgrade", protocol)]
        answer = await opening(b.port, PATH, upgrade, is_upgrade=False)
        assert answer.status == 426, protocol
        assert answer.headers["upgrade"].lower() == "websocket"


async def test_who_asks_for_a_tunnel_is_hung_up_on(bridge: StartBridge) -> None:
    """No time limit of libwebsockets would ever end one."""
    b = await bridge()
    reader, writer = await asyncio.open_connection("127.0.0.1", b.port)
    writer.write(f"CONNECT {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert await asyncio.wait_for(reader.read(), WAIT) == b""
    writer.transport.abort()
