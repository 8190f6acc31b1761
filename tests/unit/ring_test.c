/* SPDX-License-Identifier: MIT */
#include "base/ring.h"

#include <stdio.h>

#include "check.h"

static void add(struct ring *ring, uint64_t seq)
{
    char text[32];
    snprintf(text, sizeof(text), "event %llu", (unsigned long long)seq);
    const struct ring_event event = {seq, seq * 10, slice_of(text)};
    ring_add(ring, &event);
}

static void check_whole(const struct ring *ring, uint64_t first, uint64_t last)
{
    struct ring_event event;
    CHECK_EQ(ring_oldest(ring), first);
    CHECK_EQ(ring_newest(ring), last);
    for (uint64_t seq = first; first > 0 && seq <= last; seq++) {
        char text[32];
        snprintf(text, sizeof(text), "event %llu", (unsigned long long)seq);
        CHECK(ring_find(ring, seq, &event));
        CHECK_EQ(event.seq, seq);
        CHECK_EQ(event.time_ms, seq * 10);
        CHECK(slice_equals(event.message, text));
    }
    CHECK(!ring_find(ring, first - 1, &event));
    CHECK(!ring_find(ring, last + 1, &event));
}

TEST(it_keeps_the_newest_within_its_bytes)
{
    struct ring *ring = ring_create(10000);
    check_whole(ring, 0, 0);
    for (uint64_t seq = 7; seq < 2000; seq++) {
        add(ring, seq);
        CHECK(ring_bytes(ring) <= 10000);
    }
    CHECK(ring_oldest(ring) > 1500);
    CHECK(ring_oldest(ring) < 1750);
    check_whole(ring, ring_oldest(ring), 1999);
    ring_destroy(ring);
}

TEST(the_newest_stays_however_large)
{
    struct ring *ring = ring_create(5);
    add(ring, 1);
    check_whole(ring, 1, 1);
    add(ring, 2);
    check_whole(ring, 2, 2);
    ring_destroy(ring);
}

TEST(what_is_dropped_is_gone)
{
    struct ring *ring = ring_create(100000);
    for (uint64_t seq = 1; seq <= 300; seq++)
        add(ring, seq);
    ring_drop_before(ring, 200);
    check_whole(ring, 200, 300);
    ring_drop_before(ring, 100);
    check_whole(ring, 200, 300);
    ring_clear(ring);
    check_whole(ring, 0, 0);
    CHECK_EQ(ring_bytes(ring), 0);
    add(ring, 301);
    check_whole(ring, 301, 301);
    ring_destroy(ring);
}

TEST(one_that_does_not_follow_takes_the_place_of_all)
{
    struct ring *ring = ring_create(100000);
    add(ring, 1);
    add(ring, 2);
    add(ring, 1000);
    check_whole(ring, 1000, 1000);
    ring_destroy(ring);
}

SUITE(ring, it_keeps_the_newest_within_its_bytes,
      the_newest_stays_however_large, what_is_dropped_is_gone,
      one_that_does_not_follow_takes_the_place_of_all)
