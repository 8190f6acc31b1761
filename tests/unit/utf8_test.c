/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include "check.h"

TEST(only_well_formed_characters_have_a_width)
{
    static const struct {
        const char *bytes;
        size_t width;
    } rows[] = {
        {"a", 1},
        {"\xc3\xa9", 2},
        {"\xe4\xb8\xad", 3},
        {"\xf0\x9f\x98\x80", 4},
        {"\xf4\x8f\xbf\xbf", 4},
        {"\x80", 0},             /* a continuation alone */
        {"\xc0\xaf", 0},         /* overlong */
        {"\xe0\x80\xaf", 0},     /* overlong */
        {"\xf0\x80\x80\xaf", 0}, /* overlong */
        {"\xed\xa0\x80", 0},     /* a surrogate */
        {"\xf4\x90\x80\x80", 0}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", 0},
        {"\xe4\xb8", 0},  /* cut off */
        {"\xe4\xb8x", 0}, /* third byte is none */
        {"\xff", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_EQ(utf8_width(rows[i].bytes, strlen(rows[i].bytes)),
                 rows[i].width);
    CHECK_EQ(utf8_width("", 0), 0);
}

SUITE(utf8, only_well_formed_characters_have_a_width)
