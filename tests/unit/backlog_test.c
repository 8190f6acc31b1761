/* SPDX-License-Identifier: MIT */
#include "core/backlog.h"

#include "check.h"

/* One look at two subscribers; `sent` below 0: not there. */
static bool look(struct backlog *backlog, uint64_t now_ms, uint64_t published,
                 int64_t first, int64_t second)
{
    backlog_begin(backlog, published, now_ms);
    if (first >= 0)
        backlog_add(backlog, 1, (uint64_t)first);
    if (second >= 0)
        backlog_add(backlog, 2, (uint64_t)second);
    return backlog_end(backlog);
}

TEST(it_pauses_above_the_high_mark_and_goes_on_at_the_low_one)
{
    struct backlog *backlog = backlog_create();
    CHECK(!look(backlog, 0, 0, 0, 0));
    CHECK(!look(backlog, 1, 4096, 0, 4096));
    CHECK(look(backlog, 2, 4097, 0, 4097));
    CHECK(look(backlog, 3, 4097, 1000, 4097));
    CHECK(look(backlog, 4, 4097, 2048, 4097));
    CHECK(!look(backlog, 5, 4097, 2049, 4097));
    backlog_destroy(backlog);
}

TEST(who_comes_late_is_not_behind)
{
    struct backlog *backlog = backlog_create();
    CHECK(!look(backlog, 0, 1000000, 0, -1));
    CHECK(!look(backlog, 1, 1000100, 100, 50));
    CHECK(!look(backlog, 2, 1004000, 3000, 3000));
    backlog_destroy(backlog);
}

TEST(it_tells_how_far_the_last_is_behind)
{
    struct backlog *backlog = backlog_create();
    look(backlog, 0, 0, 0, 0);
    CHECK_EQ(backlog_subscribers(backlog), 2);
    CHECK_EQ(backlog_furthest(backlog), 0);
    look(backlog, 1, 100, 90, 40);
    CHECK_EQ(backlog_furthest(backlog), 60);
    look(backlog, 2, 100, 95, -1);
    CHECK_EQ(backlog_subscribers(backlog), 1);
    CHECK_EQ(backlog_furthest(backlog), 5);
    look(backlog, 3, 100, -1, -1);
    CHECK_EQ(backlog_furthest(backlog), 0);
    backlog_destroy(backlog);
}

TEST(who_stands_still_is_passed_over_until_it_moves)
{
    struct backlog *backlog = backlog_create();
    look(backlog, 0, 0, 0, 0);
    CHECK(look(backlog, 1000, 5000, 0, 5000));
    CHECK(look(backlog, 1499, 5000, 0, 5000));
    CHECK_EQ(backlog_given_up(backlog), 0);
    CHECK(!look(backlog, 1500, 5000, 0, 5000));
    CHECK_EQ(backlog_given_up(backlog), 1);
    CHECK(!look(backlog, 60000, 90000, 0, 90000));
    CHECK_EQ(backlog_given_up(backlog), 0);
    /* It lives again: what it lost is lost, and it counts from here. */
    CHECK(!look(backlog, 61000, 100000, 10, 100000));
    CHECK(!look(backlog, 61001, 104096, 10, 104096));
    CHECK(look(backlog, 61002, 104097, 10, 104097));
    backlog_destroy(backlog);
}

TEST(who_moves_one_step_at_a_time_is_passed_over_ten_times_as_long)
{
    struct backlog *backlog = backlog_create();
    look(backlog, 0, 0, 0, 0);
    CHECK(look(backlog, 1000, 5000, 0, 5000));
    CHECK(!look(backlog, 1500, 5000, 0, 5000));
    CHECK(!look(backlog, 1600, 9000, 1, 9000));
    CHECK(!look(backlog, 6499, 90000, 2, 90000));
    CHECK(!look(backlog, 6500, 95000, 3, 95000));
    CHECK(look(backlog, 6501, 99097, 3, 99097));
    backlog_destroy(backlog);
}

TEST(who_is_too_slow_costs_one_pause_in_a_while)
{
    struct backlog *backlog = backlog_create();
    look(backlog, 0, 0, 0, 0);
    CHECK(look(backlog, 10, 8000, 0, 8000));
    uint64_t now_ms = 10;
    int64_t sent = 0;
    while (look(backlog, now_ms, 8000, sent, 8000)) {
        now_ms += 10;
        sent += 10; /* 1,000 messages/s */
    }
    CHECK_EQ(now_ms, 1010);
    CHECK_EQ(backlog_given_up(backlog), 1);
    CHECK(!look(backlog, now_ms + 9999, 50000, sent + 1, 50000));
    CHECK(!look(backlog, now_ms + 10000, 50000, sent + 2, 50000));
    CHECK(look(backlog, now_ms + 10001, 54097, sent + 2, 54097));
    backlog_destroy(backlog);
}

TEST(who_is_gone_is_forgotten)
{
    struct backlog *backlog = backlog_create();
    look(backlog, 0, 0, 0, 0);
    CHECK(look(backlog, 1, 5000, 0, 5000));
    CHECK(!look(backlog, 2, 5000, -1, 5000));
    /* The same id again is somebody new. */
    CHECK(!look(backlog, 3, 5000, 0, 5000));
    for (uint32_t id = 10; id < 100; id++) {
        backlog_begin(backlog, 5000, id);
        for (uint32_t i = 0; i < id; i++)
            backlog_add(backlog, id * 100 + i, 0);
        CHECK(!backlog_end(backlog));
    }
    backlog_destroy(backlog);
}

SUITE(backlog, it_pauses_above_the_high_mark_and_goes_on_at_the_low_one,
      who_comes_late_is_not_behind, it_tells_how_far_the_last_is_behind,
      who_stands_still_is_passed_over_until_it_moves,
      who_moves_one_step_at_a_time_is_passed_over_ten_times_as_long,
      who_is_too_slow_costs_one_pause_in_a_while, who_is_gone_is_forgotten)
