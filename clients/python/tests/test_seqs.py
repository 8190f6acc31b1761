"""What the bridges of a stream have told, in every order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onebus import seqs
from onebus.seqs import Seqs, Step

TOLD = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 9)), max_size=30)


@given(TOLD, st.booleans())
def test_each_bridge_is_told_once_and_rising_with_its_holes(
    told: list[tuple[str, int]], sees_all: bool
) -> None:
    ledger, given_ = Seqs(sees_all=sees_all), dict[str, list[int]]()
    for epoch, seq in told:
        step = ledger.told(epoch, seq)
        had = given_.setdefault(epoch, [])
        if step is Step.PASS:
            assert had and seq <= had[-1]
            continue
        assert not had or seq > had[-1]
        is_hole = bool(had) and sees_all and seq > had[-1] + 1
        assert (step is Step.HOLE) == is_hole
        if is_hole:
            assert ledger.missing == (had[-1] + 1, seq - 1)
        had.append(seq)
        assert ledger.highest(epoch) == seq


def test_behind_a_seq_what_is_missing_at_the_beginning_is_known() -> None:
    ledger = Seqs(sees_all=True)
    ledger.begin_behind(3)
    assert ledger.told("a", 3) is Step.PASS
    assert ledger.told("b", 6) is Step.HOLE
    assert (ledger.missing, ledger.is_beginning) == ((4, 5), True)
    assert ledger.told("a", 5) is Step.HOLE
    assert (ledger.missing, ledger.is_beginning) == ((4, 4), False)


def test_what_the_stream_has_lost_is_no_hole_of_a_bridge() -> None:
    ledger = Seqs(sees_all=True)
    ledger.told("a", 1)
    ledger.skipped()
    assert ledger.told("a", 9) is Step.DELIVER
    assert ledger.told("a", 8) is Step.PASS
    assert ledger.told("a", 11) is Step.HOLE


def test_it_remembers_as_many_bridges_as_there_can_be() -> None:
    ledger = Seqs(sees_all=True)
    for number in range(seqs.EPOCHS_MAX + 1):
        ledger.told(str(number), 5)
    assert ledger.highest("0") == 0
    assert ledger.highest("1") == 5
