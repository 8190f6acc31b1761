/* SPDX-License-Identifier: MIT */
#include "core/onebot.h"

#include <stddef.h>

#include "check.h"

struct reading {
    struct buffer scratch;
    struct onebot_frame frame;
};

static void read_frame(const char *json, struct reading *reading)
{
    struct json_error error;
    CHECK_EQ(onebot_read(slice_of(json), 0, &reading->scratch, &reading->frame,
                         &error),
             STATUS_OK);
}

TEST(frames_are_told_apart_by_shape)
{
    static const struct {
        const char *json;
        enum onebot_kind kind;
        const char *reason; /* of others */
    } rows[] = {
        {"{\"post_type\":\"message\"}", ONEBOT_EVENT, NULL},
        {"{\"status\":{\"online\":true},\"post_type\":\"meta_event\"}",
         ONEBOT_EVENT, NULL},
        {"{\"retcode\":0,\"status\":\"ok\",\"post_type\":\"x\"}", ONEBOT_EVENT,
         NULL},
        {"{\"status\":\"ok\",\"retcode\":0}", ONEBOT_ANSWER, NULL},
        {"{\"echo\":{},\"retcode\":-1,\"status\":\"\"}", ONEBOT_ANSWER, NULL},
        {"{}", ONEBOT_OTHER, "no post_type and no retcode"},
        {"{\"echo\":1,\"status\":\"ok\"}", ONEBOT_OTHER,
         "no post_type and no retcode"},
        {"{\"retcode\":0}", ONEBOT_OTHER, "status is not a string"},
        {"{\"retcode\":0,\"status\":{}}", ONEBOT_OTHER,
         "status is not a string"},
        {"{\"retcode\":\"0\",\"status\":\"ok\"}", ONEBOT_OTHER,
         "retcode is not an integer"},
        {"{\"retcode\":1.5,\"status\":\"ok\"}", ONEBOT_OTHER,
         "retcode is not an integer"},
        {"{\"post_type\":null,\"retcode\":0,\"status\":\"ok\"}", ONEBOT_OTHER,
         "post_type is not a string"},
        {"{\"post_type\":1}", ONEBOT_OTHER, "post_type is not a string"},
        {"{\"post_type\":\"\"}", ONEBOT_OTHER, "post_type is empty"},
        {"null", ONEBOT_OTHER, "not an object"},
        {"\"post_type\"", ONEBOT_OTHER, "not an object"},
        {"[{\"post_type\":\"message\"}]", ONEBOT_OTHER, "not an object"},
    };
    struct reading reading = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        read_frame(rows[i].json, &reading);
        check_int(reading.frame.kind, rows[i].kind, rows[i].json, __FILE__,
                  __LINE__);
        if (rows[i].reason != NULL)
            CHECK_ROW(slice_of(onebot_other_reason(&reading.frame)),
                      slice_of(rows[i].reason), rows[i].json);
    }
    buffer_finish(&reading.scratch);
}

TEST(what_is_no_json_is_refused_and_says_where)
{
    struct buffer scratch = {0};
    struct onebot_frame frame;
    struct json_error error = {0};
    struct slice text = slice_of("{\"post_type\":\"message\",}");
    CHECK_EQ(onebot_read(text, 0, &scratch, &frame, &error), STATUS_INVALID);
    CHECK(error.reason != NULL);
    CHECK(error.offset > 20);
    text = slice_of("{\"a\":[[1]]}");
    CHECK_EQ(onebot_read(text, 2, &scratch, &frame, &error), STATUS_INVALID);
    CHECK_EQ(onebot_read(text, 3, &scratch, &frame, &error), STATUS_OK);
    buffer_finish(&scratch);
}

#define MEMBER(name)                                                           \
    {                                                                          \
#name, offsetof(struct onebot_frame, name)                             \
    }

TEST(every_member_is_found_and_no_other)
{
    static const struct {
        const char *key;
        size_t offset;
    } rows[] = {
        MEMBER(post_type),    MEMBER(message_type),    MEMBER(notice_type),
        MEMBER(request_type), MEMBER(meta_event_type), MEMBER(sub_type),
        MEMBER(time),         MEMBER(self_id),         MEMBER(user_id),
        MEMBER(group_id),     MEMBER(guild_id),        MEMBER(target_id),
        MEMBER(operator_id),  MEMBER(peer_id),         MEMBER(message_id),
        MEMBER(message_seq),  MEMBER(real_seq),        MEMBER(flag),
        MEMBER(message),      MEMBER(status),          MEMBER(retcode),
        MEMBER(data),         MEMBER(wording),         MEMBER(echo),
    };
    /* Whoever adds a member to the frame adds it here. */
    size_t members = (sizeof(struct onebot_frame) -
                      offsetof(struct onebot_frame, post_type)) /
                     sizeof(struct json_value);
    CHECK_EQ(members, sizeof(rows) / sizeof(rows[0]));
    struct reading reading = {0};
    char json[128];
    for (size_t i = 0; i < members; i++) {
        snprintf(json, sizeof(json), "{\"%s\":41,\"x\":{\"%s\":1}}",
                 rows[i].key, rows[i].key);
        read_frame(json, &reading);
        for (size_t k = 0; k < members; k++) {
            const char *base = (const char *)&reading.frame;
            const struct json_value *value =
                (const void *)(base + rows[k].offset);
            check_int(value->integer, k == i ? 41 : 0, rows[k].key, __FILE__,
                      __LINE__);
        }
    }
    buffer_finish(&reading.scratch);
}

TEST(strange_keys_are_passed_over)
{
    static const char *const keys[] = {"",
                                       "tim",
                                       "timf",
                                       "time\\u0000",
                                       "User_id",
                                       "user_idd",
                                       "a_key_of_sixteen",
                                       "user_ie",
                                       "meta_event_typf",
                                       "messages"};
    struct reading reading = {0};
    char json[128];
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        snprintf(json, sizeof(json), "{\"%s\":1,\"post_type\":\"x\"}", keys[i]);
        read_frame(json, &reading);
        CHECK_EQ(reading.frame.time.pack.size, 0);
        CHECK_EQ(reading.frame.user_id.pack.size, 0);
        CHECK_EQ(reading.frame.meta_event_type.pack.size, 0);
        CHECK_EQ(reading.frame.message.pack.size, 0);
        CHECK_SLICE(reading.frame.post_type.text, slice_of("x"));
    }
    buffer_finish(&reading.scratch);
}

TEST(of_duplicate_keys_the_last_one_counts)
{
    struct reading reading = {0};
    read_frame("{\"post_type\":\"notice\",\"self_id\":1,\"post_type\":\"message"
               "\",\"self_id\":2}",
               &reading);
    CHECK_EQ(reading.frame.post, ONEBOT_POST_MESSAGE);
    CHECK_EQ(onebot_id(&reading.frame.self_id), 2);
    read_frame("{\"post_type\":\"message\",\"post_type\":null}", &reading);
    CHECK_EQ(reading.frame.kind, ONEBOT_OTHER);
    buffer_finish(&reading.scratch);
}

TEST(the_detail_is_the_one_of_the_post_type)
{
    static const struct {
        const char *post_type;
        enum onebot_post post;
        const char *detail;
    } rows[] = {
        {"message", ONEBOT_POST_MESSAGE, "m"},
        {"message_sent", ONEBOT_POST_MESSAGE_SENT, "m"},
        {"notice", ONEBOT_POST_NOTICE, "n"},
        {"request", ONEBOT_POST_REQUEST, "r"},
        {"meta_event", ONEBOT_POST_META_EVENT, "e"},
        {"Message", ONEBOT_POST_UNKNOWN, ""},
        {"message\\u0000", ONEBOT_POST_UNKNOWN, ""},
    };
    struct reading reading = {0};
    char json[256];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(json, sizeof(json),
                 "{\"message_type\":\"m\",\"notice_type\":\"n\",\"request_"
                 "type\":\"r\",\"meta_event_type\":\"e\",\"post_type\":\"%s\"}",
                 rows[i].post_type);
        read_frame(json, &reading);
        CHECK_ROW(onebot_detail(&reading.frame), slice_of(rows[i].detail),
                  rows[i].post_type);
        CHECK_EQ(reading.frame.post, rows[i].post);
    }
    read_frame("{\"post_type\":\"notice\",\"notice_type\":[\"x\"]}", &reading);
    CHECK_EQ(onebot_detail(&reading.frame).size, 0);
    read_frame("{\"retcode\":0,\"status\":\"ok\"}", &reading);
    CHECK_EQ(reading.frame.post, ONEBOT_POST_UNKNOWN);
    CHECK_EQ(onebot_detail(&reading.frame).size, 0);
    buffer_finish(&reading.scratch);
}

TEST(ids_are_numbers_or_decimal_text)
{
    static const struct {
        const char *json;
        int64_t id;
        bool has;
    } rows[] = {
        {"1", 1, true},
        {"4294967296", 4294967296, true},
        {"9223372036854775807", INT64_MAX, true},
        {"\"9223372036854775807\"", INT64_MAX, true},
        {"9223372036854775808", 0, true},
        {"\"9223372036854775808\"", 0, true},
        {"\"99999999999999999999\"", 0, true},
        {"\"10001\"", 10001, true},
        {"0", 0, false},
        {"\"0\"", 0, false},
        {"\"\"", 0, false},
        {"null", 0, false},
        {"-5", 0, true},
        {"\"-5\"", 0, true},
        {"\" 5\"", 0, true},
        {"\"5 \"", 0, true},
        {"\"+5\"", 0, true},
        {"\"abc\"", 0, true},
        {"5.0", 0, true},
        {"1e3", 0, true},
        {"true", 0, true},
        {"{}", 0, true},
        {"[5]", 0, true},
    };
    struct reading reading = {0};
    char json[128];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(json, sizeof(json), "{\"user_id\":%s}", rows[i].json);
        read_frame(json, &reading);
        check_int(onebot_id(&reading.frame.user_id), rows[i].id, rows[i].json,
                  __FILE__, __LINE__);
        check_int(onebot_has_id(&reading.frame.user_id), rows[i].has,
                  rows[i].json, __FILE__, __LINE__);
    }
    CHECK(!onebot_has_id(&reading.frame.group_id));
    buffer_finish(&reading.scratch);
}

TEST(the_links_number_stands_in_for_the_events)
{
    struct reading reading = {0};
    read_frame("{\"self_id\":\"7\"}", &reading);
    CHECK_EQ(onebot_self_id(&reading.frame, 10001), 7);
    read_frame("{\"self_id\":1.5}", &reading);
    CHECK_EQ(onebot_self_id(&reading.frame, 10001), 10001);
    read_frame("{}", &reading);
    CHECK_EQ(onebot_self_id(&reading.frame, 10001), 10001);
    CHECK_EQ(onebot_self_id(&reading.frame, 0), 0);
    buffer_finish(&reading.scratch);
}

SUITE(onebot, frames_are_told_apart_by_shape,
      what_is_no_json_is_refused_and_says_where,
      every_member_is_found_and_no_other, strange_keys_are_passed_over,
      of_duplicate_keys_the_last_one_counts,
      the_detail_is_the_one_of_the_post_type, ids_are_numbers_or_decimal_text,
      the_links_number_stands_in_for_the_events)
