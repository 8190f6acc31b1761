/* SPDX-License-Identifier: MIT */
#include "cli/follow.h"

#include "check.h"

/* What comes, and what is to be done about it. A row without a label ends the
 * story. */
struct row {
    const char *label;
    enum { EVENT, PAGE, SETTLE } what;
    const char *epoch;
    uint64_t seq;    /* EVENT, SETTLE; PAGE: next */
    uint64_t newest; /* PAGE: truncated where next is less */
    int expected;    /* enum follow_step; of a PAGE enum follow_turn */
    uint64_t last;   /* what is asked after then */
};

static void take(struct follow *follow, const struct row *row)
{
    const struct follow_mark mark = {slice_of(row->epoch), row->seq};
    const struct page page = {
        .epoch = slice_of(row->epoch),
        .next = row->seq,
        .newest = row->newest,
        .truncated = row->seq < row->newest,
    };
    struct follow_gap gap;
    int actual = row->what == EVENT  ? (int)follow_event(follow, &mark)
                 : row->what == PAGE ? (int)follow_page(follow, &page)
                                     : (int)follow_settle(follow, &mark, &gap);
    check_int(actual, row->expected, row->label, __FILE__, __LINE__);
    check_int((intmax_t)follow_next(follow).value, (intmax_t)row->last,
              row->label, __FILE__, __LINE__);
}

static struct follow tell(enum since_kind kind, uint64_t value,
                          const struct row *rows)
{
    const struct since since = {kind, value};
    struct follow follow;
    follow_start(&follow, &since);
    for (const struct row *row = rows; row->label != NULL; row++)
        take(&follow, row);
    return follow;
}

TEST(live_events_follow_the_journal_in_order)
{
    static const struct row rows[] = {
        {"a page of more", PAGE, "A", 7, 9, FOLLOW_MORE, 7},
        {"the last page", PAGE, "A", 9, 9, FOLLOW_CAUGHT_UP, 9},
        {"came while replaying", EVENT, "A", 8, 0, FOLLOW_DROP, 9},
        {"the last of the page", EVENT, "A", 9, 0, FOLLOW_DROP, 9},
        {"the next", EVENT, "A", 10, 0, FOLLOW_SHOW, 10},
        {"twice", EVENT, "A", 10, 0, FOLLOW_DROP, 10},
        {"and on", EVENT, "A", 11, 0, FOLLOW_SHOW, 11},
        {0},
    };
    tell(SINCE_SEQ, 5, rows);
}

TEST(a_hole_is_asked_for_and_nothing_behind_it_is_shown_first)
{
    static const struct row rows[] = {
        {"start", PAGE, "A", 5, 5, FOLLOW_CAUGHT_UP, 5},
        {"beyond the next", EVENT, "A", 8, 0, FOLLOW_ASK, 5},
        {"slice by slice", PAGE, "A", 6, 12, FOLLOW_MORE, 6},
        {"filled", PAGE, "A", 12, 12, FOLLOW_CAUGHT_UP, 12},
        {"what asked was in it", SETTLE, "A", 8, 0, FOLLOW_DROP, 12},
        {"so was this", EVENT, "A", 9, 0, FOLLOW_DROP, 12},
        {"live again", EVENT, "A", 13, 0, FOLLOW_SHOW, 13},
        {0},
    };
    tell(SINCE_SEQ, 5, rows);
}

TEST(before_the_first_page_every_event_has_to_wait)
{
    static const struct row rows[] = {
        {"the next, perhaps", EVENT, "A", 6, 0, FOLLOW_ASK, 5},
        {"beyond", EVENT, "A", 9, 0, FOLLOW_ASK, 5},
        {"before", EVENT, "A", 2, 0, FOLLOW_ASK, 5},
        {"the page", PAGE, "A", 9, 9, FOLLOW_CAUGHT_UP, 9},
        {"it had been in the page", SETTLE, "A", 9, 0, FOLLOW_DROP, 9},
        {0},
    };
    tell(SINCE_SEQ, 5, rows);
}

TEST(when_it_is_quiet_a_page_brings_what_was_missed_or_nothing)
{
    static const struct row rows[] = {
        {"start", PAGE, "A", 5, 5, FOLLOW_CAUGHT_UP, 5},
        {"nothing new", PAGE, "A", 5, 5, FOLLOW_CAUGHT_UP, 5},
        {"the end of a burst", PAGE, "A", 9, 9, FOLLOW_CAUGHT_UP, 9},
        {"late", EVENT, "A", 9, 0, FOLLOW_DROP, 9},
        {"live", EVENT, "A", 10, 0, FOLLOW_SHOW, 10},
        {0},
    };
    tell(SINCE_SEQ, 5, rows);
}

TEST(another_epoch_is_believed_when_a_reply_has_it)
{
    static const struct row rows[] = {
        {"start", PAGE, "A", 5, 5, FOLLOW_CAUGHT_UP, 5},
        {"the next in number only", EVENT, "B", 6, 0, FOLLOW_ASK, 5},
        {"not this page", PAGE, "B", 6, 6, FOLLOW_ANOTHER, 0},
        {"from its beginning", PAGE, "B", 6, 6, FOLLOW_CAUGHT_UP, 6},
        {"what asked was in it", SETTLE, "B", 6, 0, FOLLOW_DROP, 6},
        {"an old one in the queue", EVENT, "A", 6, 0, FOLLOW_DROP, 6},
        {"an old one further on", EVENT, "A", 7, 0, FOLLOW_DROP, 6},
        {"live", EVENT, "B", 7, 0, FOLLOW_SHOW, 7},
        {0},
    };
    tell(SINCE_SEQ, 5, rows);
}

TEST(an_event_of_a_journal_that_is_gone_is_dropped_once_asked)
{
    static const struct row rows[] = {
        {"start", PAGE, "C", 5, 5, FOLLOW_CAUGHT_UP, 5},
        {"from before our time", EVENT, "A", 9, 0, FOLLOW_ASK, 5},
        {"the bridge has C", PAGE, "C", 5, 5, FOLLOW_CAUGHT_UP, 5},
        {"so it is old", SETTLE, "A", 9, 0, FOLLOW_DROP, 5},
        {"on", EVENT, "C", 6, 0, FOLLOW_SHOW, 6},
        {0},
    };
    tell(SINCE_SEQ, 5, rows);
}

TEST(a_journal_that_comes_back_goes_on_where_it_was_left)
{
    static const struct row rows[] = {
        {"start", PAGE, "A", 5, 5, FOLLOW_CAUGHT_UP, 5},
        {"another, empty", PAGE, "B", 0, 0, FOLLOW_ANOTHER, 0},
        {"still empty", PAGE, "B", 0, 0, FOLLOW_CAUGHT_UP, 0},
        {"live", EVENT, "B", 1, 0, FOLLOW_SHOW, 1},
        {"the first again", PAGE, "A", 7, 7, FOLLOW_ANOTHER, 5},
        {"from there", PAGE, "A", 7, 7, FOLLOW_CAUGHT_UP, 7},
        {0},
    };
    tell(SINCE_SEQ, 5, rows);
}

TEST(a_seq_that_nobody_can_have_seen_is_another_journals)
{
    static const struct row rows[] = {
        {"the newest is before", PAGE, "A", 50, 9, FOLLOW_ANOTHER, 0},
        {"so from the beginning", PAGE, "A", 9, 9, FOLLOW_CAUGHT_UP, 9},
        {"live", EVENT, "A", 10, 0, FOLLOW_SHOW, 10},
        {0},
    };
    tell(SINCE_SEQ, 50, rows);
}

TEST(an_empty_journal_does_not_tell_whether_the_seq_is_its_own)
{
    static const struct row forgotten[] = {
        {"empty", PAGE, "A", 50, 0, FOLLOW_CAUGHT_UP, 50},
        {"it had more before", EVENT, "A", 52, 0, FOLLOW_ASK, 50},
        {"so our seq is good", PAGE, "A", 52, 52, FOLLOW_CAUGHT_UP, 52},
        {0},
    };
    static const struct row new[] = {
        {"empty", PAGE, "A", 50, 0, FOLLOW_CAUGHT_UP, 50},
        {"its first", EVENT, "A", 1, 0, FOLLOW_ASK, 50},
        {"so our seq is not", PAGE, "A", 50, 1, FOLLOW_ANOTHER, 0},
        {"all of it", PAGE, "A", 1, 1, FOLLOW_CAUGHT_UP, 1},
        {0},
    };
    tell(SINCE_SEQ, 50, forgotten);
    tell(SINCE_SEQ, 50, new);
}

TEST(a_time_is_asked_for_until_there_is_an_event)
{
    static const struct row rows[] = {
        {"empty", PAGE, "A", 0, 0, FOLLOW_CAUGHT_UP, 60000},
        {"the first", EVENT, "A", 101, 0, FOLLOW_ASK, 60000},
        {"its page", PAGE, "A", 101, 101, FOLLOW_CAUGHT_UP, 101},
        {"it was in it", SETTLE, "A", 101, 0, FOLLOW_DROP, 101},
        {"live", EVENT, "A", 102, 0, FOLLOW_SHOW, 102},
        {0},
    };
    struct follow follow = {0};
    const struct since since = {SINCE_AGE, 60000};
    follow_start(&follow, &since);
    CHECK_EQ(follow_next(&follow).kind, SINCE_AGE);
    follow = tell(SINCE_AGE, 60000, rows);
    CHECK_EQ(follow_next(&follow).kind, SINCE_SEQ);
}

TEST(lost_ranges_are_passed_over)
{
    static const struct row rows[] = {
        {"3 to 90 are lost, says the page", PAGE, "A", 95, 95, FOLLOW_CAUGHT_UP,
         95},
        {"live", EVENT, "A", 96, 0, FOLLOW_SHOW, 96},
        {0},
    };
    tell(SINCE_SEQ, 2, rows);
}

TEST(what_was_published_and_not_kept_is_shown_with_its_gap)
{
    static const struct row rows[] = {
        {"start", PAGE, "A", 5, 5, FOLLOW_CAUGHT_UP, 5},
        {"the disk is full", EVENT, "A", 9, 0, FOLLOW_ASK, 5},
        {"nothing behind 5", PAGE, "A", 5, 5, FOLLOW_CAUGHT_UP, 5},
        {0},
    };
    struct follow follow = tell(SINCE_SEQ, 5, rows);
    const struct follow_mark mark = {slice_of("A"), 9};
    struct follow_gap gap;
    CHECK_EQ(follow_settle(&follow, &mark, &gap), FOLLOW_SHOW);
    CHECK_EQ(gap.first, 6);
    CHECK_EQ(gap.last, 8);
    CHECK_EQ(follow_next(&follow).value, 9);
}

TEST(an_event_of_a_journal_that_keeps_nothing_is_shown)
{
    static const struct row rows[] = {
        {"first", EVENT, "A", 9, 0, FOLLOW_ASK, 5},
        {"empty", PAGE, "A", 5, 0, FOLLOW_CAUGHT_UP, 5},
        {"shown all the same", SETTLE, "A", 9, 0, FOLLOW_SHOW, 9},
        {"and on", EVENT, "A", 10, 0, FOLLOW_SHOW, 10},
        {0},
    };
    tell(SINCE_SEQ, 5, rows);
}

TEST(a_page_that_leads_nowhere_is_the_last)
{
    static const struct row rows[] = {
        {"more, it says", PAGE, "A", 6, 9, FOLLOW_MORE, 6},
        {"but it does not move", PAGE, "A", 6, 9, FOLLOW_CAUGHT_UP, 6},
        {"or goes back", PAGE, "A", 2, 9, FOLLOW_CAUGHT_UP, 6},
        {0},
    };
    tell(SINCE_SEQ, 5, rows);
}

#define BYTES(literal)                                                         \
    (struct slice)                                                             \
    {                                                                          \
        (literal), sizeof(literal) - 1                                         \
    }

TEST(a_mark_is_epoch_and_seq)
{
    static const struct {
        const char *label;
        struct slice envelope;
        bool is_mark;
    } rows[] = {
        {"both",
         BYTES("\x82\xa5"
               "epoch\xa1"
               "A\xa3seq\x07"),
         true},
        {"no epoch", BYTES("\x81\xa3seq\x07"), false},
        {"no seq",
         BYTES("\x81\xa5"
               "epoch\xa1"
               "A"),
         false},
        {"a seq of 0",
         BYTES("\x82\xa5"
               "epoch\xa1"
               "A\xa3seq\x00"),
         false},
        {"an empty epoch",
         BYTES("\x82\xa5"
               "epoch\xa0\xa3seq\x07"),
         false},
        {"no map", BYTES("\xc0"), false},
        {"nothing", BYTES(""), false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct follow_mark mark;
        bool is_mark = follow_mark_read(rows[i].envelope, &mark);
        check_int(is_mark, rows[i].is_mark, rows[i].label, __FILE__, __LINE__);
        if (is_mark) {
            CHECK_SLICE(mark.epoch, slice_of("A"));
            CHECK_EQ(mark.seq, 7);
        }
    }
}

SUITE(follow, live_events_follow_the_journal_in_order,
      a_hole_is_asked_for_and_nothing_behind_it_is_shown_first,
      before_the_first_page_every_event_has_to_wait,
      when_it_is_quiet_a_page_brings_what_was_missed_or_nothing,
      another_epoch_is_believed_when_a_reply_has_it,
      an_event_of_a_journal_that_is_gone_is_dropped_once_asked,
      a_journal_that_comes_back_goes_on_where_it_was_left,
      a_seq_that_nobody_can_have_seen_is_another_journals,
      an_empty_journal_does_not_tell_whether_the_seq_is_its_own,
      a_time_is_asked_for_until_there_is_an_event, lost_ranges_are_passed_over,
      what_was_published_and_not_kept_is_shown_with_its_gap,
      an_event_of_a_journal_that_keeps_nothing_is_shown,
      a_page_that_leads_nowhere_is_the_last, a_mark_is_epoch_and_seq)
