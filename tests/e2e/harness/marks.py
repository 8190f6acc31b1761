"""Marks for tests."""

import pytest


def known_bug(what: str, *, strict: bool = True) -> pytest.MarkDecorator:
    """A test that fails because of a bug; once it passes, the mark must go.

    Not `strict`: it fails now and then only.
    """
    return pytest.mark.xfail(strict=strict, reason=f"BUG: {what}")
