/* SPDX-License-Identifier: MIT */
#include "segment.h"

#include "core/mp.h"
#include "core/onebot.h"

struct segment {
    struct slice type; /* empty if missing or no string */
    struct slice data; /* MessagePack; empty if missing */
};

/* The string at `reader`; passes over what is none and leaves `text` empty. */
static bool take_string(struct mp_reader *reader, struct slice *text)
{
    struct mp_reader ahead = *reader;
    struct mp_token token;
    *text = (struct slice){0};
    if (!mp_next(&ahead, &token) || token.kind != MP_STR)
        return mp_skip(reader, NULL);
    *text = token.bytes;
    *reader = ahead;
    return true;
}

static bool take_member(struct mp_reader *reader, struct segment *segment)
{
    struct slice key;
    if (!take_string(reader, &key))
        return false;
    if (slice_equals(key, "type"))
        return take_string(reader, &segment->type);
    return mp_skip(reader, slice_equals(key, "data") ? &segment->data : NULL);
}

/* The next element of the message; what is no map is an empty segment. Older
 * peers write `data` before `type`: both are found before either is looked
 * at. */
static bool take_segment(struct mp_reader *reader, struct segment *segment)
{
    struct mp_reader ahead = *reader;
    struct mp_token head;
    *segment = (struct segment){0};
    if (!mp_next(&ahead, &head) || head.kind != MP_MAP)
        return mp_skip(reader, NULL);
    *reader = ahead;
    for (uint32_t i = 0; i < head.count; i++)
        if (!take_member(reader, segment))
            return false;
    return true;
}

static void add_text(struct slice data, struct buffer *text)
{
    struct slice value;
    struct slice string;
    if (mp_find(data, "text", &value) && mp_read_str(value, &string))
        buffer_append(text, string.data, string.size);
}

static void add_at(struct slice data, int64_t self_id,
                   struct segment_summary *summary)
{
    struct slice value;
    struct slice string;
    int64_t number = 0;
    if (!mp_find(data, "qq", &value))
        return;
    if (mp_read_str(value, &string)) {
        number = onebot_id_of_text(string);
        if (slice_equals(string, "all"))
            summary->mentions_all = true;
    } else if (!mp_read_int(value, &number)) {
        return;
    }
    if (number > 0 && number == self_id)
        summary->mentions_self = true;
}

static void add_reply(struct slice data, struct segment_summary *summary)
{
    struct slice value;
    if (summary->reply.size == 0 && mp_find(data, "id", &value))
        summary->reply = value;
}

struct segment_summary segment_summarise(struct slice message, int64_t self_id,
                                         struct buffer *text)
{
    struct segment_summary summary = {0};
    struct mp_reader reader = mp_reader_of(message);
    struct mp_token head;
    struct segment segment;
    if (!mp_next(&reader, &head) || head.kind != MP_ARRAY)
        return summary;
    for (uint32_t i = 0; i < head.count; i++) {
        if (!take_segment(&reader, &segment))
            break;
        if (slice_equals(segment.type, "text"))
            add_text(segment.data, text);
        else if (slice_equals(segment.type, "at"))
            add_at(segment.data, self_id, &summary);
        else if (slice_equals(segment.type, "reply"))
            add_reply(segment.data, &summary);
    }
    return summary;
}
