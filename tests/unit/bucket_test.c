/* SPDX-License-Identifier: MIT */
#include "core/bucket.h"

#include "check.h"

TEST(it_is_a_burst_and_then_a_rate)
{
    const struct bucket_rate rate = bucket_rate_of(3, 2);
    struct bucket bucket = {0};
    CHECK_EQ(bucket_opens_ms(&bucket, &rate), 0);
    bucket_take(&bucket, &rate, 1000);
    CHECK(bucket_opens_ms(&bucket, &rate) <= 1000);
    bucket_take(&bucket, &rate, 1000);
    CHECK_EQ(bucket_opens_ms(&bucket, &rate), 1334);
    bucket_take(&bucket, &rate, 1334);
    CHECK_EQ(bucket_opens_ms(&bucket, &rate), 1667);
    CHECK(!bucket_is_full(&bucket, 2000));
    CHECK(bucket_is_full(&bucket, 2001));
}

TEST(it_tells_how_long_several_would_take)
{
    const struct bucket_rate rate = bucket_rate_of(10, 3);
    struct bucket bucket = {0};
    static const uint64_t waits[] = {0, 0, 0, 0, 100, 200, 300};
    for (uint64_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
        CHECK_EQ(bucket_wait_ms(&bucket, &rate, i, 0, 1000), waits[i]);
    /* Late ones make up for it, unless there is no burst to do it from. */
    CHECK_EQ(bucket_wait_ms(&bucket, &rate, 6, 150, 1000), 300);
    const struct bucket_rate single = bucket_rate_of(10, 1);
    CHECK_EQ(bucket_wait_ms(&bucket, &single, 4, 50, 1000), 450);
}

TEST(numbers_without_sense_do_no_harm)
{
    const struct bucket_rate none = bucket_rate_of(0, 0);
    const struct bucket_rate slow = bucket_rate_of(1e-300, 4000000000U);
    const struct bucket_rate fast = bucket_rate_of(1e300, 0);
    struct bucket bucket = {0};
    for (uint64_t i = 0; i < 10; i++)
        bucket_take(&bucket, &none, 1000);
    CHECK_EQ(bucket_opens_ms(&bucket, &none), 0);
    CHECK(bucket_is_full(&bucket, 1000));
    CHECK_EQ(slow.token_us, UINT64_C(24) * 60 * 60 * 1000000);
    CHECK(bucket_wait_ms(&bucket, &slow, 2000000, 0, 1000) > 1);
    CHECK_EQ(fast.token_us, 1);
    CHECK_EQ(fast.burst, 1);
}

TEST(with_another_rate_it_lacks_the_same_but_no_more_than_a_burst)
{
    const struct bucket_rate slow = bucket_rate_of(0.01, 2);
    const struct bucket_rate fast = bucket_rate_of(10, 5);
    const struct bucket_rate none = bucket_rate_of(0, 0);
    struct bucket bucket = {0};
    for (size_t i = 0; i < 4; i++)
        bucket_take(&bucket, &fast, 1000);
    bucket_change_rate(&bucket, &fast, &slow, 1000);
    CHECK_EQ(bucket_opens_ms(&bucket, &slow), 101000);
    bucket_change_rate(&bucket, &slow, &fast, 51000); /* lacks 1.5 */
    CHECK_EQ(bucket_wait_ms(&bucket, &fast, 4, 0, 51000), 100);
    bucket_change_rate(&bucket, &fast, &none, 51000);
    CHECK_EQ(bucket_opens_ms(&bucket, &none), 0);
    bucket_take(&bucket, &none, 51000);
    bucket_change_rate(&bucket, &none, &slow, 51000);
    CHECK_EQ(bucket_wait_ms(&bucket, &slow, 2, 0, 51000), 0);
}

SUITE(bucket, it_is_a_burst_and_then_a_rate,
      it_tells_how_long_several_would_take, numbers_without_sense_do_no_harm,
      with_another_rate_it_lacks_the_same_but_no_more_than_a_burst)
