/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/json_read.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "core/pack.h"
#include "core/warnings.h"

enum { SCRATCH_KEEP_BYTES = 1 << 20 };

static const struct {
    const char *name;
    int retcode;
} ERRORS[] = {
    [REPLY_FINE] = {NULL, 0},
    [REPLY_BAD_REQUEST] = {"bad_request", 10001},
    [REPLY_BAD_PARAMS] = {"bad_params", 10003},
    [REPLY_UNKNOWN_ACTION] = {"unknown_action", 10002},
    [REPLY_ACCOUNT_REQUIRED] = {"account_required", 10101},
    [REPLY_UNKNOWN_ACCOUNT] = {"unknown_account", 10102},
    [REPLY_UNAUTHORIZED] = {"unauthorized", 10401},
    [REPLY_DENIED] = {"denied", 10403},
    [REPLY_TOO_LARGE] = {"too_large", 10413},
    [REPLY_BUSY] = {"busy", 36000},
    [REPLY_RATE_LIMITED] = {"rate_limited", 36001},
    [REPLY_MUTED] = {"muted", 36002},
    [REPLY_NOT_IN_GROUP] = {"not_in_group", 36003},
    [REPLY_NOT_CONNECTED] = {"not_connected", 33001},
    [REPLY_OFFLINE] = {"offline", 33002},
    [REPLY_STALLED] = {"stalled", 33003},
    [REPLY_TIMEOUT] = {"timeout", 33004},
    [REPLY_UNKNOWN] = {"unknown", 33005},
    [REPLY_UNSUPPORTED_BY_PEER] = {"unsupported_by_peer", 34001},
    [REPLY_PEER_ERROR] = {"peer_error", 34000},
    [REPLY_SHUTTING_DOWN] = {"shutting_down", 20001},
    [REPLY_INTERNAL] = {"internal", 20002},
};

const char *reply_error_name(enum reply_error error)
{
    return ERRORS[error].name;
}

static enum status fault_set(char *fault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status fault_set(char *fault, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault, REQUEST_FAULT_SIZE, format, arguments);
    va_end(arguments);
    return STATUS_INVALID;
}

static bool is_nil(struct slice pack)
{
    return pack.size == 1 && (unsigned char)pack.data[0] == 0xc0;
}

/* Nil counts as absent, as JSON callers expect. */
static bool is_there(struct slice value)
{
    return value.size > 0 && !is_nil(value);
}

static enum status read_text(struct slice value, const char *key,
                             size_t bytes_max, struct slice *text, char *fault)
{
    if (!is_there(value))
        return STATUS_OK;
    if (!mp_read_str(value, text) || text->size == 0 ||
        text->size > bytes_max) {
        *text = (struct slice){0};
        return fault_set(fault, "%s: allowed: a string of 1 to %zu bytes", key,
                         bytes_max);
    }
    return STATUS_OK;
}

static enum status read_number(struct slice value, const char *key, int64_t max,
                               int64_t *number, char *fault)
{
    int64_t read;
    if (!is_there(value))
        return STATUS_OK;
    if (!mp_read_int(value, &read) || read < 1 || read > max)
        return fault_set(fault, "%s: allowed: an integer from 1 to %lld", key,
                         (long long)max);
    *number = read;
    return STATUS_OK;
}

/* Ids are numbers or text. */
static enum status read_self_id(struct slice value, int64_t *self_id,
                                char *fault)
{
    struct slice text;
    int64_t read = 0;
    if (!is_there(value) || !mp_read_str(value, &text))
        return read_number(value, "self_id", INT64_MAX, self_id, fault);
    read = onebot_id_of_text(text);
    if (read < 1)
        return fault_set(fault,
                         "self_id: allowed: an integer from 1 to %lld, "
                         "or its digits",
                         (long long)INT64_MAX);
    *self_id = read;
    return STATUS_OK;
}

static enum status read_params(struct slice value, struct slice *params,
                               char *fault)
{
    struct mp_token token;
    if (!is_there(value))
        return STATUS_OK;
    struct mp_reader reader = mp_reader_of(value);
    if (!mp_next(&reader, &token))
        return fault_set(fault, "params: allowed: a map");
    /* What PHP makes of an empty map. */
    if (token.kind == MP_ARRAY && token.count == 0)
        return STATUS_OK;
    if (token.kind != MP_MAP)
        return fault_set(fault, "params: allowed: a map");
    *params = value;
    return STATUS_OK;
}

static enum status read_fields(struct slice map, struct request *request,
                               char *fault)
{
    enum { ID, TRACE, TOKEN, ACTION, PARAMS, ACCOUNT, SELF_ID, TIMEOUT, COUNT };
    static const char *const keys[COUNT] = {"id",      "trace",  "token",
                                            "action",  "params", "account",
                                            "self_id", "timeout"};
    struct slice at[COUNT];
    int64_t timeout_ms = 0;
    (void)mp_find_all(map, keys, COUNT, at);
    /* What is echoed comes first, so that even a fault's reply carries it. */
    if (read_text(at[ID], "id", REQUEST_ID_BYTES_MAX, &request->id, fault) ||
        read_text(at[TRACE], "trace", REQUEST_TRACE_BYTES_MAX, &request->trace,
                  fault) ||
        read_text(at[TOKEN], "token", REQUEST_TOKEN_BYTES_MAX, &request->token,
                  fault) ||
        read_text(at[ACTION], "action", REQUEST_ACTION_BYTES_MAX,
                  &request->action, fault) ||
        read_params(at[PARAMS], &request->params, fault) ||
        read_text(at[ACCOUNT], "account", REQUEST_ID_BYTES_MAX,
                  &request->account, fault) ||
        read_self_id(at[SELF_ID], &request->self_id, fault) ||
        read_number(at[TIMEOUT], "timeout", REQUEST_TIMEOUT_MS_MAX, &timeout_ms,
                    fault))
        return STATUS_INVALID;
    if (request->action.size == 0)
        return fault_set(fault, "action: required: a string");
    request->timeout_ms = (uint64_t)timeout_ms;
    return STATUS_OK;
}

static enum status read_json(struct slice bytes, struct buffer *scratch,
                             char *fault)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    if (json_to_msgpack(bytes, &options, scratch, &error) == STATUS_OK)
        return STATUS_OK;
    return fault_set(fault, "not JSON: %s at byte %zu", error.reason,
                     error.offset);
}

static bool is_one_map(struct slice pack)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_reader head = reader;
    struct mp_token token;
    return mp_skip(&reader, NULL) && reader.at == reader.end &&
           mp_next(&head, &token) && token.kind == MP_MAP;
}

/* Blanks before it are numbers in MessagePack, and no request is one. */
static bool is_json(struct slice bytes)
{
    static const char blanks[] = {' ', '\t', '\r', '\n'};
    size_t i = 0;
    while (i < bytes.size &&
           memchr(blanks, bytes.data[i], sizeof(blanks)) != NULL)
        i++;
    return i < bytes.size && bytes.data[i] == '{';
}

enum status request_read(struct slice bytes, struct buffer *scratch,
                         struct request *request,
                         char fault[static REQUEST_FAULT_SIZE])
{
    *request = (struct request){
        .is_json = is_json(bytes),
    };
    if (request->is_json) {
        buffer_clear(scratch, SCRATCH_KEEP_BYTES);
        if (read_json(bytes, scratch, fault) != STATUS_OK)
            return STATUS_INVALID;
        bytes = buffer_slice(scratch);
    }
    if (!is_one_map(bytes))
        return fault_set(fault, "allowed: one MessagePack map, or a JSON "
                                "object that begins with {");
    return read_fields(bytes, request, fault);
}

const char *reply_status(const struct reply *reply)
{
    if (reply->status != NULL)
        return reply->status;
    if (reply->error == REPLY_UNKNOWN)
        return "unknown";
    return reply->error == REPLY_FINE ? "ok" : "failed";
}

int64_t reply_retcode(const struct reply *reply)
{
    return reply->has_retcode ? reply->retcode : ERRORS[reply->error].retcode;
}

static size_t count_present(const struct reply *reply)
{
    return (size_t)(reply->data.size > 0) +
           (reply->message.size > 0 || reply->text != NULL) +
           (reply->wording.size > 0) + (reply->error != REPLY_FINE) +
           (reply->account != NULL) + (reply->id.size > 0) +
           (reply->trace.size > 0);
}

static void pack_pair(struct msgpack_packer *packer, const char *key,
                      struct slice value)
{
    if (value.size == 0)
        return;
    pack_string(packer, key);
    pack_raw(packer, value);
}

static void pack_text_pair(struct msgpack_packer *packer, const char *key,
                           struct slice text)
{
    if (text.size == 0)
        return;
    pack_string(packer, key);
    pack_text(packer, text);
}

static void pack_warnings(const struct reply *reply, struct buffer *out)
{
    static const struct warnings none;
    warnings_pack(reply->warnings != NULL ? reply->warnings : &none, out);
}

static void pack_reply(const struct reply *reply, struct buffer *out)
{
    enum { ALWAYS_PRESENT = 4 }; /* status, retcode, warnings, ms */
    struct msgpack_packer packer = pack_into(out);
    msgpack_pack_map(&packer, ALWAYS_PRESENT + count_present(reply));
    pack_string(&packer, "status");
    pack_string(&packer, reply_status(reply));
    pack_string(&packer, "retcode");
    msgpack_pack_int64(&packer, reply_retcode(reply));
    pack_pair(&packer, "data", reply->data);
    if (reply->message.size > 0)
        pack_pair(&packer, "message", reply->message);
    else if (reply->text != NULL) {
        pack_string(&packer, "message");
        pack_prose(&packer, reply->text);
    }
    pack_pair(&packer, "wording", reply->wording);
    if (reply->error != REPLY_FINE)
        pack_text_pair(&packer, "error", slice_of(ERRORS[reply->error].name));
    if (reply->account != NULL)
        pack_text_pair(&packer, "account", slice_of(reply->account));
    pack_text_pair(&packer, "id", reply->id);
    pack_text_pair(&packer, "trace", reply->trace);
    pack_string(&packer, "warnings");
    pack_warnings(reply, out);
    pack_string(&packer, "ms");
    msgpack_pack_uint64(&packer, reply->ms);
}

void reply_pack(const struct reply *reply, bool as_json, struct buffer *out)
{
    buffer_clear(out, SCRATCH_KEEP_BYTES);
    if (!as_json) {
        pack_reply(reply, out);
        return;
    }
    const struct json_writer_options options = {
        .depth_max = JSON_DEPTH_MAX,
        .bin_as_base64 = true,
    };
    struct buffer pack = {0};
    struct json_error error;
    pack_reply(reply, &pack);
    enum status status =
        json_from_msgpack(buffer_slice(&pack), &options, out, &error);
    /* All of it came in as JSON or was packed here from literals. */
    assert(status == STATUS_OK);
    (void)status;
    buffer_finish(&pack);
}

static enum reply_error error_named(struct slice name)
{
    for (size_t i = REPLY_FINE + 1; i < sizeof(ERRORS) / sizeof(ERRORS[0]); i++)
        if (slice_equals(name, ERRORS[i].name))
            return (enum reply_error)i;
    return REPLY_INTERNAL;
}

static void read_warnings(struct slice pack, struct warnings *warnings)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token;
    while (mp_next(&reader, &token))
        if (token.kind == MP_STR)
            warnings_add(warnings, "%.*s", (int)token.bytes.size,
                         token.bytes.data);
}

void reply_read(struct slice pack, struct reply *reply,
                struct warnings *warnings)
{
    enum { STATUS, ERROR, RETCODE, DATA, MESSAGE, WORDING, WARNINGS, COUNT };
    static const char *const keys[COUNT] = {
        "status", "error", "retcode", "data", "message", "wording", "warnings"};
    struct slice at[COUNT], text;
    *reply = (struct reply){.error = REPLY_INTERNAL};
    if (!mp_find_all(pack, keys, COUNT, at) || !mp_read_str(at[STATUS], &text))
        return;
    reply->error = REPLY_FINE;
    if (slice_equals(text, "async"))
        reply->status = "async";
    if (mp_read_str(at[ERROR], &text))
        reply->error = error_named(text);
    if (mp_read_int(at[RETCODE], &reply->retcode))
        reply->has_retcode = reply->error == REPLY_FINE ||
                             reply->retcode != ERRORS[reply->error].retcode;
    reply->data = at[DATA];
    reply->message = at[MESSAGE];
    reply->wording = at[WORDING];
    if (at[WARNINGS].size > 0)
        read_warnings(at[WARNINGS], warnings);
}
