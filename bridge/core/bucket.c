/* SPDX-License-Identifier: MIT */
#include "bucket.h"

static const double SECOND_US = 1e6;
static const double DAY_US = 24.0 * 60 * 60 * 1e6;

/* With a token a day the sums below stay far within 64 bits. */
enum { MS_US = 1000, BURST_MAX = 1000000 };

static uint64_t burst_of(unsigned burst)
{
    if (burst == 0)
        return 1;
    return burst < BURST_MAX ? burst : BURST_MAX;
}

struct bucket_rate bucket_rate_of(double per_second, unsigned burst)
{
    struct bucket_rate rate = {.burst = burst_of(burst)};
    if (per_second <= 0)
        return rate;
    double us = SECOND_US / per_second;
    rate.token_us = (uint64_t)(us < DAY_US ? us : DAY_US);
    if (us < DAY_US && (double)rate.token_us < us)
        rate.token_us++; /* rather slower than faster */
    return rate;
}

/* How long an empty one takes to have its first token but one: while it lacks
 * no more than this it has one. */
static uint64_t slack_us(const struct bucket_rate *rate)
{
    return (rate->burst - 1) * rate->token_us;
}

static uint64_t ms_of(uint64_t us)
{
    return (us + MS_US - 1) / MS_US;
}

uint64_t bucket_opens_ms(const struct bucket *bucket,
                         const struct bucket_rate *rate)
{
    uint64_t slack = slack_us(rate);
    if (rate->token_us == 0 || bucket->full_us <= slack)
        return 0;
    return ms_of(bucket->full_us - slack);
}

static uint64_t later(uint64_t one, uint64_t other)
{
    return one > other ? one : other;
}

void bucket_take(struct bucket *bucket, const struct bucket_rate *rate,
                 uint64_t now_ms)
{
    bucket->full_us = later(bucket->full_us, now_ms * MS_US) + rate->token_us;
}

/* One that is taken late does no harm while others are left: it is made up for
 * at once. Of a burst that is shorter than the delay each token is late, be it
 * only for the clock's sake, which knows no less than a ms. */
uint64_t bucket_wait_ms(const struct bucket *bucket,
                        const struct bucket_rate *rate, uint64_t count,
                        uint64_t late_ms, uint64_t now_ms)
{
    uint64_t now_us = now_ms * MS_US, slack = slack_us(rate);
    if (rate->token_us == 0 || count == 0)
        return 0;
    uint64_t each_us = rate->token_us;
    if (slack < (late_ms + 1) * MS_US)
        each_us = (ms_of(each_us) + late_ms) * MS_US;
    uint64_t at_us = later(bucket->full_us, now_us) + (count - 1) * each_us;
    return at_us <= now_us + slack ? 0 : ms_of(at_us - slack - now_us);
}

bool bucket_is_full(const struct bucket *bucket, uint64_t now_ms)
{
    return bucket->full_us <= now_ms * MS_US;
}

void bucket_change_rate(struct bucket *bucket, const struct bucket_rate *from,
                        const struct bucket_rate *to, uint64_t now_ms)
{
    uint64_t now_us = now_ms * MS_US;
    if (from->token_us == 0 || bucket->full_us <= now_us) {
        bucket->full_us = 0;
        return;
    }
    uint64_t lacks =
        (bucket->full_us - now_us + from->token_us - 1) / from->token_us;
    if (lacks > to->burst)
        lacks = to->burst;
    bucket->full_us = now_us + lacks * to->token_us;
}
