"""Who may what on NATS by signed words: an operator who vouches for accounts, which
vouch for their users. What `nsc` makes, without it."""

from __future__ import annotations

import base64
import json
import os
import time
from pathlib import Path
from typing import Any, Final

import nkeys

_UNBOUNDED = (
    "subs data payload imports exports conn leaf mem_storage disk_storage streams consumer"
)
_CREDS = """-----BEGIN NATS USER JWT-----
{jwt}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
{seed}
------END USER NKEY SEED------
"""


class Key:
    """One that signs; its public half is a name."""

    def __init__(self, kind: int) -> None:
        self.seed: Final[bytes] = nkeys.encode_seed(os.urandom(32), kind)
        self.public: Final[str] = nkeys.from_seed(self.seed).public_key.decode()

    def sign(self, about: str, name: str, claims: dict[str, Any], **more: Any) -> str:
        """A JWT with what it claims about whom."""
        head = {"typ": "JWT", "alg": "ed25519-nkey"}
        body = {"iss": self.public, "sub": about, "name": name, "iat": int(time.time())}
        body |= {"jti": name, "nats": {"version": 2, **claims}, **more}
        text = b".".join(_base64(json.dumps(part).encode()) for part in (head, body))
        signature = nkeys.from_seed(self.seed).sign(text)
        return b".".join((text, _base64(signature))).decode()


class Operator:
    """One with an account for buses, and the one that NATS wants for itself."""

    def __init__(self) -> None:
        self._key = Key(nkeys.PREFIX_BYTE_OPERATOR)
        self._bus = Key(nkeys.PREFIX_BYTE_ACCOUNT)
        self._system = Key(nkeys.PREFIX_BYTE_ACCOUNT)

    def settings(self) -> dict[str, Any]:
        """A server's."""
        accounts = {self._bus: _limits(), self._system: {}}
        return {
            "operator": self._key.sign(self._key.public, "op", {"type": "operator"}),
            "system_account": self._system.public,
            "resolver": "MEMORY",
            "resolver_preload": {
                key.public: self._key.sign(
                    key.public, "account", {"type": "account", "limits": limits}
                )
                for key, limits in accounts.items()
            },
        }

    def creds(self, file: Path, *, expires: float | None = None) -> Path:
        """The file of a user of the bus; `expires` is a time since 1970."""
        user = Key(nkeys.PREFIX_BYTE_USER)
        claims = {"type": "user", "subs": -1, "data": -1, "payload": -1}
        more = {} if expires is None else {"exp": int(expires)}
        jwt = self._bus.sign(user.public, file.stem, claims, **more)
        file.touch(0o600)
        file.write_text(_CREDS.format(jwt=jwt, seed=user.seed.decode()))
        return file


def _limits() -> dict[str, Any]:
    return {"wildcards": True, **dict.fromkeys(_UNBOUNDED.split(), -1)}


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
