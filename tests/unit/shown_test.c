/* SPDX-License-Identifier: MIT */
#include "cli/shown.h"

#include <stdlib.h>

#include "check.h"
#include "core/json_read.h"

#define BYTES(literal)                                                         \
    (struct slice)                                                             \
    {                                                                          \
        (literal), sizeof(literal) - 1                                         \
    }

/* As the bridge publishes it, the envelope given as JSON. */
static struct buffer message_with(const char *topic, const char *envelope)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    struct buffer message = {0};
    buffer_append(&message, topic, strlen(topic) + 1);
    if (json_to_msgpack(slice_of(envelope), &options, &message, &error) !=
        STATUS_OK)
        abort();
    return message;
}

/* The line without the time that it begins with. */
static void check_line(const char *topic, const char *envelope,
                       const char *expected)
{
    enum { TIME_SIZE = sizeof("00:00:00 ") - 1 };
    struct buffer message = message_with(topic, envelope);
    struct shown_event event = {0};
    struct buffer line = {0};
    CHECK(shown_event_read(buffer_slice(&message), &event));
    shown_append_line(&event, &line);
    CHECK(line.size >= TIME_SIZE);
    CHECK_ROW(((struct slice){line.data + TIME_SIZE, line.size - TIME_SIZE}),
              slice_of(expected), envelope);
    buffer_finish(&line);
    buffer_finish(&message);
}

static void check_json(struct slice message, const char *expected)
{
    struct shown_event event = {0};
    struct buffer json = {0};
    CHECK(shown_event_read(message, &event));
    shown_append_json(&event, &json);
    CHECK_SLICE(buffer_slice(&json), slice_of(expected));
    buffer_finish(&json);
}

TEST(a_message_ends_its_topic_with_a_nul)
{
    struct shown_event event = {0};
    CHECK(!shown_event_read(BYTES(""), &event));
    CHECK(!shown_event_read(BYTES("qq.x"), &event));
    CHECK(shown_event_read(BYTES("qq.x\0\x80\0"), &event));
    CHECK_SLICE(event.topic, BYTES("qq.x"));
    CHECK_SLICE(event.envelope, BYTES("\x80\0"));
}

TEST(a_line_tells_who_says_what)
{
    check_line("qq.group.1.message.normal",
               "{\"text\":\"hi\",\"event\":{\"sender\":{\"card\":\"\","
               "\"nickname\":\"Li\"},\"message\":["
               "{\"type\":\"at\",\"data\":{\"qq\":\"7\"}},"
               "{\"type\":\"text\",\"data\":{\"text\":\" hi \"}},"
               "{\"type\":\"face\",\"data\":{}}, 5]}}",
               "qq.group.1.message.normal  Li: @7 hi [face]");
    check_line(
        "qq.group.1.notice.group_ban.ban",
        "{\"event\":{\"duration\":60,\"user_id\":7,\"target_id\":\"8\"}}",
        "qq.group.1.notice.group_ban.ban  user_id=7 duration=60 ");
    check_line("qq.x", "null", "qq.x  ");
}

TEST(strangers_drive_no_terminal)
{
    check_line("qq.\x1b[2J",
               "{\"text\":\"\",\"event\":{\"message\":[{\"type\":\"text\","
               "\"data\":{\"text\":\"a\\u009b1m\\r\\u007f\"}}]}}",
               "qq.\\x1b[2J  a\\xc2\\x9b1m\\x0d\\x7f");
    check_json(BYTES("q\x1b\xff\0\xa4\xc2\x9b\x7f\n"),
               "{\"topic\":\"q\\u001b\xef\xbf\xbd\","
               "\"envelope\":\"\\u009b\\u007f\\n\"}");
}

TEST(an_envelope_without_a_json_form_is_null)
{
    check_json(BYTES("q\0"), "{\"topic\":\"q\",\"envelope\":null}");
    check_json(BYTES("q\0\x82\x01\x02"), "{\"topic\":\"q\",\"envelope\":null}");
    check_json(BYTES("q\0\xc4\x01\xff"),
               "{\"topic\":\"q\",\"envelope\":\"/w==\"}");
}

TEST(a_reply_that_is_no_messagepack_is_refused)
{
    struct json_error error = {0, NULL};
    struct buffer out = {0};
    CHECK_EQ(shown_append_reply(BYTES("\x81\xa2ms\x03"), &out, &error),
             STATUS_OK);
    CHECK_SLICE(buffer_slice(&out), BYTES("{\"ms\":3}"));
    CHECK_EQ(shown_append_reply(BYTES("\x82\xa2ms\x03"), &out, &error),
             STATUS_INVALID);
    CHECK_SLICE(buffer_slice(&out), BYTES("{\"ms\":3}"));
    CHECK_EQ(error.offset, 5);
    CHECK_STR(error.reason, "cut off");
    buffer_finish(&out);
}

SUITE(shown, a_message_ends_its_topic_with_a_nul, a_line_tells_who_says_what,
      strangers_drive_no_terminal, an_envelope_without_a_json_form_is_null,
      a_reply_that_is_no_messagepack_is_refused)
