"""How the implementations differ: the opening request, the answers, what they
know and what they drop of a message.

NapCat's ways are played in full.  Of the others there is what a bridge can tell
them by: names, retcodes, the keys of answers, known actions and segments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote, urlsplit

from . import answers

Headers = list[tuple[str, str]]

_DEFAULT_PORTS = {"ws": 80, "wss": 443}


@dataclass(frozen=True)
class Target:
    """A WebSocket url, taken apart.  `resource` is path and query."""

    secure: bool
    host: str
    port: int
    resource: str
    authority: str
    """The value of the Host header: no port when it is the scheme's own."""


def target_of(url: str) -> Target:
    """Take `url` apart; ValueError for what the ws library refuses too."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not a ws:// or wss:// url: {url}")
    if parts.fragment:
        raise ValueError(f"the url has a fragment: {url}")
    default = _DEFAULT_PORTS[parts.scheme]
    port = parts.port or default
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    resource = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(
        secure=parts.scheme == "wss",
        host=parts.hostname,
        port=port,
        # Percent signs stay: what the operator escaped is sent unchanged.
        resource=quote(resource, safe="/?%:@!$&'()*+,;=~-._[]|"),
        authority=host if port == default else f"{host}:{port}",
    )


@dataclass(frozen=True)
class Identity:
    """What an implementation says of itself when it dials."""

    self_id: int
    token: str
    role: str
    """`Universal`, `API` or `Event`."""


@dataclass(frozen=True)
class Sending:
    """What becomes of the segments of a message."""

    sendable: frozenset[str]
    dropped: frozenset[str] = frozenset()
    """Known, and left out without a word."""
    fails_on_unknown: bool = False
    """A type that is not known fails the request; else it is left out too."""
    takes_result: bool = False
    """`result` or `value` of dice and rps counts."""
    empty: str = "消息体无法解析, 请检查是否发送了不支持的消息类型"
    """The failure when nothing is left."""

    def keeps(self, kind: str) -> bool:
        """Whether it is sent; LookupError for what fails the request."""
        if kind not in self.sendable | self.dropped and self.fails_on_unknown:
            raise LookupError(kind)
        return kind in self.sendable


@dataclass(frozen=True)
class Dialect:
    """How one implementation behaves on its connection."""

    name: str
    headers: Callable[[Identity, str, str], Headers]
    """(identity, Sec-WebSocket-Key, Host) -> the headers in order."""
    answers_on_current: bool
    """Answers leave on the newest connection, not on the request's own."""
    letter: str
    """Its mark in the catalogue of actions."""
    app_name: str
    app_version: str
    frame: answers.Frame
    sending: Sending
    suffixes: tuple[str, ...] = ()
    """What a name may have behind it, for the same handler."""
    retcodes: Mapping[int, int] = field(default_factory=dict[int, int])
    """Its own codes for NapCat's."""
    bad_json: int | None = answers.BAD_REQUEST
    """The code for a frame that is no JSON; None: it is not answered."""
    line_end: str = ""
    """Behind each answer."""
    unknown_action: str = "不支持的Api {}"

    def retcode(self, napcats: int) -> int:
        """The code this implementation has for what NapCat has that one for."""
        return self.retcodes.get(napcats, napcats)


def _napcat(identity: Identity, key: str, host: str) -> Headers:
    """The ws library puts the caller's headers first and Host last."""
    return [
        ("X-Self-ID", str(identity.self_id)),
        # With a trailing blank when there is no token.
        ("Authorization", f"Bearer {identity.token}"),
        ("x-client-role", identity.role),
        ("User-Agent", "OneBot/11"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", key),
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Host", host),
    ]


def _gocqhttp(identity: Identity, key: str, host: str) -> Headers:
    """Go writes Host and User-Agent first, the others sorted by name."""
    token = [("Authorization", f"Token {identity.token}")] if identity.token else []
    return [
        ("Host", host),
        ("User-Agent", "CQHttp/4.15.0"),
        *token,
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", key),
        ("Sec-WebSocket-Version", "13"),
        ("Upgrade", "websocket"),
        ("X-Client-Role", identity.role),
        ("X-Self-ID", str(identity.self_id)),
    ]


def _llbot(identity: Identity, key: str, host: str) -> Headers:
    """As NapCat's: it uses the same library."""
    return [(n, v.strip()) for n, v in _napcat(identity, key, host)]


def _lagrange(identity: Identity, key: str, host: str) -> Headers:
    """Lagrange spells the role of a request connection `Api`."""
    token = [("Authorization", f"Bearer {identity.token}")] if identity.token else []
    return [
        ("Host", host),
        ("X-Client-Role", "Api" if identity.role == "API" else identity.role),
        ("X-Self-ID", str(identity.self_id)),
        ("User-Agent", "Lagrange.OneBot"),
        *token,
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", key),
    ]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EVERYWHERE = _words(
    "text face image record video at reply rps dice music json forward node"
)

DIALECTS: Final[Mapping[str, Dialect]] = {
    "napcat": Dialect(
        "napcat",
        _napcat,
        answers_on_current=True,
        letter="N",
        app_name="NapCat.Onebot",
        app_version="4.18.19",
        frame=answers.napcat,
        sending=Sending(
            _EVERYWHERE | _words("file contact markdown mface location"),
            _words("xml poke miniapp onlinefile flashtransfer"),
            fails_on_unknown=True,
        ),
        suffixes=("_async", "_rate_limited"),
    ),
    "llbot": Dialect(
        "llbot",
        _llbot,
        answers_on_current=False,
        letter="B",
        app_name="LLOneBot",
        app_version="7.0.0",
        frame=answers.llbot,
        sending=Sending(
            _EVERYWHERE | _words("file shake poke contact mface markdown keyboard"),
            takes_result=True,
        ),
        suffixes=("_async", "_rate_limited"),
    ),
    "gocqhttp": Dialect(
        "gocqhttp",
        _gocqhttp,
        answers_on_current=False,
        letter="G",
        app_name="go-cqhttp",
        app_version="v1.2.0",
        frame=answers.gocqhttp,
        sending=Sending(
            _EVERYWHERE | _words("poke share xml gift cardimage tts"),
            takes_result=True,
            empty="消息为空",
        ),
        suffixes=("_async",),
        retcodes={answers.FAILED: 100, answers.BAD_REQUEST: 100, 1404: 404},
        bad_json=404,
        line_end="\n",
        unknown_action="API不存在",
    ),
    "lagrange": Dialect(
        "lagrange",
        _lagrange,
        answers_on_current=False,
        letter="L",
        app_name="Lagrange.OneBot",
        app_version="0.0.3",
        frame=answers.lagrange,
        sending=Sending(
            _EVERYWHERE - {"forward"}
            | _words("poke location xml mface markdown keyboard longmsg"),
        ),
        retcodes={answers.FAILED: 200, answers.BAD_REQUEST: 200, 1404: 404},
        bad_json=None,
    ),
}


def as_server(dialect: Dialect) -> Dialect:
    """The same where a bridge dials it: answers stay with the connection of
    their request, and NapCat spells one word another way."""
    return replace(
        dialect,
        answers_on_current=False,
        unknown_action=dialect.unknown_action.replace("Api", "API"),
    )


def with_overrides(headers: Headers, overrides: Mapping[str, str | None]) -> Headers:
    """Replace headers in their places (None removes), append the unknown.

    Names are compared without regard to case; the spelling of the override
    is the one sent.
    """
    left = {name.lower(): (name, value) for name, value in overrides.items()}
    replaced = [left.pop(name.lower(), (name, value)) for name, value in headers]
    return [(n, v) for n, v in (*replaced, *left.values()) if v is not None]


def opening_request(target: Target, headers: Headers) -> bytes:
    """The bytes of the opening request."""
    lines = [f"GET {target.resource} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()
