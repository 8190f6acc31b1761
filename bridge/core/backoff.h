/* SPDX-License-Identifier: MIT */
/* How long to wait before dialling again.
 *
 * `delay` times `multiplier` for each failure after the first, at most
 * `delay_max`; once more than `retries_max` have failed it is `delay_max`
 * always, and that is called degraded: it is never given up. Each is shortened
 * by up to a fifth at random, so that many who lost the same peer do not come
 * back at once; never lengthened, so that `delay_max` is what it says. A tenth
 * of a second is the least. Pure. */
#ifndef ONEBUS_BACKOFF_H
#define ONEBUS_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

struct backoff_options {
    unsigned retries_max; /* 0: no limit */
    uint64_t delay_ms;
    uint64_t delay_max_ms;
    double multiplier; /* 1 or more */
};

/* Zero-initialised: nothing has failed. */
struct backoff {
    unsigned failures;
};

/* Another attempt has failed: how long to wait, in ms. `random`: any number. */
uint64_t backoff_next(struct backoff *backoff,
                      const struct backoff_options *options, uint32_t random);

/* In a row. */
unsigned backoff_failures(const struct backoff *backoff);

bool backoff_is_degraded(const struct backoff *backoff,
                         const struct backoff_options *options);

/* An attempt was a success. */
void backoff_reset(struct backoff *backoff);

#endif
