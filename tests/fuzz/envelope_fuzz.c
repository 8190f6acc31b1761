/* SPDX-License-Identifier: MIT */
/* What a consumer does with what comes from the bus. The input is a message of
 * the event socket; it is taken for the reply to a call as well.
 *
 *   - it is taken apart at its first NUL, or is no event;
 *   - whatever the bytes, what is shown is one line of UTF-8 without a control
 *     character;
 *   - as JSON it is strict and has the topic and the values of the envelope,
 *     or null where they have no JSON form;
 *   - a reply that has none is refused, says where and why, and leaves the
 *     output alone. */
#include "fuzz.h"

#include "base/visible.h"
#include "cli/shown.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "strict_json.h"

static const char BEFORE[] = "before";
enum { BEFORE_SIZE = sizeof(BEFORE) - 1 };

/* What was appended; what was there before still is. */
static struct slice appended(const struct buffer *out)
{
    ENSURE(out->size >= BEFORE_SIZE);
    ENSURE(memcmp(out->data, BEFORE, BEFORE_SIZE) == 0);
    return (struct slice){out->data + BEFORE_SIZE, out->size - BEFORE_SIZE};
}

static void ensure_safe_line(struct slice text)
{
    ENSURE(fuzz_is_utf8(text));
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        ENSURE(byte >= 0x20 && byte != 0x7f);
        /* U+0080 to U+009F; it is UTF-8, so there is a second byte. */
        ENSURE(byte != 0xc2 || (unsigned char)text.data[i + 1] >= 0xa0);
    }
}

/* The text as MessagePack. */
static void read_back(struct slice text, struct buffer *pack)
{
    const struct json_reader_options options = {.depth_max = JSON_DEPTH_MAX};
    struct json_error error;
    ENSURE(json_to_msgpack(text, &options, pack, &error) == STATUS_OK);
}

/* The values of `pack` as JSON has them; nil if it has no JSON form. */
static void expect_values(struct slice pack, struct buffer *out)
{
    const struct json_writer_options options = {.depth_max = JSON_DEPTH_MAX,
                                                .bin_as_base64 = true};
    struct buffer text = {0};
    struct json_error error;
    if (json_from_msgpack(pack, &options, &text, &error) != STATUS_OK)
        buffer_append_string(&text, "null");
    read_back(buffer_slice(&text), out);
    buffer_finish(&text);
}

static void ensure_values(struct slice shown, struct slice pack)
{
    struct buffer wanted = {0};
    expect_values(pack, &wanted);
    ENSURE(fuzz_same(shown, buffer_slice(&wanted)));
    buffer_finish(&wanted);
}

static void ensure_members(struct slice text, const struct shown_event *event)
{
    struct buffer pack = {0};
    struct slice value;
    struct slice topic;
    read_back(text, &pack);
    ENSURE(mp_find(buffer_slice(&pack), "topic", &value));
    ENSURE(mp_read_str(value, &topic));
    ENSURE(!fuzz_is_utf8(event->topic) || fuzz_same(topic, event->topic));
    ENSURE(mp_find(buffer_slice(&pack), "envelope", &value));
    ensure_values(value, event->envelope);
    buffer_finish(&pack);
}

static void ensure_json(const struct shown_event *event)
{
    struct buffer out = {0};
    buffer_append(&out, BEFORE, BEFORE_SIZE);
    shown_append_json(event, &out);
    struct slice text = appended(&out);
    struct strict_json strict = strict_json_read(text);
    ensure_safe_line(text);
    ENSURE(strict.is_good);
    /* It lies one deeper than the envelope, which may be as deep as is read. */
    if (strict.depth <= JSON_DEPTH_MAX)
        ensure_members(text, event);
    strict_json_finish(&strict);
    buffer_finish(&out);
}

static void ensure_line(const struct shown_event *event)
{
    struct buffer out = {0};
    struct buffer topic = {0};
    buffer_append(&out, BEFORE, BEFORE_SIZE);
    shown_append_line(event, &out);
    visible_append(&topic, event->topic);
    ensure_safe_line(appended(&out));
    ENSURE(topic.size == 0 || fuzz_holds(appended(&out), buffer_slice(&topic)));
    buffer_finish(&topic);
    buffer_finish(&out);
}

static void ensure_event(struct slice message)
{
    struct shown_event event;
    if (!shown_event_read(message, &event)) {
        ENSURE(message.size == 0 ||
               memchr(message.data, '\0', message.size) == NULL);
        return;
    }
    ENSURE(event.topic.data == message.data);
    ENSURE(event.topic.size + 1 + event.envelope.size == message.size);
    ENSURE(strnlen(message.data, message.size) == event.topic.size);
    ENSURE(fuzz_is_inside(event.envelope, message));
    ensure_line(&event);
    ensure_json(&event);
}

static void ensure_reply(struct slice reply)
{
    struct json_error error = {SIZE_MAX, NULL};
    struct buffer out = {0};
    struct buffer pack = {0};
    buffer_append(&out, BEFORE, BEFORE_SIZE);
    if (shown_append_reply(reply, &out, &error) == STATUS_OK) {
        ensure_safe_line(appended(&out));
        read_back(appended(&out), &pack);
        ensure_values(buffer_slice(&pack), reply);
    } else {
        ENSURE(appended(&out).size == 0);
        ENSURE(error.offset <= reply.size && error.reason != NULL);
    }
    buffer_finish(&pack);
    buffer_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice message = {(const char *)data, size};
    ensure_event(message);
    ensure_reply(message);
    return 0;
}
