"""When the journal is looked at for what may have been missed."""

from __future__ import annotations

import pytest

from onebus.quiet import AFTER_CONNECT, Quiet


def test_the_pauses_grow_while_nothing_comes() -> None:
    quiet = Quiet(2.0, 10.0)
    now, pauses = 100.0, list[float]()
    quiet.heard(now)
    for _ in range(5):
        pauses.append(quiet.left(now))
        now += quiet.left(now)
        quiet.looked(now)
    assert pauses == [2.0, 2.0, 4.0, 8.0, 10.0]


def test_what_comes_makes_them_short_again() -> None:
    quiet = Quiet(2.0, 10.0)
    for now in (0.0, 2.0, 6.0):
        quiet.looked(now)
    quiet.heard(7.0)
    assert quiet.left(7.0) == 2.0
    assert quiet.left(10.0) == 0.0


def test_a_new_connection_is_a_reason_to_look_soon() -> None:
    quiet = Quiet(2.0, 10.0)
    quiet.heard(5.0)
    quiet.connected(5.5)
    assert quiet.left(5.5) == pytest.approx(AFTER_CONNECT)
