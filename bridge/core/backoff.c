/* SPDX-License-Identifier: MIT */
#include "backoff.h"

#include <limits.h>

/* Whatever the settings say: nobody is dialled without a pause. */
enum { LEAST_MS = 100 };

static double delay_of(unsigned failures, const struct backoff_options *options)
{
    double delay_ms = (double)options->delay_ms;
    double most_ms = (double)options->delay_max_ms;
    for (unsigned i = 1; i < failures && delay_ms < most_ms; i++) {
        if (options->multiplier <= 1)
            break;
        delay_ms *= options->multiplier;
    }
    return delay_ms < most_ms ? delay_ms : most_ms;
}

uint64_t backoff_next(struct backoff *backoff,
                      const struct backoff_options *options, uint32_t random)
{
    if (backoff->failures < UINT_MAX)
        backoff->failures++;
    double delay_ms = backoff_is_degraded(backoff, options)
                          ? (double)options->delay_max_ms
                          : delay_of(backoff->failures, options);
    double share = (double)random / UINT32_MAX;
    delay_ms *= 1 - share / 5;
    return delay_ms < (double)LEAST_MS ? LEAST_MS : (uint64_t)delay_ms;
}

unsigned backoff_failures(const struct backoff *backoff)
{
    return backoff->failures;
}

bool backoff_is_degraded(const struct backoff *backoff,
                         const struct backoff_options *options)
{
    return options->retries_max != 0 &&
           backoff->failures > options->retries_max;
}

void backoff_reset(struct backoff *backoff)
{
    backoff->failures = 0;
}
