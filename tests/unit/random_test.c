/* SPDX-License-Identifier: MIT */
#include "base/random.h"

#include "check.h"

TEST(digits_are_hexadecimal_and_others_each_time)
{
    char one[33], other[33];
    random_digits(one, sizeof(one));
    random_digits(other, sizeof(other));
    CHECK_EQ(strlen(one), 32);
    CHECK_EQ(strspn(one, "0123456789abcdef"), 32);
    CHECK(strcmp(one, other) != 0);
}

SUITE(random, digits_are_hexadecimal_and_others_each_time)
