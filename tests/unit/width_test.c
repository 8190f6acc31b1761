/* SPDX-License-Identifier: MIT */
#include "cli/width.h"

#include "check.h"

TEST(a_chinese_character_takes_two_columns_and_an_accent_none)
{
    static const struct {
        const char *text;
        size_t columns;
    } rows[] = {
        {"", 0},  {"bot1", 4},   {"小猫", 4}, {"e\xcc\x81", 1}, {"…", 1},
        {"😀", 2}, {"한국어", 6}, {"ｱ", 1},    {"\xff", 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check_int((intmax_t)width_of(slice_of(rows[i].text)),
                  (intmax_t)rows[i].columns, rows[i].text, __FILE__, __LINE__);
}

TEST(a_cut_goes_through_no_character)
{
    CHECK_SLICE(width_cut(slice_of("小猫ab"), 3), slice_of("小"));
    CHECK_SLICE(width_cut(slice_of("小猫ab"), 5), slice_of("小猫a"));
    CHECK_SLICE(width_cut(slice_of("小猫ab"), 9), slice_of("小猫ab"));
    CHECK_SLICE(width_cut(slice_of("小"), 1), slice_of(""));
    CHECK_SLICE(width_cut(slice_of("e\xcc\x81x"), 1), slice_of("e\xcc\x81"));
    CHECK_SLICE(width_cut(slice_of(""), 0), slice_of(""));
}

TEST(lines_are_broken_at_blanks)
{
    static const struct {
        const char *text;
        size_t at;
        const char *wrapped;
    } rows[] = {
        {"", 4, ""},
        {"one", 4, "one"},
        {"one two", 4, "one\n  two"},
        {"one two", 3, "one two"},
        {"  one   two  ", 0, "one two"},
        {"unbreakablelongword a", 0, "unbreakablelongword\n  a"},
        {"小猫 小狗", 2, "小猫\n  小狗"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer out = {0};
        width_wrap(&out, slice_of(rows[i].text), rows[i].at, 2, 10);
        CHECK_ROW(buffer_slice(&out), slice_of(rows[i].wrapped), rows[i].text);
        buffer_finish(&out);
    }
}

SUITE(width, a_chinese_character_takes_two_columns_and_an_accent_none,
      a_cut_goes_through_no_character, lines_are_broken_at_blanks)
