/* SPDX-License-Identifier: MIT */
#include "base/visible.h"

#include "check.h"

TEST(nothing_that_drives_a_terminal_gets_through)
{
    static const struct {
        const char *text, *visible, *json;
    } rows[] = {
        {"plain \xe4\xbd\xa0\xe5\xa5\xbd", "plain \xe4\xbd\xa0\xe5\xa5\xbd",
         "plain \xe4\xbd\xa0\xe5\xa5\xbd"},
        {"a\nb\tc", "a\\nb\\tc", "a\\\\nb\\\\tc"},
        {"\x1b[2J", "\\x1b[2J", "\\\\x1b[2J"},
        {"\x7f", "\\x7f", "\\\\x7f"},
        {"\xc2\x9b"
         "31m",
         "\\xc2\\x9b31m", "\\\\xc2\\\\x9b31m"},
        {"\xff\xfe", "\\xff\\xfe", "\\\\xff\\\\xfe"},
        {"say \"hi\" \\", "say \"hi\" \\", "say \\\"hi\\\" \\\\"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer out = {0};
        visible_append(&out, slice_of(rows[i].text));
        CHECK_SLICE(buffer_slice(&out), slice_of(rows[i].visible));
        out.size = 0;
        visible_append_json(&out, slice_of(rows[i].text));
        CHECK_SLICE(buffer_slice(&out), slice_of(rows[i].json));
        buffer_finish(&out);
    }
}

SUITE(visible, nothing_that_drives_a_terminal_gets_through)
