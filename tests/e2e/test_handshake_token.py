"""The token, in every form that a OneBot implementation writes it."""

from urllib.parse import quote

import pytest

from harness.bridge import Bridge
from harness.factories import StartBridge
from harness.websocket import Answer, opening

TOKEN = "s3cret+/=~ü"
PATH = "/onebot/v11/ws"

#: Authorization header or None, token in the query or None, status.
WITH_TOKEN = [
    (f"Bearer {TOKEN}", None, 101),
    (f"bearer {TOKEN}", None, 101),
    (f"BEARER   {TOKEN} ", None, 101),
    (f"Token {TOKEN}", None, 101),
    (f"token {TOKEN}", None, 101),
    (TOKEN, None, 101),
    (None, TOKEN, 101),
    ("Bearer ", TOKEN, 101),
    (None, None, 401),
    ("", None, 401),
    ("Bearer ", None, 401),
    ("Bearer", None, 401),
    ("Token ", None, 401),
    (None, "", 401),
    ("Bearer wrong", None, 403),
    ("Bearer wrong", TOKEN, 403),
    (None, "wrong", 403),
    (f"Basic {TOKEN}", None, 403),
    (f"Bearer {TOKEN[:-1]}", None, 403),
    (f"Bearer {TOKEN}x", None, 403),
    (f"Bearer {TOKEN}{TOKEN}", None, 403),
    (f"Bearer {TOKEN.upper()}", None, 403),
]

WITHOUT_TOKEN = [(None, None), ("Bearer ", None), ("Bearer any", None), (None, "any")]


async def ask(bridge: Bridge, authorization: str | None, query: str | None) -> Answer:
    headers = [("X-Self-ID", "10001")]
    if authorization is not None:
        headers.append(("Authorization", authorization))
    target = PATH if query is None else f"{PATH}?x=1&access_token={quote(query)}"
    return await opening(bridge.port, target, headers)


async def test_the_token_is_known_in_every_form(bridge: StartBridge) -> None:
    b = await bridge({"accessToken": TOKEN})
    for authorization, query, status in WITH_TOKEN:
        answer = await ask(b, authorization, query)
        assert answer.status == status, (authorization, query)


async def test_a_token_that_nobody_asked_for_does_no_harm(bridge: StartBridge) -> None:
    b = await bridge()
    for authorization, query in WITHOUT_TOKEN:
        assert (await ask(b, authorization, query)).status == 101, (
            authorization,
            query,
        )


async def test_a_refusal_says_what_to_do_about_the_token(bridge: StartBridge) -> None:
    b = await bridge({"accounts": {"mybot": {"accessToken": TOKEN}}})
    for authorization in (None, "Bearer wrong"):
        answer = await ask(b, authorization, None)
        assert "accessToken" in answer.body
        assert "mybot" in answer.body
        assert answer.headers["content-type"].startswith("text/plain")


async def test_a_plus_in_the_query_is_a_plus(bridge: StartBridge) -> None:
    b = await bridge({"accessToken": "a+b"})
    for written in ("a+b", "a%2Bb", "a%2bb"):
        answer = await opening(b.port, f"{PATH}?access_token={written}")
        assert answer.status == 101, written


@pytest.mark.parametrize("size", [900, 1000, 1024])
async def test_a_long_token_opens(bridge: StartBridge, size: int) -> None:
    token = "t" * size
    b = await bridge({"accessToken": token})
    assert (await ask(b, f"Bearer {token}", None)).status == 101
    assert (await ask(b, None, token)).status == 101
    assert (await ask(b, f"Bearer {token[:-1]}x", None)).status == 403


async def test_the_token_is_nowhere_in_the_log(bridge: StartBridge) -> None:
    right, wrong = "rightrightright", "wrongwrongwrong"
    b = await bridge({"accessToken": right}, {"log": {"level": "debug"}})
    for token in (right, wrong):
        for form in (f"Bearer {token}", f"Token {token}", token, f"Basic {token}"):
            await ask(b, form, None)
        await ask(b, None, token)
        await opening(b.port, f"/nowhere?access_token={token}")
        await opening(b.port, f"{PATH}?access_token={token}", is_upgrade=False)
        role = [("X-Client-Role", "odd"), ("Authorization", f"Bearer {token}")]
        await opening(b.port, PATH, role)
    await b.stop()
    assert b.lines("refused")
    assert right.encode() not in b.stderr
    assert wrong.encode() not in b.stderr
