/* SPDX-License-Identifier: MIT */
#include "core/strikes.h"

#include "check.h"

static void fail(struct strikes *strikes, const char *address, int times,
                 uint64_t now_ms)
{
    for (int i = 0; i < times; i++)
        strikes_add(strikes, address, now_ms);
}

TEST(thirty_failures_are_free_and_one_more_a_second)
{
    struct strikes *strikes = strikes_create();
    fail(strikes, "192.0.2.1", 30, 1000);
    CHECK_EQ(strikes_wait_ms(strikes, "192.0.2.1", 1000), 0);
    fail(strikes, "192.0.2.1", 1, 1000);
    CHECK_EQ(strikes_wait_ms(strikes, "192.0.2.1", 1000), 1000);
    CHECK_EQ(strikes_wait_ms(strikes, "192.0.2.2", 1000), 0);
    CHECK_EQ(strikes_wait_ms(strikes, "192.0.2.1", 1999), 1);
    CHECK_EQ(strikes_wait_ms(strikes, "192.0.2.1", 2000), 0);
    strikes_destroy(strikes);
}

TEST(a_peer_that_fails_every_five_seconds_never_waits)
{
    struct strikes *strikes = strikes_create();
    for (uint64_t now_ms = 0; now_ms < 3600000; now_ms += 5000) {
        CHECK_EQ(strikes_wait_ms(strikes, "192.0.2.1", now_ms), 0);
        fail(strikes, "192.0.2.1", 1, now_ms);
    }
    strikes_destroy(strikes);
}

TEST(who_owes_most_is_remembered_longest)
{
    struct strikes *strikes = strikes_create();
    char address[32];
    fail(strikes, "198.51.100.1", 100, 0);
    for (int i = 0; i < 4 * STRIKES_ADDRESSES; i++) {
        snprintf(address, sizeof(address), "10.0.%d.%d", i / 256, i % 256);
        fail(strikes, address, 1, 0);
    }
    CHECK_EQ(strikes_wait_ms(strikes, "198.51.100.1", 0), 70000);
    strikes_destroy(strikes);
}

SUITE(strikes, thirty_failures_are_free_and_one_more_a_second,
      a_peer_that_fails_every_five_seconds_never_waits,

      who_owes_most_is_remembered_longest)
