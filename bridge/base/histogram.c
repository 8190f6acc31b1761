/* SPDX-License-Identifier: MIT */
#include "histogram.h"

const struct histogram_bounds HISTOGRAM_INSIDE = {
    .count = 14,
    .us = {500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000,
           1000000, 2500000, 5000000, 10000000},
};

const struct histogram_bounds HISTOGRAM_OUTSIDE = {
    .count = 13,
    .us = {5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000,
           5000000, 10000000, 30000000, 60000000},
};

void histogram_add(struct histogram *histogram,
                   const struct histogram_bounds *bounds, uint64_t us)
{
    size_t i = 0;
    while (i < bounds->count && us > bounds->us[i])
        i++;
    /* All that is above the bounds is in the last place, whatever their
     * number. */
    histogram->counts[i < bounds->count ? i : HISTOGRAM_BOUNDS_MAX]++;
    histogram->sum_us += us;
}

void histogram_merge(struct histogram *histogram, const struct histogram *other)
{
    for (size_t i = 0; i <= HISTOGRAM_BOUNDS_MAX; i++)
        histogram->counts[i] += other->counts[i];
    histogram->sum_us += other->sum_us;
}

uint64_t histogram_count(const struct histogram *histogram)
{
    uint64_t count = 0;
    for (size_t i = 0; i <= HISTOGRAM_BOUNDS_MAX; i++)
        count += histogram->counts[i];
    return count;
}
