/* SPDX-License-Identifier: MIT */
#include "core/summary.h"

#include "check.h"
#include "core/json_read.h"

#define FAMILY                                                                 \
    "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7" \
    "\xe2\x80\x8d\xf0\x9f\x91\xa6" /* 7 code points, one cluster */

#define HEAD                                                                   \
    "{\"v\":1,\"epoch\":\"e\",\"seq\":42,\"time\":1000,\"account\":\"a0\","
#define SENDER                                                                 \
    "\"user_id\":30003,\"sender\":{\"nickname\":\"Ann\",\"card\":\"Boss\"},"
#define SAID(text, segments)                                                   \
    HEAD "\"type\":\"message.group.normal\",\"text\":\"" text                  \
         "\",\"policy\":{\"allowed\":true,\"respond\":true},\"event\":"        \
         "{" SENDER "\"message\":[" segments "]}}"
#define TOPIC "qq.group.20002.message.normal"
#define ABOUT                                                                  \
    "{\"seq\":42,\"time\":1000,\"account\":\"a0\",\"type\":"                   \
    "\"message.group.normal\",\"chat\":{\"kind\":\"group\",\"id\":\"20002\"}," \
    "\"sender\":{\"id\":\"30003\",\"name\":\"Boss\"},\"respond\":true,"

/* The message of a topic and an envelope in JSON. */
static void pack(const char *topic, const char *envelope,
                 struct buffer *message)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    struct buffer bytes = {0};
    CHECK_EQ(json_to_msgpack(slice_of(envelope), &options, &bytes, &error),
             STATUS_OK);
    buffer_append(message, topic, strlen(topic) + 1);
    buffer_append(message, bytes.data, bytes.size);
    buffer_finish(&bytes);
}

static void check_summary(const char *topic, const char *envelope,
                          enum log_content content, const char *expected)
{
    struct buffer message = {0}, out = {0};
    pack(topic, envelope, &message);
    CHECK(summary_append(buffer_slice(&message), content, &out));
    CHECK_SLICE(buffer_slice(&out), slice_of(expected));
    buffer_finish(&message);
    buffer_finish(&out);
}

TEST(of_what_was_said_so_much_is_seen_as_may_be)
{
    static const char said[] = SAID(
        "hello world", "{\"type\":\"text\",\"data\":{\"text\":\"hello \"}},"
                       "{\"type\":\"image\",\"data\":{\"file\":\"f\"}},"
                       "{\"type\":\"text\",\"data\":{\"text\":\"world\"}}");
    check_summary(TOPIC, said, LOG_CONTENT_NONE,
                  ABOUT
                  "\"kinds\":{\"text\":2,\"image\":1},\"characters\":11}");
    check_summary(TOPIC, said, LOG_CONTENT_PREVIEW,
                  ABOUT "\"kinds\":{\"text\":2,\"image\":1},\"characters\":11,"
                        "\"text\":\"hello world\"}");
    check_summary(TOPIC, said, LOG_CONTENT_FULL,
                  ABOUT "\"kinds\":{\"text\":2,\"image\":1},\"characters\":11,"
                        "\"text\":\"hello world\"}");
}

#define TEN        "0123456789"
#define SEVENTY    TEN TEN TEN TEN TEN TEN TEN
#define NINETYNINE SEVENTY TEN TEN "012345678"

TEST(a_preview_ends_between_two_characters_as_a_reader_sees_them)
{
    check_summary(TOPIC, SAID(NINETYNINE, ""), LOG_CONTENT_PREVIEW,
                  ABOUT "\"kinds\":{},\"characters\":99,\"text\":\"" SEVENTY TEN
                        "\",\"cut\":true}");
    check_summary(TOPIC, SAID(SEVENTY FAMILY FAMILY, ""), LOG_CONTENT_PREVIEW,
                  ABOUT
                  "\"kinds\":{},\"characters\":84,\"text\":\"" SEVENTY FAMILY
                  "\",\"cut\":true}");
    check_summary(TOPIC, SAID(NINETYNINE, ""), LOG_CONTENT_FULL,
                  ABOUT "\"kinds\":{},\"characters\":99,\"text\":\"" NINETYNINE
                        "\"}");
}

TEST(where_and_who_is_told_of_every_kind_of_event)
{
    static const struct {
        const char *topic, *envelope, *expected;
    } rows[] = {
        {"qq.private.5.message.friend",
         HEAD "\"type\":\"message.private.friend\",\"text\":\"\",\"policy\":"
              "{\"allowed\":false,\"respond\":false},\"event\":{\"user_id\":"
              "\"5\",\"sender\":{\"nickname\":\"Ann\",\"card\":\"\"},"
              "\"message\":\"\"}}",
         "\"type\":\"message.private.friend\",\"chat\":{\"kind\":\"private\","
         "\"id\":\"5\"},\"sender\":{\"id\":\"5\",\"name\":\"Ann\"},\"respond\":"
         "false,\"allowed\":false,\"kinds\":{},\"characters\":0}"},
        {"qq.meta.10001.heartbeat",
         HEAD "\"type\":\"meta.heartbeat\",\"event\":{\"interval\":1}}",
         "\"type\":\"meta.heartbeat\",\"chat\":{\"kind\":\"meta\"}}"},
        {"qq.group.20002.notice.group_recall",
         HEAD "\"type\":\"notice.group_recall\",\"event\":{\"user_id\":-5}}",
         "\"type\":\"notice.group_recall\",\"chat\":{\"kind\":\"group\","
         "\"id\":\"20002\"},\"sender\":{\"id\":\"-5\"}}"},
        {"qq.bridge.a0.link.down",
         HEAD "\"type\":\"bridge.link.down\",\"event\":{\"reason\":\"it went\","
              "\"links\":0}}",
         "\"type\":\"bridge.link.down\",\"chat\":{\"kind\":\"bridge\"},"
         "\"reason\":\"it went\"}"},
        {"qq.bridge.a0.action.settled",
         HEAD "\"type\":\"bridge.action.settled\",\"event\":{\"action\":"
              "\"send_msg\",\"status\":\"ok\",\"message\":\"no\"}}",
         "\"type\":\"bridge.action.settled\",\"chat\":{\"kind\":\"bridge\"},"
         "\"action\":\"send_msg\",\"status\":\"ok\"}"},
        /* a code is not for all to see */
        {"qq.bridge.a0.pairing.requested",
         HEAD "\"type\":\"bridge.pairing.requested\",\"event\":{\"user_id\":5,"
              "\"nickname\":\"Ann\",\"code\":\"ABCD2345\"}}",
         "\"type\":\"bridge.pairing.requested\",\"chat\":{\"kind\":\"bridge\"},"
         "\"sender\":{\"id\":\"5\",\"name\":\"Ann\"}}"},
        /* only the bridge's own say why */
        {"qq.other.1.weather",
         HEAD "\"type\":\"other.weather\",\"event\":{\"reason\":\"rain\"}}",
         "\"type\":\"other.weather\",\"chat\":{\"kind\":\"other\"}}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char expected[512];
        snprintf(expected, sizeof(expected),
                 "{\"seq\":42,\"time\":1000,\"account\":\"a0\",%s",
                 rows[i].expected);
        check_summary(rows[i].topic, rows[i].envelope, LOG_CONTENT_FULL,
                      expected);
    }
}

TEST(more_kinds_than_are_counted_are_left_out)
{
    check_summary(
        TOPIC,
        SAID("", "{\"type\":\"a\"},{\"type\":\"b\"},{\"type\":\"c\"},{\"type\":"
                 "\"d\"},{\"type\":\"e\"},{\"type\":\"f\"},{\"type\":\"g\"},"
                 "{\"type\":\"h\"},{\"type\":\"i\"},{\"type\":\"a\"},7,"
                 "{\"type\":7},{}"),
        LOG_CONTENT_NONE,
        ABOUT "\"kinds\":{\"a\":2,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,"
              "\"g\":1,\"h\":1},\"characters\":0}");
}

TEST(what_is_no_event_is_none)
{
    static const struct slice rows[] = {
        {NULL, 0},         {"qq.a", 4},       {"qq.a\0", 5},
        {"qq.a\0\x01", 6}, {"qq.a\0\x90", 6},
    };
    struct buffer out = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK(!summary_append(rows[i], LOG_CONTENT_FULL, &out));
    CHECK_EQ(out.size, 0);
    buffer_finish(&out);
}

SUITE(summary, of_what_was_said_so_much_is_seen_as_may_be,
      a_preview_ends_between_two_characters_as_a_reader_sees_them,
      where_and_who_is_told_of_every_kind_of_event,
      more_kinds_than_are_counted_are_left_out, what_is_no_event_is_none)
