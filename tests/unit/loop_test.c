/* SPDX-License-Identifier: MIT */
#include "edge/loop.h"

#include "base/clock.h"
#include "check.h"

enum {
    /* Far below the half minute that libwebsockets waits with nothing to do,
     * far above what a loaded machine adds. */
    SOON_MS = 10 * 1000,
};

static void on_signal(void *ctx, int number)
{
    (void)ctx;
    (void)number;
}

static uint64_t turn_ms(struct loop *loop, uint64_t due_ms)
{
    uint64_t before_ms = clock_now().mono_ms;
    CHECK(loop_turn(loop, due_ms));
    return clock_now().mono_ms - before_ms;
}

TEST(a_turn_does_not_wait_for_what_is_due_already)
{
    struct loop *loop = loop_create(on_signal, NULL);
    CHECK(loop != NULL);
    for (int i = 0; i < 3; i++) {
        CHECK(turn_ms(loop, clock_now().mono_ms) < SOON_MS);
        CHECK(turn_ms(loop, 0) < SOON_MS);
    }
    loop_destroy(loop);
}

TEST(a_turn_ends_when_something_is_due)
{
    struct loop *loop = loop_create(on_signal, NULL);
    uint64_t due_ms = clock_now().mono_ms + 20;
    while (clock_now().mono_ms < due_ms)
        CHECK(turn_ms(loop, due_ms) < SOON_MS);
    loop_destroy(loop);
}

TEST(a_nudge_ends_the_next_wait)
{
    struct loop *loop = loop_create(on_signal, NULL);
    loop_wake(loop);
    CHECK(turn_ms(loop, UINT64_MAX) < SOON_MS);
    loop_destroy(loop);
}

SUITE(loop, a_turn_does_not_wait_for_what_is_due_already,
      a_turn_ends_when_something_is_due, a_nudge_ends_the_next_wait)
