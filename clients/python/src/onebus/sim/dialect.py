"""The opening request, as different implementations write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

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
class Dialect:
    """How one implementation behaves on its connection."""

    name: str
    headers: Callable[[Identity, str, str], Headers]
    """(identity, Sec-WebSocket-Key, Host) -> the headers in order."""
    answers_on_current: bool
    """Answers leave on the newest connection, not on the request's own."""


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


DIALECTS: Final[Mapping[str, Dialect]] = {
    "napcat": Dialect("napcat", _napcat, answers_on_current=True),
    "gocqhttp": Dialect("gocqhttp", _gocqhttp, answers_on_current=False),
    "lagrange": Dialect("lagrange", _lagrange, answers_on_current=False),
}


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
