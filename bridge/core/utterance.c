/* SPDX-License-Identifier: MIT */
#include "utterance.h"

#include <stddef.h>
#include <string.h>

#include "base/hash.h"
#include "core/cqcode.h"
#include "core/mp.h"
#include "core/onebot.h"

/* ---- what counts as the same ------------------------------------------- */

/* Types that come back as another one, or (NULL) perhaps not at all. */
static const struct {
    const char *type;
    const char *counts_as;
} TYPES[] = {
    {"mface", "image"},   {"dice", "face"},    {"rps", "face"},
    {"share", "json"},    {"contact", "json"}, {"location", "json"},
    {"music", "json"},    {"miniapp", "json"}, {"xml", "json"},
    {"lightapp", "json"}, {"tts", "record"},   {"voice", "record"},
    {"node", "forward"},  {"reply", NULL},     {"poke", NULL},
    {"shake", NULL},      {"anonymous", NULL},
};

static struct slice kind_of(struct slice type, bool is_group)
{
    const struct slice none = {0};
    if (slice_equals(type, "at") && !is_group)
        return none; /* peers drop it in private */
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
        if (slice_equals(type, TYPES[i].type))
            return TYPES[i].counts_as == NULL ? none
                                              : slice_of(TYPES[i].counts_as);
    return type;
}

/* ---- reading a message ------------------------------------------------- */

/* A message while it is read. */
struct saying {
    bool is_group;
    struct buffer text;
    struct buffer kinds; /* their names, a blank behind each */
    struct slice last;   /* kind */
};

/* Line ends as peers write them. */
static void add_text(struct saying *saying, struct slice text)
{
    const char *at = text.data, *end = at + text.size;
    while (at < end) {
        const char *stop = memchr(at, '\r', (size_t)(end - at));
        const char *next = stop == NULL ? end : stop;
        buffer_append(&saying->text, at, (size_t)(next - at));
        if (stop != NULL && (stop + 1 == end || stop[1] != '\n'))
            buffer_append_string(&saying->text, "\n");
        at = next + (stop != NULL);
    }
}

static bool is_forward(struct slice kind)
{
    return slice_equals(kind, "forward");
}

/* However many nodes, they come back as one forward. */
static void add_kind(struct saying *saying, struct slice kind)
{
    bool is_next_node = is_forward(kind) && is_forward(saying->last);
    if (kind.size == 0 || is_next_node)
        return;
    buffer_append(&saying->kinds, kind.data, kind.size);
    buffer_append_string(&saying->kinds, " ");
    saying->last = kind;
}

static void add_segment(struct saying *saying, struct slice segment)
{
    struct slice value;
    struct slice type;
    struct slice data;
    struct slice text;
    if (!mp_find(segment, "type", &value) || !mp_read_str(value, &type))
        return;
    if (!slice_equals(type, "text"))
        add_kind(saying, kind_of(type, saying->is_group));
    else if (mp_find(segment, "data", &data) && mp_find(data, "text", &value) &&
             mp_read_str(value, &text))
        add_text(saying, text);
}

/* One segment, or an array of them. */
static void add_segments(struct saying *saying, struct slice message)
{
    struct mp_reader reader = mp_reader_of(message);
    struct mp_token head;
    struct slice segment;
    if (!mp_next(&reader, &head))
        return;
    if (head.kind == MP_MAP)
        add_segment(saying, message);
    if (head.kind != MP_ARRAY)
        return;
    for (uint32_t i = 0; i < head.count && mp_skip(&reader, &segment); i++)
        add_segment(saying, segment);
}

static void add_message(struct saying *saying, struct slice message,
                        bool auto_escape)
{
    struct buffer segments = {0};
    struct slice text;
    bool is_text = mp_read_str(message, &text);
    if (is_text && auto_escape)
        add_text(saying, text);
    else if (is_text)
        cqcode_to_segments(text, &segments);
    add_segments(saying, is_text ? buffer_slice(&segments) : message);
    saying->last = (struct slice){0}; /* it may point into the segments */
    buffer_finish(&segments);
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static struct slice trim(struct slice text)
{
    while (text.size > 0 && is_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* False: there is nothing in it to know it by. */
static bool finish(struct saying *saying, int64_t chat_id, uint64_t seed,
                   struct utterance *utterance)
{
    struct slice text = trim(buffer_slice(&saying->text));
    bool is_something =
        chat_id != 0 && (text.size > 0 || saying->kinds.size > 0);
    *utterance = (struct utterance){0};
    if (is_something)
        *utterance = (struct utterance){
            .is_group = saying->is_group,
            .chat_id = chat_id,
            .text = hash_bytes(text, seed),
            .kinds = hash_bytes(buffer_slice(&saying->kinds), seed),
        };
    buffer_finish(&saying->text);
    buffer_finish(&saying->kinds);
    return is_something;
}

bool utterance_of_message(bool is_group, int64_t chat_id, struct slice message,
                          uint64_t seed, struct utterance *utterance)
{
    struct saying saying = {.is_group = is_group};
    add_message(&saying, message, false);
    return finish(&saying, chat_id, seed, utterance);
}

/* ---- reading a call ---------------------------------------------------- */

enum chat { CHAT_GROUP, CHAT_USER, CHAT_EITHER };

/* The actions that say something; `kind` is of those that have no message. */
static const struct saying_action {
    const char *name;
    enum chat chat;
    const char *kind;
} ACTIONS[] = {
    {"send_msg", CHAT_EITHER, NULL},
    {"send_group_msg", CHAT_GROUP, NULL},
    {"send_private_msg", CHAT_USER, NULL},
    {"send_forward_msg", CHAT_EITHER, NULL},
    {"send_group_forward_msg", CHAT_GROUP, NULL},
    {"send_private_forward_msg", CHAT_USER, NULL},
    {"send_group_ai_record", CHAT_GROUP, "record"},
    {"upload_group_file", CHAT_GROUP, "file"},
    {"upload_private_file", CHAT_USER, "file"},
};

static const struct saying_action *find_action(struct slice name)
{
    for (size_t i = 0; i < sizeof(ACTIONS) / sizeof(ACTIONS[0]); i++)
        if (slice_equals(name, ACTIONS[i].name))
            return &ACTIONS[i];
    return NULL;
}

static int64_t id_at(struct slice params, const char *key)
{
    struct slice value;
    struct slice text;
    int64_t number;
    if (!mp_find(params, key, &value))
        return 0;
    if (mp_read_str(value, &text))
        return onebot_id_of_text(text);
    return mp_read_int(value, &number) ? number : 0;
}

static struct slice text_at(struct slice params, const char *key)
{
    struct slice value;
    struct slice text;
    if (mp_find(params, key, &value) && mp_read_str(value, &text))
        return text;
    return (struct slice){0};
}

/* Without a message_type a group_id goes before a user_id. */
static bool is_to_group(const struct saying_action *action, struct slice params)
{
    struct slice kind = text_at(params, "message_type");
    if (action->chat != CHAT_EITHER)
        return action->chat == CHAT_GROUP;
    if (slice_equals(kind, "group") || slice_equals(kind, "private"))
        return slice_equals(kind, "group");
    return id_at(params, "group_id") != 0;
}

static bool has_auto_escape(struct slice params)
{
    struct slice value;
    struct mp_token token;
    if (!mp_find(params, "auto_escape", &value))
        return false;
    struct mp_reader reader = mp_reader_of(value);
    return mp_next(&reader, &token) &&
           ((token.kind == MP_BOOL && token.boolean) ||
            (token.kind == MP_STR && slice_equals(token.bytes, "true")));
}

bool utterance_of_call(struct slice action, struct slice params, uint64_t seed,
                       struct utterance *utterance)
{
    const struct saying_action *found = find_action(action);
    struct slice message = {0};
    *utterance = (struct utterance){0};
    if (found == NULL)
        return false;
    struct saying saying = {.is_group = is_to_group(found, params)};
    if (found->kind != NULL)
        add_kind(&saying, slice_of(found->kind));
    else if (mp_find(params, "messages", &message) ||
             mp_find(params, "message", &message))
        add_message(&saying, message, has_auto_escape(params));
    return finish(&saying,
                  id_at(params, saying.is_group ? "group_id" : "user_id"), seed,
                  utterance);
}

bool utterance_is_same(const struct utterance *one,
                       const struct utterance *other)
{
    return one->is_group == other->is_group && one->chat_id == other->chat_id &&
           one->text == other->text && one->kinds == other->kinds;
}
