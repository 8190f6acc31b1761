"""Every event once, in order, or a gap that says which are not to be had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from onebus.event import Gap
from onebus.feed import Feed, Item, Page, Step
from onebus.position import Position
from onebus.raw import RawEvent

PAGE = 3


@dataclass
class Journal:
    """What the bridge has: its epochs, the newest last, and what was lost."""

    epochs: list[str] = field(default_factory=lambda: ["e0"])
    newest: int = 0
    oldest: int = 1
    holes: set[int] = field(default_factory=set)

    @property
    def epoch(self) -> str:
        return self.epochs[-1]

    def publish(self, *, is_kept: bool = True) -> RawEvent:
        self.newest += 1
        if not is_kept:
            self.holes.add(self.newest)
        return message(self.epoch, self.newest)

    def roll(self, count: int) -> None:
        self.oldest = min(self.oldest + count, self.newest + 1)

    def begin_anew(self) -> None:
        self.epochs.append(f"e{len(self.epochs)}")
        self.newest, self.oldest, self.holes = 0, 1, set()

    def page(self, after: int | None) -> Page:
        last = self.oldest - 1 if after is None else after
        until = max(last, min(last + PAGE, self.newest))
        seqs = range(last + 1, until + 1)
        gone = [seq for seq in seqs if seq < self.oldest or seq in self.holes]
        is_empty = self.oldest > self.newest
        return Page(
            self.epoch,
            [message(self.epoch, seq) for seq in seqs if seq not in gone],
            until,
            0 if is_empty else self.oldest,
            0 if is_empty else self.newest,
            until < self.newest,
            [(seq, seq) for seq in gone],
        )


@dataclass
class Consumer:
    """A feed and all that came out of it."""

    journal: Journal
    feed: Feed
    out: list[Item] = field(default_factory=list)

    def catch_up(self) -> None:
        while self.feed.is_behind:
            self.out += self.feed.page(self.journal.page(self.feed.after))

    def hear(self, live: RawEvent) -> None:
        self.catch_up()
        if self.feed.live(live) is Step.DELIVER:
            self.out.append(live)


def message(epoch: str, seq: int) -> RawEvent:
    return RawEvent(epoch, seq, f"{epoch} {seq}".encode(), 0, "default")


def consumer(epoch: str | None = "e0", last: int = 0, newest: int = 0) -> Consumer:
    return Consumer(Journal(newest=newest), Feed(epoch, last))


def seqs(items: list[Item]) -> list[int]:
    return [item.seq for item in items if isinstance(item, RawEvent)]


# ---- one thing at a time ------------------------------------------------------


def test_what_follows_is_delivered_without_asking() -> None:
    feed = Feed("e0", 4, is_behind=False)
    assert feed.live(message("e0", 5)) is Step.DELIVER
    assert feed.position == Position("e0", 5)
    assert not feed.is_behind


def test_what_has_been_is_passed_over() -> None:
    feed = Feed("e0", 4, is_behind=False)
    assert feed.live(message("e0", 4)) is Step.PASS
    assert feed.position == Position("e0", 4)


def test_a_hole_is_asked_for_and_filled_in_order() -> None:
    c = consumer(newest=7)
    c.catch_up()
    for _ in range(3):
        last = c.journal.publish()
    c.hear(last)
    assert c.feed.after == 7
    c.catch_up()
    assert seqs(c.out) == list(range(1, 11))


def test_an_event_that_no_page_has_comes_after_the_gap_before_it() -> None:
    feed = Feed("e0", 4, is_behind=False)
    assert feed.live(message("e0", 7)) is Step.ASK
    empty = Page("e0", [], 4, 1, 4, False, [])
    assert feed.page(empty) == [Gap(5, 6, "lost", "e0"), message("e0", 7)]
    assert feed.position == Position("e0", 7)


def test_what_has_rolled_past_is_told_apart_from_what_was_never_kept() -> None:
    c = consumer(last=2)
    c.journal = Journal(newest=8, oldest=5, holes={7})
    c.catch_up()
    assert c.out == [
        Gap(3, 3, "expired", "e0"),
        Gap(4, 4, "expired", "e0"),
        message("e0", 5),
        message("e0", 6),
        Gap(7, 7, "lost", "e0"),
        message("e0", 8),
    ]


def test_another_epoch_is_a_gap_and_then_its_first_event() -> None:
    c = consumer(last=9)
    c.journal = Journal(["e1"], newest=2)
    c.catch_up()
    assert c.out[0] == Gap(10, None, "epoch", "e0")
    assert c.out[1:] == [message("e1", 1), message("e1", 2)]


def test_an_event_of_the_epoch_before_that_lay_in_a_queue_is_passed_over() -> None:
    c = consumer(last=9)
    c.journal = Journal(["e1"], newest=2)
    c.catch_up()
    assert c.feed.live(message("e0", 10)) is Step.PASS


def test_the_journal_before_goes_on_where_it_was_left() -> None:
    c = consumer(last=1, newest=3)
    c.catch_up()
    old, c.journal = c.journal, Journal(["e1"], newest=1)
    c.feed.recheck()
    c.catch_up()
    old.publish()
    c.journal = old
    c.feed.recheck()
    c.catch_up()
    assert [m.data for m in c.out if isinstance(m, RawEvent)] == [
        *(b"e0 2", b"e0 3"),
        b"e1 1",
        b"e0 4",
    ]


def test_without_a_place_everything_there_is_comes_and_no_gap() -> None:
    c = Consumer(Journal(newest=6, oldest=4), Feed(None, 0))
    assert c.feed.position is None
    c.catch_up()
    assert c.out == [message("e0", seq) for seq in (4, 5, 6)]


def test_a_seq_that_no_event_has_yet_is_of_another_journal() -> None:
    c = consumer(None, last=50, newest=2)
    c.catch_up()
    assert c.out[0] == Gap(51, None, "epoch", "")
    assert seqs(c.out) == [1, 2]


def test_an_empty_journal_does_not_make_the_next_event_an_old_one() -> None:
    c = consumer(None, last=50)
    c.catch_up()
    c.hear(c.journal.publish())
    c.catch_up()
    assert seqs(c.out) == [1]


def test_who_may_not_ask_gets_the_live_events_and_is_told_of_the_holes() -> None:
    feed = Feed("e0", 4)
    assert feed.refused() == []
    assert feed.live(message("e0", 7)) is Step.ASK
    assert feed.refused() == [Gap(5, 6, "denied", "e0"), message("e0", 7)]
    assert feed.live(message("e0", 8)) is Step.DELIVER
    assert feed.live(message("e1", 2)) is Step.ASK
    assert feed.refused() == [
        Gap(9, None, "epoch", "e0"),
        Gap(1, 1, "denied", "e1"),
        message("e1", 2),
    ]


# ---- whatever happens -----------------------------------------------------------

#: What befalls the bridge, its events on their way, or the consumer.
events = st.one_of(
    st.just("publish"),
    st.just("publish"),
    st.just("publish"),
    st.just("drop"),
    st.just("twice"),
    st.just("late"),
    st.just("unkept"),
    st.just("roll"),
    st.just("anew"),
    st.just("quiet"),
    st.just("restart"),
    st.just("slow"),
)


class World:
    """A bridge, the wire, and a consumer that keeps its position."""

    def __init__(self) -> None:
        self.c = consumer(newest=2)
        self.wire: list[RawEvent] = []
        self.deaf = False

    def befall(self, what: str) -> None:
        getattr(self, what)()
        if not self.deaf:
            self.hear()

    def hear(self) -> None:
        while self.wire:
            self.c.hear(self.wire.pop(0))

    def publish(self) -> None:
        self.wire.append(self.c.journal.publish())

    def drop(self) -> None:
        self.c.journal.publish()

    def twice(self) -> None:
        self.publish()
        self.wire.append(self.wire[-1])

    def late(self) -> None:
        first, second = self.c.journal.publish(), self.c.journal.publish()
        self.wire += [second, first]

    def unkept(self) -> None:
        self.wire.append(self.c.journal.publish(is_kept=False))

    def roll(self) -> None:
        self.c.journal.roll(2)

    def anew(self) -> None:
        self.c.journal.begin_anew()

    def quiet(self) -> None:
        self.hear()
        self.c.catch_up()
        self.c.feed.recheck()
        self.c.catch_up()

    def restart(self) -> None:
        """The consumer starts again at its position, with an empty queue."""
        position = self.c.feed.position
        assert position is not None
        self.c.feed = Feed(position.epoch, position.seq)
        self.wire.clear()

    def slow(self) -> None:
        self.deaf = not self.deaf


def told(items: list[Item], epoch: str) -> Iterator[int]:
    """Each seq of an epoch that was delivered or said to be gone."""
    for item in items:
        if isinstance(item, RawEvent) and item.epoch == epoch:
            yield item.seq
        elif isinstance(item, Gap) and item.epoch == epoch and item.last is not None:
            yield from range(item.first, item.last + 1)


@given(st.lists(events, max_size=40))
def test_every_seq_comes_once_in_order_or_in_a_gap(happenings: list[str]) -> None:
    world = World()
    for what in happenings:
        world.befall(what)
    world.quiet()
    journal, out = world.c.journal, world.c.out
    assert list(told(out, journal.epoch)) == list(range(1, journal.newest + 1))
    left = {item.epoch: item.first for item in out if isinstance(item, Gap)
            and item.reason == "epoch"}
    for epoch, first in left.items():
        assert list(told(out, epoch)) == list(range(1, first))


@given(st.lists(events, max_size=40))
def test_a_gap_is_told_only_of_what_is_nowhere(happenings: list[str]) -> None:
    world = World()
    gone: set[tuple[str, int]] = set()
    for what in happenings:
        world.befall(what)
        journal = world.c.journal
        gone |= {(journal.epoch, seq) for seq in journal.holes}
        gone |= {(journal.epoch, seq) for seq in range(1, journal.oldest)}
    world.quiet()
    for gap in (item for item in world.c.out if isinstance(item, Gap)):
        if gap.last is not None:
            assert {(gap.epoch, s) for s in range(gap.first, gap.last + 1)} <= gone
