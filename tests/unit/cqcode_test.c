/* SPDX-License-Identifier: MIT */
#include "core/cqcode.h"

#include <stdint.h>

#include "check.h"
#include "core/json_write.h"
#include "core/mp.h"

/* The segments of `text` as JSON, which reads better than MessagePack. */
static void segments_as_json(struct slice text, struct buffer *json)
{
    const struct json_writer_options options = {0};
    struct buffer pack = {0};
    struct json_error error;
    cqcode_to_segments(text, &pack);
    buffer_clear(json, SIZE_MAX);
    CHECK_EQ(json_from_msgpack(buffer_slice(&pack), &options, json, &error),
             STATUS_OK);
    buffer_finish(&pack);
}

#define TEXT(value) "{\"type\":\"text\",\"data\":{\"text\":\"" value "\"}}"

TEST(a_string_becomes_segments)
{
    static const struct {
        const char *label;
        const char *text;
        const char *json;
    } rows[] = {
        {"nothing", "", "[]"},
        {"plain", "hello", "[" TEXT("hello") "]"},
        {"blanks are text", " ", "[" TEXT(" ") "]"},
        {"a code alone", "[CQ:at,qq=10001]",
         "[{\"type\":\"at\",\"data\":{\"qq\":\"10001\"}}]"},
        {"a code without parameters", "[CQ:shake]",
         "[{\"type\":\"shake\",\"data\":{}}]"},
        {"text around a code", "a[CQ:face,id=1]b",
         "[" TEXT("a") ",{\"type\":\"face\",\"data\":{\"id\":\"1\"}}," TEXT(
             "b") "]"},
        {"two codes touch", "[CQ:face,id=1][CQ:face,id=2]",
         "[{\"type\":\"face\",\"data\":{\"id\":\"1\"}},"
         "{\"type\":\"face\",\"data\":{\"id\":\"2\"}}]"},
        {"order of parameters", "[CQ:x,b=1,a=2]",
         "[{\"type\":\"x\",\"data\":{\"b\":\"1\",\"a\":\"2\"}}]"},
        {"duplicate keys are kept", "[CQ:x,a=1,a=2]",
         "[{\"type\":\"x\",\"data\":{\"a\":\"1\",\"a\":\"2\"}}]"},
        {"an empty value", "[CQ:x,a=,b=1]",
         "[{\"type\":\"x\",\"data\":{\"a\":\"\",\"b\":\"1\"}}]"},
        {"the first = ends the key", "[CQ:image,url=http://x/?a=1&b=2]",
         "[{\"type\":\"image\",\"data\":{\"url\":\"http://x/?a=1&b=2\"}}]"},
        {"blanks and line ends in a value", "[CQ:x,a= 1\n ]",
         "[{\"type\":\"x\",\"data\":{\"a\":\" 1\\n \"}}]"},
        {"[ in a value", "[CQ:x,a=[1]",
         "[{\"type\":\"x\",\"data\":{\"a\":\"[1\"}}]"},
        {"letters, digits and _", "[CQ:a_B1,_k2=v]",
         "[{\"type\":\"a_B1\",\"data\":{\"_k2\":\"v\"}}]"},
        {"a text code", "[CQ:text,text=a&#44;b]", "[" TEXT("a,b") "]"},
        {"beyond ASCII", "\xe4\xbd\xa0[CQ:x,a=\xe5\xa5\xbd]",
         "[" TEXT("\xe4\xbd\xa0") ",{\"type\":\"x\",\"data\":{\"a\":"
                                  "\"\xe5\xa5\xbd\"}}]"},
    };
    struct buffer json = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        segments_as_json(slice_of(rows[i].text), &json);
        CHECK_ROW(buffer_slice(&json), slice_of(rows[i].json), rows[i].label);
    }
    buffer_finish(&json);
}

TEST(what_does_not_fit_the_pattern_is_text)
{
    static const struct {
        const char *label;
        const char *text;
        const char *json;
    } rows[] = {
        {"an opening alone", "[CQ:", "[" TEXT("[CQ:") "]"},
        {"no type", "[CQ:]", "[" TEXT("[CQ:]") "]"},
        {"no end", "[CQ:at,qq=1", "[" TEXT("[CQ:at,qq=1") "]"},
        {"no end behind the type", "[CQ:at", "[" TEXT("[CQ:at") "]"},
        {"no end behind a key", "[CQ:at,qq", "[" TEXT("[CQ:at,qq") "]"},
        {"no end behind a comma", "[CQ:at,", "[" TEXT("[CQ:at,") "]"},
        {"a blank before the type", "[CQ: at]", "[" TEXT("[CQ: at]") "]"},
        {"a blank behind the type", "[CQ:at qq=1]",
         "[" TEXT("[CQ:at qq=1]") "]"},
        {"a blank in the key", "[CQ:at,q q=1]", "[" TEXT("[CQ:at,q q=1]") "]"},
        {"a blank behind the comma", "[CQ:at, qq=1]",
         "[" TEXT("[CQ:at, qq=1]") "]"},
        {"a key without =", "[CQ:at,qq]", "[" TEXT("[CQ:at,qq]") "]"},
        {"no key", "[CQ:at,=1]", "[" TEXT("[CQ:at,=1]") "]"},
        {"a comma at the end", "[CQ:at,qq=1,]", "[" TEXT("[CQ:at,qq=1,]") "]"},
        {"small letters", "[cq:at,qq=1]", "[" TEXT("[cq:at,qq=1]") "]"},
        {"escaped", "&#91;CQ:at,qq=1&#93;", "[" TEXT("[CQ:at,qq=1]") "]"},
        {"a good one behind it", "[CQ:a,b[CQ:at,qq=1]",
         "[" TEXT("[CQ:a,b") ",{\"type\":\"at\",\"data\":{\"qq\":\"1\"}}]"},
        {"a good one behind a bare type", "[CQ:[CQ:at,qq=1]",
         "[" TEXT("[CQ:") ",{\"type\":\"at\",\"data\":{\"qq\":\"1\"}}]"},
        {"nested, and both broken", "[CQ:a,b=[CQ:c,d=1,!]x",
         "[" TEXT("[CQ:a,b=[CQ:c,d=1,!]x") "]"},
    };
    struct buffer json = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        segments_as_json(slice_of(rows[i].text), &json);
        CHECK_ROW(buffer_slice(&json), slice_of(rows[i].json), rows[i].label);
    }
    buffer_finish(&json);
}

TEST(escapes_are_read_once)
{
    static const struct {
        const char *text;
        const char *json;
    } rows[] = {
        {"&#91;&#93;&#44;&amp;", "[" TEXT("[],&") "]"},
        {"&amp;#91;", "[" TEXT("&#91;") "]"},
        {"&amp;amp;", "[" TEXT("&amp;") "]"},
        {"&", "[" TEXT("&") "]"},
        {"&amp", "[" TEXT("&amp") "]"},
        {"&#91", "[" TEXT("&#91") "]"},
        {"&&#91;&", "[" TEXT("&[&") "]"},
        {"&lt;", "[" TEXT("&lt;") "]"},
        {"[CQ:x,a=&#91;&#44;&amp;#44;&#93;]",
         "[{\"type\":\"x\",\"data\":{\"a\":\"[,&#44;]\"}}]"},
    };
    struct buffer json = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        segments_as_json(slice_of(rows[i].text), &json);
        CHECK_ROW(buffer_slice(&json), slice_of(rows[i].json), rows[i].text);
    }
    /* The text ends before the `;`. */
    segments_as_json((struct slice){"&amp;", 4}, &json);
    CHECK_SLICE(buffer_slice(&json), slice_of("[" TEXT("&amp") "]"));
    buffer_finish(&json);
}

TEST(the_shortest_form_is_packed)
{
    struct buffer pack = {0};
    cqcode_to_segments(slice_of("[CQ:at,qq=1]"), &pack);
    CHECK_SLICE(buffer_slice(&pack), slice_of("\x91\x82\xa4type\xa2"
                                              "at\xa4"
                                              "data\x81\xa2qq\xa1"
                                              "1"));
    buffer_finish(&pack);
}

TEST(a_nul_is_a_character_like_others)
{
    static const char text[] = "a\0[CQ:x,k=\0]";
    struct buffer json = {0};
    segments_as_json((struct slice){text, sizeof(text) - 1}, &json);
    CHECK_SLICE(buffer_slice(&json),
                slice_of("[" TEXT("a\\u0000") ",{\"type\":\"x\",\"data\":{"
                                              "\"k\":\"\\u0000\"}}]"));
    buffer_finish(&json);
}

/* 200,000 openings that all break at the last byte: reading each of them to
 * the end would take minutes. */
TEST(a_text_of_openings_is_read_in_one_go)
{
    static const char *const tails[] = {"", ",!]", ",k]"};
    enum { OPENINGS = 200000 };
    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        struct buffer text = {0};
        struct buffer pack = {0};
        for (int n = 0; n < OPENINGS; n++)
            buffer_append_string(&text, "[CQ:a,b=");
        buffer_append_string(&text, tails[i]);
        cqcode_to_segments(buffer_slice(&text), &pack);
        struct mp_reader reader = mp_reader_of(buffer_slice(&pack));
        struct mp_token head;
        CHECK(mp_next(&reader, &head));
        CHECK_EQ(head.count, 1);
        CHECK(pack.size > text.size);
        buffer_finish(&text);
        buffer_finish(&pack);
    }
}

SUITE(cqcode, a_string_becomes_segments, what_does_not_fit_the_pattern_is_text,
      escapes_are_read_once, the_shortest_form_is_packed,
      a_nul_is_a_character_like_others, a_text_of_openings_is_read_in_one_go)
