"""What the log says about a peer that was refused."""

from harness.factories import StartBridge
from harness.websocket import opening

PATH = "/onebot/v11/ws"


async def test_a_refusal_is_logged_with_all_that_is_known(bridge: StartBridge) -> None:
    b = await bridge({"accessToken": "t"})
    who = [("X-Self-ID", "10001"), ("X-Client-Role", "Event")]
    await opening(b.port, PATH, who)
    await opening(b.port, PATH, [*who, ("Authorization", "Bearer x")])
    missing = (await b.wait_for_line("refused status=401"))["msg"]
    wrong = (await b.wait_for_line("refused status=403"))["msg"]
    for line in (missing, wrong):
        assert "remote=127.0.0.1" in line
        assert f'path="{PATH}"' in line
        assert 'role="Event"' in line
        assert 'self_id="10001"' in line
    assert "token=none" in missing
    assert "token=wrong" in wrong


async def test_a_path_that_is_not_known_is_logged(bridge: StartBridge) -> None:
    b = await bridge()
    await opening(b.port, "/ws", [("X-Self-ID", "10001")])
    line = (await b.wait_for_line("refused status=404"))["msg"]
    assert 'path="/ws"' in line
    assert PATH in line


async def test_the_same_refusal_is_logged_once_a_minute(bridge: StartBridge) -> None:
    """A peer with a wrong token comes back every few seconds, for ever."""
    b = await bridge({"accessToken": "t"})
    for _ in range(20):
        await opening(b.port, PATH)
        await opening(b.port, PATH, [("Authorization", "Bearer x")])
        await opening(b.port, "/elsewhere")
    await b.stop()
    for status in (401, 403, 404):
        assert len(b.lines(f"refused status={status}")) == 1


async def test_a_request_cannot_write_log_lines_of_its_own(bridge: StartBridge) -> None:
    b = await bridge()
    odd = '"\\,"level":"error","x":"'
    await opening(b.port, '/%0a%22,"level":"error', [("X-Self-ID", odd)])
    await opening(b.port, PATH, [("X-Client-Role", odd), ("User-Agent", "\x1b[31m")])
    await b.stop()
    assert b.lines("refused status=404")
    assert b.lines("refused status=400")
    assert not [line for line in b.log if line["level"] == "error"]
    assert b"\x1b" not in b.stderr


async def test_a_link_that_comes_and_goes_is_logged(bridge: StartBridge) -> None:
    b = await bridge()
    await opening(b.port, PATH, [("X-Self-ID", "10001"), ("User-Agent", "OneBot/11")])
    line = (await b.wait_for_line("link: up"))["msg"]
    assert "account=default" in line
    assert "self_id=10001" in line
    assert 'user_agent="OneBot/11"' in line
    await b.wait_for_line("link: down")
