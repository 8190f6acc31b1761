/* SPDX-License-Identifier: MIT */
#include "edge/lookup.h"

#include <pthread.h>
#include <time.h>

#include "check.h"

enum { WAIT_MS = 20 * 1000 };

static void wake(void *ctx)
{
    __atomic_fetch_add((int *)ctx, 1, __ATOMIC_RELAXED);
}

static bool await(struct lookup *lookup, struct lookup_result *result)
{
    const struct timespec moment = {.tv_nsec = 1000 * 1000};
    for (int i = 0; i < WAIT_MS; i++) {
        if (lookup_take(lookup, result))
            return true;
        nanosleep(&moment, NULL);
    }
    return false;
}

TEST(a_host_has_addresses_or_there_is_a_fault)
{
    struct lookup_result result = {0};
    int woken = 0;
    struct lookup *lookup = lookup_start("localhost", wake, &woken);
    CHECK(await(lookup, &result));
    CHECK(result.count > 0 && result.fault == NULL);
    lookup_drop(lookup);
    result = (struct lookup_result){0};
    lookup = lookup_start("no such host", wake, &woken);
    CHECK(await(lookup, &result));
    CHECK(result.count == 0 && result.fault != NULL);
    lookup_drop(lookup);
    lookup_drop(NULL);
}

TEST(nobody_is_woken_who_has_lost_interest)
{
    for (int i = 0; i < 50; i++) {
        int woken = 0;
        lookup_drop(lookup_start("localhost", wake, &woken));
        CHECK(woken <= 1); /* and never again: it is gone after this */
    }
}

SUITE(lookup, a_host_has_addresses_or_there_is_a_fault,
      nobody_is_woken_who_has_lost_interest)
