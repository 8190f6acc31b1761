/* SPDX-License-Identifier: MIT */
/* Durations counted in log-linear buckets: 64 to each power of two, so that a
 * percentile is read back within 1.6 % whatever its size, in constant time and
 * 30 KB. */
#ifndef ONEBUS_BENCH_HISTOGRAM_H
#define ONEBUS_BENCH_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

enum {
    HISTOGRAM_BITS = 6,
    /* Values below 2^6 have a bucket each; the 58 powers above, 64 each. */
    HISTOGRAM_BUCKETS = (64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS,
};

/* Zero-initialised is a valid empty histogram. */
struct histogram {
    uint64_t count;
    uint64_t max;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, uint64_t nanos);

/* Add all that `from` holds. */
void histogram_merge(struct histogram *histogram, const struct histogram *from);

/* The value that `per_mille` of 1000 values do not exceed; 0 when empty. */
uint64_t histogram_quantile(const struct histogram *histogram,
                            unsigned per_mille);

/* `{"p50":…,"p99":…,"p999":…,"max":…}` in microseconds. */
void histogram_print(const struct histogram *histogram, FILE *to);

#endif
