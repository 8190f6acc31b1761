/* SPDX-License-Identifier: MIT */
#include "onebot.h"

#include <assert.h>
#include <stddef.h>

#include "core/mp.h"

enum {
    /* What a warm scratch buffer keeps between frames. */
    SCRATCH_KEEP_BYTES = 1 << 20,
    KEY_SIZE_MIN = 4,
    KEY_SIZE_MAX = 15,
    KEYS_PER_SIZE_MAX = 6,
    INT64_DIGITS_MAX = 19,
};

struct field {
    const char *key;
    int member;
};

#define FIELD(name)                                                            \
    {                                                                          \
#name, (int)((offsetof(struct onebot_frame, name) -                    \
                      offsetof(struct onebot_frame, members)) /                \
                     sizeof(struct json_value))                                \
    }

/* By the key's size: a key of a frame is compared with six others at most, and
 * mostly with none. A key in the wrong row is never found. */
static const struct field FIELDS[KEY_SIZE_MAX + 1][KEYS_PER_SIZE_MAX] = {
    [4] = {FIELD(time), FIELD(flag), FIELD(data), FIELD(echo)},
    [6] = {FIELD(status)},
    [7] = {FIELD(self_id), FIELD(user_id), FIELD(message), FIELD(peer_id),
           FIELD(retcode), FIELD(wording)},
    [8] = {FIELD(sub_type), FIELD(group_id), FIELD(real_seq), FIELD(guild_id)},
    [9] = {FIELD(post_type), FIELD(target_id)},
    [10] = {FIELD(message_id)},
    [11] = {FIELD(message_seq), FIELD(notice_type), FIELD(operator_id)},
    [12] = {FIELD(message_type), FIELD(request_type)},
    [15] = {FIELD(meta_event_type)},
};

static_assert(offsetof(struct onebot_frame, echo) + sizeof(struct json_value) ==
                  sizeof(struct onebot_frame),
              "the last by name is the last by number");
static_assert(sizeof(((struct onebot_frame *)0)->members) /
                      sizeof(struct json_value) <=
                  JSON_MEMBERS_MAX,
              "each has a number");

/* Are these `size` bytes, from KEY_SIZE_MIN to twice eight, the same? Two loads
 * that meet or overlap, since a call of memcmp() would be half of the search.
 */
static bool is_same_key(const char *one, const char *other, size_t size)
{
    uint64_t wide[4];
    uint32_t narrow[4];
    if (size >= sizeof(wide[0])) {
        size_t last = size - sizeof(wide[0]);
        memcpy(&wide[0], one, sizeof(wide[0]));
        memcpy(&wide[1], other, sizeof(wide[0]));
        memcpy(&wide[2], one + last, sizeof(wide[0]));
        memcpy(&wide[3], other + last, sizeof(wide[0]));
        return wide[0] == wide[1] && wide[2] == wide[3];
    }
    size_t last = size - sizeof(narrow[0]);
    memcpy(&narrow[0], one, sizeof(narrow[0]));
    memcpy(&narrow[1], other, sizeof(narrow[0]));
    memcpy(&narrow[2], one + last, sizeof(narrow[0]));
    memcpy(&narrow[3], other + last, sizeof(narrow[0]));
    return narrow[0] == narrow[1] && narrow[2] == narrow[3];
}

static int member_of(struct slice key)
{
    if (key.size < KEY_SIZE_MIN || key.size > KEY_SIZE_MAX)
        return -1;
    const struct field *row = FIELDS[key.size];
    for (size_t i = 0; i < KEYS_PER_SIZE_MAX && row[i].key != NULL; i++)
        if (is_same_key(row[i].key, key.data, key.size))
            return row[i].member;
    return -1;
}

static bool is_map(struct slice pack)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token;
    return mp_next(&reader, &token) && token.kind == MP_MAP;
}

static bool is_missing(const struct json_value *value)
{
    return value->pack.size == 0;
}

/* NULL: it is an event or an answer. */
static const char *why_other(const struct onebot_frame *frame)
{
    if (!is_map(frame->pack))
        return "not an object";
    if (!is_missing(&frame->post_type)) {
        if (frame->post_type.kind != JSON_STRING)
            return "post_type is not a string";
        return frame->post_type.text.size == 0 ? "post_type is empty" : NULL;
    }
    if (is_missing(&frame->retcode))
        return "no post_type and no retcode";
    if (frame->retcode.kind != JSON_INT)
        return "retcode is not an integer";
    if (is_missing(&frame->status) || frame->status.kind != JSON_STRING)
        return "status is not a string";
    return NULL;
}

const char *onebot_other_reason(const struct onebot_frame *frame)
{
    const char *reason = why_other(frame);
    return reason == NULL ? "neither event nor answer" : reason;
}

static enum onebot_kind kind_of(const struct onebot_frame *frame)
{
    if (why_other(frame) != NULL)
        return ONEBOT_OTHER;
    return is_missing(&frame->post_type) ? ONEBOT_ANSWER : ONEBOT_EVENT;
}

static enum onebot_post post_of(struct slice post_type)
{
    if (slice_equals(post_type, "message"))
        return ONEBOT_POST_MESSAGE;
    if (slice_equals(post_type, "message_sent"))
        return ONEBOT_POST_MESSAGE_SENT;
    if (slice_equals(post_type, "notice"))
        return ONEBOT_POST_NOTICE;
    if (slice_equals(post_type, "request"))
        return ONEBOT_POST_REQUEST;
    if (slice_equals(post_type, "meta_event"))
        return ONEBOT_POST_META_EVENT;
    return ONEBOT_POST_UNKNOWN;
}

enum status onebot_read(struct slice text, unsigned depth_max,
                        struct buffer *scratch, struct onebot_frame *frame,
                        struct json_error *error)
{
    const struct json_reader_options options = {
        .depth_max = depth_max,
        .member_of = member_of,
        .members = frame->members,
    };
    *frame = (struct onebot_frame){0};
    buffer_clear(scratch, SCRATCH_KEEP_BYTES);
    enum status status = json_to_msgpack(text, &options, scratch, error);
    if (status != STATUS_OK)
        return status;
    frame->pack = buffer_slice(scratch);
    frame->kind = kind_of(frame);
    if (frame->kind == ONEBOT_EVENT)
        frame->post = post_of(frame->post_type.text);
    return STATUS_OK;
}

static const struct json_value *detail_of(const struct onebot_frame *event)
{
    switch (event->post) {
    case ONEBOT_POST_MESSAGE:
    case ONEBOT_POST_MESSAGE_SENT:
        return &event->message_type;
    case ONEBOT_POST_NOTICE:
        return &event->notice_type;
    case ONEBOT_POST_REQUEST:
        return &event->request_type;
    case ONEBOT_POST_META_EVENT:
        return &event->meta_event_type;
    case ONEBOT_POST_UNKNOWN:
        break;
    }
    return NULL;
}

struct slice onebot_detail(const struct onebot_frame *event)
{
    const struct json_value *detail = detail_of(event);
    if (detail == NULL || detail->kind != JSON_STRING)
        return (struct slice){0};
    return detail->text;
}

int64_t onebot_id_of_text(struct slice text)
{
    uint64_t id = 0;
    if (text.size == 0 || text.size > INT64_DIGITS_MAX)
        return 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
        id = id * 10 + (uint64_t)(text.data[i] - '0');
    }
    return id > INT64_MAX ? 0 : (int64_t)id;
}

int64_t onebot_id(const struct json_value *value)
{
    if (value->kind == JSON_STRING)
        return onebot_id_of_text(value->text);
    return value->kind == JSON_INT && value->integer > 0 ? value->integer : 0;
}

bool onebot_has_id(const struct json_value *value)
{
    switch (value->kind) {
    case JSON_NULL: /* missing ones too */
        return false;
    case JSON_INT:
        return value->integer != 0;
    case JSON_STRING:
        return value->text.size != 0 && !slice_equals(value->text, "0");
    default:
        return true;
    }
}

int64_t onebot_self_id(const struct onebot_frame *event, int64_t link_self_id)
{
    int64_t self_id = onebot_id(&event->self_id);
    return self_id == 0 ? link_self_id : self_id;
}
