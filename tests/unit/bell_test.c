/* SPDX-License-Identifier: MIT */
#include "base/bell.h"

#include "base/clock.h"
#include "check.h"

static void *ring(void *ctx)
{
    bell_ring(ctx);
    return NULL;
}

TEST(a_ring_while_nobody_waits_is_kept)
{
    struct bell bell;
    bell_init(&bell);
    bell_ring(&bell);
    bell_ring(&bell);
    bell_wait(&bell, UINT64_MAX);
    bell_finish(&bell);
}

TEST(a_ring_ends_the_wait)
{
    struct bell bell;
    pthread_t thread;
    bell_init(&bell);
    CHECK_EQ(pthread_create(&thread, NULL, ring, &bell), 0);
    bell_wait(&bell, UINT64_MAX);
    pthread_join(thread, NULL);
    bell_finish(&bell);
}

TEST(several_rings_are_one_and_the_moment_ends_the_wait)
{
    struct bell bell;
    bell_init(&bell);
    bell_ring(&bell);
    bell_ring(&bell);
    bell_wait(&bell, UINT64_MAX);
    uint64_t until_ms = clock_now().mono_ms + 20;
    bell_wait(&bell, until_ms);
    CHECK(clock_now().mono_ms >= until_ms);
    bell_finish(&bell);
}

SUITE(bell, a_ring_while_nobody_waits_is_kept, a_ring_ends_the_wait,
      several_rings_are_one_and_the_moment_ends_the_wait)
