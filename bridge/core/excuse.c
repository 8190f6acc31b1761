/* SPDX-License-Identifier: MIT */
#include "excuse.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/json_read.h"
#include "core/mp.h"

void excuse_request(struct slice request, enum reply_error error,
                    const char *text, struct buffer *out)
{
    struct buffer scratch = {0};
    struct request read;
    char fault[REQUEST_FAULT_SIZE];
    /* Of one that is not sound all the same what could be read. */
    enum status status = request_read(request, &scratch, &read, fault);
    (void)status;
    const struct reply reply = {
        .error = error, .text = text, .id = read.id, .trace = read.trace};
    reply_pack(&reply, read.is_json, out);
    buffer_finish(&scratch);
}

static char *copy_account(struct slice pack)
{
    struct slice text;
    return mp_read_str(pack, &text) ? mem_dup(text.data, text.size) : NULL;
}

static void excuse_map(struct slice map, bool is_json, enum reply_error error,
                       const char *text, struct buffer *out)
{
    enum { ID, TRACE, ACCOUNT, MS, COUNT };
    static const char *const keys[COUNT] = {"id", "trace", "account", "ms"};
    struct slice at[COUNT];
    int64_t ms = 0;
    struct reply reply = {.error = error, .text = text};
    (void)mp_find_all(map, keys, COUNT, at);
    (void)mp_read_str(at[ID], &reply.id);
    (void)mp_read_str(at[TRACE], &reply.trace);
    char *account = copy_account(at[ACCOUNT]);
    reply.account = account;
    if (mp_read_int(at[MS], &ms) && ms > 0)
        reply.ms = (uint64_t)ms;
    reply_pack(&reply, is_json, out);
    free(account);
}

void excuse_reply(struct slice reply, enum reply_error error, const char *text,
                  struct buffer *out)
{
    const struct json_reader_options options = {.depth_max = JSON_DEPTH_MAX};
    struct buffer pack = {0};
    struct json_error fault;
    bool is_json = json_to_msgpack(reply, &options, &pack, &fault) == STATUS_OK;
    excuse_map(is_json ? buffer_slice(&pack) : reply, is_json, error, text,
               out);
    buffer_finish(&pack);
}
