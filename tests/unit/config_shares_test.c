/* SPDX-License-Identifier: MIT */
#include "config/shares.h"

#include "check.h"

TEST(shared_folders_are_read_in_their_order)
{
    struct shares shares = {0};
    shares_read("[{\"from\":\"/a\",\"to\":\"/b\"},"
                "{\"to\":\"D:\\\\d\",\"from\":\"C:/c\"}]",
                &shares);
    CHECK_EQ(shares.count, 2);
    if (shares.count == 2) {
        CHECK_STR(shares.items[0].from, "/a");
        CHECK_STR(shares.items[0].to, "/b");
        CHECK_STR(shares.items[1].from, "C:/c");
        CHECK_STR(shares.items[1].to, "D:\\d");
    }
    shares_finish(&shares);
    CHECK_EQ(shares.count, 0);
}

TEST(there_may_be_none)
{
    struct shares shares = {0};
    shares_read(NULL, &shares);
    CHECK_EQ(shares.count, 0);
    shares_read("[]", &shares);
    CHECK_EQ(shares.count, 0);
    shares_finish(&shares);
}

SUITE(config_shares, shared_folders_are_read_in_their_order, there_may_be_none)
