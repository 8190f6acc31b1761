/* SPDX-License-Identifier: MIT */
#include "event_key.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/mp.h"
#include "core/onebot.h"
#include "core/topic.h"

static void add_id(struct buffer *out, const struct json_value *id)
{
    char token[TOPIC_TOKEN_MAX + 1];
    size_t size = topic_id_token(id, token);
    buffer_append(out, ":", 1);
    buffer_append(out, token, size);
}

static void add_self(struct buffer *out, int64_t self_id)
{
    const struct json_value id = {.kind = JSON_INT, .integer = self_id};
    add_id(out, &id);
}

/* <scope>:<id>, and of a private chat the bot's number as well. */
static void add_chat(struct buffer *out, int64_t self_id,
                     const struct topic *topic)
{
    static const char *const NAMES[] = {
        [TOPIC_GROUP] = "group",   [TOPIC_PRIVATE] = "private",
        [TOPIC_META] = "meta",     [TOPIC_OTHER] = "other",
        [TOPIC_BRIDGE] = "bridge",
    };
    buffer_append_string(out, NAMES[topic->scope]);
    if (topic->scope == TOPIC_PRIVATE)
        add_self(out, self_id);
    buffer_append(out, ":", 1);
    buffer_append_string(out, topic->chat);
}

static bool same_id(const struct json_value *a, const struct json_value *b)
{
    return onebot_id(a) == onebot_id(b);
}

/* The message's number in its chat, the same for all who see it; NULL if the
 * peer does not tell. NapCat has it in real_seq and repeats message_id, which
 * is the bot's own, in message_seq; go-cqhttp and LLBot have it there. */
static const struct json_value *sequence_of(const struct onebot_frame *event,
                                            const struct topic *topic)
{
    if (topic->scope == TOPIC_OTHER) /* in no chat that we know */
        return NULL;
    if (onebot_id(&event->real_seq) != 0)
        return &event->real_seq;
    if (onebot_id(&event->message_seq) != 0 &&
        !same_id(&event->message_seq, &event->message_id))
        return &event->message_seq;
    return NULL;
}

/* message and message_sent alike, so that what one bot says is folded with what
 * another hears. The two ends of a private chat may count apart, so there the
 * sender tells their numbers apart. */
static void add_message(const struct onebot_frame *event, int64_t self_id,
                        const struct topic *topic, struct buffer *out)
{
    const struct json_value *sequence = sequence_of(event, topic);
    add_chat(out, self_id, topic);
    if (sequence != NULL) {
        add_id(out, sequence);
    } else {
        add_id(out, &event->message_id);
        add_id(out, &event->time);
    }
    if (sequence == NULL || topic->scope != TOPIC_GROUP)
        add_id(out, &event->user_id);
}

static uint64_t fnv1a(uint64_t hash, struct slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ (unsigned char)bytes.data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* A digest of all members but self_id, which is another one for each bot.
 * Notices have no number: without it, two files uploaded or two reactions
 * given within a second would be one. Members are summed up, because with some
 * peers their order is random. FNV-1a, 64 bits: a chance match must also match
 * chat, user and second. */
static uint64_t digest(struct slice event)
{
    struct mp_reader reader = mp_reader_of(event);
    struct mp_token head;
    uint64_t sum = 0;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return 0;
    for (uint32_t i = 0; i < head.count; i++) {
        struct mp_token key;
        struct slice value;
        if (!mp_next(&reader, &key) || !mp_skip(&reader, &value))
            break;
        if (key.kind != MP_STR || slice_equals(key.bytes, "self_id"))
            continue;
        sum += fnv1a(fnv1a(UINT64_C(0xcbf29ce484222325), key.bytes), value);
    }
    return sum;
}

static void add_notice(const struct onebot_frame *event, int64_t self_id,
                       const struct topic *topic, struct buffer *out)
{
    char text[32];
    buffer_append_string(out, topic->type);
    buffer_append(out, ":", 1);
    add_chat(out, self_id, topic);
    if (onebot_has_id(&event->message_id))
        add_id(out, &event->message_id);
    add_id(out, &event->user_id);
    add_id(out, &event->operator_id);
    add_id(out, &event->time);
    snprintf(text, sizeof(text), ":%016" PRIx64, digest(event->pack));
    buffer_append_string(out, text);
}

static void add_request(const struct onebot_frame *event, int64_t self_id,
                        const struct topic *topic, struct buffer *out)
{
    if (!onebot_has_id(&event->flag)) {
        add_notice(event, self_id, topic, out);
        return;
    }
    buffer_append_string(out, topic->type);
    add_self(out, self_id);
    if (event->flag.kind == JSON_STRING) {
        buffer_append(out, ":", 1);
        buffer_append(out, event->flag.text.data, event->flag.text.size);
    } else {
        add_id(out, &event->flag);
    }
}

static void add_meta(const struct onebot_frame *event, int64_t self_id,
                     const struct topic *topic, struct buffer *out)
{
    buffer_append_string(out, topic->type);
    add_self(out, self_id);
    add_id(out, &event->time);
}

void event_key(const struct onebot_frame *event, int64_t self_id,
               const struct topic *topic, struct buffer *out)
{
    self_id = onebot_self_id(event, self_id);
    switch (event->post) {
    case ONEBOT_POST_MESSAGE:
    case ONEBOT_POST_MESSAGE_SENT:
        add_message(event, self_id, topic, out);
        break;
    case ONEBOT_POST_REQUEST:
        add_request(event, self_id, topic, out);
        break;
    case ONEBOT_POST_META_EVENT:
        add_meta(event, self_id, topic, out);
        break;
    case ONEBOT_POST_NOTICE:
    case ONEBOT_POST_UNKNOWN:
        add_notice(event, self_id, topic, out);
        break;
    }
}

bool event_key_is_named(const struct onebot_frame *event)
{
    switch (event->post) {
    case ONEBOT_POST_MESSAGE:
    case ONEBOT_POST_MESSAGE_SENT:
        return onebot_has_id(&event->message_id) ||
               onebot_id(&event->real_seq) != 0;
    case ONEBOT_POST_REQUEST:
        return onebot_has_id(&event->flag);
    default:
        return false;
    }
}
