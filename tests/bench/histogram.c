/* SPDX-License-Identifier: MIT */
#include "histogram.h"

enum { PER_POWER = 1 << HISTOGRAM_BITS };

/* The bucket is the value's top seven bits, the leading one included, and how
 * far they had to be shifted. */
static unsigned bucket_of(uint64_t value)
{
    if (value < PER_POWER)
        return (unsigned)value;
    unsigned shift = 63 - HISTOGRAM_BITS - (unsigned)__builtin_clzll(value);
    return shift * PER_POWER + (unsigned)(value >> shift);
}

static uint64_t least_of(unsigned bucket)
{
    if (bucket < PER_POWER)
        return bucket;
    unsigned shift = bucket / PER_POWER - 1;
    return (uint64_t)(bucket % PER_POWER + PER_POWER) << shift;
}

void histogram_add(struct histogram *histogram, uint64_t nanos)
{
    histogram->buckets[bucket_of(nanos)]++;
    histogram->count++;
    if (nanos > histogram->max)
        histogram->max = nanos;
}

void histogram_merge(struct histogram *histogram, const struct histogram *from)
{
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        histogram->buckets[i] += from->buckets[i];
    histogram->count += from->count;
    if (from->max > histogram->max)
        histogram->max = from->max;
}

uint64_t histogram_quantile(const struct histogram *histogram,
                            unsigned per_mille)
{
    uint64_t wanted = (histogram->count * per_mille + 999) / 1000;
    uint64_t seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen != 0 && seen >= wanted)
            return least_of(i);
    }
    return 0;
}

static double micros(uint64_t nanos)
{
    return (double)nanos / 1e3;
}

void histogram_print(const struct histogram *histogram, FILE *to)
{
    fprintf(to, "{\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f}",
            micros(histogram_quantile(histogram, 500)),
            micros(histogram_quantile(histogram, 990)),
            micros(histogram_quantile(histogram, 999)), micros(histogram->max));
}
