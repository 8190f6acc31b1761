/* SPDX-License-Identifier: MIT */
#include "base/complaint.h"

#include "check.h"

TEST(each_reason_is_said_once_a_minute_with_its_count)
{
    static const char bad[] = "bad", worse[] = "worse";
    struct complaints complaints = {0};
    CHECK_EQ(complaint_count(&complaints, bad, 5), 1);
    CHECK_EQ(complaint_count(&complaints, bad, 6), 0);
    CHECK_EQ(complaint_count(&complaints, worse, 7), 1);
    CHECK_EQ(complaint_count(&complaints, bad, COMPLAINT_EVERY_MS + 4), 0);
    CHECK_EQ(complaint_count(&complaints, bad, COMPLAINT_EVERY_MS + 5), 3);
    CHECK_EQ(complaint_count(&complaints, bad, COMPLAINT_EVERY_MS + 6), 0);
    CHECK_EQ(complaints.total, 6);
}

TEST(more_reasons_than_rows_share_the_last_one)
{
    static char reasons[COMPLAINT_ROWS * 2][2];
    struct complaints complaints = {0};
    uint64_t said = 0;
    for (int i = 0; i < COMPLAINT_ROWS * 2; i++)
        said += complaint_count(&complaints, reasons[i], 0) > 0;
    CHECK_EQ(said, COMPLAINT_ROWS);
    CHECK_EQ(complaints.total, COMPLAINT_ROWS * 2);
}

TEST(one_that_is_somebodys_own_is_said_once_a_minute_too)
{
    struct complaint_row own = {0};
    CHECK_EQ(complaint_count_own(&own, "bad", 0), 1);
    CHECK_EQ(complaint_count_own(&own, "bad", COMPLAINT_EVERY_MS - 1), 0);
    CHECK_EQ(complaint_count_own(&own, "bad", COMPLAINT_EVERY_MS), 2);
}

SUITE(complaint, each_reason_is_said_once_a_minute_with_its_count,
      more_reasons_than_rows_share_the_last_one,
      one_that_is_somebodys_own_is_said_once_a_minute_too)
