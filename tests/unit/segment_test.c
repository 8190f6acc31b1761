/* SPDX-License-Identifier: MIT */
#include "core/segment.h"

#include "check.h"
#include "core/json_read.h"

enum { SELF_ID = 10001 };

static void pack_json(const char *json, struct buffer *pack)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    buffer_clear(pack, SIZE_MAX);
    CHECK_EQ(json_to_msgpack(slice_of(json), &options, pack, &error),
             STATUS_OK);
}

#define TEXT(value) "{\"type\":\"text\",\"data\":{\"text\":" value "}}"
#define AT(qq)      "{\"type\":\"at\",\"data\":{\"qq\":" qq "}}"

TEST(text_and_mentions_are_found)
{
    static const struct {
        const char *label;
        const char *json;
        const char *text;
        bool self;
        bool all;
    } rows[] = {
        {"nothing", "[]", "", false, false},
        {"texts are joined",
         "[" TEXT("\"a\"") "," AT("\"1\"") "," TEXT("\" b\"") "]", "a b", false,
         false},
        {"at me as text", "[" AT("\"10001\"") "]", "", true, false},
        {"at me as number", "[" AT("10001") "]", "", true, false},
        {"at all", "[" AT("\"all\"") "]", "", false, true},
        {"both", "[" AT("\"all\"") "," AT("\"10001\"") "]", "", true, true},
        {"at another", "[" AT("\"100010\"") "," AT("1000") "]", "", false,
         false},
        {"at me and a blank", "[" AT("\"10001 \"") "]", "", false, false},
        {"data before type", "[{\"data\":{\"qq\":\"10001\"},\"type\":\"at\"}]",
         "", true, false},
        {"type once more, the last counts",
         "[{\"type\":\"text\",\"data\":{\"text\":\"a\",\"qq\":10001},"
         "\"type\":\"at\"}]",
         "", true, false},
        {"other keys of a segment",
         "[{\"x\":[1,{}],\"type\":\"text\",\"data\":{\"y\":[],\"text\":\"a\"},"
         "\"z\":{}}]",
         "a", false, false},
        {"a CQ code in text is text", "[" TEXT("\"[CQ:at,qq=10001]\"") "]",
         "[CQ:at,qq=10001]", false, false},
    };
    struct buffer pack = {0};
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        pack_json(rows[i].json, &pack);
        buffer_clear(&text, SIZE_MAX);
        struct segment_summary summary =
            segment_summarise(buffer_slice(&pack), SELF_ID, &text);
        CHECK_ROW(buffer_slice(&text), slice_of(rows[i].text), rows[i].label);
        CHECK_EQ(summary.mentions_self, rows[i].self);
        CHECK_EQ(summary.mentions_all, rows[i].all);
        CHECK_EQ(summary.reply.size, 0);
    }
    buffer_finish(&pack);
    buffer_finish(&text);
}

TEST(other_shapes_are_passed_over)
{
    static const char *const broken[] = {
        "null",
        "5",
        "\"text\"",
        "[]",
        "{}",
        "{\"type\":\"text\"}",
        "{\"data\":{\"text\":\"no\"}}",
        "{\"type\":7,\"data\":{}}",
        "{\"type\":\"text\",\"data\":null}",
        "{\"type\":\"text\",\"data\":\"no\"}",
        "{\"type\":\"text\",\"data\":[\"text\",\"no\"]}",
        "{\"type\":\"text\",\"data\":{\"text\":null}}",
        "{\"type\":\"text\",\"data\":{\"text\":5}}",
        "{\"type\":\"at\",\"data\":{}}",
        "{\"type\":\"at\",\"data\":null}",
        "{\"type\":\"at\",\"data\":{\"qq\":true}}",
        "{\"type\":\"at\",\"data\":{\"qq\":10001.0}}",
        "{\"type\":\"reply\",\"data\":{}}",
        "{\"type\":\"reply\"}",
        "{\"type\":[\"text\"],\"data\":{\"text\":\"no\"}}"};
    struct buffer pack = {0};
    struct buffer text = {0};
    char json[256];
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        snprintf(json, sizeof(json), "[%s," TEXT("\"ok\"") "]", broken[i]);
        pack_json(json, &pack);
        buffer_clear(&text, SIZE_MAX);
        struct segment_summary summary =
            segment_summarise(buffer_slice(&pack), SELF_ID, &text);
        CHECK_ROW(buffer_slice(&text), slice_of("ok"), broken[i]);
        CHECK(!summary.mentions_self && !summary.mentions_all);
        CHECK_EQ(summary.reply.size, 0);
    }
    buffer_finish(&pack);
    buffer_finish(&text);
}

TEST(the_first_reply_is_kept_as_sent)
{
    static const struct {
        const char *json;
        const char *pack;
    } rows[] = {
        {"[{\"type\":\"reply\",\"data\":{\"id\":\"12\"}},"
         "{\"type\":\"reply\",\"data\":{\"id\":\"13\"}}]",
         "\xa2"
         "12"},
        {"[{\"type\":\"reply\",\"data\":{\"id\":-5}}]", "\xfb"},
        {"[{\"type\":\"reply\",\"data\":{}},"
         "{\"type\":\"reply\",\"data\":{\"id\":7}}]",
         "\x07"},
    };
    struct buffer pack = {0};
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        pack_json(rows[i].json, &pack);
        CHECK_ROW(segment_summarise(buffer_slice(&pack), SELF_ID, &text).reply,
                  slice_of(rows[i].pack), rows[i].json);
    }
    buffer_finish(&pack);
    buffer_finish(&text);
}

TEST(an_unknown_bot_is_never_mentioned)
{
    static const int64_t unknown[] = {0, -5};
    struct buffer pack = {0};
    struct buffer text = {0};
    pack_json("[" AT("0") "," AT("\"0\"") "," AT("-5") "," AT("\"x\"") "]",
              &pack);
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        CHECK(!segment_summarise(buffer_slice(&pack), unknown[i], &text)
                   .mentions_self);
    buffer_finish(&pack);
    buffer_finish(&text);
}

TEST(what_is_no_array_or_cut_off_has_no_segments)
{
    struct buffer pack = {0};
    struct buffer text = {0};
    struct slice none = {0};
    pack_json("[" TEXT("\"abc\"") "," AT("10001") "]", &pack);
    for (size_t size = 0; size < pack.size; size++) {
        struct slice cut = {pack.data, size};
        CHECK(!segment_summarise(cut, SELF_ID, &text).mentions_self);
    }
    buffer_clear(&text, SIZE_MAX);
    CHECK_EQ(segment_summarise(none, SELF_ID, &text).reply.size, 0);
    pack_json("{\"type\":\"at\",\"data\":{\"qq\":10001}}", &pack);
    CHECK(
        !segment_summarise(buffer_slice(&pack), SELF_ID, &text).mentions_self);
    CHECK_EQ(text.size, 0);
    buffer_finish(&pack);
    buffer_finish(&text);
}

SUITE(segment, text_and_mentions_are_found, other_shapes_are_passed_over,
      the_first_reply_is_kept_as_sent, an_unknown_bot_is_never_mentioned,
      what_is_no_array_or_cut_off_has_no_segments)
