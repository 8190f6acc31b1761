/* SPDX-License-Identifier: MIT */
#include "core/request.h"

#include "check.h"
#include "core/mp.h"
#include "core/pack.h"
#include "core/warnings.h"

/* Faults of a request, and how they are told: the field, what is allowed. */
TEST(each_fault_names_the_field_and_what_is_allowed)
{
    static const struct {
        const char *json, *fault;
    } rows[] = {
        {"{", "not JSON: "},
        {"{}", "action: required: a string"},
        {"{\"action\":null}", "action: required: a string"},
        {"{\"action\":5}", "action: allowed: a string of 1 to 128 bytes"},
        {"{\"action\":\"\"}", "action: allowed: a string of 1 to 128 bytes"},
        {"{\"action\":\"a\",\"params\":[1]}", "params: allowed: a map"},
        {"{\"action\":\"a\",\"params\":\"x\"}", "params: allowed: a map"},
        {"{\"action\":\"a\",\"account\":7}",
         "account: allowed: a string of 1 to 128 bytes"},
        {"{\"action\":\"a\",\"self_id\":\"bot\"}",
         "self_id: allowed: an integer from 1 to 9223372036854775807, or its "
         "digits"},
        {"{\"action\":\"a\",\"self_id\":0}",
         "self_id: allowed: an integer from 1 to 9223372036854775807"},
        {"{\"action\":\"a\",\"timeout\":0}",
         "timeout: allowed: an integer from 1 to 1800000"},
        {"{\"action\":\"a\",\"timeout\":1.5}", "timeout: allowed: "},
        {"{\"action\":\"a\",\"timeout\":1800001}", "timeout: allowed: "},
        {"{\"action\":\"a\",\"id\":{}}", "id: allowed: a string of 1 to 128"},
        {"{\"action\":\"a\",\"trace\":1}", "trace: allowed: a string of 1 to"},
        {"[1]", "allowed: one MessagePack map, or a JSON object"},
        {"", "allowed: one MessagePack map, or a JSON object"},
    };
    struct buffer scratch = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct request request;
        char fault[REQUEST_FAULT_SIZE] = "";
        CHECK_EQ(
            request_read(slice_of(rows[i].json), &scratch, &request, fault),
            STATUS_INVALID);
        size_t size = strlen(rows[i].fault);
        CHECK_ROW(((struct slice){fault,
                                  strlen(fault) < size ? strlen(fault) : size}),
                  slice_of(rows[i].fault), rows[i].json);
    }
    buffer_finish(&scratch);
}

TEST(a_fault_keeps_the_id_and_the_trace_for_the_reply)
{
    struct buffer scratch = {0};
    struct request request;
    char fault[REQUEST_FAULT_SIZE];
    CHECK_EQ(request_read(
                 slice_of("{\"id\":\"i-1\",\"trace\":\"t-1\",\"action\":1}"),
                 &scratch, &request, fault),
             STATUS_INVALID);
    CHECK(request.is_json);
    CHECK_SLICE(request.id, slice_of("i-1"));
    CHECK_SLICE(request.trace, slice_of("t-1"));
    buffer_finish(&scratch);
}

TEST(a_json_request_reads_like_a_messagepack_one)
{
    struct buffer scratch = {0}, pack = {0};
    struct request request;
    char fault[REQUEST_FAULT_SIZE];
    CHECK_EQ(request_read(
                 slice_of("{\"action\":\"send_msg\",\"params\":{\"user_id\":"
                          "9007199254740993},\"account\":\"bot\",\"self_id\":"
                          "10001,\"timeout\":2500}"),
                 &scratch, &request, fault),
             STATUS_OK);
    CHECK(request.is_json);
    CHECK_SLICE(request.action, slice_of("send_msg"));
    CHECK_SLICE(request.account, slice_of("bot"));
    CHECK_EQ(request.self_id, 10001);
    CHECK_EQ(request.timeout_ms, 2500);
    struct slice value;
    int64_t user_id = 0;
    CHECK(mp_find(request.params, "user_id", &value) &&
          mp_read_int(value, &user_id));
    CHECK_EQ(user_id, 9007199254740993);
    buffer_append(&pack, scratch.data, scratch.size);
    CHECK_EQ(request_read(buffer_slice(&pack), &scratch, &request, fault),
             STATUS_OK);
    CHECK(!request.is_json);
    CHECK_SLICE(request.action, slice_of("send_msg"));
    buffer_finish(&pack);
    buffer_finish(&scratch);
}

/* As where a peer's words are cut to the room there is. */
TEST(a_text_that_ends_within_a_character_is_told_all_the_same)
{
    const struct reply reply = {.error = REPLY_PEER_ERROR,
                                .text = "the peer says: \xe5\xa4"};
    struct buffer out = {0};
    struct slice value, text = {0};
    reply_pack(&reply, false, &out);
    CHECK(mp_find(buffer_slice(&out), "message", &value) &&
          mp_read_str(value, &text));
    CHECK_SLICE(text, slice_of("the peer says: \xef\xbf\xbd\xef\xbf\xbd"));
    buffer_finish(&out);
}

TEST(what_callers_write_otherwise_is_read)
{
    struct buffer scratch = {0};
    struct request request;
    char fault[REQUEST_FAULT_SIZE];
    CHECK_EQ(request_read(slice_of("\r\n {\"action\":\"a\",\"params\":[],"
                                   "\"self_id\":\"10001\"}"),
                          &scratch, &request, fault),
             STATUS_OK);
    CHECK(request.is_json);
    CHECK_EQ(request.params.size, 0);
    CHECK_EQ(request.self_id, 10001);
    buffer_finish(&scratch);
}

TEST(broken_messagepack_is_a_fault_not_a_crash)
{
    static const char whole[] = "\x82\xa6"
                                "action\xa1"
                                "a\xa6params\x81\xa1x\x93\x01\x02\x03";
    struct buffer scratch = {0};
    struct request request;
    char fault[REQUEST_FAULT_SIZE];
    CHECK_EQ(request_read((struct slice){whole, sizeof(whole) - 1}, &scratch,
                          &request, fault),
             STATUS_OK);
    for (size_t size = 0; size < sizeof(whole) - 1; size++)
        CHECK_EQ(request_read((struct slice){whole, size}, &scratch, &request,
                              fault),
                 STATUS_INVALID);
    CHECK_EQ(request_read((struct slice){whole, sizeof(whole)}, &scratch,
                          &request, fault),
             STATUS_INVALID);
    buffer_finish(&scratch);
}

static void check_reply(const struct reply *reply, const char *json)
{
    struct buffer out = {0};
    reply_pack(reply, true, &out);
    CHECK_SLICE(buffer_slice(&out), slice_of(json));
    buffer_finish(&out);
}

TEST(a_reply_leaves_out_what_is_absent)
{
    const struct reply fine = {.ms = 3};
    check_reply(&fine,
                "{\"status\":\"ok\",\"retcode\":0,\"warnings\":[],\"ms\":3}");
    const struct reply busy = {
        .error = REPLY_BUSY,
        .text = "too many",
        .account = "bot",
        .id = slice_of("i"),
        .trace = slice_of("t"),
    };
    check_reply(&busy, "{\"status\":\"failed\",\"retcode\":36000,\"message\":"
                       "\"too many\",\"error\":\"busy\",\"account\":\"bot\","
                       "\"id\":\"i\",\"trace\":\"t\",\"warnings\":[],"
                       "\"ms\":0}");
    const struct reply unknown = {.error = REPLY_UNKNOWN};
    check_reply(&unknown, "{\"status\":\"unknown\",\"retcode\":33005,"
                          "\"error\":\"unknown\",\"warnings\":[],\"ms\":0}");
}

TEST(a_peers_answer_is_passed_on_as_it_is)
{
    const struct reply failed = {
        .error = REPLY_PEER_ERROR,
        .has_retcode = true,
        .retcode = 1200,
        .data = {"\xc0", 1},
        .message = {"\xa1x", 2},
        .wording = {"\xa1y", 2},
    };
    check_reply(&failed, "{\"status\":\"failed\",\"retcode\":1200,\"data\":"
                         "null,\"message\":\"x\",\"wording\":\"y\","
                         "\"error\":\"peer_error\",\"warnings\":[],\"ms\":0}");
}

TEST(a_messagepack_reply_is_one_map)
{
    const struct reply reply = {.error = REPLY_TIMEOUT, .text = "late"};
    struct buffer out = {0};
    struct slice value;
    struct slice text = {0};
    reply_pack(&reply, false, &out);
    struct mp_reader reader = mp_reader_of(buffer_slice(&out));
    CHECK(mp_skip(&reader, NULL) && reader.at == reader.end);
    CHECK(mp_find(buffer_slice(&out), "error", &value) &&
          mp_read_str(value, &text));
    CHECK_SLICE(text, slice_of("timeout"));
    buffer_finish(&out);
}

/* Pack it, read it, pack it again: that is the same. */
static void check_round_trip(const struct reply *reply)
{
    struct buffer first = {0}, second = {0};
    struct reply read;
    struct warnings warnings = {0};
    reply_pack(reply, false, &first);
    reply_read(buffer_slice(&first), &read, &warnings);
    CHECK_EQ(read.error, reply->error);
    read.warnings = &warnings;
    reply_pack(&read, false, &second);
    CHECK_SLICE(buffer_slice(&second), buffer_slice(&first));
    warnings_finish(&warnings);
    buffer_finish(&first);
    buffer_finish(&second);
}

TEST(a_reply_of_each_class_reads_as_it_was_packed)
{
    for (int error = REPLY_FINE; error <= REPLY_INTERNAL; error++) {
        const struct reply plain = {.error = (enum reply_error)error};
        const struct reply told = {.error = (enum reply_error)error,
                                   .text = "why"};
        const struct reply peers = {.error = (enum reply_error)error,
                                    .has_retcode = true,
                                    .retcode = -1200,
                                    .message = {"\xa1x", 2},
                                    .wording = {"\xa1y", 2}};
        check_round_trip(&plain);
        check_round_trip(&told);
        check_round_trip(&peers);
    }
    const struct reply async = {
        .status = "async", .has_retcode = true, .retcode = 1};
    check_round_trip(&async);
}

TEST(data_of_any_kind_reads_as_it_was_packed)
{
    static const struct slice rows[] = {
        {"\xc0", 1},
        {"\xc3", 1},
        {"\xa0", 1},
        {"\xc4\x02\x00\xff", 4},
        {"\x93\x01\xa1\xff\xc0", 5},
        {"\x82\xa5"
         "error\xa1"
         "e\xa6status\x01",
         17},
        {"\xcb\x7f\xf8\0\0\0\0\0\0", 9},
        {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct reply reply = {.has_retcode = true, .data = rows[i]};
        check_round_trip(&reply);
    }
}

TEST(warnings_read_as_they_were_packed)
{
    struct warnings warnings = {0};
    const struct reply reply = {.warnings = &warnings};
    for (int i = 0; i < WARNINGS_MAX; i++) {
        warnings_add(&warnings, "%d of them: 100%%", i);
        check_round_trip(&reply);
    }
    warnings_finish(&warnings);
}

TEST(only_a_peers_code_is_read_as_one)
{
    static const struct {
        struct reply reply;
        bool has_retcode;
    } rows[] = {
        {{.error = REPLY_FINE, .has_retcode = true}, true},
        {{.error = REPLY_PEER_ERROR, .has_retcode = true, .retcode = 1}, true},
        {{.error = REPLY_UNKNOWN_ACTION, .has_retcode = true, .retcode = 1404},
         true},
        {{.error = REPLY_UNKNOWN}, false},
        {{.error = REPLY_SHUTTING_DOWN}, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer pack = {0};
        struct warnings warnings = {0};
        struct reply read;
        reply_pack(&rows[i].reply, false, &pack);
        reply_read(buffer_slice(&pack), &read, &warnings);
        CHECK_EQ(read.has_retcode, rows[i].has_retcode);
        warnings_finish(&warnings);
        buffer_finish(&pack);
    }
}

TEST(what_is_no_reply_is_internal)
{
    static const struct slice rows[] = {
        {NULL, 0},
        {"", 0},
        {"\xc0", 1},
        {"\x81\xa6"
         "status",
         8},
        {"\x80", 1},
        {"\x81\xa6"
         "status\x01",
         9},
        {"\x82\xa6"
         "status\xa6"
         "failed\xa5"
         "error\xa3"
         "odd",
         25},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct warnings warnings = {0};
        struct reply read;
        reply_read(rows[i], &read, &warnings);
        CHECK_EQ(read.error, REPLY_INTERNAL);
        warnings_finish(&warnings);
    }
}

SUITE(request, each_fault_names_the_field_and_what_is_allowed,
      a_fault_keeps_the_id_and_the_trace_for_the_reply,
      a_json_request_reads_like_a_messagepack_one,
      a_text_that_ends_within_a_character_is_told_all_the_same,
      what_callers_write_otherwise_is_read,
      broken_messagepack_is_a_fault_not_a_crash,
      a_reply_leaves_out_what_is_absent, a_peers_answer_is_passed_on_as_it_is,
      a_messagepack_reply_is_one_map,
      a_reply_of_each_class_reads_as_it_was_packed,
      data_of_any_kind_reads_as_it_was_packed,
      warnings_read_as_they_were_packed, only_a_peers_code_is_read_as_one,
      what_is_no_reply_is_internal)
