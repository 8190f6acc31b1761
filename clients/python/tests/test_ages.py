"""How old an event is, by two clocks that differ."""

from __future__ import annotations

from onebus.ages import Ages

HOUR = 3600.0


def ms(seconds: float) -> int:
    return round(seconds * 1000)


def test_the_difference_between_the_clocks_is_no_age() -> None:
    ages = Ages(60.0)
    assert not ages.is_too_old(ms(5 * HOUR), 10.0)
    assert not ages.is_too_old(ms(5 * HOUR + 50), 100.0)


def test_what_lay_in_a_queue_is_as_old_as_it_lay_there() -> None:
    ages = Ages(60.0)
    assert not ages.is_too_old(ms(HOUR), 10.0)
    assert not ages.is_too_old(ms(HOUR + 1), 70.0)
    assert ages.is_too_old(ms(HOUR + 1), 72.0)


def test_a_clock_that_was_set_forward_makes_nothing_old() -> None:
    ages = Ages(60.0)
    ages.is_too_old(ms(HOUR), 10.0)
    assert not ages.is_too_old(ms(3 * HOUR), 20.0)
    assert not ages.is_too_old(ms(3 * HOUR + 1), 21.0)


def test_a_clock_that_was_set_back_counts_again_from_what_came_just_now() -> None:
    ages = Ages(60.0)
    ages.is_too_old(ms(3 * HOUR), 10.0)
    assert ages.is_too_old(ms(HOUR), 20.0)
    ages.came_just_now(ms(HOUR + 1), 21.0)
    assert not ages.is_too_old(ms(HOUR + 1), 21.0)
    assert not ages.is_too_old(ms(HOUR + 2), 22.0)
