"""Why a server cannot be reached, in words that say what to do."""

from __future__ import annotations

import errno
import socket
import ssl

from .dialect import target_of
from .link import HandshakeRefused

_ALL_REFUSED = "Connect call failed"
"""In asyncio's text, which joins the failures of several addresses."""

_ADVICE = {
    401: "the access token is missing: give it with --token",
    403: "the access token is wrong: give the right one with --token",
    404: "nothing is at this path: look at the path in the url",
    426: "it speaks HTTP there, but no WebSocket",
}


def problem(url: str, error: Exception) -> str:
    """The failure of dialing `url`, and what to do about it."""
    target = target_of(url)
    place = f"{target.host}:{target.port}"
    if isinstance(error, HandshakeRefused):
        return _refusal(error)
    if isinstance(error, ConnectionRefusedError) or _ALL_REFUSED in str(error):
        return f"nothing listens at {place}: start the bridge or the bot there"
    if isinstance(error, socket.gaierror):
        return f"there is no host {target.host}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {place} does not hold ({error.verify_message})"
    if isinstance(error, ssl.SSLError) or (target.secure and _is_hung_up(error)):
        return f"{place} does not speak TLS: try ws:// in place of wss://"
    if isinstance(error, TimeoutError):
        return f"{place} does not answer: does a WebSocket server listen there?"
    if _is_hung_up(error):
        return f"{place} ends the connection: does a WebSocket server listen there?"
    return f"{place}: {error}"


def _is_hung_up(error: Exception) -> bool:
    return isinstance(error, ConnectionError)


def _refusal(error: HandshakeRefused) -> str:
    lines = error.body.decode("utf-8", "replace").strip().splitlines()
    advice = _ADVICE.get(error.status)
    # A page for browsers says nothing to anybody here.
    said = f" ({lines[0]})" if lines and not lines[0].startswith("<") else ""
    return f"{error}{said}" + (f": {advice}" if advice else "")


def cannot_listen(host: str, port: int, error: OSError) -> str:
    """The failure of listening at a port."""
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken: choose another with --listen"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used: choose one above 1023 with --listen"
    return f"cannot listen at {host}:{port}: {error.strerror or error}"
