/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "core/chunk.h"
#include "core/json_write.h"
#include "core/mp.h"

/* ---- reading --------------------------------------------------------- */

/* Empty if there is none. */
static struct slice value_in(struct slice map, const char *key)
{
    struct slice value = {0};
    if (map.size > 0 && !mp_find(map, key, &value))
        return (struct slice){0};
    return value;
}

/* Empty if it is not there or no string. */
static struct slice text_in(struct slice map, const char *key)
{
    struct slice text;
    return mp_read_str(value_in(map, key), &text) ? text : (struct slice){0};
}

static uint64_t number_in(struct slice map, const char *key)
{
    int64_t number;
    return mp_read_int(value_in(map, key), &number) && number > 0
               ? (uint64_t)number
               : 0;
}

static bool is_true_in(struct slice map, const char *key)
{
    struct slice value = value_in(map, key);
    return value.size == 1 && (unsigned char)value.data[0] == 0xc3;
}

/* ---- writing --------------------------------------------------------- */

static void append_key(struct buffer *out, const char *key)
{
    buffer_append_string(out, out->data[out->size - 1] == '{' ? "\"" : ",\"");
    buffer_append_string(out, key);
    buffer_append_string(out, "\":");
}

static void append_number(struct buffer *out, const char *key, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRIu64, number);
    append_key(out, key);
    buffer_append_string(out, text);
}

static void append_flag(struct buffer *out, const char *key, bool flag)
{
    append_key(out, key);
    buffer_append_string(out, flag ? "true" : "false");
}

/* True: it was cut. */
static bool append_text(struct buffer *out, const char *key, struct slice text,
                        size_t characters_max)
{
    struct slice head = {text.data, chunk_head(text, characters_max)};
    append_key(out, key);
    json_append_string(out, head);
    return head.size < text.size;
}

static void append_word(struct buffer *out, const char *key, struct slice text)
{
    if (text.size > 0)
        (void)append_text(out, key, text, SUMMARY_WORD_CHARACTERS);
}

/* ---- where and who --------------------------------------------------- */

static struct slice token_of(struct slice *topic)
{
    const char *dot =
        topic->size == 0 ? NULL : memchr(topic->data, '.', topic->size);
    struct slice token = {
        topic->data, dot == NULL ? topic->size : (size_t)(dot - topic->data)};
    size_t passed = token.size + (dot != NULL);
    topic->data += passed;
    topic->size -= passed;
    return token;
}

/* qq.<kind>.<id>.… */
static void append_chat(struct buffer *out, struct slice topic)
{
    (void)token_of(&topic);
    struct slice kind = token_of(&topic);
    bool is_chat = slice_equals(kind, "group") || slice_equals(kind, "private");
    append_key(out, "chat");
    buffer_append_string(out, "{");
    (void)append_text(out, "kind", kind, SUMMARY_WORD_CHARACTERS);
    if (is_chat)
        (void)append_text(out, "id", token_of(&topic), SUMMARY_WORD_CHARACTERS);
    buffer_append_string(out, "}");
}

static struct slice name_of(struct slice event)
{
    struct slice sender = value_in(event, "sender");
    struct slice name = text_in(sender, "card");
    if (name.size == 0)
        name = text_in(sender, "nickname");
    return name.size > 0 ? name : text_in(event, "nickname");
}

/* As a number or text; empty: it is neither, or 0. */
static struct slice id_of(struct slice event, char number[24])
{
    struct slice value = value_in(event, "user_id"), text;
    int64_t id;
    if (mp_read_str(value, &text))
        return text;
    if (!mp_read_int(value, &id) || id == 0)
        return (struct slice){0};
    snprintf(number, 24, "%" PRId64, id);
    return slice_of(number);
}

static void append_sender(struct buffer *out, struct slice event)
{
    char number[24];
    struct slice id = id_of(event, number);
    struct slice name = name_of(event);
    if (id.size == 0 && name.size == 0)
        return;
    append_key(out, "sender");
    buffer_append_string(out, "{");
    append_word(out, "id", id);
    if (name.size > 0)
        (void)append_text(out, "name", name, SUMMARY_NAME_CHARACTERS);
    buffer_append_string(out, "}");
}

/* ---- messages -------------------------------------------------------- */

struct kinds {
    struct slice names[SUMMARY_KINDS_MAX];
    uint64_t counts[SUMMARY_KINDS_MAX];
    size_t count;
};

static void count_kind(struct kinds *kinds, struct slice name)
{
    size_t i = 0;
    if (name.size == 0)
        return;
    while (i < kinds->count && !slice_is_same(kinds->names[i], name))
        i++;
    if (i == SUMMARY_KINDS_MAX)
        return;
    if (i == kinds->count)
        kinds->names[kinds->count++] = name;
    kinds->counts[i]++;
}

static struct kinds kinds_of(struct slice message)
{
    struct kinds kinds = {0};
    struct mp_reader reader = mp_reader_of(message);
    struct mp_token head;
    struct slice segment;
    if (!mp_next(&reader, &head) || head.kind != MP_ARRAY)
        return kinds;
    for (uint32_t i = 0; i < head.count && mp_skip(&reader, &segment); i++)
        count_kind(&kinds, text_in(segment, "type"));
    return kinds;
}

/* Types are words of the peer's: two may look the same once they are cut. */
static void append_kinds(struct buffer *out, struct slice event)
{
    const struct kinds kinds = kinds_of(value_in(event, "message"));
    append_key(out, "kinds");
    buffer_append_string(out, "{");
    for (size_t i = 0; i < kinds.count; i++) {
        char number[24];
        struct slice name = kinds.names[i];
        name.size = chunk_head(name, SUMMARY_NAME_CHARACTERS);
        buffer_append_string(out, i == 0 ? "" : ",");
        json_append_string(out, name);
        snprintf(number, sizeof(number), ":%" PRIu64, kinds.counts[i]);
        buffer_append_string(out, number);
    }
    buffer_append_string(out, "}");
}

static void append_said(struct buffer *out, struct slice text,
                        enum log_content content)
{
    struct slice counted = text;
    if (counted.size > SUMMARY_COUNTED_BYTES)
        counted.size = SUMMARY_COUNTED_BYTES;
    append_number(out, "characters", chunk_characters(counted));
    if (content != LOG_CONTENT_NONE && text.size > 0 &&
        append_text(out, "text", text,
                    content == LOG_CONTENT_FULL ? SUMMARY_FULL_CHARACTERS
                                                : SUMMARY_PREVIEW_CHARACTERS))
        append_flag(out, "cut", true);
}

static void append_message(struct buffer *out, struct slice envelope,
                           struct slice event, enum log_content content)
{
    struct slice policy = value_in(envelope, "policy");
    append_flag(out, "respond", is_true_in(policy, "respond"));
    if (!is_true_in(policy, "allowed"))
        append_flag(out, "allowed", false);
    append_kinds(out, event);
    append_said(out, text_in(envelope, "text"), content);
}

/* ---- all of it ------------------------------------------------------- */

static void append_own(struct buffer *out, struct slice event)
{
    append_word(out, "reason", text_in(event, "reason"));
    append_word(out, "action", text_in(event, "action"));
    append_word(out, "status", text_in(event, "status"));
}

static bool begins(struct slice text, const char *word)
{
    size_t size = strlen(word);
    return text.size >= size && memcmp(text.data, word, size) == 0;
}

static void append_event(struct buffer *out, struct slice topic,
                         struct slice envelope, enum log_content content)
{
    struct slice event = value_in(envelope, "event");
    buffer_append_string(out, "{");
    append_number(out, "seq", number_in(envelope, "seq"));
    append_number(out, "time", number_in(envelope, "time"));
    append_word(out, "account", text_in(envelope, "account"));
    append_word(out, "type", text_in(envelope, "type"));
    append_chat(out, topic);
    append_sender(out, event);
    if (value_in(envelope, "policy").size > 0)
        append_message(out, envelope, event, content);
    else if (begins(topic, "qq.bridge."))
        append_own(out, event);
    buffer_append_string(out, "}");
}

bool summary_append(struct slice message, enum log_content content,
                    struct buffer *out)
{
    struct mp_token head;
    const char *end =
        message.size == 0 ? NULL : memchr(message.data, '\0', message.size);
    if (end == NULL)
        return false;
    struct slice topic = {message.data, (size_t)(end - message.data)};
    struct slice envelope = {end + 1, message.size - topic.size - 1};
    struct mp_reader reader = mp_reader_of(envelope);
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return false;
    append_event(out, topic, envelope, content);
    return true;
}
