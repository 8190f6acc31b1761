/* SPDX-License-Identifier: MIT */
#include "core/gathering.h"

#include "check.h"
#include "core/json_read.h"
#include "core/json_write.h"

enum { PLENTY = 1 << 20 };

#define INFO                                                                   \
    "{\"type\":\"stream\",\"data_type\":\"file_info\","                        \
    "\"file_name\":\"a.txt\",\"file_size\":8,\"chunk_size\":5}"
#define CHUNK(index, base64)                                                   \
    "{\"type\":\"stream\",\"data_type\":\"file_chunk\",\"index\":" index       \
    ",\"data\":\"" base64 "\",\"progress\":100}"
#define FIRST  CHUNK("0", "aGVsbG8=") /* hello */
#define SECOND CHUNK("1", "IXdv")     /* !wo */
#define COMPLETE                                                               \
    "{\"type\":\"response\",\"data_type\":\"file_complete\","                  \
    "\"total_chunks\":2,\"total_bytes\":8,\"message\":\"done\"}"

static void pack_json(const char *json, struct buffer *pack)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    buffer_clear(pack, SIZE_MAX);
    CHECK_EQ(json_to_msgpack(slice_of(json), &options, pack, &error),
             STATUS_OK);
}

static enum gathering_step add(struct gathering *gathering, const char *json)
{
    struct buffer pack = {0};
    pack_json(json, &pack);
    enum gathering_step step =
        gathering_add(gathering, true, buffer_slice(&pack));
    buffer_finish(&pack);
    return step;
}

/* All but the last have more behind them; the last step is returned. */
static enum gathering_step add_all(struct gathering *gathering,
                                   const char *const *frames, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        CHECK_EQ(add(gathering, frames[i]), GATHERING_MORE);
    return add(gathering, frames[count - 1]);
}

/* What the gathering gives, as JSON with bin as base64. */
static void check_packed(const struct gathering *gathering, const char *json)
{
    const struct json_writer_options options = {.bin_as_base64 = true};
    struct json_error error;
    struct buffer pack = {0};
    struct buffer text = {0};
    gathering_pack(gathering, &pack);
    CHECK_EQ(json_from_msgpack(buffer_slice(&pack), &options, &text, &error),
             STATUS_OK);
    CHECK_SLICE(buffer_slice(&text), slice_of(json));
    buffer_finish(&pack);
    buffer_finish(&text);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char WHOLE[] =
    "{\"file_name\":\"a.txt\",\"file_size\":8,\"chunk_size\":5,"
    "\"type\":\"response\",\"data_type\":\"file_complete\","
    "\"total_chunks\":2,\"total_bytes\":8,\"message\":\"done\","
    "\"data\":\"aGVsbG8hd28=\"}";

TEST(the_chunks_of_a_file_become_its_bytes)
{
    static const char *const rows[][5] = {
        {INFO, FIRST, SECOND, SECOND, COMPLETE},
        {INFO, SECOND, FIRST, FIRST, COMPLETE},
        {SECOND, FIRST, INFO, INFO, COMPLETE},
        /* Of two chunks with one index the first counts. */
        {INFO, FIRST, CHUNK("0", "AAAA"), SECOND, COMPLETE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gathering *gathering = gathering_create(PLENTY);
        CHECK_EQ(add_all(gathering, rows[i], 5), GATHERING_DONE);
        CHECK_STR(gathering_fault(gathering), "");
        check_packed(gathering, WHOLE);
        gathering_destroy(gathering);
    }
}

TEST(a_file_may_be_empty_and_say_little)
{
    static const char *const frames[] = {
        "{\"type\":\"stream\",\"data_type\":\"file_info\",\"file_size\":\"0\"}",
        "{\"type\":\"response\",\"data\":\"no bytes\"}",
    };
    struct gathering *gathering = gathering_create(PLENTY);
    CHECK_EQ(add_all(gathering, frames, 2), GATHERING_DONE);
    check_packed(gathering, "{\"data_type\":\"file_info\",\"file_size\":\"0\","
                            "\"type\":\"response\",\"data\":\"\"}");
    gathering_destroy(gathering);
}

TEST(bytes_are_bin)
{
    static const char *const frames[] = {FIRST, "{\"type\":\"response\"}"};
    static const char data[] = "\xa4"
                               "data\xc4\x05hello";
    struct gathering *gathering = gathering_create(PLENTY);
    struct buffer pack = {0};
    CHECK_EQ(add_all(gathering, frames, 2), GATHERING_DONE);
    gathering_pack(gathering, &pack);
    CHECK(pack.size > sizeof(data) - 1);
    CHECK_SLICE(((struct slice){pack.data + pack.size - (sizeof(data) - 1),
                                sizeof(data) - 1}),
                slice_of(data));
    buffer_finish(&pack);
    gathering_destroy(gathering);
}

TEST(what_is_no_whole_file_is_broken)
{
    static const struct {
        const char *fault;
        const char *frames[4];
        size_t count;
    } rows[] = {
        {"chunk 0 of the file never came", {INFO, SECOND, COMPLETE}, 3},
        {"chunk 1 of the file never came",
         {FIRST, CHUNK("2", "IXdv"), COMPLETE},
         3},
        {"1 of 2 chunks of the file came", {INFO, FIRST, COMPLETE}, 3},
        {"0 of 2 chunks of the file came", {INFO, COMPLETE}, 2},
        {"5 of 8 bytes of the file came",
         {INFO, FIRST, "{\"type\":\"response\",\"total_bytes\":5}"},
         3},
        {"5 of 9 bytes of the file came",
         {FIRST, "{\"type\":\"response\",\"total_bytes\":\"9\"}"},
         2},
        {"5 of 0 bytes of the file came",
         {FIRST, "{\"type\":\"response\",\"total_bytes\":\"0\"}"},
         2},
        {"chunk 0 is not base64", {CHUNK("0", "aGVsbG8")}, 1},
        {"chunk 7 is not base64", {FIRST, CHUNK("7", "aGV*")}, 2},
        {"a chunk of the file has no index", {CHUNK("null", "aGVs")}, 1},
        {"a chunk of the file has no index", {CHUNK("-1", "aGVs")}, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gathering *gathering = gathering_create(PLENTY);
        CHECK_EQ(add_all(gathering, rows[i].frames, rows[i].count),
                 GATHERING_BROKEN);
        CHECK_STR(gathering_fault(gathering), rows[i].fault);
        gathering_destroy(gathering);
    }
}

TEST(another_stream_keeps_its_frames)
{
    static const char *const frames[] = {
        "{\"type\":\"stream\",\"data\":\"1\",\"data_type\":\"data_chunk\"}",
        "{\"type\":\"stream\",\"data\":\"2\",\"data_type\":\"data_chunk\"}",
        "{\"type\":\"response\",\"frames\":0,\"data\":\"done\"}",
    };
    struct gathering *gathering = gathering_create(PLENTY);
    CHECK_EQ(add_all(gathering, frames, 3), GATHERING_DONE);
    check_packed(
        gathering,
        "{\"type\":\"response\",\"data\":\"done\",\"frames\":["
        "{\"type\":\"stream\",\"data\":\"1\",\"data_type\":\"data_chunk\"},"
        "{\"type\":\"stream\",\"data\":\"2\",\"data_type\":\"data_chunk\"}]}");
    gathering_destroy(gathering);
}

TEST(an_ordinary_answer_is_handed_on_as_it_is)
{
    static const char *const rows[] = {
        "null",
        "7",
        "\"stream\"",
        "[1,2]",
        "{}",
        "{\"message_id\":7}",
        "{\"type\":7}",
        "{\"type\":\"response\",\"data\":\"x\",\"frames\":1}",
        "{\"type\":\"private\",\"data\":{}}",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gathering *gathering = gathering_create(PLENTY);
        CHECK_EQ(add(gathering, rows[i]), GATHERING_DONE);
        check_packed(gathering, rows[i]);
        gathering_destroy(gathering);
    }
}

TEST(an_answer_without_data_stays_without)
{
    struct gathering *gathering = gathering_create(PLENTY);
    struct buffer pack = {0};
    CHECK_EQ(gathering_add(gathering, true, (struct slice){0}), GATHERING_DONE);
    gathering_pack(gathering, &pack);
    CHECK_EQ(pack.size, 0);
    buffer_finish(&pack);
    gathering_destroy(gathering);
}

TEST(a_failure_ends_the_row_and_stands_alone)
{
    static const char error[] = "{\"type\":\"error\",\"data_type\":\"error\"}";
    struct gathering *gathering = gathering_create(PLENTY);
    struct buffer pack = {0};
    CHECK_EQ(add(gathering, INFO), GATHERING_MORE);
    CHECK_EQ(add(gathering, SECOND), GATHERING_MORE);
    pack_json(error, &pack);
    CHECK_EQ(gathering_add(gathering, false, buffer_slice(&pack)),
             GATHERING_DONE);
    check_packed(gathering, error);
    buffer_finish(&pack);
    gathering_destroy(gathering);
}

TEST(a_failure_that_says_stream_ends_the_row_too)
{
    static const char data[] = "{\"type\":\"stream\",\"data\":\"x\"}";
    struct gathering *gathering = gathering_create(PLENTY);
    struct buffer pack = {0};
    pack_json(data, &pack);
    CHECK_EQ(gathering_add(gathering, false, buffer_slice(&pack)),
             GATHERING_DONE);
    check_packed(gathering, data);
    buffer_finish(&pack);
    gathering_destroy(gathering);
}

TEST(what_is_kept_is_bounded)
{
    static const char *const rows[] = {
        FIRST,
        CHUNK("0", ""),
        INFO,
        "{\"type\":\"stream\",\"data\":\"1\"}",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gathering *gathering = gathering_create(400);
        enum gathering_step step = GATHERING_MORE;
        size_t added = 0;
        for (; step == GATHERING_MORE && added < 40; added++)
            step = add(gathering, rows[i]);
        if (i == 2) /* a later one takes the place of the first */
            CHECK_EQ(step, GATHERING_MORE);
        else
            CHECK_EQ(step, GATHERING_TOO_LARGE);
        gathering_destroy(gathering);
    }
}

TEST(a_last_answer_that_is_too_large_is_refused)
{
    struct gathering *gathering = gathering_create(10);
    CHECK_EQ(add(gathering, "{\"type\":\"response\",\"data\":\"123456\"}"),
             GATHERING_TOO_LARGE);
    gathering_destroy(gathering);
    gathering_destroy(NULL);
}

/* Each is looked for among those of the last answer. */
TEST(more_fields_than_a_file_has_are_broken)
{
    struct gathering *gathering = gathering_create(PLENTY);
    struct buffer info = {0};
    buffer_append_string(&info, "{\"type\":\"stream\",\"data_type\":"
                                "\"file_info\"");
    for (size_t i = 0; i < 300; i++)
        buffer_append_string(&info, ",\"x\":1");
    buffer_append(&info, "}", 2);
    const char *const frames[] = {info.data, FIRST, SECOND, COMPLETE};
    CHECK_EQ(add_all(gathering, frames, COUNT(frames)), GATHERING_BROKEN);
    CHECK_STR(gathering_fault(gathering),
              "more than 256 fields tell of the file");
    gathering_destroy(gathering);
    buffer_finish(&info);
}

SUITE(gathering, more_fields_than_a_file_has_are_broken,
      the_chunks_of_a_file_become_its_bytes, a_file_may_be_empty_and_say_little,
      bytes_are_bin, what_is_no_whole_file_is_broken,
      another_stream_keeps_its_frames, an_ordinary_answer_is_handed_on_as_it_is,
      an_answer_without_data_stays_without,
      a_failure_ends_the_row_and_stands_alone,
      a_failure_that_says_stream_ends_the_row_too, what_is_kept_is_bounded,
      a_last_answer_that_is_too_large_is_refused)
