/* SPDX-License-Identifier: MIT */
#include "core/secret.h"

#include "check.h"

TEST(all_of_it_counts)
{
    static const struct {
        const char *offered, *wanted;
        bool equals;
    } rows[] = {
        {"s3cret", "s3cret", true},
        {"s3cres", "s3cret", false},
        {"s3cre", "s3cret", false},
        {"s3crets", "s3cret", false},
        {"s3crets3cret", "s3cret", false},
        {"", "s3cret", false},
        {"x", "", false},
        {"", "", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_EQ(secret_equals(slice_of(rows[i].offered), rows[i].wanted),
                 rows[i].equals);
}

SUITE(secret, all_of_it_counts)
