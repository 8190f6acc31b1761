/* SPDX-License-Identifier: MIT */
#include "cli/table.h"

#include "check.h"

static const struct table_column COLUMNS[] = {
    {.title = "NAME", .is_cut = true},
    {.title = "N", .is_right = true},
    {.title = "PEER", .is_cut = true},
};

static void fill(struct table *table)
{
    *table = (struct table){.columns = COLUMNS, .column_count = 3};
    table_put(table, TONE_PLAIN, slice_of("小猫咪的账号"));
    table_put_number(table, TONE_BAD, -12345);
    table_put(table, TONE_PLAIN, slice_of("NapCat.Onebot/4.8.0"));
    table_put(table, TONE_PLAIN, slice_of("b"));
    table_put_number(table, TONE_GOOD, 7);
    table_put(table, TONE_PLAIN, slice_of(""));
}

static void check_table(const struct surface *surface, const char *expected)
{
    struct buffer out = {0};
    struct table table;
    fill(&table);
    table_append(&table, surface, &out);
    CHECK_SLICE(buffer_slice(&out), slice_of(expected));
    table_finish(&table);
    buffer_finish(&out);
}

TEST(columns_are_as_wide_as_their_cells_on_the_screen)
{
    const struct surface surface = {0};
    check_table(&surface, "NAME               N  PEER\n"
                          "小猫咪的账号  -12345  NapCat.Onebot/4.8.0\n"
                          "b                  7\n");
}

TEST(what_may_be_cut_is_cut_the_widest_first)
{
    const struct surface surface = {.columns = 26};
    check_table(&surface, "NAME           N  PEER\n"
                          "小猫咪…   -12345  NapCat.…\n"
                          "b              7\n");
}

TEST(no_column_is_cut_below_its_title)
{
    const struct surface surface = {.columns = 1};
    check_table(&surface, "NAME       N  PEER\n"
                          "小…   -12345  Nap…\n"
                          "b          7\n");
}

TEST(colours_take_no_room)
{
    const struct surface surface = {.has_colours = true};
    check_table(&surface,
                "\033[1mNAME\033[0m               \033[1mN\033[0m  "
                "\033[1mPEER\033[0m\n"
                "小猫咪的账号  \033[31m-12345\033[0m  NapCat.Onebot/4.8.0\n"
                "b                  \033[32m7\033[0m\n");
}

TEST(a_cell_drives_no_terminal)
{
    const struct surface surface = {0};
    struct buffer out = {0};
    struct table table = {.columns = COLUMNS, .column_count = 3};
    table_put(&table, TONE_PLAIN, slice_of("\033[2J\n\xff"));
    table_put(&table, TONE_PLAIN, slice_of("\t"));
    table_put(&table, TONE_PLAIN, slice_of("x"));
    table_append(&table, &surface, &out);
    CHECK(memchr(out.data, '\033', out.size) == NULL);
    CHECK_EQ(out.data[out.size - 2], 'x');
    table_finish(&table);
    buffer_finish(&out);
}

TEST(a_row_that_is_not_whole_is_not_shown)
{
    const struct surface surface = {0};
    struct buffer out = {0};
    struct table table = {.columns = COLUMNS, .column_count = 3};
    table_append(&table, &surface, &out);
    CHECK_SLICE(buffer_slice(&out), slice_of("NAME  N  PEER\n"));
    table_put(&table, TONE_PLAIN, slice_of("x"));
    out.size = 0;
    table_append(&table, &surface, &out);
    CHECK_SLICE(buffer_slice(&out), slice_of("NAME  N  PEER\n"));
    table_finish(&table);
    buffer_finish(&out);
}

SUITE(table, columns_are_as_wide_as_their_cells_on_the_screen,
      what_may_be_cut_is_cut_the_widest_first, no_column_is_cut_below_its_title,
      colours_take_no_room, a_cell_drives_no_terminal,
      a_row_that_is_not_whole_is_not_shown)
