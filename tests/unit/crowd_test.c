/* SPDX-License-Identifier: MIT */
#include "core/crowd.h"

#include "check.h"

enum { LINES = 50, STEPS = 20000 };

static size_t random_below(uint64_t *state, size_t count)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (size_t)(*state >> 33) % count;
}

TEST(it_counts_rather_too_many_and_no_more_than_the_double)
{
    struct crowd crowd = {0};
    size_t lengths[LINES] = {0};
    uint64_t state = 7;
    for (size_t i = 0; i < STEPS; i++) {
        size_t at = random_below(&state, LINES), front = 0;
        size_t length = random_below(&state, 1U << random_below(&state, 12));
        size_t most = random_below(&state, 200);
        crowd_change(&crowd, lengths[at], length);
        lengths[at] = length;
        for (size_t j = 0; j < LINES; j++)
            front += lengths[j] < most ? lengths[j] : most;
        CHECK(crowd_front(&crowd, most) >= front);
        CHECK(crowd_front(&crowd, most) <= 2 * front);
    }
    for (size_t i = 0; i < LINES; i++)
        crowd_change(&crowd, lengths[i], 0);
    CHECK_EQ(crowd_front(&crowd, 1000), 0);
}

SUITE(crowd, it_counts_rather_too_many_and_no_more_than_the_double)
