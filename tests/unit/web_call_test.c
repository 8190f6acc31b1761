/* SPDX-License-Identifier: MIT */
#include "core/web_call.h"

#include "check.h"
#include "core/json_read.h"
#include "core/request.h"

static void check_request(const char *body, const char *token,
                          const char *action, const char *params)
{
    struct buffer bytes = {0}, scratch = {0}, json = {0};
    struct request request;
    char fault[WEB_CALL_FAULT_SIZE], unread[REQUEST_FAULT_SIZE];
    CHECK_EQ(web_call_read(slice_of(body), slice_of(token), &bytes, fault),
             STATUS_OK);
    CHECK_EQ(request_read(buffer_slice(&bytes), &scratch, &request, unread),
             STATUS_OK);
    CHECK_SLICE(request.action, slice_of(action));
    CHECK_SLICE(request.token, slice_of(token));
    CHECK(!request.is_json);
    if (params[0] != '\0')
        web_call_print(request.params, &json);
    CHECK_SLICE(buffer_slice(&json), slice_of(params));
    buffer_finish(&bytes);
    buffer_finish(&scratch);
    buffer_finish(&json);
}

TEST(a_body_becomes_a_request_of_its_callers_token)
{
    check_request("{\"action\":\"bridge.why\"}", "", "bridge.why", "");
    check_request("{\"action\":\"bridge.why\",\"params\":{\"id\":12}}", "t0k3n",
                  "bridge.why", "{\"id\":12}");
    /* A token in the body is none: it would not be what was judged. */
    check_request("{\"token\":\"other\",\"action\":\"bridge.why\"}", "t0k3n",
                  "bridge.why", "");
}

TEST(what_is_no_request_is_said)
{
    static const struct {
        const char *body, *fault;
    } rows[] = {
        {"", "no JSON: byte 0: "},
        {"{\"action\":", "no JSON: byte 10: "},
        {"[]", "action: "},
        {"{}", "action: "},
        {"{\"action\":1}", "action: "},
        {"{\"action\":\"send_msg\"}", "action: "},
        {"{\"action\":\"bridge.why\",\"params\":[]}", "params: "},
        {"{\"action\":\"bridge.why\",\"params\":\"x\"}", "params: "},
    };
    struct buffer bytes = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char fault[WEB_CALL_FAULT_SIZE] = "";
        CHECK_EQ(web_call_read(slice_of(rows[i].body), (struct slice){0},
                               &bytes, fault),
                 STATUS_INVALID);
        CHECK(strncmp(fault, rows[i].fault, strlen(rows[i].fault)) == 0);
        CHECK_EQ(bytes.size, 0);
    }
    buffer_finish(&bytes);
}

TEST(a_reply_that_has_no_json_form_is_null)
{
    struct buffer json = {0};
    web_call_print((struct slice){"\xc4\x02hi", 4}, &json);
    CHECK_SLICE(buffer_slice(&json), slice_of("\"aGk=\""));
    json.size = 0;
    web_call_print((struct slice){"\xc1", 1}, &json);
    CHECK_SLICE(buffer_slice(&json), slice_of("null"));
    buffer_finish(&json);
}

SUITE(web_call, a_body_becomes_a_request_of_its_callers_token,
      what_is_no_request_is_said, a_reply_that_has_no_json_form_is_null)
