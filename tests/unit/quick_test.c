/* SPDX-License-Identifier: MIT */
#include "core/quick.h"

#include "check.h"
#include "core/json_read.h"
#include "core/json_write.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define GROUP                                                                  \
    "{\"post_type\":\"message\",\"message_type\":\"group\","                   \
    "\"sub_type\":\"normal\",\"group_id\":20001,\"user_id\":30001,"            \
    "\"message_id\":-7,\"anonymous\":null}"
#define ANONYMOUS                                                              \
    "{\"post_type\":\"message\",\"message_type\":\"group\","                   \
    "\"sub_type\":\"anonymous\",\"group_id\":\"20001\",\"user_id\":80000000,"  \
    "\"message_id\":\"x\",\"anonymous\":{\"id\":1,\"flag\":\"f\"}}"
#define PRIVATE                                                                \
    "{\"post_type\":\"message\",\"message_type\":\"private\","                 \
    "\"sub_type\":\"friend\",\"group_id\":20001,\"user_id\":\"30001\"}"
#define SESSION                                                                \
    "{\"post_type\":\"message\",\"message_type\":\"private\","                 \
    "\"sub_type\":\"group\",\"group_id\":20001,\"user_id\":30001}"
#define JOINING                                                                \
    "{\"post_type\":\"request\",\"request_type\":\"group\","                   \
    "\"sub_type\":\"invite\",\"flag\":\"12345678901234567\"}"
#define FRIEND                                                                 \
    "{\"post_type\":\"request\",\"request_type\":\"friend\",\"flag\":\"9\"}"

#define PARAMS(context, operation)                                             \
    "{\"context\":" context ",\"operation\":" operation "}"

static enum reply_error plan_of(const char *json, struct quick_plan *plan,
                                char fault[static REQUEST_FAULT_SIZE])
{
    const struct json_reader_options options = {0};
    struct json_error error;
    struct buffer pack = {0};
    CHECK_EQ(json_to_msgpack(slice_of(json), &options, &pack, &error),
             STATUS_OK);
    enum reply_error result = quick_plan(buffer_slice(&pack), plan, fault);
    buffer_finish(&pack);
    return result;
}

/* "action {params}" of each step, a line each. */
static void show(const struct quick_plan *plan, struct buffer *out)
{
    const struct json_writer_options options = {0};
    struct json_error error;
    buffer_clear(out, SIZE_MAX);
    for (size_t i = 0; i < plan->count; i++) {
        if (i > 0)
            buffer_append_string(out, "\n");
        buffer_append_string(out, plan->steps[i].action);
        buffer_append_string(out, " ");
        CHECK_EQ(
            json_from_msgpack(plan->steps[i].params, &options, out, &error),
            STATUS_OK);
    }
}

struct row {
    const char *params;
    const char *steps;
};

static void check_plans(const struct row *rows, size_t count)
{
    struct quick_plan plan = {0};
    struct buffer shown = {0};
    char fault[REQUEST_FAULT_SIZE];
    for (size_t i = 0; i < count; i++) {
        CHECK_EQ(plan_of(rows[i].params, &plan, fault), REPLY_FINE);
        show(&plan, &shown);
        CHECK_ROW(buffer_slice(&shown), slice_of(rows[i].steps),
                  rows[i].params);
    }
    buffer_finish(&shown);
    quick_finish(&plan);
}

#define TEXT(text) "{\"type\":\"text\",\"data\":{\"text\":\"" text "\"}}"
#define AT         "{\"type\":\"at\",\"data\":{\"qq\":\"30001\"}}," TEXT(" ") ","
#define TO_GROUP   "send_group_msg {\"group_id\":20001,\"message\":["
#define TO_USER    "send_private_msg {\"user_id\":30001,\"message\":["

TEST(a_reply_goes_where_the_message_came_from)
{
    static const struct row rows[] = {
        {PARAMS(GROUP, "{\"reply\":\"hi\"}"), TO_GROUP AT TEXT("hi") "]}"},
        {PARAMS(GROUP, "{\"reply\":\"hi\",\"at_sender\":false}"),
         TO_GROUP TEXT("hi") "]}"},
        {PARAMS(ANONYMOUS, "{\"reply\":\"hi\"}"), TO_GROUP TEXT("hi") "]}"},
        {PARAMS(PRIVATE, "{\"reply\":\"hi\",\"at_sender\":true}"),
         TO_USER TEXT("hi") "]}"},
        {PARAMS(SESSION, "{\"reply\":\"hi\"}"),
         "send_private_msg {\"user_id\":30001,\"group_id\":20001,\"message\":"
         "[" TEXT("hi") "]}"},
    };
    check_plans(rows, COUNT(rows));
}

TEST(a_reply_may_have_any_form_of_a_message)
{
    static const struct row rows[] = {
        {PARAMS(PRIVATE, "{\"reply\":\"a[CQ:face,id=1]&#91;\"}"),
         TO_USER TEXT("a") ",{\"type\":\"face\",\"data\":{\"id\":\"1\"}}," TEXT(
             "[") "]}"},
        {PARAMS(PRIVATE, "{\"reply\":\"[CQ:face,id=1]\",\"auto_escape\":true}"),
         TO_USER TEXT("[CQ:face,id=1]") "]}"},
        {PARAMS(PRIVATE, "{\"reply\":" TEXT("one") "}"),
         TO_USER TEXT("one") "]}"},
        {PARAMS(GROUP, "{\"reply\":[" TEXT("one") "," TEXT("two") "]}"),
         TO_GROUP AT TEXT("one") "," TEXT("two") "]}"},
        {PARAMS(GROUP, "{\"reply\":\"\"}"), ""},
        {PARAMS(GROUP, "{\"reply\":\"\",\"auto_escape\":true}"), ""},
        {PARAMS(GROUP, "{\"reply\":[]}"), ""},
        {PARAMS(GROUP, "{\"reply\":null}"), ""},
    };
    check_plans(rows, COUNT(rows));
}

TEST(a_group_message_can_be_recalled_and_its_author_banned_and_kicked)
{
    static const struct row rows[] = {
        {PARAMS(GROUP, "{\"delete\":true}"), "delete_msg {\"message_id\":-7}"},
        {PARAMS(GROUP, "{\"ban\":true}"),
         "set_group_ban "
         "{\"group_id\":20001,\"user_id\":30001,\"duration\":1800}"},
        {PARAMS(GROUP, "{\"ban\":true,\"ban_duration\":60}"),
         "set_group_ban "
         "{\"group_id\":20001,\"user_id\":30001,\"duration\":60}"},
        {PARAMS(GROUP, "{\"kick\":true}"),
         "set_group_kick {\"group_id\":20001,\"user_id\":30001,"
         "\"reject_add_request\":false}"},
        {PARAMS(GROUP, "{\"kick\":true,\"ban\":true,\"delete\":true,"
                       "\"reply\":\"bye\",\"at_sender\":false}"),
         TO_GROUP TEXT("bye") "]}\n"
                              "delete_msg {\"message_id\":-7}\n"
                              "set_group_ban {\"group_id\":20001,\"user_id\":"
                              "30001,\"duration\":1800}\n"
                              "set_group_kick {\"group_id\":20001,\"user_id\":"
                              "30001,\"reject_add_request\":false}"},
        {PARAMS(ANONYMOUS, "{\"delete\":true,\"ban\":true,\"kick\":true}"),
         "delete_msg {\"message_id\":\"x\"}\n"
         "set_group_anonymous_ban {\"group_id\":20001,"
         "\"anonymous_flag\":\"f\",\"duration\":1800}"},
        /* What a private message has no room for. */
        {PARAMS(PRIVATE, "{\"delete\":true,\"ban\":true,\"kick\":true}"), ""},
    };
    check_plans(rows, COUNT(rows));
}

TEST(a_request_is_decided)
{
    static const struct row rows[] = {
        {PARAMS(FRIEND, "{\"approve\":true,\"remark\":\"Ann\"}"),
         "set_friend_add_request "
         "{\"flag\":\"9\",\"approve\":true,\"remark\":\"Ann\"}"},
        {PARAMS(FRIEND, "{\"approve\":false}"),
         "set_friend_add_request {\"flag\":\"9\",\"approve\":false}"},
        {PARAMS(JOINING, "{\"approve\":false,\"reason\":\"no\"}"),
         "set_group_add_request {\"flag\":\"12345678901234567\",\"sub_type\":"
         "\"invite\",\"approve\":false,\"reason\":\"no\"}"},
        {PARAMS(JOINING, "{\"approve\":true,\"reason\":null}"),
         "set_group_add_request {\"flag\":\"12345678901234567\",\"sub_type\":"
         "\"invite\",\"approve\":true}"},
    };
    check_plans(rows, COUNT(rows));
}

TEST(nothing_to_do_is_no_fault)
{
    static const struct row rows[] = {
        {PARAMS(GROUP, "{}"), ""},
        {PARAMS(GROUP, "{\"delete\":false,\"kick\":false,\"ban\":false,"
                       "\"ban_duration\":60,\"approve\":true}"),
         ""},
        {PARAMS(FRIEND, "{}"), ""},
        {PARAMS(FRIEND, "{\"approve\":null,\"remark\":\"Ann\"}"), ""},
        {PARAMS(JOINING, "{\"reply\":\"hi\"}"), ""},
    };
    check_plans(rows, COUNT(rows));
}

TEST(faults_say_what_is_wrong_and_what_is_allowed)
{
    static const struct {
        const char *params;
        const char *fault;
    } rows[] = {
        {"{}", "params.context: required: the event, a map"},
        {PARAMS("[]", "{}"), "params.context: required: the event, a map"},
        {"{\"context\":" GROUP "}", "params.operation: required: a map"},
        {PARAMS(GROUP, "\"kick\""), "params.operation: required: a map"},
        {PARAMS("{\"post_type\":\"notice\"}", "{}"),
         "params.context.post_type: allowed: \"message\" or \"request\""},
        {PARAMS("{}", "{}"),
         "params.context.post_type: allowed: \"message\" or \"request\""},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"guild\"}", "{}"),
         "params.context.message_type: allowed: \"group\" or \"private\""},
        {PARAMS("{\"post_type\":\"request\"}", "{}"),
         "params.context.request_type: allowed: \"friend\" or \"group\""},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"group\","
                "\"user_id\":1}",
                "{\"reply\":\"hi\"}"),
         "params.context.group_id: required: the event's, an integer above 0"},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"private\","
                "\"user_id\":-1}",
                "{\"reply\":\"hi\"}"),
         "params.context.user_id: required: the event's, an integer above 0"},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"group\","
                "\"group_id\":1}",
                "{\"reply\":\"hi\"}"),
         "params.context.user_id: required: the event's, an integer above 0"},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"group\","
                "\"group_id\":1}",
                "{\"ban\":true}"),
         "params.context.user_id: required: the event's, an integer above 0"},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"group\","
                "\"user_id\":1}",
                "{\"ban\":true}"),
         "params.context.group_id: required: the event's, an integer above 0"},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"group\","
                "\"user_id\":1}",
                "{\"kick\":true}"),
         "params.context.group_id: required: the event's, an integer above 0"},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"group\","
                "\"group_id\":1,\"message_id\":[]}",
                "{\"delete\":true}"),
         "params.context.message_id: required: the event's, an integer or a "
         "string"},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"group\","
                "\"sub_type\":\"anonymous\",\"group_id\":1}",
                "{\"ban\":true}"),
         "params.context.anonymous.flag: required: the event's, a string"},
        {PARAMS("{\"post_type\":\"message\",\"message_type\":\"group\","
                "\"group_id\":1,\"anonymous\":{\"flag\":\"\"}}",
                "{\"ban\":true}"),
         "params.context.anonymous.flag: required: the event's, a string"},
        {PARAMS("{\"post_type\":\"request\",\"request_type\":\"friend\"}",
                "{\"approve\":true}"),
         "params.context.flag: required: the event's, a string"},
        {PARAMS("{\"post_type\":\"request\",\"request_type\":\"group\","
                "\"flag\":\"1\"}",
                "{\"approve\":true}"),
         "params.context.sub_type: required: the event's, a string"},
        {PARAMS(GROUP, "{\"reply\":7}"),
         "params.operation.reply: allowed: a string, a segment or an array of "
         "segments"},
        {PARAMS(GROUP, "{\"reply\":\"hi\",\"auto_escape\":\"no\"}"),
         "params.operation.auto_escape: allowed: true or false"},
        {PARAMS(GROUP, "{\"reply\":\"hi\",\"at_sender\":0}"),
         "params.operation.at_sender: allowed: true or false"},
        {PARAMS(GROUP, "{\"delete\":1}"),
         "params.operation.delete: allowed: true or false"},
        {PARAMS(GROUP, "{\"kick\":\"true\"}"),
         "params.operation.kick: allowed: true or false"},
        {PARAMS(GROUP, "{\"ban\":[]}"),
         "params.operation.ban: allowed: true or false"},
        {PARAMS(GROUP, "{\"ban\":true,\"ban_duration\":-1}"),
         "params.operation.ban_duration: allowed: seconds, an integer from 0 "
         "on"},
        {PARAMS(GROUP, "{\"ban\":true,\"ban_duration\":\"60\"}"),
         "params.operation.ban_duration: allowed: seconds, an integer from 0 "
         "on"},
        {PARAMS(FRIEND, "{\"approve\":\"true\"}"),
         "params.operation.approve: allowed: true or false"},
        {PARAMS(FRIEND, "{\"approve\":true,\"remark\":1}"),
         "params.operation.remark: allowed: a string"},
        {PARAMS(JOINING, "{\"approve\":true,\"reason\":{}}"),
         "params.operation.reason: allowed: a string"},
    };
    struct quick_plan plan = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char fault[REQUEST_FAULT_SIZE] = "";
        CHECK_EQ(plan_of(rows[i].params, &plan, fault), REPLY_BAD_PARAMS);
        CHECK_STR(fault, rows[i].fault);
        CHECK_EQ(plan.count, 0);
    }
    quick_finish(&plan);
}

TEST(a_fault_leaves_no_half_of_a_plan)
{
    struct quick_plan plan = {0};
    char fault[REQUEST_FAULT_SIZE];
    CHECK_EQ(plan_of(PARAMS(GROUP, "{\"reply\":\"hi\"}"), &plan, fault),
             REPLY_FINE);
    CHECK_EQ(plan.count, 1);
    CHECK_EQ(plan_of(PARAMS(GROUP, "{\"delete\":true}"), &plan, fault),
             REPLY_FINE);
    CHECK_EQ(plan.pack.size, plan.steps[0].params.size);
    CHECK_EQ(plan_of(PARAMS("{\"post_type\":\"message\",\"message_type\":"
                            "\"group\",\"group_id\":1,\"user_id\":1}",
                            "{\"reply\":\"hi\",\"delete\":true}"),
                     &plan, fault),
             REPLY_BAD_PARAMS);
    CHECK_EQ(plan.count, 0);
    quick_finish(&plan);
}

SUITE(quick, a_reply_goes_where_the_message_came_from,
      a_reply_may_have_any_form_of_a_message,
      a_group_message_can_be_recalled_and_its_author_banned_and_kicked,
      a_request_is_decided, nothing_to_do_is_no_fault,
      faults_say_what_is_wrong_and_what_is_allowed,
      a_fault_leaves_no_half_of_a_plan)
