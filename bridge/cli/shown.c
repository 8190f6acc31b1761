/* SPDX-License-Identifier: MIT */
#include "shown.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/visible.h"
#include "core/json_write.h"
#include "core/mp.h"

enum { PART_SIZE = 64 };

static const struct json_writer_options WRITER = {
    .depth_max = JSON_DEPTH_MAX,
    .bin_as_base64 = true,
};

bool shown_event_read(struct slice message, struct shown_event *event)
{
    const char *nul =
        message.size == 0 ? NULL : memchr(message.data, '\0', message.size);
    if (nul == NULL)
        return false;
    size_t topic_size = (size_t)(nul - message.data);
    event->topic = (struct slice){message.data, topic_size};
    event->envelope = (struct slice){nul + 1, message.size - topic_size - 1};
    return true;
}

/* ---- a line to read --------------------------------------------------- */

static bool read_str(struct slice map, const char *key, struct slice *text)
{
    struct slice value;
    return mp_find(map, key, &value) && mp_read_str(value, text) &&
           text->size > 0;
}

static void append_time(struct buffer *line, struct slice envelope)
{
    char text[PART_SIZE];
    struct slice value;
    int64_t time_ms = 0;
    struct tm local;
    if (mp_find(envelope, "time", &value))
        (void)mp_read_int(value, &time_ms);
    time_t seconds = (time_t)(time_ms / 1000);
    localtime_r(&seconds, &local);
    buffer_append(line, text, strftime(text, sizeof(text), "%T ", &local));
}

/* The sender's card, else nickname. */
static void append_sender(struct buffer *line, struct slice event)
{
    struct slice sender, name;
    if (mp_find(event, "sender", &sender) &&
        (read_str(sender, "card", &name) ||
         read_str(sender, "nickname", &name))) {
        visible_append(line, name);
        buffer_append_string(line, ": ");
    }
}

static void append_segment(struct buffer *line, struct slice segment)
{
    struct slice type, data, text;
    if (!read_str(segment, "type", &type))
        return;
    bool has_data = mp_find(segment, "data", &data);
    if (has_data && slice_equals(type, "text") &&
        read_str(data, "text", &text)) {
        visible_append(line, text);
    } else if (has_data && slice_equals(type, "at") &&
               read_str(data, "qq", &text)) {
        buffer_append_string(line, "@");
        visible_append(line, text);
    } else {
        buffer_append_string(line, "[");
        visible_append(line, type);
        buffer_append_string(line, "]");
    }
}

static void append_message(struct buffer *line, struct slice event)
{
    struct slice message, segment;
    struct mp_token token;
    if (!mp_find(event, "message", &message))
        return;
    struct mp_reader reader = mp_reader_of(message);
    if (!mp_next(&reader, &token) || token.kind != MP_ARRAY)
        return;
    for (uint32_t i = 0; i < token.count && mp_skip(&reader, &segment); i++)
        append_segment(line, segment);
}

/* The ids that tell who did what to whom. */
static void append_ids(struct buffer *line, struct slice event)
{
    static const char *const keys[] = {"user_id", "operator_id", "target_id",
                                       "message_id", "duration"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        char text[PART_SIZE];
        struct slice value;
        int64_t id;
        if (!mp_find(event, keys[i], &value) || !mp_read_int(value, &id))
            continue;
        snprintf(text, sizeof(text), "%s=%" PRId64 " ", keys[i], id);
        buffer_append_string(line, text);
    }
}

void shown_append_line(const struct shown_event *event, struct buffer *out)
{
    struct slice onebot, text;
    append_time(out, event->envelope);
    visible_append(out, event->topic);
    buffer_append_string(out, "  ");
    if (!mp_find(event->envelope, "event", &onebot))
        return;
    if (mp_find(event->envelope, "text", &text)) {
        append_sender(out, onebot);
        append_message(out, onebot);
    } else {
        append_ids(out, onebot);
    }
}

/* ---- JSON ------------------------------------------------------------- */

/* DEL, or a C1 control in UTF-8 (U+0080 to U+009F): its code; else 0. */
static unsigned control_at(const char *at, const char *end)
{
    unsigned char first = (unsigned char)at[0];
    if (first == 0x7f)
        return first;
    if (first != 0xc2 || end - at < 2 || (unsigned char)at[1] >= 0xa0)
        return 0;
    return (unsigned char)at[1];
}

/* With the controls that JSON allows escaped for the terminal's sake. */
static void append_escaped(struct slice json, struct buffer *out)
{
    const char *end = json.data + json.size;
    for (const char *at = json.data; at < end; at++) {
        unsigned control = control_at(at, end);
        char escape[16];
        if (control == 0) {
            buffer_append(out, at, 1);
            continue;
        }
        snprintf(escape, sizeof(escape), "\\u%04x", control);
        buffer_append_string(out, escape);
        at += control == 0x7f ? 0 : 1;
    }
}

void shown_append_json(const struct shown_event *event, struct buffer *out)
{
    struct buffer json = {0};
    struct json_error error;
    buffer_append_string(&json, "{\"topic\":");
    json_append_string(&json, event->topic);
    buffer_append_string(&json, ",\"envelope\":");
    if (json_from_msgpack(event->envelope, &WRITER, &json, &error) != STATUS_OK)
        buffer_append_string(&json, "null");
    buffer_append_string(&json, "}");
    append_escaped(buffer_slice(&json), out);
    buffer_finish(&json);
}

enum status shown_append_reply(struct slice reply, struct buffer *out,
                               struct json_error *error)
{
    struct buffer json = {0};
    enum status status = json_from_msgpack(reply, &WRITER, &json, error);
    if (status == STATUS_OK)
        append_escaped(buffer_slice(&json), out);
    buffer_finish(&json);
    return status;
}
