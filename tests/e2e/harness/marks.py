"""Marks for tests."""

import re
import subprocess
from typing import Final

import pytest

from harness.build import BINARY, SLOWNESS

#: How long a test of a known bug waits for what does not come.
BUG_SECONDS: Final = 3.0 * SLOWNESS


def known_bug(what: str, *, strict: bool = True) -> pytest.MarkDecorator:
    """A test that fails because of a bug; once it passes, the mark must go.

    Not `strict`: it fails now and then only.
    """
    return pytest.mark.xfail(strict=strict, reason=f"BUG: {what}")


def _nng_version() -> tuple[int, ...]:
    """Of the library that the bridge runs on."""
    shown = subprocess.run([BINARY, "version"], capture_output=True, text=True)
    found = re.search(r"NNG (\d+)\.(\d+)", shown.stdout)
    return tuple(map(int, found.groups())) if found else ()


#: A connection that ends before the handshake ends the listening for good:
#: https://github.com/nanomsg/nng/issues/1518. Not strict: if NNG is quick enough
#: to finish its side of the handshake, it goes on.
needs_nng_1_6: Final = pytest.mark.xfail(
    _nng_version() < (1, 6),
    strict=False,
    reason="BUG: NNG before 1.6 listens no more when somebody connects and leaves",
)
