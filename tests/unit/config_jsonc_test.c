/* SPDX-License-Identifier: MIT */
#include "config/jsonc.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check.h"

TEST(what_is_not_json_is_blanked_out_in_its_place)
{
    static const struct {
        const char *text, *blanked;
    } rows[] = {
        {"{\"a\": 1}", "{\"a\": 1}"},
        {"{\"a\": 1} // end", "{\"a\": 1}       "},
        {"// x\n{}", "    \n{}"},
        {"{/* \xff, \"*/}", "{         }"},
        {"/*\n*/[]", "  \n  []"},
        {"/**/1/***/", "    1     "},
        {"[1,]", "[1 ]"},
        {"[1, // one\n ]", "[1        \n ]"},
        {"[1,/*,*/]", "[1      ]"},
        {"{\"a\":[1,],}", "{\"a\":[1 ] }"},
        {"[\"x\",]", "[\"x\" ]"},
        {"[{},]", "[{} ]"},
        /* in strings nothing is a comment */
        {"\"// a /* b */ ,]\"", "\"// a /* b */ ,]\""},
        {"\"\\\"//\"//", "\"\\\"//\"  "},
        {"\"\\\\\"//", "\"\\\\\"  "},
        {"[\"a,\",]", "[\"a,\" ]"},
        /* no trailing commas: left for the parser to refuse */
        {"[,]", "[,]"},
        {"[1,,]", "[1,,]"},
        {"{,}", "{,}"},
        {"{\"a\":,}", "{\"a\":,}"},
        {",", ","},
        {"/", "/"},
        {"\xef\xbb\xbf{}", "   {}"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct jsonc_error error = {0};
        size_t size = strlen(rows[i].text);
        char *text = mem_dup(rows[i].text, size);
        CHECK_EQ(jsonc_blank(text, size, &error), STATUS_OK);
        CHECK_ROW(slice_of(text), slice_of(rows[i].blanked), rows[i].text);
        free(text);
    }
}

TEST(what_a_parser_would_pass_over_is_refused_with_its_place)
{
    static const struct {
        const char *text;
        size_t size, offset;
        const char *reason;
    } rows[] = {
        {"[1, /* 2]", 9, 4, "this comment does not end"},
        {"[\"ab]", 5, 1, "this string does not end"},
        {"[\"ab\\", 5, 1, "this string does not end"},
        {"[\"a\n\"]", 6, 1, "this string does not end on its line"},
        {"[\"a\\\n\"]", 7, 1, "this string does not end on its line"},
        {"[1\0]", 4, 2, "a control character"},
        {"[1\v]", 4, 2, "a control character"},
        {"[\"a\0\"]", 6, 3, "a control character in a string"},
        {"[\"a\x1f\"]", 6, 3, "a control character in a string"},
        {"[\"a\\u0000\"]", 11, 3, "a NUL in a string"},
        {"[\"\xff\"]", 5, 2, "this is not UTF-8"},
        {"[\"\xc3\"]", 5, 2, "this is not UTF-8"},
        {"\xff\xfe{\0}\0", 6, 0, "this is not UTF-8"},
        {"[\"\\\xff\"]", 6, 3, "this is not UTF-8"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct jsonc_error error = {0};
        char *text = mem_dup(rows[i].text, rows[i].size);
        CHECK_EQ(jsonc_blank(text, rows[i].size, &error), STATUS_INVALID);
        CHECK_ROW(slice_of(error.reason == NULL ? "nothing" : error.reason),
                  slice_of(rows[i].reason), rows[i].reason);
        CHECK_EQ(error.offset, rows[i].offset);
        free(text);
    }
}

TEST(an_escaped_backslash_before_u0000_is_no_nul)
{
    char text[] = "\"\\\\u0000\"";
    struct jsonc_error error;
    CHECK_EQ(jsonc_blank(text, strlen(text), &error), STATUS_OK);
}

TEST(values_are_found_in_their_order)
{
    /* the document, "a", "b", its elements, in the last one, "d" */
    struct slice text = slice_of("{ \"a\" : 1,\n\"b\":[ true,\"x:\",{\n"
                                 "\"c\":\"\\\"}\" } ],\n\n \"d\" : null}");
    static const struct {
        size_t line;
        const char *at;
    } rows[] = {{1, "{ \"a"}, {1, "\"a\" :"}, {2, "\"b\":"}, {2, "true"},
                {2, "\"x:"},  {2, "{\n"},     {3, "\"c\":"}, {5, "\"d\" :"}};
    size_t at = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t offset = jsonc_next(text, &at);
        CHECK_EQ(jsonc_line(text, offset), rows[i].line);
        struct slice found = {text.data + offset, strlen(rows[i].at)};
        CHECK_SLICE(found, slice_of(rows[i].at));
    }
    CHECK_EQ(jsonc_next(text, &at), text.size);
}

TEST(random_bytes_are_blanked_or_refused_within_their_bounds)
{
    static const char bytes[] = "{}[],:\"\\/*\n \t\r1a\xff\xc3\xa9\0u";
    unsigned seed = 1;
    for (int round = 0; round < 20000; round++) {
        struct jsonc_error error;
        char pool[24];
        for (size_t i = 0; i < sizeof(pool); i++) {
            seed = seed * 1103515245 + 12345;
            pool[i] = bytes[(seed >> 16) % (sizeof(bytes) - 1)];
        }
        /* exactly sized, so that a sanitizer sees a byte too far */
        size_t size = (seed >> 8) % (sizeof(pool) + 1);
        char *text = mem_alloc(size == 0 ? 1 : size);
        memcpy(text, pool, size);
        enum status status = jsonc_blank(text, size, &error);
        struct slice slice = {text, size};
        if (status != STATUS_OK)
            CHECK(error.offset < size);
        for (size_t at = 0; status == STATUS_OK && at < size;)
            CHECK(jsonc_next(slice, &at) <= size);
        free(text);
    }
}

SUITE(config_jsonc, what_is_not_json_is_blanked_out_in_its_place,
      what_a_parser_would_pass_over_is_refused_with_its_place,
      an_escaped_backslash_before_u0000_is_no_nul,
      values_are_found_in_their_order,
      random_bytes_are_blanked_or_refused_within_their_bounds)
