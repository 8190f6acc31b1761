/* SPDX-License-Identifier: MIT */
/* How often something took how long: counts between upper bounds, and the sum
 * of it all. Plain data, to be copied as it is. One thread. */
#ifndef ONEBUS_HISTOGRAM_H
#define ONEBUS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_BOUNDS_MAX = 14 };

/* Upper bounds in microseconds, ascending; each belongs to what is below. */
struct histogram_bounds {
    size_t count;
    uint64_t us[HISTOGRAM_BOUNDS_MAX];
};

/* What the bridge does by itself: 0.5 ms to 10 s. */
extern const struct histogram_bounds HISTOGRAM_INSIDE;
/* What callers and peers wait for: 5 ms to 60 s. */
extern const struct histogram_bounds HISTOGRAM_OUTSIDE;

/* Zero-initialised is empty. */
struct histogram {
    uint64_t counts[HISTOGRAM_BOUNDS_MAX + 1]; /* the last: above all bounds */
    uint64_t sum_us;
};

/* It took so long; always with the same bounds. */
void histogram_add(struct histogram *histogram,
                   const struct histogram_bounds *bounds, uint64_t us);

/* Add what another one has counted. */
void histogram_merge(struct histogram *histogram,
                     const struct histogram *other);

uint64_t histogram_count(const struct histogram *histogram);

#endif
