/* SPDX-License-Identifier: MIT */
/* A bucket of tokens: it fills at a rate up to a burst, and a token is taken
 * for each thing done, so that within any span of time no more is done than
 * the burst and what fills in meanwhile. Exact: a bucket is the time at which
 * it will be full. Times are mono ms. Pure. One thread. */
#ifndef ONEBUS_BUCKET_H
#define ONEBUS_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket_rate {
    uint64_t token_us; /* how long one takes to fill in; 0: no limit */
    uint64_t burst;    /* at least 1 */
};

/* All zero is a full one. */
struct bucket {
    uint64_t full_us;
};

/* A rate of 0 is no limit, a burst of 0 one of 1. Less than a token a day, or a
 * burst of more than a million, count as that. */
struct bucket_rate bucket_rate_of(double per_second, unsigned burst);

/* When it has a token; 0: it has had one all along. */
uint64_t bucket_opens_ms(const struct bucket *bucket,
                         const struct bucket_rate *rate);

/* Take one. It has one. */
void bucket_take(struct bucket *bucket, const struct bucket_rate *rate,
                 uint64_t now_ms);

/* How long until `count` more have been taken, each as soon as it is there.
 * `late_ms`: each may be taken so much later. */
uint64_t bucket_wait_ms(const struct bucket *bucket,
                        const struct bucket_rate *rate, uint64_t count,
                        uint64_t late_ms, uint64_t now_ms);

bool bucket_is_full(const struct bucket *bucket, uint64_t now_ms);

/* The rate is another now: it lacks as many tokens as before, but no more than
 * it can hold. */
void bucket_change_rate(struct bucket *bucket, const struct bucket_rate *from,
                        const struct bucket_rate *to, uint64_t now_ms);

#endif
