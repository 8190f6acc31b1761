/* SPDX-License-Identifier: MIT */
#include "core/chunk.h"

#include <stdlib.h>

#include "check.h"

#define FAMILY                                                                 \
    "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7" \
    "\xe2\x80\x8d\xf0\x9f\x91\xa6" /* 7 code points, one cluster */
#define FLAG    "\xf0\x9f\x87\xa8\xf0\x9f\x87\xb3" /* 2 code points */
#define E_ACUTE "e\xcc\x81"                        /* 2 code points */

TEST(a_text_is_cut_where_a_reader_would)
{
    static const struct {
        const char *label;
        const char *text;
        size_t room;
        const char *first;
    } rows[] = {
        {"it fits", "hello", 10, "hello"},
        {"it fits exactly", "hello", 5, "hello"},
        {"one too many", "hello", 4, "hell"},
        {"behind a blank", "hello world", 8, "hello "},
        {"a word that ends at the limit", "hello world", 5, "hello"},
        {"behind all blanks", "hello   world", 10, "hello   "},
        {"within many blanks", "hello       w", 8, "hello   "},
        {"a sentence rather than a word", "One two. Three four", 14,
         "One two. "},
        {"a sentence in the first half is too little", "A. bcd efg hij", 12,
         "A. bcd efg "},
        {"no sentence within a number", "pi is 3.14159 or so", 12, "pi is "},
        {"a mark that closes goes with it", "He said \"go.\" Then he left", 18,
         "He said \"go.\" "},
        {"all marks go together", "Really?!?! Yes I do", 14, "Really?!?! "},
        {"a line end", "first line\nsecond line", 15, "first line\n"},
        {"CR LF is one", "first line\r\nsecond", 11, "first line"},
        {"Chinese sentences", "今天天气好。我们去吧", 8, "今天天气好。"},
        {"Chinese quotes", "他说：“走吧。”然后走了", 10, "他说：“走吧。”"},
        {"an ellipsis is one", "等一等吧……好的好的", 5, "等一等"},
        {"an ellipsis ends", "等一等吧……好的好的", 8, "等一等吧……"},
        {"between ideographs", "今天天气很好我们去", 5, "今天天气很"},
        {"not before a comma", "今天天气，我们去", 4, "今天天"},
        {"not behind a bracket", "今天天（气很好）", 4, "今天天"},
        {"ideographs and Latin", "我用GitHub", 5, "我用"},
        {"a link stays whole", "see https://a.example/b?c=d e", 20, "see "},
        {"a link that fits", "see https://a.b/c and more", 18,
         "see https://a.b/c "},
        {"a link beside Chinese text", "请看https://a.b/c。好的", 8, "请看"},
        {"behind a bracket, a link", "((((https://a.example/bcd", 10, "(((("},
        {"a link longer than the room", "https://a.example/b", 10,
         "https://a."},
        {"a family is one", "ab" FAMILY "c", 5, "ab"},
        {"a family that fits", "ab" FAMILY "c", 9, "ab" FAMILY},
        {"a family longer than the room", FAMILY, 2,
         "\xf0\x9f\x91\xa8\xe2\x80\x8d"},
        {"a flag is one", "ab" FLAG FLAG, 5, "ab" FLAG},
        {"a mark goes with its letter", "abcd" E_ACUTE, 5, "abcd"},
        {"a joining blank joins",
         "ab cd\xc2\xa0"
         "ef",
         6, "ab "},
        {"one character", "你好", 1, "你"},
        {"not UTF-8", "\xff\xff\xff", 2, "\xff\xff"},
        {"nothing", "", 4, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t size = chunk_first(slice_of(rows[i].text), rows[i].room, false);
        struct slice first = {rows[i].text, size};
        CHECK_ROW(first, slice_of(rows[i].first), rows[i].label);
    }
}

TEST(a_text_that_may_wait_is_cut_at_a_word_or_not_at_all)
{
    CHECK_EQ(chunk_first(slice_of("hello world"), 3, true), 0);
    CHECK_EQ(chunk_first(slice_of("hello world"), 7, true), 6);
    CHECK_EQ(chunk_first(slice_of("   hello"), 5, true), 0);
    CHECK_EQ(chunk_first(slice_of("https://a.example"), 9, true), 0);
    CHECK_EQ(chunk_first(slice_of("hello"), 5, true), 5);
}

TEST(characters_are_code_points)
{
    CHECK_EQ(chunk_characters(slice_of("")), 0);
    CHECK_EQ(chunk_characters(slice_of("a你" FLAG)), 4);
    CHECK_EQ(chunk_characters(slice_of("\xe4\xbd")), 2);
    CHECK(!chunk_is_above(slice_of("你好"), 2));
    CHECK(chunk_is_above(slice_of("你好"), 1));
    CHECK(!chunk_is_above(slice_of(""), 0));
}

TEST(blank_is_white_space_of_any_kind)
{
    CHECK(chunk_is_blank(slice_of("")));
    CHECK(chunk_is_blank(slice_of(" \t\r\n\xe3\x80\x80\xc2\xa0")));
    CHECK(!chunk_is_blank(slice_of("  a")));
}

/* A text of the words that matter, in any order. */
static void make_text(unsigned *seed, struct buffer *text)
{
    static const char *const words[] = {"a",    "word",
                                        " ",    "  ",
                                        "\n",   "你",
                                        "好",   "。",
                                        "，",   "？！",
                                        "“",    "”",
                                        ". ",   "!",
                                        "(",    ")",
                                        FLAG,   E_ACUTE,
                                        FAMILY, "\xff",
                                        "3.14", "https://a.b/c?d=e",
                                        "…",    "\r\n"};
    size_t count = (size_t)rand_r(seed) % 60;
    buffer_clear(text, SIZE_MAX);
    for (size_t i = 0; i < count; i++)
        buffer_append_string(
            text,
            words[(size_t)rand_r(seed) % (sizeof(words) / sizeof(words[0]))]);
}

/* Cut it to the end; true if the pieces keep to what is promised. */
static bool cuts_well(struct slice text, size_t room)
{
    while (text.size > 0) {
        size_t size = chunk_first(text, room, false);
        if (size == 0 || size > text.size ||
            chunk_characters((struct slice){text.data, size}) > room)
            return false;
        if (size < text.size && ((unsigned char)text.data[size] & 0xc0) == 0x80)
            return false;
        text.data += size;
        text.size -= size;
    }
    return true;
}

TEST(pieces_keep_to_the_room_whatever_the_text)
{
    unsigned seed = 20240917;
    struct buffer text = {0};
    for (int i = 0; i < 20000; i++) {
        make_text(&seed, &text);
        size_t room = 1 + (size_t)rand_r(&seed) % 30;
        CHECK(cuts_well(buffer_slice(&text), room));
    }
    buffer_finish(&text);
}

SUITE(chunk, a_text_is_cut_where_a_reader_would,
      a_text_that_may_wait_is_cut_at_a_word_or_not_at_all,
      characters_are_code_points, blank_is_white_space_of_any_kind,
      pieces_keep_to_the_room_whatever_the_text)
