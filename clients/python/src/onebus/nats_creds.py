"""A file of credentials for NATS: who one is, signed by an account, and the seed of
the key that proves it.

nats-py takes it for what it should be, and looks for the first line for ever in a
file that has none; so it is looked at before.
"""

from __future__ import annotations

import re
from pathlib import Path

import nats.errors

_JWT = re.compile(rb"BEGIN NATS USER JWT-+\n[\w.-]+\n")
_SEED = re.compile(rb"BEGIN USER NKEY SEED-+\nSU[A-Z2-7]{56}\n")


def check(file: str) -> None:
    """OSError if it cannot be read, nats.errors.Error if it is none; neither shows
    what is in it."""
    text = Path(file).read_bytes()
    if _JWT.search(text) is None or _SEED.search(text) is None:
        raise nats.errors.Error(
            f"{file}: no credentials of NATS: it has to have the JWT and the seed of a"
            " user, as `nsc generate creds` writes them"
        )
