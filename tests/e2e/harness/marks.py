"""Marks for tests."""

from typing import Final

import pytest

#: For tests that load the machine, and those that want an answer soon while it
#: is loaded. What runs side by side runs no two of them at a time.
ONE_AT_A_TIME: Final = pytest.mark.xdist_group("one at a time")


def known_bug(what: str, *, strict: bool = True) -> pytest.MarkDecorator:
    """A test that fails because of a bug; once it passes, the mark must go.

    Not `strict`: it fails now and then only.
    """
    return pytest.mark.xfail(strict=strict, reason=f"BUG: {what}")
