/* SPDX-License-Identifier: MIT */
#include "core/verdicts.h"

#include "check.h"

TEST(the_newest_come_first_and_the_oldest_go)
{
    struct verdicts *verdicts = verdicts_create();
    CHECK(verdicts_at(verdicts, 0) == NULL);
    for (uint64_t i = 1; i <= VERDICTS_KEPT + 5; i++)
        verdicts_add(verdicts)->seq = i;
    CHECK_EQ(verdicts_at(verdicts, 0)->seq, VERDICTS_KEPT + 5);
    CHECK_EQ(verdicts_at(verdicts, VERDICTS_KEPT - 1)->seq, 6);
    CHECK(verdicts_at(verdicts, VERDICTS_KEPT) == NULL);
    verdicts_destroy(verdicts);
}

SUITE(verdicts, the_newest_come_first_and_the_oldest_go)
