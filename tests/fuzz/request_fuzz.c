/* SPDX-License-Identifier: MIT */
/* A request from the bus and the reply to it. The input is the request's
 * bytes.
 *
 *   - what is taken keeps to the bounds in request.h and lies in the input,
 *     or in the scratch if it was JSON; each field is what the map has there;
 *   - what is refused is for a fault that is text, shown as a string;
 *   - a reply with the request's own words in it is sound in either form, and
 *     has them unchanged. */
#include "fuzz.h"

#include "core/json_read.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "core/request.h"
#include "strict_json.h"

static void ensure_text(struct slice text, size_t most, struct slice within)
{
    ENSURE(text.size <= most);
    ENSURE(fuzz_is_inside(text, within));
}

/* These hold even for a request that is refused. */
static void ensure_fields(const struct request *request, struct slice within)
{
    ensure_text(request->action, REQUEST_ACTION_BYTES_MAX, within);
    ensure_text(request->account, REQUEST_ID_BYTES_MAX, within);
    ensure_text(request->id, REQUEST_ID_BYTES_MAX, within);
    ensure_text(request->trace, REQUEST_TRACE_BYTES_MAX, within);
    ENSURE(fuzz_is_inside(request->params, within));
    ENSURE(request->self_id >= 0);
    ENSURE(request->timeout_ms <= REQUEST_TIMEOUT_MS_MAX);
}

static void ensure_params(struct slice params)
{
    struct mp_reader reader = mp_reader_of(params);
    struct mp_token token;
    if (params.size == 0)
        return;
    ENSURE(fuzz_is_whole(params));
    ENSURE(mp_next(&reader, &token) && token.kind == MP_MAP);
}

/* The value under `key`; false if there is none, or nil. */
static bool is_given(struct slice map, const char *key, struct slice *value)
{
    return mp_find(map, key, value) && !slice_equals(*value, "\xc0");
}

static void ensure_text_as_given(struct slice map, const char *key,
                                 struct slice text)
{
    struct slice value;
    struct slice given = {0};
    if (is_given(map, key, &value))
        ENSURE(mp_read_str(value, &given) && given.size > 0);
    ENSURE(fuzz_same(given, text));
}

/* Ids may be digits. */
static void ensure_id_as_given(struct slice map, const char *key, int64_t id)
{
    struct slice value, text;
    int64_t given = 0;
    if (is_given(map, key, &value) && mp_read_str(value, &text))
        given = onebot_id_of_text(text);
    else if (is_given(map, key, &value))
        ENSURE(mp_read_int(value, &given) && given > 0);
    ENSURE(given == id);
}

static bool is_empty_list(struct slice value)
{
    struct mp_reader reader = mp_reader_of(value);
    struct mp_token token;
    return mp_next(&reader, &token) && token.kind == MP_ARRAY &&
           token.count == 0;
}

static void ensure_number_as_given(struct slice map, const char *key,
                                   int64_t number)
{
    struct slice value;
    int64_t given = 0;
    if (is_given(map, key, &value))
        ENSURE(mp_read_int(value, &given) && given > 0);
    ENSURE(given == number);
}

static void ensure_taken(const struct request *request, struct slice map)
{
    struct slice params = {0};
    ENSURE(request->action.size > 0);
    ensure_text_as_given(map, "action", request->action);
    ensure_text_as_given(map, "account", request->account);
    ensure_text_as_given(map, "id", request->id);
    ensure_text_as_given(map, "trace", request->trace);
    ensure_id_as_given(map, "self_id", request->self_id);
    ensure_number_as_given(map, "timeout", (int64_t)request->timeout_ms);
    if (!is_given(map, "params", &params) || is_empty_list(params))
        params = (struct slice){0};
    ENSURE(fuzz_same(params, request->params));
    ensure_params(params);
}

static void ensure_fault(const char *fault)
{
    size_t size = strnlen(fault, REQUEST_FAULT_SIZE);
    ENSURE(size > 0 && size < REQUEST_FAULT_SIZE);
    ENSURE(fuzz_is_utf8((struct slice){fault, size}));
    ENSURE(strpbrk(fault, "\r\n") == NULL);
}

/* ---- replies ---- */

static void ensure_member(struct slice reply, const char *key,
                          struct slice text)
{
    struct slice value;
    struct slice found = {0};
    ENSURE(mp_find(reply, key, &value) == (text.size > 0));
    if (text.size > 0)
        ENSURE(mp_read_str(value, &found));
    ENSURE(fuzz_same(found, text));
}

static void ensure_reply_pack(const struct reply *reply, struct slice pack)
{
    struct slice value = {0};
    struct slice text;
    int64_t ms;
    fuzz_ensure_pack(pack, false);
    ensure_member(pack, "id", reply->id);
    ensure_member(pack, "trace", reply->trace);
    ENSURE(mp_find(pack, "data", &value) == (reply->data.size > 0));
    ENSURE(fuzz_same(value, reply->data));
    ENSURE(mp_find(pack, "status", &value) && mp_read_str(value, &text));
    ENSURE(mp_find(pack, "warnings", &value));
    ENSURE(mp_find(pack, "ms", &value) && mp_read_int(value, &ms));
    ENSURE((uint64_t)ms == reply->ms);
    bool has_error = mp_find(pack, "error", &value);
    ENSURE(has_error == (reply->error != REPLY_FINE));
}

static void ensure_reply_text(const struct reply *reply, struct slice text)
{
    const struct json_reader_options options = {.depth_max = JSON_DEPTH_MAX};
    struct strict_json strict = strict_json_read(text);
    struct json_error error;
    struct buffer pack = {0};
    ENSURE(strict.is_good);
    ENSURE(json_to_msgpack(text, &options, &pack, &error) == STATUS_OK);
    ensure_reply_pack(reply, buffer_slice(&pack));
    buffer_finish(&pack);
    strict_json_finish(&strict);
}

static void ensure_reply(const struct reply *reply, bool is_json)
{
    struct buffer out = {0};
    buffer_append_string(&out, "from the last time");
    reply_pack(reply, false, &out);
    ensure_reply_pack(reply, buffer_slice(&out));
    if (is_json) { /* else its words need not have a JSON form */
        reply_pack(reply, true, &out);
        ensure_reply_text(reply, buffer_slice(&out));
    }
    buffer_finish(&out);
}

static void ensure_replies(const struct request *request, const char *fault)
{
    const struct reply fine = {
        .data = request->params,
        .account = "default",
        .id = request->id,
        .trace = request->trace,
        .ms = request->timeout_ms,
    };
    const struct reply refused = {
        .error = REPLY_BAD_REQUEST,
        .text = fault,
        .id = request->id,
        .trace = request->trace,
    };
    ensure_reply(&fine, request->is_json);
    ensure_reply(&refused, request->is_json);
}

static bool begins_json(const uint8_t *data, size_t size)
{
    while (size > 0 && (*data == ' ' || (*data >= '\t' && *data <= '\r' &&
                                         *data != '\v' && *data != '\f'))) {
        data++;
        size--;
    }
    return size > 0 && *data == '{';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = {(const char *)data, size};
    struct buffer scratch = {0};
    struct request request;
    char fault[REQUEST_FAULT_SIZE] = "fine";
    enum status status = request_read(bytes, &scratch, &request, fault);
    ENSURE(request.is_json == begins_json(data, size));
    struct slice map = request.is_json ? buffer_slice(&scratch) : bytes;
    ensure_fields(&request, map);
    ensure_fault(fault);
    if (status == STATUS_OK)
        ensure_taken(&request, map);
    ensure_replies(&request, fault);
    buffer_finish(&scratch);
    return 0;
}
