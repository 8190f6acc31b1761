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

TEST(what_does_not_come_again_is_told_when_it_is_overdue)
{
    struct complaint_row own = {0};
    CHECK_EQ(complaint_due(&own), UINT64_MAX);
    CHECK_EQ(complaint_count_own(&own, "bad", 5), 1);
    CHECK_EQ(complaint_due(&own), UINT64_MAX);
    CHECK_EQ(complaint_count_own(&own, "bad", 6), 0);
    CHECK_EQ(complaint_count_own(&own, "bad", 7), 0);
    CHECK_EQ(complaint_due(&own), 5 + COMPLAINT_OVERDUE_MS);
    CHECK_EQ(complaint_overdue(&own, 4 + COMPLAINT_OVERDUE_MS), 0);
    CHECK_EQ(complaint_overdue(&own, 5 + COMPLAINT_OVERDUE_MS), 2);
    CHECK_EQ(complaint_due(&own), UINT64_MAX);
    CHECK_EQ(complaint_overdue(&own, 6 + COMPLAINT_OVERDUE_MS), 0);
    CHECK_EQ(complaint_count_own(&own, "bad", 6 + COMPLAINT_OVERDUE_MS), 0);
    CHECK_EQ(own.count, 4);
}

TEST(the_first_few_are_said_and_then_one_line_a_minute)
{
    enum { FEW = 3, APART_MS = 1000, TIMES = 300 };
    struct complaint_row own = {0};
    uint64_t told = 0, lines = 0;
    for (uint64_t i = 0; i < TIMES; i++) {
        uint64_t count = complaint_count_few(&own, "bad", FEW, i * APART_MS);
        told += count;
        lines += count > 0;
    }
    CHECK_EQ(lines, FEW + 4); /* of five minutes */
    CHECK_EQ(told + own.unsaid, TIMES);
    CHECK_EQ(complaint_overdue(&own, UINT64_MAX - 1), 59);
}

TEST(a_quiet_minute_lets_the_first_few_be_said_again)
{
    enum { FEW = 2 };
    const uint64_t later = 10 * COMPLAINT_EVERY_MS;
    struct complaint_row own = {0};
    for (int i = 0; i < 5; i++)
        complaint_count_few(&own, "bad", FEW, 0);
    CHECK_EQ(complaint_overdue(&own, COMPLAINT_OVERDUE_MS), 3);
    CHECK_EQ(complaint_count_few(&own, "bad", FEW, later), 1);
    CHECK_EQ(complaint_count_few(&own, "bad", FEW, later), 1);
    CHECK_EQ(complaint_count_few(&own, "bad", FEW, later), 0);
}

SUITE(complaint, each_reason_is_said_once_a_minute_with_its_count,
      more_reasons_than_rows_share_the_last_one,
      one_that_is_somebodys_own_is_said_once_a_minute_too,
      what_does_not_come_again_is_told_when_it_is_overdue,
      the_first_few_are_said_and_then_one_line_a_minute,
      a_quiet_minute_lets_the_first_few_be_said_again)
