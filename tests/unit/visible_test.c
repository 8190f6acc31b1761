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

TEST(what_strangers_say_cannot_leave_its_quotes)
{
    static const struct {
        size_t size;
        const char *text, *quoted;
    } rows[] = {
        {32, "plain", "plain"},
        {32, "x\" level=error y=\"", "x' level=error y='"},
        {32, "a\nb", "a\\nb"},
        {6, "abcdefgh", "abcde"},
        {6, "abc\xe4\xbd\xa0", "abc"},
        {7, "abc\xe4\xbd\xa0", "abc\xe4\xbd\xa0"},
        {1, "abc", ""},
        {8, "", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[32];
        CHECK_STR(visible_quote(out, rows[i].size, slice_of(rows[i].text)),
                  rows[i].quoted);
    }
}

SUITE(visible, nothing_that_drives_a_terminal_gets_through,
      what_strangers_say_cannot_leave_its_quotes)
