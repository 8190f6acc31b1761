/* SPDX-License-Identifier: MIT */
#include "cli/ago.h"

#include "check.h"

TEST(an_age_is_told_in_its_unit)
{
    static const struct {
        int64_t age_ms;
        const char *text;
    } rows[] = {
        {-5000, "just now"},   {999, "just now"},
        {1000, "1 s ago"},     {119999, "119 s ago"},
        {120000, "2 min ago"}, {7199999, "119 min ago"},
        {7200000, "2 h ago"},  {172800000, "2 days ago"},
    };
    const int64_t now_ms = INT64_C(1795000000000);
    char text[AGO_SIZE];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ago_format(now_ms - rows[i].age_ms, now_ms, text);
        CHECK_STR(text, rows[i].text);
    }
    ago_format(0, now_ms, text);
    CHECK_STR(text, "never");
}

SUITE(ago, an_age_is_told_in_its_unit)
