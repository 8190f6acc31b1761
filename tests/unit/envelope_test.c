/* SPDX-License-Identifier: MIT */
#include "core/envelope.h"

#include "check.h"
#include "core/json_write.h"

/* A notice without a known peer; 0xc3 is `true`. */
static struct envelope notice(void)
{
    return (struct envelope){
        .topic = "qq.group.2.notice.x",
        .type = "notice.x",
        .epoch = "0123456789abcdef",
        .seq = 1,
        .time_ms = 1786700000000,
        .account = "default",
        .self_id = 10001,
        .key = slice_of("k"),
        .event = {slice_of("\x81\xa1"
                           "a\xc3")},
    };
}

static void check_packed(const struct envelope *envelope, const char *topic,
                         const char *json)
{
    const struct json_writer_options options = {0};
    struct buffer message = {0};
    struct buffer text = {0};
    struct json_error error;
    envelope_pack(envelope, &message);
    size_t topic_size = strlen(topic) + 1;
    CHECK_ROW(((struct slice){message.data, topic_size}),
              ((struct slice){topic, topic_size}), "topic and NUL");
    struct slice map = {message.data + topic_size, message.size - topic_size};
    CHECK_EQ(json_from_msgpack(map, &options, &text, &error), STATUS_OK);
    CHECK_SLICE(buffer_slice(&text), slice_of(json));
    buffer_finish(&message);
    buffer_finish(&text);
}

TEST(a_notice_has_neither_text_nor_policy)
{
    struct envelope envelope = notice();
    check_packed(&envelope, "qq.group.2.notice.x",
                 "{\"v\":1,\"epoch\":\"0123456789abcdef\",\"seq\":1,"
                 "\"time\":1786700000000,\"account\":\"default\","
                 "\"self_id\":10001,\"origin\":\"live\",\"type\":\"notice.x\","
                 "\"key\":\"k\",\"event\":{\"a\":true}}");
}

TEST(a_message_has_all_keys_in_order)
{
    struct envelope envelope = notice();
    envelope.seq = UINT64_MAX;
    envelope.self_id = 3889001741;
    envelope.peer = "NapCat.Onebot/4.8.0";
    envelope.is_message = true;
    envelope.text = slice_of("hi");
    envelope.policy = (struct envelope_policy){
        .allowed = true, .mentioned = true, .reason = "open"};
    /* the event in three pieces, as a spliced message leaves it */
    envelope.event[0] = slice_of("\x82\xa1"
                                 "a\xc3\xa1"
                                 "b");
    envelope.event[1] = slice_of("\x91\x01");
    envelope.event[2] = (struct slice){NULL, 0};
    check_packed(
        &envelope, "qq.group.2.notice.x",
        "{\"v\":1,\"epoch\":\"0123456789abcdef\",\"seq\":18446744073709551615,"
        "\"time\":1786700000000,\"account\":\"default\",\"self_id\":3889001741,"
        "\"peer\":\"NapCat.Onebot/4.8.0\",\"origin\":\"live\","
        "\"type\":\"notice.x\",\"key\":\"k\",\"text\":\"hi\",\"policy\":{"
        "\"allowed\":true,\"respond\":false,\"mentioned\":true,"
        "\"reason\":\"open\"},\"event\":{\"a\":true,\"b\":[1]}}");
}

TEST(empty_strings_are_strings)
{
    struct envelope envelope = notice();
    envelope.is_message = true;
    envelope.key = (struct slice){NULL, 0};
    envelope.policy.reason = "";
    check_packed(&envelope, "qq.group.2.notice.x",
                 "{\"v\":1,\"epoch\":\"0123456789abcdef\",\"seq\":1,"
                 "\"time\":1786700000000,\"account\":\"default\","
                 "\"self_id\":10001,\"origin\":\"live\",\"type\":\"notice.x\","
                 "\"key\":\"\",\"text\":\"\",\"policy\":{\"allowed\":false,"
                 "\"respond\":false,\"mentioned\":false,\"reason\":\"\"},"
                 "\"event\":{\"a\":true}}");
}

TEST(it_goes_behind_what_is_there)
{
    struct envelope envelope = notice();
    struct buffer message = {0};
    buffer_append_string(&message, "before");
    envelope_pack(&envelope, &message);
    CHECK(memcmp(message.data, "beforeqq.group.2.notice.x", 26) == 0);
    buffer_finish(&message);
}

SUITE(envelope, a_notice_has_neither_text_nor_policy,
      a_message_has_all_keys_in_order, empty_strings_are_strings,
      it_goes_behind_what_is_there)
