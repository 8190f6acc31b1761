/* SPDX-License-Identifier: MIT */
#include "core/glob.h"

#include "check.h"

TEST(a_pattern_stands_for_the_names_that_fit_it)
{
    static const struct {
        const char *glob, *text;
        bool fits;
    } rows[] = {
        {"send_msg", "send_msg", true},
        {"send_msg", "send_msgs", false},
        {"send_msg", "send_ms", false},
        {"send_msg", "Send_msg", false},
        {"*", "", true},
        {"*", "x", true},
        {"", "", true},
        {"", "x", false},
        {"send_*", "send_", true},
        {"send_*", "send_group_msg", true},
        {"send_*", "get_msg", false},
        {"*_msg", "send_group_msg", true},
        {"*_msg", "send_group_msg_async", false},
        {"send_*_msg", "send_group_msg", true},
        {"send_*_msg", "send_msg", false},
        {"*a*b*", "xxaxxbxx", true},
        {"*a*b*", "xxbxxaxx", false},
        {"*ab", "aab", true},
        {"**", "x", true},
        {"a**", "a", true},
        {"?", "x", true},
        {"?", "", false},
        {"?", "xy", false},
        {"group.2000?", "group.20002", true},
        {"group.2000?", "group.2000", false},
        {"*?", "", false},
        {"?*?", "xy", true},
        {"group.1", "group.10", false},
        {"group.*", "groupx1", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_ROW(slice_of(glob_matches(rows[i].glob, slice_of(rows[i].text))
                               ? "fits"
                               : "does not fit"),
                  slice_of(rows[i].fits ? "fits" : "does not fit"),
                  rows[i].glob);
}

TEST(a_text_is_compared_whatever_its_bytes)
{
    CHECK(glob_matches("a*", (struct slice){"a\0b", 3}));
    CHECK(!glob_matches("a", (struct slice){"a\0b", 3}));
    CHECK(!glob_matches("a", (struct slice){"a\0", 2}));
    CHECK(glob_matches("*", (struct slice){NULL, 0}));
}

/* With recursion this would take longer than there is time. */
TEST(a_pattern_of_many_stars_is_no_work)
{
    char text[1024];
    char glob[129] = {0};
    memset(text, 'a', sizeof(text));
    for (size_t i = 0; i < 128; i++)
        glob[i] = i % 2 == 0 ? '*' : 'a';
    CHECK(glob_matches(glob, (struct slice){text, sizeof(text)}));
    glob[127] = 'b';
    CHECK(!glob_matches(glob, (struct slice){text, sizeof(text)}));
}

TEST(a_list_fits_what_one_of_it_fits)
{
    static const char *const items[] = {"get_*", "send_msg"};
    static const char *const all[] = {"x", "*"};
    const struct globs globs = {items, 2};
    CHECK(globs_match(&globs, slice_of("get_status")));
    CHECK(globs_match(&globs, slice_of("send_msg")));
    CHECK(!globs_match(&globs, slice_of("set_qq")));
    CHECK(!globs_match(&(struct globs){0}, slice_of("x")));
    CHECK(!globs_are_all(&globs));
    CHECK(globs_are_all(&(struct globs){all, 2}));
    CHECK(!globs_are_all(&(struct globs){0}));
}

SUITE(glob, a_pattern_stands_for_the_names_that_fit_it,
      a_text_is_compared_whatever_its_bytes, a_pattern_of_many_stars_is_no_work,
      a_list_fits_what_one_of_it_fits)
