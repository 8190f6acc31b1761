/* SPDX-License-Identifier: MIT */
#include "quick.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/cqcode.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "core/pack.h"

enum { BAN_SECONDS = 1800 /* onebot-11, event/message */ };

/* One operation while it is read. */
struct quick {
    struct quick_plan *plan;
    struct slice context, operation;
    size_t starts[QUICK_STEPS_MAX]; /* of each step's params in the buffer */
    char *fault;
};

static bool fail(const struct quick *quick, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(const struct quick *quick, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(quick->fault, REQUEST_FAULT_SIZE, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- reading ----------------------------------------------------------- */

static bool is_kind(struct slice pack, enum mp_kind kind)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token;
    return mp_next(&reader, &token) && token.kind == kind;
}

/* nil is the same as nothing. */
static bool find(struct slice map, const char *key, struct slice *value)
{
    return mp_find(map, key, value) && !is_kind(*value, MP_NIL);
}

static struct slice context_text(const struct quick *quick, const char *key)
{
    struct slice value;
    struct slice text;
    if (find(quick->context, key, &value) && mp_read_str(value, &text))
        return text;
    return (struct slice){0};
}

/* A number of QQ's in the context; 0 if it is not there. */
static int64_t context_id(const struct quick *quick, const char *key)
{
    struct slice value;
    struct slice text;
    int64_t number;
    if (!find(quick->context, key, &value))
        return 0;
    if (mp_read_str(value, &text))
        return onebot_id_of_text(text);
    return mp_read_int(value, &number) && number > 0 ? number : 0;
}

static bool need_id(const struct quick *quick, const char *key, int64_t *id)
{
    *id = context_id(quick, key);
    return *id != 0 || fail(quick,
                            "params.context.%s: required: the event's, an "
                            "integer above 0",
                            key);
}

static bool need_text(const struct quick *quick, const char *key,
                      struct slice *text)
{
    *text = context_text(quick, key);
    return text->size > 0 || fail(quick,
                                  "params.context.%s: required: the event's, "
                                  "a string",
                                  key);
}

/* A flag of the operation; `flag` stays as it is if it is not there. */
static bool read_flag(const struct quick *quick, const char *key, bool *flag)
{
    struct slice value;
    struct mp_token token;
    if (!find(quick->operation, key, &value))
        return true;
    struct mp_reader reader = mp_reader_of(value);
    if (!mp_next(&reader, &token) || token.kind != MP_BOOL)
        return fail(quick, "params.operation.%s: allowed: true or false", key);
    *flag = token.boolean;
    return true;
}

static bool read_string(const struct quick *quick, const char *key,
                        struct slice *text)
{
    struct slice value;
    *text = (struct slice){0};
    return !find(quick->operation, key, &value) || mp_read_str(value, text) ||
           fail(quick, "params.operation.%s: allowed: a string", key);
}

/* ---- steps ------------------------------------------------------------- */

static struct msgpack_packer begin_step(struct quick *quick, const char *action,
                                        size_t entries)
{
    struct quick_plan *plan = quick->plan;
    quick->starts[plan->count] = plan->pack.size;
    plan->steps[plan->count++].action = action;
    struct msgpack_packer packer = pack_into(&plan->pack);
    msgpack_pack_map(&packer, entries);
    return packer;
}

static void pack_id(struct msgpack_packer *packer, const char *key, int64_t id)
{
    pack_string(packer, key);
    msgpack_pack_int64(packer, id);
}

static void pack_entry(struct msgpack_packer *packer, const char *key,
                       struct slice text)
{
    pack_string(packer, key);
    pack_text(packer, text);
}

static void set_params(struct quick *quick)
{
    struct quick_plan *plan = quick->plan;
    size_t end = plan->pack.size;
    for (size_t i = plan->count; i-- > 0; end = quick->starts[i])
        plan->steps[i].params = (struct slice){
            plan->pack.data + quick->starts[i],
            end - quick->starts[i],
        };
}

/* ---- the reply --------------------------------------------------------- */

static void pack_segment(struct msgpack_packer *packer, const char *type,
                         const char *key, struct slice value)
{
    msgpack_pack_map(packer, 2);
    pack_word(packer, "type", type);
    pack_string(packer, "data");
    msgpack_pack_map(packer, 1);
    pack_entry(packer, key, value);
}

/* `reply` as an array of segments. */
static bool read_reply(const struct quick *quick, struct slice reply,
                       struct buffer *segments)
{
    bool auto_escape = false;
    struct slice text;
    struct msgpack_packer packer = pack_into(segments);
    if (!read_flag(quick, "auto_escape", &auto_escape))
        return false;
    if (mp_read_str(reply, &text) && !auto_escape) {
        cqcode_to_segments(text, segments);
    } else if (mp_read_str(reply, &text)) {
        msgpack_pack_array(&packer, text.size > 0);
        if (text.size > 0)
            pack_segment(&packer, "text", "text", text);
    } else if (is_kind(reply, MP_MAP)) {
        msgpack_pack_array(&packer, 1);
        pack_raw(&packer, reply);
    } else if (is_kind(reply, MP_ARRAY)) {
        pack_raw(&packer, reply);
    } else {
        return fail(quick, "params.operation.reply: allowed: a string, a "
                           "segment or an array of segments");
    }
    return true;
}

/* The message: `at` first, unless 0, and a blank behind it. */
static void pack_message(struct msgpack_packer *packer, int64_t at,
                         struct slice segments)
{
    char number[24];
    struct mp_reader reader = mp_reader_of(segments);
    struct mp_token head = {0};
    (void)mp_next(&reader, &head);
    pack_string(packer, "message");
    msgpack_pack_array(packer, (size_t)head.count + (at != 0 ? 2 : 0));
    if (at != 0) {
        snprintf(number, sizeof(number), "%" PRId64, at);
        pack_segment(packer, "at", "qq", slice_of(number));
        pack_segment(packer, "text", "text", slice_of(" "));
    }
    pack_raw(packer, (struct slice){(const char *)reader.at,
                                    (size_t)(reader.end - reader.at)});
}

static bool is_empty(struct slice segments)
{
    struct mp_reader reader = mp_reader_of(segments);
    struct mp_token head;
    return !mp_next(&reader, &head) || head.count == 0;
}

static bool is_anonymous(const struct quick *quick)
{
    struct slice anonymous;
    return find(quick->context, "anonymous", &anonymous) ||
           slice_equals(context_text(quick, "sub_type"), "anonymous");
}

/* Nobody can be mentioned who is anonymous. */
static bool reply_to_group(struct quick *quick, struct slice segments)
{
    int64_t group_id;
    int64_t user_id = 0;
    bool at_sender = true;
    if (!need_id(quick, "group_id", &group_id) ||
        !read_flag(quick, "at_sender", &at_sender))
        return false;
    at_sender = at_sender && !is_anonymous(quick);
    if (at_sender && !need_id(quick, "user_id", &user_id))
        return false;
    struct msgpack_packer packer = begin_step(quick, "send_group_msg", 2);
    pack_id(&packer, "group_id", group_id);
    pack_message(&packer, user_id, segments);
    return true;
}

/* Who writes from a group (a temporary session) is reached through that group
 * only. */
static bool reply_to_user(struct quick *quick, struct slice segments)
{
    int64_t user_id;
    int64_t group_id = slice_equals(context_text(quick, "sub_type"), "group")
                           ? context_id(quick, "group_id")
                           : 0;
    if (!need_id(quick, "user_id", &user_id))
        return false;
    struct msgpack_packer packer =
        begin_step(quick, "send_private_msg", group_id == 0 ? 2 : 3);
    pack_id(&packer, "user_id", user_id);
    if (group_id != 0)
        pack_id(&packer, "group_id", group_id);
    pack_message(&packer, 0, segments);
    return true;
}

static bool plan_reply(struct quick *quick, bool is_group)
{
    struct slice reply;
    struct buffer segments = {0};
    if (!find(quick->operation, "reply", &reply))
        return true;
    bool is_sound = read_reply(quick, reply, &segments);
    if (is_sound && !is_empty(buffer_slice(&segments)))
        is_sound = is_group ? reply_to_group(quick, buffer_slice(&segments))
                            : reply_to_user(quick, buffer_slice(&segments));
    buffer_finish(&segments);
    return is_sound;
}

/* ---- what else can be done about a group message ------------------------ */

static bool plan_delete(struct quick *quick)
{
    struct slice id;
    if (!find(quick->context, "message_id", &id) ||
        !(is_kind(id, MP_INT) || is_kind(id, MP_STR)))
        return fail(quick, "params.context.message_id: required: the event's, "
                           "an integer or a string");
    struct msgpack_packer packer = begin_step(quick, "delete_msg", 1);
    pack_string(&packer, "message_id");
    pack_raw(&packer, id);
    return true;
}

static bool read_duration(const struct quick *quick, int64_t *seconds)
{
    struct slice value;
    *seconds = BAN_SECONDS;
    return !find(quick->operation, "ban_duration", &value) ||
           (mp_read_int(value, seconds) && *seconds >= 0) ||
           fail(quick, "params.operation.ban_duration: allowed: seconds, an "
                       "integer from 0 on");
}

static bool ban_anonymous(struct quick *quick, int64_t group_id,
                          int64_t seconds)
{
    struct slice anonymous;
    struct slice value;
    struct slice flag = {0};
    if (!find(quick->context, "anonymous", &anonymous) ||
        !find(anonymous, "flag", &value) || !mp_read_str(value, &flag) ||
        flag.size == 0)
        return fail(quick, "params.context.anonymous.flag: required: the "
                           "event's, a string");
    struct msgpack_packer packer =
        begin_step(quick, "set_group_anonymous_ban", 3);
    pack_id(&packer, "group_id", group_id);
    pack_entry(&packer, "anonymous_flag", flag);
    pack_id(&packer, "duration", seconds);
    return true;
}

static bool ban_member(struct quick *quick, int64_t group_id, int64_t seconds)
{
    int64_t user_id;
    if (!need_id(quick, "user_id", &user_id))
        return false;
    struct msgpack_packer packer = begin_step(quick, "set_group_ban", 3);
    pack_id(&packer, "group_id", group_id);
    pack_id(&packer, "user_id", user_id);
    pack_id(&packer, "duration", seconds);
    return true;
}

static bool plan_ban(struct quick *quick)
{
    int64_t group_id;
    int64_t seconds;
    if (!read_duration(quick, &seconds) ||
        !need_id(quick, "group_id", &group_id))
        return false;
    return is_anonymous(quick) ? ban_anonymous(quick, group_id, seconds)
                               : ban_member(quick, group_id, seconds);
}

static bool plan_kick(struct quick *quick)
{
    int64_t group_id;
    int64_t user_id;
    if (!need_id(quick, "group_id", &group_id) ||
        !need_id(quick, "user_id", &user_id))
        return false;
    struct msgpack_packer packer = begin_step(quick, "set_group_kick", 3);
    pack_id(&packer, "group_id", group_id);
    pack_id(&packer, "user_id", user_id);
    pack_flag(&packer, "reject_add_request", false);
    return true;
}

/* The kick comes last: the rest needs the member. Who is anonymous cannot be
 * kicked. */
static bool plan_group_message(struct quick *quick)
{
    bool recalls = false;
    bool bans = false;
    bool kicks = false;
    return read_flag(quick, "delete", &recalls) &&
           read_flag(quick, "ban", &bans) && read_flag(quick, "kick", &kicks) &&
           plan_reply(quick, true) && (!recalls || plan_delete(quick)) &&
           (!bans || plan_ban(quick)) &&
           (!kicks || is_anonymous(quick) || plan_kick(quick));
}

static bool plan_message(struct quick *quick)
{
    struct slice kind = context_text(quick, "message_type");
    if (slice_equals(kind, "group"))
        return plan_group_message(quick);
    if (slice_equals(kind, "private"))
        return plan_reply(quick, false);
    return fail(quick, "params.context.message_type: allowed: \"group\" or "
                       "\"private\"");
}

/* ---- requests ---------------------------------------------------------- */

/* `note` is what may be said along with the decision. */
static bool decide(struct quick *quick, const char *action, const char *note,
                   bool has_sub_type)
{
    struct slice flag;
    struct slice sub_type = {0};
    struct slice said;
    struct slice value;
    bool approve = true;
    if (!find(quick->operation, "approve", &value))
        return true;
    if (!read_flag(quick, "approve", &approve) ||
        !read_string(quick, note, &said) || !need_text(quick, "flag", &flag) ||
        (has_sub_type && !need_text(quick, "sub_type", &sub_type)))
        return false;
    struct msgpack_packer packer =
        begin_step(quick, action, (size_t)2 + has_sub_type + (said.size > 0));
    pack_entry(&packer, "flag", flag);
    if (has_sub_type)
        pack_entry(&packer, "sub_type", sub_type);
    pack_flag(&packer, "approve", approve);
    if (said.size > 0)
        pack_entry(&packer, note, said);
    return true;
}

static bool plan_request(struct quick *quick)
{
    struct slice kind = context_text(quick, "request_type");
    if (slice_equals(kind, "group"))
        return decide(quick, "set_group_add_request", "reason", true);
    if (slice_equals(kind, "friend"))
        return decide(quick, "set_friend_add_request", "remark", false);
    return fail(quick, "params.context.request_type: allowed: \"friend\" or "
                       "\"group\"");
}

/* ---- the whole --------------------------------------------------------- */

static bool read_maps(struct quick *quick, struct slice params)
{
    if (!find(params, "context", &quick->context) ||
        !is_kind(quick->context, MP_MAP))
        return fail(quick, "params.context: required: the event, a map");
    if (!find(params, "operation", &quick->operation) ||
        !is_kind(quick->operation, MP_MAP))
        return fail(quick, "params.operation: required: a map");
    return true;
}

static bool plan_all(struct quick *quick, struct slice params)
{
    if (!read_maps(quick, params))
        return false;
    struct slice post_type = context_text(quick, "post_type");
    if (slice_equals(post_type, "message"))
        return plan_message(quick);
    if (slice_equals(post_type, "request"))
        return plan_request(quick);
    return fail(quick, "params.context.post_type: allowed: \"message\" or "
                       "\"request\"");
}

enum reply_error quick_plan(struct slice params, struct quick_plan *plan,
                            char fault[static REQUEST_FAULT_SIZE])
{
    struct quick quick = {.plan = plan, .fault = fault};
    plan->count = 0;
    buffer_clear(&plan->pack, SIZE_MAX);
    if (!plan_all(&quick, params)) {
        plan->count = 0;
        return REPLY_BAD_PARAMS;
    }
    set_params(&quick);
    return REPLY_FINE;
}

void quick_finish(struct quick_plan *plan)
{
    buffer_finish(&plan->pack);
    plan->count = 0;
}
