/* SPDX-License-Identifier: MIT */
#include "web_call.h"

#include <stdio.h>

#include "core/json_read.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "core/own.h"
#include "core/pack.h"

enum { BODY_DEPTH_MAX = 16 };

void web_call_pack(struct slice action, struct slice params, struct slice token,
                   struct buffer *request)
{
    buffer_clear(request, SIZE_MAX);
    struct msgpack_packer packer = pack_into(request);
    msgpack_pack_map(&packer, 1U + (params.size > 0) + (token.size > 0));
    pack_string(&packer, "action");
    pack_text(&packer, action);
    if (params.size > 0) {
        pack_string(&packer, "params");
        pack_raw(&packer, params);
    }
    if (token.size > 0) {
        pack_string(&packer, "token");
        pack_text(&packer, token);
    }
}

enum { ACTION, PARAMS, MEMBER_COUNT };

static int member_of(struct slice key)
{
    return slice_equals(key, "action")   ? ACTION
           : slice_equals(key, "params") ? PARAMS
                                         : -1;
}

static const char *fault_of(const struct json_value *members)
{
    const struct json_value *action = &members[ACTION];
    const struct json_value *params = &members[PARAMS];
    if (action->pack.size == 0 || action->kind != JSON_STRING ||
        !own_is(action->text))
        return "action: one of the bridge's own is wanted, as \"bridge.why\"";
    if (params->pack.size > 0 && params->kind != JSON_OBJECT)
        return "params: an object is wanted";
    return NULL;
}

enum status web_call_read(struct slice body, struct slice token,
                          struct buffer *request,
                          char fault[static WEB_CALL_FAULT_SIZE])
{
    struct json_value members[JSON_MEMBERS_MAX] = {0};
    const struct json_reader_options options = {.depth_max = BODY_DEPTH_MAX,
                                                .member_of = member_of,
                                                .members = members};
    struct buffer pack = {0};
    struct json_error error;
    const char *wrong;
    if (json_to_msgpack(body, &options, &pack, &error) != STATUS_OK) {
        snprintf(fault, WEB_CALL_FAULT_SIZE, "no JSON: byte %zu: %s",
                 error.offset, error.reason);
        buffer_finish(&pack);
        return STATUS_INVALID;
    }
    wrong = fault_of(members);
    if (wrong != NULL)
        snprintf(fault, WEB_CALL_FAULT_SIZE, "%s", wrong);
    else
        web_call_pack(members[ACTION].text, members[PARAMS].pack, token,
                      request);
    buffer_finish(&pack);
    return wrong == NULL ? STATUS_OK : STATUS_INVALID;
}

void web_call_print(struct slice pack, struct buffer *json)
{
    const struct json_writer_options options = {.depth_max = JSON_DEPTH_MAX,
                                                .bin_as_base64 = true};
    struct json_error error;
    if (json_from_msgpack(pack, &options, json, &error) != STATUS_OK)
        buffer_append_string(json, "null");
}
