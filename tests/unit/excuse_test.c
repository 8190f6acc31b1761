/* SPDX-License-Identifier: MIT */
#include "core/excuse.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check.h"
#include "core/json_write.h"

static void check_json(const struct buffer *pack, const char *expected)
{
    const struct json_writer_options options = {0};
    struct buffer text = {0};
    struct json_error error;
    CHECK(json_from_msgpack(buffer_slice(pack), &options, &text, &error) ==
          STATUS_OK);
    CHECK_SLICE(buffer_slice(&text), slice_of(expected));
    buffer_finish(&text);
}

TEST(a_request_in_json_is_refused_in_json)
{
    struct buffer out = {0};
    excuse_request(slice_of("{\"action\":\"x\",\"id\":\"i\",\"trace\":\"t\"}"),
                   REPLY_BUSY, "too many", &out);
    CHECK_SLICE(buffer_slice(&out),
                slice_of("{\"status\":\"failed\",\"retcode\":36000,"
                         "\"message\":\"too many\",\"error\":\"busy\","
                         "\"id\":\"i\",\"trace\":\"t\",\"warnings\":[],"
                         "\"ms\":0}"));
    buffer_finish(&out);
}

TEST(any_other_is_refused_in_messagepack)
{
    static const char request[] = "\x82\xa6"
                                  "action\xa1x\xa2id\xa1i";
    struct buffer out = {0};
    excuse_request((struct slice){request, sizeof(request) - 1}, REPLY_BUSY,
                   "too many", &out);
    check_json(&out, "{\"status\":\"failed\",\"retcode\":36000,"
                     "\"message\":\"too many\",\"error\":\"busy\","
                     "\"id\":\"i\",\"warnings\":[],\"ms\":0}");
    excuse_request(slice_of("no sense"), REPLY_BUSY, "too many", &out);
    check_json(&out, "{\"status\":\"failed\",\"retcode\":36000,"
                     "\"message\":\"too many\",\"error\":\"busy\","
                     "\"warnings\":[],\"ms\":0}");
    buffer_finish(&out);
}

/* In both forms. */
TEST(what_a_reply_was_to_is_said_by_the_one_in_its_place)
{
    static const char expected[] =
        "{\"status\":\"failed\",\"retcode\":10413,\"message\":\"too long\","
        "\"error\":\"too_large\",\"account\":\"a\",\"id\":\"i\","
        "\"trace\":\"t\",\"warnings\":[],\"ms\":7}";
    static const char data[] = "\xa5hello";
    const struct reply reply = {
        .data = {data, sizeof(data) - 1},
        .account = "a",
        .id = slice_of("i"),
        .trace = slice_of("t"),
        .ms = 7,
    };
    struct buffer pack = {0}, out = {0};
    reply_pack(&reply, false, &pack);
    excuse_reply(buffer_slice(&pack), REPLY_TOO_LARGE, "too long", &out);
    check_json(&out, expected);
    reply_pack(&reply, true, &pack);
    excuse_reply(buffer_slice(&pack), REPLY_TOO_LARGE, "too long", &out);
    CHECK_SLICE(buffer_slice(&out), slice_of(expected));
    buffer_finish(&pack);
    buffer_finish(&out);
}

SUITE(excuse, a_request_in_json_is_refused_in_json,
      any_other_is_refused_in_messagepack,
      what_a_reply_was_to_is_said_by_the_one_in_its_place)
