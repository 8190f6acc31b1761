/* SPDX-License-Identifier: MIT */
#include "base/histogram.h"

#include "check.h"

TEST(a_bound_belongs_to_what_is_below_it)
{
    static const struct histogram_bounds bounds = {3, {10, 20, 30}};
    static const uint64_t times[] = {0, 10, 11, 20, 30, 31, 1000000};
    struct histogram histogram = {{0}, 0};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        histogram_add(&histogram, &bounds, times[i]);
    CHECK_EQ(histogram.counts[0], 2);
    CHECK_EQ(histogram.counts[1], 2);
    CHECK_EQ(histogram.counts[2], 1);
    CHECK_EQ(histogram.counts[3], 0);
    CHECK_EQ(histogram.counts[HISTOGRAM_BOUNDS_MAX], 2);
    CHECK_EQ(histogram.sum_us, 1000102);
    CHECK_EQ(histogram_count(&histogram), 7);
}

TEST(one_takes_in_what_another_has_counted)
{
    struct histogram one = {{0}, 0}, other = {{0}, 0};
    histogram_add(&one, &HISTOGRAM_INSIDE, 400);
    histogram_add(&other, &HISTOGRAM_INSIDE, 500);
    histogram_add(&other, &HISTOGRAM_INSIDE, 11 * 1000 * 1000);
    histogram_merge(&one, &other);
    CHECK_EQ(one.counts[0], 2);
    CHECK_EQ(one.counts[HISTOGRAM_BOUNDS_MAX], 1);
    CHECK_EQ(one.sum_us, 11000900);
}

static void check_bounds(const struct histogram_bounds *bounds)
{
    CHECK(bounds->count > 0 && bounds->count <= HISTOGRAM_BOUNDS_MAX);
    for (size_t i = 1; i < bounds->count; i++)
        CHECK(bounds->us[i - 1] < bounds->us[i]);
}

TEST(bounds_ascend)
{
    check_bounds(&HISTOGRAM_INSIDE);
    check_bounds(&HISTOGRAM_OUTSIDE);
}

SUITE(histogram, a_bound_belongs_to_what_is_below_it,
      one_takes_in_what_another_has_counted, bounds_ascend)
