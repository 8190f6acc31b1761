/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/nearmiss.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "core/outgoing.h"
#include "core/pack.h"
#include "core/params.h"
#include "core/peer.h"
#include "core/quick.h"
#include "core/warnings.h"

/* A step that is being made: its parameters may still move. */
struct draft {
    struct plan *plan;
    const struct plan_options *options;
    struct warnings *warnings;
    char *fault;
};

static const char QUICK[] = ".handle_quick_operation";

/* ---- steps ----------------------------------------------------------- */

static struct plan_step *add_step(struct plan *plan)
{
    if (plan->count == 0) {
        plan->steps = &plan->only;
        return &plan->steps[plan->count++];
    }
    bool is_first = plan->steps == &plan->only;
    plan->steps = mem_realloc(is_first ? NULL : plan->steps,
                              (plan->count + 1) * sizeof(struct plan_step));
    if (is_first)
        plan->steps[0] = plan->only;
    return &plan->steps[plan->count++];
}

/* What is made for the plan lies in `bytes`, which may move while more is
 * made: until plan_make() is done such a slice has no address. */
static struct slice made(size_t at, size_t end)
{
    (void)at;
    return (struct slice){NULL, end - at};
}

static bool is_made(struct slice params)
{
    return params.data == NULL && params.size > 0;
}

/* Now that nothing moves any more: one lies behind the other. */
static void place_made(struct plan *plan)
{
    size_t at = 0;
    for (size_t i = 0; i < plan->count; i++) {
        struct slice *params = &plan->steps[i].params;
        if (!is_made(*params))
            continue;
        params->data = plan->bytes.data + at;
        at += params->size;
    }
}

/* ---- chats ----------------------------------------------------------- */

static int64_t id_in(struct slice params, const char *key)
{
    struct slice value, text;
    int64_t number;
    if (!mp_find(params, key, &value))
        return 0;
    if (mp_read_int(value, &number))
        return number;
    return mp_read_str(value, &text) ? onebot_id_of_text(text) : 0;
}

static bool text_is(struct slice params, const char *key, const char *text)
{
    struct slice value, found;
    return mp_find(params, key, &value) && mp_read_str(value, &found) &&
           slice_equals(found, text);
}

static bool begins(struct slice name, const char *start)
{
    size_t size = strlen(start);
    return name.size >= size && memcmp(name.data, start, size) == 0;
}

/* Without a message_type a group_id wins over a user_id: so peers have it. */
static void note_chat(struct plan *plan, struct slice action,
                      struct slice params)
{
    int64_t group_id = id_in(params, "group_id");
    int64_t user_id = id_in(params, "user_id");
    bool is_private = begins(action, "send_private_") ||
                      begins(action, "friend_") ||
                      begins(action, "upload_private_") ||
                      text_is(params, "message_type", "private");
    if (plan->chat_id != 0)
        return;
    plan->is_to_group = group_id != 0 && !is_private;
    plan->chat_id = plan->is_to_group ? group_id : user_id;
}

/* ---- messages -------------------------------------------------------- */

static bool is_true(struct slice params, const char *key)
{
    struct slice value;
    struct mp_token token;
    if (!mp_find(params, key, &value))
        return false;
    struct mp_reader reader = mp_reader_of(value);
    return mp_next(&reader, &token) &&
           ((token.kind == MP_BOOL && token.boolean) ||
            (token.kind == MP_STR && slice_equals(token.bytes, "true")));
}

/* Forwards take nodes, in `messages` or, as NapCat has it, in `message`. */
static const char *message_key(struct slice params)
{
    struct slice value;
    return mp_find(params, "messages", &value) ? "messages" : "message";
}

/* Whether this key has its say in the message that was planned. */
static bool is_replaced(struct slice key)
{
    return slice_equals(key, "message") || slice_equals(key, "messages") ||
           slice_equals(key, "auto_escape");
}

static uint32_t count_others(struct slice params)
{
    struct mp_reader reader = mp_reader_of(params);
    struct mp_token map, key;
    uint32_t others = 0;
    if (!mp_next(&reader, &map))
        return 0;
    for (uint32_t i = 0; i < map.count; i++) {
        if (!mp_next(&reader, &key) || !mp_skip(&reader, NULL))
            break;
        others += key.kind == MP_STR && !is_replaced(key.bytes);
    }
    return others;
}

static void copy_others(struct slice params, struct msgpack_packer *packer)
{
    struct mp_reader reader = mp_reader_of(params);
    struct mp_token map, key;
    struct slice value;
    if (!mp_next(&reader, &map))
        return;
    for (uint32_t i = 0; i < map.count; i++) {
        if (!mp_next(&reader, &key) || !mp_skip(&reader, &value))
            return;
        if (key.kind != MP_STR || is_replaced(key.bytes))
            continue;
        pack_text(packer, key.bytes);
        pack_raw(packer, value);
    }
}

/* The caller's parameters with this message instead of theirs. */
static void add_message(struct draft *draft, struct slice action,
                        struct slice params, struct slice message)
{
    struct plan *plan = draft->plan;
    size_t at = plan->bytes.size;
    struct msgpack_packer packer = pack_into(&plan->bytes);
    msgpack_pack_map(&packer, count_others(params) + 1);
    copy_others(params, &packer);
    pack_string(&packer, message_key(params));
    pack_raw(&packer, message);
    *add_step(plan) = (struct plan_step){
        .action = action,
        .params = made(at, plan->bytes.size),
        .is_speech = true,
    };
}

static void add_poke(struct draft *draft, int64_t user_id)
{
    struct plan *plan = draft->plan;
    size_t at = plan->bytes.size;
    struct msgpack_packer packer = pack_into(&plan->bytes);
    msgpack_pack_map(&packer, plan->is_to_group ? 2 : 1);
    if (plan->is_to_group) {
        pack_string(&packer, "group_id");
        msgpack_pack_int64(&packer, plan->chat_id);
    }
    pack_string(&packer, "user_id");
    msgpack_pack_int64(&packer, user_id);
    *add_step(plan) = (struct plan_step){
        .action = slice_of(plan->is_to_group ? "group_poke" : "friend_poke"),
        .params = made(at, plan->bytes.size),
    };
}

static void add_parts(struct draft *draft, struct slice action,
                      struct slice params, const struct outgoing *outgoing)
{
    for (size_t i = 0; i < outgoing->count; i++)
        if (outgoing->parts[i].kind == OUTGOING_POKE)
            add_poke(draft, outgoing->parts[i].user_id);
        else
            add_message(draft, action, params, outgoing->parts[i].message);
}

static enum reply_error plan_message(struct draft *draft, struct slice action,
                                     struct slice params, bool *is_as_given)
{
    const struct outgoing_options options = {
        .peer = draft->options->peer,
        .auto_escape = is_true(params, "auto_escape"),
        .is_forward = slice_equals(slice_of(message_key(params)), "messages") ||
                      slice_equals(action, "send_forward_msg") ||
                      slice_equals(action, "send_group_forward_msg") ||
                      slice_equals(action, "send_private_forward_msg"),
        .is_private = !draft->plan->is_to_group,
        .user_id = draft->plan->is_to_group ? 0 : draft->plan->chat_id,
        .text_max = draft->options->text_max,
    };
    struct outgoing outgoing = {0};
    struct slice message;
    if (!mp_find(params, message_key(params), &message)) {
        snprintf(draft->fault, REQUEST_FAULT_SIZE,
                 "params.%s: required: a message", message_key(params));
        return REPLY_BAD_PARAMS;
    }
    enum reply_error error =
        outgoing_plan(message, &options, &outgoing, is_as_given,
                      draft->warnings, draft->fault);
    if (error == REPLY_FINE && !*is_as_given)
        add_parts(draft, action, params, &outgoing);
    outgoing_finish(&outgoing);
    return error;
}

/* ---- actions --------------------------------------------------------- */

static void note_nature(struct plan *plan, const struct catalog_action *action)
{
    if (action == NULL)
        return;
    plan->is_paced |= action->is_paced;
    plan->is_upload |= action->is_upload;
}

/* `shaped` lies in `scratch` or in the caller's bytes. */
static enum reply_error add_shaped(struct draft *draft,
                                   const struct catalog_name *name,
                                   struct slice shaped, bool is_callers)
{
    struct plan *plan = draft->plan;
    bool is_speech = name->action != NULL && name->action->is_speech;
    bool is_as_given = true;
    note_chat(plan, name->name, shaped);
    note_nature(plan, name->action);
    if (is_speech) {
        enum reply_error error =
            plan_message(draft, name->name, shaped, &is_as_given);
        if (error != REPLY_FINE || !is_as_given)
            return error;
    }
    size_t at = plan->bytes.size;
    if (!is_callers)
        buffer_append(&plan->bytes, shaped.data, shaped.size);
    *add_step(plan) = (struct plan_step){
        .action = name->name,
        .params = is_callers ? shaped : made(at, plan->bytes.size),
        .is_speech = is_speech,
    };
    return REPLY_FINE;
}

/* `is_callers`: `params` stay where they are as long as the request does. */
static enum reply_error add_action(struct draft *draft,
                                   const struct catalog_name *name,
                                   struct slice params, bool is_callers)
{
    struct buffer scratch = {0};
    struct slice shaped = params;
    enum reply_error error = REPLY_BAD_PARAMS;
    if (name->action == NULL ||
        params_shape(name->action, params, draft->options->peer, &scratch,
                     &shaped, draft->warnings, draft->fault) == STATUS_OK)
        error = add_shaped(draft, name, shaped,
                           is_callers && shaped.data == params.data);
    buffer_finish(&scratch);
    return error;
}

static enum reply_error add_quick(struct draft *draft, struct slice params)
{
    struct quick_plan quick = {0};
    enum reply_error error = quick_plan(params, &quick, draft->fault);
    for (size_t i = 0; error == REPLY_FINE && i < quick.count; i++) {
        struct catalog_name name =
            catalog_resolve(slice_of(quick.steps[i].action));
        error = add_action(draft, &name, quick.steps[i].params, false);
    }
    quick_finish(&quick);
    return error;
}

static enum reply_error refuse_unknown(const struct request *request,
                                       char *fault)
{
    snprintf(fault, REQUEST_FAULT_SIZE,
             "action: %.*s is not in the catalogue, and the settings allow no "
             "others: bridge.call.allowUnknown; bridge.actions lists it",
             (int)request->action.size, request->action.data);
    return REPLY_UNKNOWN_ACTION;
}

/* It passes, for peers know more than the catalogue: but it may be a slip. */
static void warn_unknown(struct slice name, struct warnings *warnings)
{
    struct nearmiss miss = nearmiss_of(name);
    char hint[NEARMISS_HINT_SIZE];
    for (size_t i = 0; i < catalog_count(); i++)
        nearmiss_offer(&miss, slice_of(catalog_at(i)->name));
    nearmiss_hint(&miss, hint);
    if (miss.best.size > 0)
        warnings_add(warnings, "action: %.*s is not in the catalogue%s",
                     (int)name.size, name.data, hint);
}

static enum reply_error refuse_silent(const struct plan *plan,
                                      const struct peer *peer, char *fault)
{
    snprintf(fault, REQUEST_FAULT_SIZE, "action: %s never answers %.*s%s%s",
             peer_name(peer->kind), (int)plan->name.name.size,
             plan->name.name.data, plan->name.action->note == NULL ? "" : ": ",
             plan->name.action->note == NULL ? "" : plan->name.action->note);
    return REPLY_UNSUPPORTED_BY_PEER;
}

/* A read that no answer comes to is of no use to anybody. */
static bool is_futile(const struct plan *plan, const struct peer *peer)
{
    const struct catalog_action *action = plan->name.action;
    return action != NULL && action->is_read &&
           action->answer == CATALOG_NEVER_ANSWERS && peer->kind == PEER_NAPCAT;
}

enum reply_error plan_make(const struct request *request,
                           const struct plan_options *options,
                           struct plan *plan, struct warnings *warnings,
                           char fault[static REQUEST_FAULT_SIZE])
{
    struct draft draft = {plan, options, warnings, fault};
    enum reply_error error;
    plan->name = catalog_resolve(request->action);
    if (plan->name.action == NULL && !options->allows_unknown)
        return refuse_unknown(request, fault);
    if (plan->name.action == NULL)
        warn_unknown(request->action, warnings);
    if (is_futile(plan, options->peer))
        return refuse_silent(plan, options->peer, fault);
    if (slice_equals(plan->name.name, QUICK))
        error = add_quick(&draft, request->params);
    else
        error = add_action(&draft, &plan->name, request->params, true);
    place_made(plan);
    return error;
}

/* ---- keeping --------------------------------------------------------- */

static bool is_within(const struct buffer *buffer, struct slice slice)
{
    return buffer->data != NULL && slice.data >= buffer->data &&
           slice.data + slice.size <= buffer->data + buffer->size;
}

size_t plan_borrows(const struct plan *plan)
{
    size_t size = plan->name.name.size;
    for (size_t i = 0; i < plan->count; i++) {
        size += plan->steps[i].action.size;
        if (!is_within(&plan->bytes, plan->steps[i].params))
            size += plan->steps[i].params.size;
    }
    return size;
}

static void keep(struct buffer *kept, struct slice *slice)
{
    size_t at = kept->size;
    buffer_append(kept, slice->data, slice->size);
    slice->data = kept->data + at;
}

void plan_keep(struct plan *plan)
{
    if (plan->kept.data != NULL)
        return;
    buffer_reserve(&plan->kept, plan_borrows(plan)); /* it must not move */
    keep(&plan->kept, &plan->name.name);
    for (size_t i = 0; i < plan->count; i++) {
        keep(&plan->kept, &plan->steps[i].action);
        if (!is_within(&plan->bytes, plan->steps[i].params))
            keep(&plan->kept, &plan->steps[i].params);
    }
}

size_t plan_size(const struct plan *plan)
{
    return plan->bytes.size + plan->kept.size;
}

void plan_finish(struct plan *plan)
{
    if (plan->steps != &plan->only)
        free(plan->steps);
    buffer_finish(&plan->bytes);
    buffer_finish(&plan->kept);
}
