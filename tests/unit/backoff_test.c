/* SPDX-License-Identifier: MIT */
#include "core/backoff.h"

#include "check.h"

static const struct backoff_options GUIDE = {
    .retries_max = 10,
    .delay_ms = 5000,
    .delay_max_ms = 60000,
    .multiplier = 2,
};

TEST(delays_grow_to_the_most_and_stay_there)
{
    static const uint64_t delays[] = {5000,  10000, 20000, 40000,
                                      60000, 60000, 60000};
    struct backoff backoff = {0};
    for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++)
        CHECK_EQ(backoff_next(&backoff, &GUIDE, 0), delays[i]);
    for (int i = 0; i < 100000; i++)
        CHECK(backoff_next(&backoff, &GUIDE, 0) == 60000);
    backoff_reset(&backoff);
    CHECK_EQ(backoff_next(&backoff, &GUIDE, 0), 5000);
}

TEST(jitter_takes_a_fifth_at_most)
{
    struct backoff backoff = {0};
    CHECK_EQ(backoff_next(&backoff, &GUIDE, UINT32_MAX), 4000);
    CHECK_EQ(backoff_next(&backoff, &GUIDE, UINT32_MAX / 2), 9000);
}

TEST(it_is_degraded_once_more_than_the_retries_have_failed)
{
    struct backoff backoff = {0};
    struct backoff_options slow = GUIDE;
    slow.multiplier = 1;
    for (int i = 0; i < 10; i++)
        CHECK_EQ(backoff_next(&backoff, &slow, 0), 5000);
    CHECK(!backoff_is_degraded(&backoff, &slow));
    CHECK_EQ(backoff_next(&backoff, &slow, 0), 60000);
    CHECK(backoff_is_degraded(&backoff, &slow));
    CHECK_EQ(backoff_failures(&backoff), 11);
    slow.retries_max = 0;
    CHECK(!backoff_is_degraded(&backoff, &slow));
}

TEST(a_delay_above_the_most_is_the_most)
{
    struct backoff backoff = {0};
    const struct backoff_options odd = {
        .delay_ms = 9000, .delay_max_ms = 1000, .multiplier = 1.5};
    CHECK_EQ(backoff_next(&backoff, &odd, 0), 1000);
}

SUITE(backoff, delays_grow_to_the_most_and_stay_there,
      jitter_takes_a_fifth_at_most,
      it_is_degraded_once_more_than_the_retries_have_failed,
      a_delay_above_the_most_is_the_most)
