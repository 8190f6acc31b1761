/* SPDX-License-Identifier: MIT */
/* Requests on their way: several frames, ids, lines, and every way to end. */
#include <stdlib.h>

#include "check.h"
#include "core/breaker.h"
#include "core/json_read.h"
#include "world.h"

enum { TEXT_SIZE = 1024, TEXT_MAX = 10, HOLD_MS = 2000 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A message to a group; `more` are members of the request. */
#define SEND(group, text, more)                                                \
    "{\"action\":\"send_group_msg\"," more "\"params\":{\"group_id\":" group   \
    ",\"message\":\"" text "\"}}"
#define LONG      "aaaaaaaa bbbbbbbb cccccccc" /* three messages */
#define ID        "\"id\":\"i-1\","
#define TRACE(id) "\"trace\":\"" id "\","

static struct account_options account_options(void)
{
    struct account_options options = world_account(0);
    options.text_max = TEXT_MAX;
    return options;
}

/* What a setting of the world's may have instead. */
static struct world *create(const struct pacing_options *pacing)
{
    static struct account_options accounts[1];
    accounts[0] = account_options();
    struct world *w = world_create_from(accounts, 1);
    w->app_name = "NapCat.Onebot";
    w->app_version = "4.8.120";
    w->options.pacing = *pacing;
    bridge_reconfigure(w->bridge, &w->options, w->now);
    return w;
}

static struct world *create_unpaced(void)
{
    return create(&(struct pacing_options){0});
}

static struct world *create_paced(double per_second)
{
    return create(&(struct pacing_options){.chat_per_second = per_second,
                                           .chat_burst = 1});
}

static void answer(struct world *w, struct link *link, size_t frame,
                   const char *data)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof(text),
             "{\"status\":\"ok\",\"retcode\":0,\"data\":%s,\"echo\":\"%s\"}",
             data, w->frames[frame].echo);
    world_frame_in(w, link, text);
    world_advance_ms(w, 0); /* what is due now is done in the same turn */
}

/* Such a message has been sent. */
static void answer_sent(struct world *w, struct link *link, size_t frame,
                        int message_id)
{
    char data[64];
    snprintf(data, sizeof(data), "{\"message_id\":%d}", message_id);
    answer(w, link, frame, data);
}

static void refuse_with(struct world *w, struct link *link, size_t frame,
                        const char *message)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof(text),
             "{\"status\":\"failed\",\"retcode\":1200,\"data\":null,"
             "\"message\":\"%s\",\"wording\":\"no\",\"echo\":\"%s\"}",
             message, w->frames[frame].echo);
    world_frame_in(w, link, text);
    world_advance_ms(w, 0);
}

static void refuse(struct world *w, struct link *link, size_t frame)
{
    refuse_with(w, link, frame, "no");
}

static bool has_frame(const struct world *w, size_t index, const char *part)
{
    return index < w->frame_count &&
           strstr(w->frames[index].text, part) != NULL;
}

/* ---- what callers are told --------------------------------------------- */

static const char *text_at(const cJSON *json, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(json, key));
    return text == NULL ? "" : text;
}

/* The reply with this index has come out so: "ok", or its error; and there is
 * none behind it. */
static void check_reply(const struct world *w, size_t index, const char *fate)
{
    const struct world_reply *reply = world_reply(w, index);
    CHECK_EQ(w->reply_count, index + 1);
    if (reply == NULL)
        return;
    CHECK_STR(reply->error[0] != '\0' ? reply->error : reply->status, fate);
}

static const cJSON *last(const struct world *w)
{
    return w->reply_count == 0 ? NULL : w->replies[w->reply_count - 1].json;
}

static void check_member(const cJSON *json, const char *key,
                         const char *expected, const char *file, int line)
{
    char *text = cJSON_PrintUnformatted(cJSON_GetObjectItem(json, key));
    check_bytes(slice_of(text == NULL ? "" : text), slice_of(expected), key,
                file, line);
    cJSON_free(text);
}

/* What the last reply has under a key, as JSON; "": nothing. */
#define CHECK_LAST(w, key, expected)                                           \
    check_member(last(w), (key), (expected), __FILE__, __LINE__)

static bool is_warned(const struct world *w, const char *part)
{
    const cJSON *line;
    cJSON_ArrayForEach(
        line, cJSON_GetObjectItem(
                  last(w), "warnings")) if (strstr(cJSON_GetStringValue(line),
                                                   part) != NULL) return true;
    return false;
}

static int64_t retry_after_ms(const struct world *w)
{
    const cJSON *data = cJSON_GetObjectItem(last(w), "data");
    const cJSON *value = cJSON_GetObjectItem(data, "retry_after_ms");
    return cJSON_IsNumber(value) ? (int64_t)value->valuedouble : -1;
}

static const cJSON *settled(const struct world *w, size_t index)
{
    for (size_t i = 0; i < w->event_count; i++)
        if (strcmp(w->events[i].topic, "qq.bridge.a0.action.settled") == 0 &&
            index-- == 0)
            return cJSON_GetObjectItem(w->events[i].envelope, "event");
    return NULL;
}

/* ---- several frames ---------------------------------------------------- */

TEST(the_parts_of_a_message_leave_one_after_the_other)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ""));
    world_call(w, SEND("20001", "x", ""));
    world_call(w, SEND("20002", "y", ""));
    CHECK_EQ(w->frame_count, 2);
    CHECK(has_frame(w, 0, "aaaaaaaa"));
    CHECK(has_frame(w, 1, "20002"));
    answer_sent(w, link, 0, 11);
    CHECK(has_frame(w, 2, "bbbbbbbb"));
    answer_sent(w, link, 2, 12);
    CHECK(has_frame(w, 3, "cccccccc"));
    CHECK_EQ(w->reply_count, 0);
    answer_sent(w, link, 3, 13);
    check_reply(w, 0, "ok");
    CHECK_LAST(w, "data", "{\"message_id\":13,\"message_ids\":[11,12,13]}");
    CHECK(has_frame(w, 4, "\"x\""));
    CHECK_EQ(w->frame_count, 5);
    world_destroy(w);
}

TEST(after_a_part_that_fails_no_other_leaves)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ""));
    answer_sent(w, link, 0, 11);
    refuse(w, link, 1);
    check_reply(w, 0, "peer_error");
    CHECK_LAST(w, "retcode", "1200");
    CHECK_LAST(w, "message", "\"no\"");
    CHECK_LAST(w, "data", "{\"message_ids\":[11],\"done\":1,\"steps\":3}");
    CHECK_EQ(w->frame_count, 2);
    world_destroy(w);
}

TEST(after_a_part_without_an_answer_no_other_leaves)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ""));
    answer_sent(w, link, 0, 11);
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    check_reply(w, 0, "unknown");
    CHECK_STR(text_at(last(w), "message"),
              "after 1 of 3: no answer within the deadline; it may have "
              "happened: do not repeat it blindly; the rest was not tried");
    CHECK_LAST(w, "data", "{\"message_ids\":[11],\"done\":1,\"steps\":3}");
    CHECK(!has_frame(w, 2, "cccccccc"));
    world_destroy(w);
}

/* Send as often as pauses a chat; does the next still leave? */
static bool leaves_after(const char *message)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    for (size_t i = 0; i < BREAKER_CHAT_FAILURES; i++) {
        world_call(w, SEND("20001", "x", ""));
        refuse_with(w, link, i, message);
    }
    world_call(w, SEND("20001", "y", ""));
    bool leaves = has_frame(w, BREAKER_CHAT_FAILURES, "\"y\"");
    world_destroy(w);
    return leaves;
}

TEST(what_is_wrong_with_a_message_says_nothing_of_the_chat)
{
    CHECK(!leaves_after("EventChecker Failed: sendMsg"));
    CHECK(!leaves_after(""));
    CHECK(leaves_after("\u6587\u4ef6\u5904\u7406\u5931\u8d25: 404"));
    CHECK(leaves_after("ENOENT: no such file or directory, open '/a'"));
    CHECK(leaves_after("\u6d88\u606f\u4f53\u65e0\u6cd5\u89e3\u6790"));
}

TEST(who_would_be_refused_in_turn_does_not_wait_for_it)
{
    struct world *w = create_paced(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    for (size_t i = 0; i < BREAKER_CHAT_FAILURES; i++) {
        world_call(w, SEND("20001", "x", ""));
        world_advance_ms(w, 1000);
        refuse(w, link, i);
        world_advance_ms(w, 1000);
    }
    for (size_t i = 0; i < 3; i++) {
        world_call(w, SEND("20001", "y", ""));
        check_reply(w, BREAKER_CHAT_FAILURES + i, "rate_limited");
    }
    world_advance_ms(w, BREAKER_PAUSE_MS);
    world_call(w, SEND("20001", "z", ""));
    CHECK(has_frame(w, BREAKER_CHAT_FAILURES, "\"z\""));
    world_destroy(w);
}

TEST(the_first_part_fails_like_any_message)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ""));
    refuse(w, link, 0);
    check_reply(w, 0, "peer_error");
    CHECK_LAST(w, "data", "null");
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

TEST(a_link_that_drops_breaks_a_message_off)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ""));
    answer_sent(w, link, 0, 11);
    world_unlink(w, link);
    check_reply(w, 0, "unknown");
    CHECK_LAST(w, "data", "{\"message_ids\":[11],\"done\":1,\"steps\":3}");
    world_link(w, 0, LINK_UNIVERSAL);
    CHECK(!has_frame(w, 2, "cccccccc"));
    world_destroy(w);
}

TEST(each_part_has_the_time_of_a_message_unless_the_caller_gave_one)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ""));
    world_call(w, SEND("20002", LONG, "\"timeout\":30000,"));
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS - 1);
    answer_sent(w, link, 0, 11);
    answer_sent(w, link, 1, 21);
    world_advance_ms(w, 1);
    check_reply(w, 0, "unknown");
    CHECK_EQ(world_reply(w, 0)->ticket, 2);
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS - 2);
    CHECK_EQ(w->reply_count, 1);
    world_advance_ms(w, 1);
    check_reply(w, 1, "unknown");
    world_destroy(w);
}

TEST(a_poke_leaves_in_its_place)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "a[CQ:poke,qq=10002]b", ""));
    CHECK(has_frame(w, 0, "{\"action\":\"send_group_msg\""));
    answer_sent(w, link, 0, 11);
    CHECK(has_frame(w, 1,
                    "{\"action\":\"group_poke\",\"params\":"
                    "{\"group_id\":20001,\"user_id\":10002}"));
    answer(w, link, 1, "null");
    CHECK(has_frame(w, 2, "{\"action\":\"send_group_msg\""));
    answer_sent(w, link, 2, 12);
    check_reply(w, 0, "ok");
    CHECK_LAST(w, "data", "{\"message_id\":12,\"message_ids\":[11,12]}");
    world_destroy(w);
}

#define QUICK(operation)                                                       \
    "{\"action\":\".handle_quick_operation\",\"params\":{\"context\":{"        \
    "\"post_type\":\"message\",\"message_type\":\"group\",\"sub_type\":"       \
    "\"normal\",\"group_id\":20001,\"user_id\":30001,\"message_id\":5},"       \
    "\"operation\":" operation "}}"

TEST(a_quick_operation_is_what_it_asks_for)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, QUICK("{\"reply\":\"hi\",\"at_sender\":false,\"delete\":"
                        "true}"));
    CHECK(has_frame(w, 0, "{\"action\":\"send_group_msg\""));
    answer_sent(w, link, 0, 11);
    CHECK(has_frame(w, 1, "{\"action\":\"delete_msg\""));
    answer(w, link, 1, "null");
    check_reply(w, 0, "ok");
    CHECK_LAST(w, "data", "{\"message_id\":11,\"message_ids\":[11]}");
    world_call(w, QUICK("{}"));
    check_reply(w, 1, "ok");
    CHECK_EQ(w->frame_count, 2);
    world_destroy(w);
}

/* ---- async ------------------------------------------------------------- */

#define SEND_AS(action)                                                        \
    "{\"action\":\"" action "\"," ID TRACE(                                    \
        "t-1") "\"params\":{\"group_id\":20001,\"message\":\"hi\"}}"

static void check_settled(const struct world *w, const char *status)
{
    const cJSON *event = settled(w, 0);
    CHECK_STR(text_at(event, "status"), status);
    CHECK_STR(text_at(event, "action"), "send_group_msg");
    CHECK_STR(text_at(event, "id"), "i-1");
    CHECK_STR(text_at(event, "trace"), "t-1");
    CHECK(settled(w, 1) == NULL);
}

TEST(whoever_asks_by_async_is_told_later_on_the_bus)
{
    static const char *const requests[] = {
        SEND_AS("send_group_msg_async"),
        SEND_AS("send_group_msg_rate_limited")};
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct world *w = create_unpaced();
        struct link *link = world_link(w, 0, LINK_UNIVERSAL);
        world_call(w, requests[i]);
        check_reply(w, 0, "async");
        CHECK_LAST(w, "retcode", "1");
        CHECK_EQ(bridge_calls_waiting(w->bridge), 0);
        CHECK(has_frame(w, 0, "{\"action\":\"send_group_msg\","));
        CHECK(settled(w, 0) == NULL);
        answer_sent(w, link, 0, 11);
        check_settled(w, "ok");
        check_member(settled(w, 0), "message_id", "11", __FILE__, __LINE__);
        CHECK_EQ(w->reply_count, 1);
        world_destroy(w);
    }
}

TEST(an_async_call_that_fails_is_told_of)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND_AS("send_group_msg_async"));
    refuse(w, link, 0);
    check_settled(w, "failed");
    check_member(settled(w, 0), "retcode", "1200", __FILE__, __LINE__);
    world_destroy(w);
}

TEST(an_async_call_without_an_answer_is_told_of_once)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND_AS("send_group_msg_async"));
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    CHECK(settled(w, 0) == NULL);
    answer_sent(w, link, 0, 11);
    check_settled(w, "ok");
    CHECK_EQ(w->reply_count, 1);
    world_destroy(w);
}

TEST(an_async_call_that_is_wrong_is_refused_at_once)
{
    struct world *w = create_unpaced();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"send_group_msg_async\",\"params\":{}}");
    check_reply(w, 0, "bad_params");
    CHECK(settled(w, 0) == NULL);
    world_destroy(w);
}

/* ---- ids --------------------------------------------------------------- */

static void call_packed(struct world *w, const char *request)
{
    const struct json_reader_options options = {0};
    struct buffer pack = {0};
    struct json_error error;
    CHECK_EQ(json_to_msgpack(slice_of(request), &options, &pack, &error),
             STATUS_OK);
    bridge_on_call(w->bridge, (void *)++w->tickets, (struct slice){0},
                   buffer_slice(&pack), w->now);
    buffer_finish(&pack);
}

static const struct world_reply *reply_to(const struct world *w, size_t ticket)
{
    for (size_t i = 0; i < w->reply_count; i++)
        if (w->replies[i].ticket == ticket)
            return &w->replies[i];
    return NULL;
}

TEST(who_repeats_an_id_joins)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID TRACE("t-1")));
    world_call(w, SEND("20001", "hi", ID TRACE("t-2")));
    call_packed(w, SEND("20001", "hi", ID TRACE("t-3")));
    CHECK_EQ(w->frame_count, 1);
    CHECK_EQ(bridge_calls_waiting(w->bridge), 3);
    answer_sent(w, link, 0, 11);
    CHECK_EQ(w->reply_count, 3);
    for (size_t ticket = 1; ticket <= 2; ticket++) {
        const struct world_reply *reply = reply_to(w, ticket);
        CHECK_STR(text_at(reply->json, "trace"), ticket == 1 ? "t-1" : "t-2");
        CHECK_STR(text_at(reply->json, "id"), "i-1");
        CHECK_STR(reply->status, "ok");
    }
    CHECK(reply_to(w, 3) != NULL && reply_to(w, 3)->json == NULL);
    world_destroy(w);
}

TEST(what_is_settled_is_told_in_the_name_of_who_asked_first)
{
    static const char *const requests[] = {SEND_AS("send_group_msg"),
                                           SEND_AS("send_group_msg_async")};
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct world *w = create_unpaced();
        struct link *link = world_link(w, 0, LINK_UNIVERSAL);
        char repeat[TEXT_SIZE];
        snprintf(repeat, sizeof(repeat), "%s", requests[i]);
        memcpy(strstr(repeat, "t-1"), "t-2", 3);
        world_call(w, requests[i]);
        world_call(w, repeat);
        world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
        CHECK_EQ(w->reply_count, 2);
        CHECK_STR(text_at(w->replies[0].json, "trace"), "t-1");
        answer_sent(w, link, 0, 11);
        check_settled(w, "ok");
        world_destroy(w);
    }
}

TEST(who_repeats_an_id_later_gets_its_reply)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ID));
    for (size_t i = 0; i < 3; i++)
        answer_sent(w, link, i, 11 + (int)i);
    world_advance_ms(w, 3600 * 1000);
    world_call(w, SEND("20001", LONG, ID TRACE("t-2")));
    check_reply(w, 1, "ok");
    CHECK_LAST(w, "data", "{\"message_id\":13,\"message_ids\":[11,12,13]}");
    CHECK_STR(text_at(last(w), "trace"), "t-2");
    CHECK_LAST(w, "ms", "0");
    CHECK_EQ(w->frame_count, 3);
    CHECK_EQ(w->claim_count, 1);
    world_destroy(w);
}

TEST(a_refusal_of_the_peers_is_kept_too)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    refuse(w, link, 0);
    world_call(w, SEND("20001", "hi", ID));
    check_reply(w, 1, "peer_error");
    CHECK_LAST(w, "retcode", "1200");
    CHECK_LAST(w, "wording", "\"no\"");
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

TEST(an_id_is_for_one_request)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    world_call(w, SEND("20001", "ho", ID));
    check_reply(w, 0, "bad_request");
    answer_sent(w, link, 0, 11);
    world_call(w, SEND("20001", "ho", ID));
    check_reply(w, 2, "bad_request");
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

TEST(an_id_is_free_if_nothing_was_sent)
{
    struct world *w = create_unpaced();
    world_link(w, 0, LINK_UNIVERSAL);
    w->refuse_sends = true;
    world_call(w, SEND("20001", "hi", ID));
    check_reply(w, 0, "busy");
    CHECK_EQ(w->forgotten_count, 1);
    CHECK_EQ(w->finished_count, 0);
    w->refuse_sends = false;
    world_call(w, SEND("20001", "hi", ID));
    CHECK_EQ(w->claim_count, 2);
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

static struct world *create_slow(void)
{
    struct world *w = create_unpaced();
    w->is_store_slow = true;
    return w;
}

static struct world *create_slow_and_paced(void)
{
    struct world *w = create_paced(1);
    w->is_store_slow = true;
    return w;
}

TEST(nothing_leaves_before_its_id_is_claimed)
{
    struct world *w = create_slow();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    world_call(w, SEND("20001", "later", ""));
    CHECK_EQ(w->frame_count, 0);
    world_claimed(w, 0, ONCE_NEW, NULL, NULL);
    world_advance_ms(w, 0);
    CHECK(has_frame(w, 0, "\"hi\""));
    CHECK(has_frame(w, 1, "\"later\""));
    world_destroy(w);
}

TEST(what_was_begun_before_a_restart_is_unknown)
{
    struct world *w = create_slow();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    world_claimed(w, 0, ONCE_BEGUN, NULL, NULL);
    check_reply(w, 0, "unknown");
    CHECK_EQ(w->frame_count, 0);
    CHECK_EQ(w->finished_count + w->forgotten_count, 0);
    world_call(w, SEND("20001", "hi", ID));
    CHECK_EQ(w->claim_count, 2);
    world_destroy(w);
}

TEST(what_was_done_before_a_restart_has_its_reply)
{
    struct world *w = create_slow();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID TRACE("t-1")));
    world_claimed(w, 0, ONCE_DONE,
                  "{\"status\":\"ok\",\"retcode\":0,\"data\":{\"message_id\":9}"
                  ",\"trace\":\"old\",\"warnings\":[\"w\"],\"ms\":99}",
                  NULL);
    check_reply(w, 0, "ok");
    CHECK_LAST(w, "data", "{\"message_id\":9}");
    CHECK_LAST(w, "warnings", "[\"w\"]");
    CHECK_STR(text_at(last(w), "trace"), "t-1");
    CHECK_LAST(w, "ms", "0");
    world_call(w, SEND("20001", "hi", ID));
    check_reply(w, 1, "ok");
    CHECK_EQ(w->claim_count, 1);
    CHECK_EQ(w->frame_count, 0);
    world_destroy(w);
}

static void go_offline(struct world *w, struct link *link)
{
    world_frame_in(w, link,
                   "{\"post_type\":\"notice\",\"notice_type\":\"bot_offline\","
                   "\"self_id\":10001,\"user_id\":10001,\"time\":1}");
}

/* Whatever hinders the peer now: of what was sent nobody is told that nothing
 * was. */
TEST(what_was_done_has_its_reply_though_nothing_can_be_done_now)
{
    struct world *w = create_slow();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    world_claimed(w, 0, ONCE_NEW, NULL, NULL);
    CHECK_EQ(w->frame_count, 1);
    go_offline(w, link);
    world_call(w, SEND("20001", "hi", ID)); /* joins */
    CHECK_EQ(w->reply_count, 0);
    answer_sent(w, link, 0, 11);
    world_finished(w);
    CHECK_STR(world_reply(w, 0)->status, "ok");
    check_reply(w, 1, "ok");
    world_call(w, SEND("20001", "hi", ID));
    check_reply(w, 2, "ok");
    world_call(w, SEND("20001", "hi", "\"id\":\"i-2\",")); /* of before */
    world_claimed(w, 1, ONCE_DONE,
                  "{\"status\":\"ok\",\"retcode\":0,\"warnings\":[]}", NULL);
    check_reply(w, 3, "ok");
    world_call(w, SEND("20001", "hi", "\"id\":\"i-3\","));
    world_claimed(w, 2, ONCE_NEW, NULL, NULL);
    check_reply(w, 4, "offline");
    CHECK_EQ(w->forgotten_count, 1);
    world_call(w, SEND("20001", "hi", ""));
    check_reply(w, 5, "offline");
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

TEST(an_id_of_before_a_restart_is_for_one_request_too)
{
    struct world *w = create_slow();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    world_claimed(w, 0, ONCE_OTHER, NULL, NULL);
    check_reply(w, 0, "bad_request");
    CHECK_EQ(w->frame_count, 0);
    CHECK_EQ(w->forgotten_count, 0);
    world_destroy(w);
}

TEST(a_store_that_cannot_write_is_warned_of)
{
    for (int refuses = 0; refuses < 2; refuses++) {
        struct world *w = create_slow();
        struct link *link = world_link(w, 0, LINK_UNIVERSAL);
        w->refuse_claims = refuses;
        world_call(w, SEND("20001", "hi", ID));
        if (!refuses)
            world_claimed(w, 0, ONCE_NEW, NULL, "disk full");
        CHECK_EQ(w->frame_count, 1);
        world_call(w, SEND("20001", "hi", ID)); /* joins all the same */
        answer_sent(w, link, 0, 11);
        CHECK_EQ(w->reply_count, 2);
        CHECK(
            is_warned(w, refuses ? "too much is being written" : "disk full"));
        CHECK_EQ(w->finished_count, 0);
        CHECK_EQ(w->frame_count, 1);
        world_destroy(w);
    }
}

TEST(a_claim_that_comes_too_late_sends_nothing)
{
    struct world *w = create_slow();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID "\"timeout\":100,"));
    world_advance_ms(w, 100);
    check_reply(w, 0, "busy");
    world_claimed(w, 0, ONCE_NEW, NULL, NULL);
    CHECK_EQ(w->frame_count, 0);
    CHECK_EQ(w->reply_count, 1);
    /* Nothing was sent: it may be used again. */
    CHECK_EQ(w->forgotten_count, 1);
    world_destroy(w);
}

/* To the store it would be one of a call that was begun. */
TEST(a_repeat_waits_for_the_claim_that_comes_too_late)
{
    struct world *w = create_slow();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID "\"timeout\":100,"));
    world_advance_ms(w, 100);
    world_call(w, SEND("20001", "hi", ID));
    check_reply(w, 1, "busy");
    CHECK_EQ(w->claim_count, 1);
    world_claimed(w, 0, ONCE_NEW, NULL, NULL);
    world_call(w, SEND("20001", "hi", ID));
    CHECK_EQ(w->claim_count, 2);
    world_claimed_new(w);
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

TEST(a_late_claim_that_was_not_its_own_is_left_alone)
{
    static const enum once_state states[] = {ONCE_BEGUN, ONCE_DONE, ONCE_OTHER};
    for (size_t i = 0; i < COUNT(states); i++) {
        struct world *w = create_slow();
        world_link(w, 0, LINK_UNIVERSAL);
        world_call(w, SEND("20001", "hi", ID "\"timeout\":100,"));
        world_advance_ms(w, 100);
        world_claimed(w, 0, states[i], NULL, NULL);
        check_reply(w, 0, "busy");
        CHECK_EQ(w->forgotten_count, 0);
        world_destroy(w);
    }
}

TEST(a_reply_waits_until_it_is_kept)
{
    struct world *w = create_slow();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    world_claimed_new(w);
    answer_sent(w, link, 0, 11);
    CHECK_EQ(w->reply_count, 0);
    CHECK_EQ(w->finished_count, 1);
    world_call(w, SEND("20001", "hi", ID)); /* joins */
    CHECK_EQ(w->reply_count, 0);
    world_finished(w);
    check_reply(w, 1, "ok");
    CHECK_STR(world_reply(w, 0)->status, "ok");
    CHECK_LAST(w, "data", "{\"message_id\":11}");
    CHECK_LAST(w, "warnings", "[]");
    world_destroy(w);
}

TEST(a_reply_that_cannot_be_kept_is_given_with_a_warning)
{
    for (int refuses = 0; refuses < 2; refuses++) {
        struct world *w = create_slow();
        struct link *link = world_link(w, 0, LINK_UNIVERSAL);
        world_call(w, SEND("20001", "hi", ID));
        world_claimed_new(w);
        w->refuse_claims = refuses;
        answer_sent(w, link, 0, 11);
        if (!refuses)
            bridge_on_kept(w->bridge, w->finished[0].cookie, false, "disk full",
                           w->now);
        check_reply(w, 0, "ok");
        CHECK_LAST(w, "data", "{\"message_id\":11}");
        CHECK(is_warned(w, "the reply could not be kept with its id"));
        world_destroy(w);
    }
}

/* What the peer answers is larger than what is kept. */
static void answer_large(struct world *w, struct link *link, size_t frame)
{
    enum { LARGE = 70 * 1000 };
    static char text[LARGE + 256];
    int size = snprintf(text, sizeof(text),
                        "{\"status\":\"ok\",\"retcode\":0,\"echo\":\"%s\","
                        "\"wording\":\"",
                        w->frames[frame].echo);
    memset(text + size, 'x', LARGE);
    snprintf(text + size + LARGE, sizeof(text) - (size_t)size - LARGE,
             "\",\"data\":{\"message_id\":11}}");
    world_frame_in(w, link, text);
}

TEST(a_reply_that_is_too_large_to_be_kept_is_given_once)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    answer_large(w, link, 0);
    check_reply(w, 0, "ok");
    CHECK_LAST(w, "data", "{\"message_id\":11}");
    CHECK(strlen(text_at(last(w), "wording")) > ONCE_REPLY_BYTES_MAX);
    CHECK(is_warned(w, "too large to be kept"));
    world_call(w, SEND("20001", "hi", ID));
    check_reply(w, 1, "ok");
    CHECK_LAST(w, "data", "");
    CHECK(is_warned(w, "too large to be kept"));
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

TEST(so_is_one_that_comes_late)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    answer_large(w, link, 0);
    world_call(w, SEND("20001", "hi", ID));
    check_reply(w, 1, "ok");
    CHECK(is_warned(w, "too large to be kept"));
    world_destroy(w);
}

TEST(a_large_read_is_not_kept)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    static char data[70 * 1000];
    char *text = data;
    world_call(w, "{\"action\":\"get_status\"," ID "\"params\":{}}");
    text += snprintf(text, 256,
                     "{\"status\":\"ok\",\"retcode\":0,\"echo\":"
                     "\"%s\",\"data\":\"",
                     w->frames[0].echo);
    memset(text, 'x', 66 * 1000);
    memcpy(text + 66 * 1000, "\"}", sizeof("\"}"));
    world_frame_in(w, link, data);
    check_reply(w, 0, "ok");
    CHECK_EQ(strlen(text_at(last(w), "data")), 66 * 1000);
    CHECK_EQ(w->forgotten_count, 1);
    world_call(w, "{\"action\":\"get_status\"," ID "\"params\":{}}");
    CHECK_EQ(w->frame_count, 2);
    world_destroy(w);
}

TEST(what_is_settled_takes_the_place_of_unknown)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    check_reply(w, 0, "unknown");
    world_call(w, SEND("20001", "hi", ID));
    check_reply(w, 1, "unknown");
    answer_sent(w, link, 0, 11);
    CHECK_EQ(w->finished_count, 2);
    world_call(w, SEND("20001", "hi", ID));
    check_reply(w, 2, "ok");
    CHECK_LAST(w, "data", "{\"message_id\":11}");
    CHECK_EQ(w->claim_count, 1);
    world_destroy(w);
}

/* ---- lines ------------------------------------------------------------- */

TEST(a_turn_that_would_come_too_late_is_refused_at_once)
{
    struct world *w = create_paced(1);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "1", ""));
    world_call(w, SEND("20001", "2", "\"timeout\":100,"));
    check_reply(w, 0, "rate_limited");
    CHECK_EQ(retry_after_ms(w), 901);
    world_advance_ms(w, 901);
    world_call(w, SEND("20001", "2", "\"timeout\":100,"));
    CHECK_EQ(w->reply_count, 1);
    world_destroy(w);
}

/* Whoever asks for what has been done is told how it came out, whatever waits
 * in the chat: the store is asked first. */
TEST(behind_a_full_line_an_id_that_is_done_has_its_reply)
{
    struct world *w = create_slow_and_paced();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "1", ""));
    world_call(w, SEND("20001", "hi", ID "\"timeout\":100,"));
    CHECK_EQ(w->reply_count, 0);
    world_claimed(
        w, 0, ONCE_DONE,
        "{\"status\":\"ok\",\"retcode\":0,\"data\":{\"message_id\":7}}", NULL);
    check_reply(w, 0, "ok");
    CHECK_LAST(w, "data", "{\"message_id\":7}");
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

TEST(behind_a_full_line_an_id_that_is_new_stays_free)
{
    struct world *w = create_slow_and_paced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "1", ""));
    world_call(w, SEND("20001", "hi", ID "\"timeout\":100,"));
    world_claimed(w, 0, ONCE_NEW, NULL, NULL);
    check_reply(w, 0, "rate_limited");
    CHECK_EQ(retry_after_ms(w), 901);
    CHECK_EQ(w->forgotten_count, 1);
    answer_sent(w, link, 0, 11);
    world_advance_ms(w, 901);
    world_call(w, SEND("20001", "hi", ID "\"timeout\":100,"));
    CHECK_EQ(w->claim_count, 2);
    world_claimed_new(w);
    world_advance_ms(w, 99);
    CHECK(has_frame(w, 1, "hi"));
    world_destroy(w);
}

TEST(a_chat_keeps_its_order_and_another_does_not_wait)
{
    struct world *w = create_paced(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "1", ""));
    world_call(w, SEND("20001", "2", ""));
    world_call(w, SEND("20001", "3", ""));
    world_call(w, SEND("20002", "4", ""));
    CHECK_EQ(w->frame_count, 2);
    CHECK(has_frame(w, 1, "\"4\""));
    answer_sent(w, link, 0, 11);
    CHECK_EQ(w->frame_count, 2);
    world_advance_ms(w, 999);
    CHECK_EQ(w->frame_count, 2);
    world_advance_ms(w, 1);
    CHECK(has_frame(w, 2, "\"2\""));
    answer_sent(w, link, 2, 12);
    world_advance_ms(w, 1000);
    CHECK(has_frame(w, 3, "\"3\""));
    world_destroy(w);
}

TEST(the_next_of_a_chat_waits_for_an_answer_but_not_for_long)
{
    struct world *w = create_paced(1000);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "1", ""));
    world_call(w, SEND("20001", "2", ""));
    world_call(w, SEND("20001", "3", ""));
    world_advance_ms(w, 100);
    CHECK_EQ(w->frame_count, 1);
    answer_sent(w, link, 0, 11);
    CHECK(has_frame(w, 1, "\"2\""));
    world_advance_ms(w, HOLD_MS - 1);
    CHECK_EQ(w->frame_count, 2);
    world_advance_ms(w, 1);
    CHECK(has_frame(w, 2, "\"3\""));
    CHECK_EQ(w->reply_count, 1);
    world_destroy(w);
}

TEST(without_a_pace_nobody_waits_for_an_answer)
{
    struct world *w = create_unpaced();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "1", ""));
    world_call(w, SEND("20001", "2", ""));
    CHECK_EQ(w->frame_count, 2);
    world_destroy(w);
}

TEST(whose_turn_does_not_come_in_time_is_told)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ""));
    world_call(w, SEND("20001", "x", "\"timeout\":3000,"));
    world_advance_ms(w, 2999);
    CHECK_EQ(w->reply_count, 0);
    world_advance_ms(w, 1);
    check_reply(w, 0, "rate_limited");
    CHECK_STR(text_at(last(w), "message"),
              "its turn did not come before the deadline; nothing was sent");
    CHECK(retry_after_ms(w) >= 0);
    answer_sent(w, link, 0, 11);
    CHECK(has_frame(w, 1, "bbbbbbbb"));
    world_destroy(w);
}

#define FORTY "abcdefgh abcdefgh abcdefgh abcdefgh "
#define LONGER                                                                 \
    FORTY FORTY FORTY FORTY FORTY FORTY FORTY FORTY FORTY FORTY "the end"

TEST(a_long_message_is_not_broken_off_by_the_pace)
{
    struct world *w = create_paced(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONGER, ""));
    for (size_t i = 0; w->reply_count == 0 && i < 60; i++) {
        CHECK_EQ(w->frame_count, i + 1);
        answer_sent(w, link, i, (int)i);
        world_advance_ms(w, 1000);
    }
    check_reply(w, 0, "ok");
    CHECK(has_frame(w, w->frame_count - 1, "the end"));
    world_destroy(w);
}

TEST(a_message_that_the_pace_breaks_off_says_what_was_sent)
{
    struct world *w = create_paced(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, "\"timeout\":500,"));
    answer_sent(w, link, 0, 11);
    world_advance_ms(w, 500);
    check_reply(w, 0, "rate_limited");
    CHECK_STR(text_at(last(w), "message"),
              "after 1 of 3: its turn did not come before the deadline; the "
              "rest was not tried");
    CHECK_LAST(w, "data", "{\"message_ids\":[11],\"done\":1,\"steps\":3}");
    world_destroy(w);
}

static void mute(struct world *w, struct link *link)
{
    world_frame_in(w, link,
                   "{\"post_type\":\"notice\",\"notice_type\":\"group_ban\","
                   "\"sub_type\":\"ban\",\"self_id\":10001,\"user_id\":10001,"
                   "\"group_id\":20001,\"operator_id\":1,\"duration\":60,"
                   "\"time\":1786700000}");
}

TEST(where_the_bot_is_muted_nothing_is_sent)
{
    struct world *w = create_paced(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "1", ""));
    world_call(w, SEND("20001", "2", ID));
    answer_sent(w, link, 0, 11);
    mute(w, link);
    world_advance_ms(w, 1000);
    check_reply(w, 1, "muted"); /* though it waited already */
    CHECK_EQ(retry_after_ms(w), 59 * 1000);
    CHECK_EQ(w->forgotten_count, 1);
    world_advance_ms(w, 1000);
    world_call(w, SEND("20001", "3", ""));
    check_reply(w, 2, "muted");
    world_call(w, SEND("20002", "4", ""));
    CHECK_EQ(w->frame_count, 2);
    answer_sent(w, link, 1, 12);
    world_advance_ms(w, 58 * 1000);
    world_call(w, SEND("20001", "5", ""));
    CHECK(has_frame(w, 2, "\"5\""));
    world_destroy(w);
}

TEST(a_mute_in_the_middle_of_a_message_breaks_it_off)
{
    struct world *w = create_paced(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ""));
    answer_sent(w, link, 0, 11);
    mute(w, link);
    world_advance_ms(w, 1000);
    check_reply(w, 0, "muted");
    CHECK_LAST(w, "data", "{\"message_ids\":[11],\"done\":1,\"steps\":3}");
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

/* ---- every stage, every end -------------------------------------------- */

#define KILOBYTE A64 A64 A64 A64 A64 A64 A64 A64 A64 A64 A64 A64 A64 A64 A64 A64
#define A64      "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"

/* Too large to be sent inline. */
static const char PICTURE[] =
    "{\"action\":\"send_group_msg\",\"params\":{\"group_id\":20001,"
    "\"message\":[{\"type\":\"image\",\"data\":{\"file\":\"base64://" KILOBYTE
        KILOBYTE "\"}}]}}";

/* A world with one call that has come so far, and its link. */
struct stage {
    const char *name;
    struct link *(*reach)(struct world *w);
    double chat_per_second;
    const char *fates[4]; /* by enum ending */
};

enum ending { BY_LEAVING, BY_STOPPING, BY_DROPPING, BY_WAITING };

static struct link *claiming(struct world *w)
{
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    w->is_store_slow = true;
    world_call(w, SEND("20001", "hi", ID));
    return link;
}

static struct link *preparing(struct world *w)
{
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, PICTURE);
    world_advance_ms(w, 0);
    CHECK(has_frame(w, 0, "upload_file_stream"));
    return link;
}

/* Behind somebody else's, which is answered. */
static struct link *lining(struct world *w)
{
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "1", ""));
    world_call(w, SEND("20001", "2", "\"timeout\":120000,"));
    answer_sent(w, link, 0, 11);
    return link;
}

static struct link *held(struct world *w)
{
    world_call(w, SEND("20001", "hi", ""));
    return NULL;
}

static struct link *sent(struct world *w)
{
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", "hi", ID));
    return link;
}

static struct link *between_parts(struct world *w)
{
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, "\"timeout\":30000,"));
    answer_sent(w, link, 0, 11);
    return link;
}

static struct link *keeping(struct world *w)
{
    struct link *link = claiming(w);
    world_claimed_new(w);
    answer_sent(w, link, 0, 11);
    CHECK_EQ(w->finished_count, 1);
    return link;
}

static const struct stage STAGES[] = {
    {"claiming", claiming, 0, {"unknown_account", "shutting_down", "", "busy"}},
    {"preparing",
     preparing,
     0,
     {"unknown_account", "shutting_down", "", "timeout"}},
    {"lining",
     lining,
     0.01,
     {"unknown_account", "shutting_down", "", "unknown"}},
    {"held",
     held,
     0,
     {"unknown_account", "shutting_down", "", "not_connected"}},
    {"sent", sent, 0, {"unknown", "unknown", "unknown", "unknown"}},
    {"between parts",
     between_parts,
     0.02,
     {"unknown_account", "shutting_down", "", "rate_limited"}},
    {"keeping", keeping, 0, {"ok", "ok", "", ""}},
};

static void leave(struct world *w)
{
    const struct account_options other = world_account(1);
    struct bridge_options options = w->options;
    options.accounts = &other;
    bridge_reconfigure(w->bridge, &options, w->now);
}

static void end(struct world *w, struct link *link, enum ending ending)
{
    switch (ending) {
    case BY_LEAVING:
        leave(w);
        if (link != NULL)
            world_unlink(w, link);
        break;
    case BY_STOPPING:
        bridge_stop(w->bridge, w->now);
        bridge_abandon(w->bridge, w->now);
        break;
    case BY_DROPPING:
        if (link != NULL)
            world_unlink(w, link);
        break;
    case BY_WAITING:
        world_advance_ms(w, 150 * 1000);
        break;
    }
}

/* What the last call came to: "ok", its error; "": it still waits. */
static const char *fate_of(const struct world *w)
{
    const char *fate = "";
    size_t replies = 0;
    for (size_t i = 0; i < w->reply_count; i++)
        if (w->replies[i].ticket == w->tickets) {
            const struct world_reply *reply = &w->replies[i];
            fate = reply->error[0] != '\0' ? reply->error : reply->status;
            replies++;
        }
    CHECK(replies <= 1);
    return fate;
}

static void check_end(const struct stage *stage, enum ending ending)
{
    char label[64];
    struct world *w = create(&(struct pacing_options){
        .chat_per_second = stage->chat_per_second, .chat_burst = 1});
    struct link *link = stage->reach(w);
    CHECK_EQ(bridge_calls_waiting(w->bridge), 1);
    end(w, link, ending);
    const char *fate = fate_of(w);
    snprintf(label, sizeof(label), "%s, %d", stage->name, (int)ending);
    CHECK_ROW(slice_of(fate), slice_of(stage->fates[ending]), label);
    CHECK_EQ(bridge_calls_waiting(w->bridge), fate[0] == '\0');
    /* What still comes afterwards says nothing to anybody. */
    size_t replies = w->reply_count;
    if (fate[0] != '\0') {
        world_claimed_new(w);
        world_finished(w);
        world_advance_ms(w, 150 * 1000);
        CHECK_EQ(w->reply_count, replies);
    }
    world_destroy(w);
}

TEST(in_every_stage_a_call_has_one_end)
{
    for (size_t i = 0; i < COUNT(STAGES); i++)
        for (int ending = BY_LEAVING; ending <= BY_WAITING; ending++)
            check_end(&STAGES[i], (enum ending)ending);
}

TEST(what_is_known_of_a_call_is_kept_though_its_account_leaves)
{
    struct world *w = create_unpaced();
    struct link *link = sent(w);
    leave(w);
    world_unlink(w, link);
    check_reply(w, 0, "unknown");
    CHECK(w->finished_count > 0);
    world_destroy(w);
}

TEST(after_the_stop_no_other_part_leaves)
{
    struct world *w = create_unpaced();
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("20001", LONG, ""));
    bridge_stop(w->bridge, w->now);
    CHECK_EQ(w->reply_count, 0);
    answer_sent(w, link, 0, 11);
    check_reply(w, 0, "shutting_down");
    CHECK_LAST(w, "data", "{\"message_ids\":[11],\"done\":1,\"steps\":3}");
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

/* Else it would be one of a call that was begun after the next start. */
TEST(the_stop_waits_until_an_id_is_free_again)
{
    struct world *w = create_unpaced();
    (void)claiming(w);
    CHECK(!bridge_is_drained(w->bridge));
    bridge_stop(w->bridge, w->now);
    check_reply(w, 0, "shutting_down");
    CHECK_EQ(bridge_calls_waiting(w->bridge), 0);
    CHECK(!bridge_is_drained(w->bridge));
    world_claimed_new(w);
    CHECK_EQ(w->forgotten_count, 1);
    CHECK_EQ(w->frame_count, 0);
    CHECK(bridge_is_drained(w->bridge));
    world_destroy(w);
}

/* ---- a storm ----------------------------------------------------------- */

enum { STORM_STEPS = 600 };

static const char *const STORM_CALLS[] = {
    SEND("20001", LONG, ""),
    SEND("20001", LONG, ID),
    SEND("20001", "x", "\"id\":\"i-2\",\"timeout\":700,"),
    SEND("20002", "a[CQ:poke,qq=2]b", "\"id\":\"i-3\","),
    SEND_AS("send_group_msg_async"),
    QUICK("{\"reply\":\"hi\",\"delete\":true}"),
    "{\"action\":\"get_status\",\"id\":\"i-4\"}",
    PICTURE,
};

static void storm_answer(struct world *w, struct link *link, unsigned roll)
{
    if (link == NULL || w->frame_count == 0)
        return;
    size_t frame = w->frame_count - 1 - roll / 8 % (w->frame_count < 4 ? 1 : 4);
    if (roll % 8 == 0)
        refuse(w, link, frame);
    else
        answer_sent(w, link, frame, (int)roll);
}

static struct link *storm_link(struct world *w, struct link *link)
{
    if (link == NULL)
        return world_link(w, 0, LINK_UNIVERSAL);
    world_unlink(w, link);
    return NULL;
}

static void storm(struct world *w, unsigned seed)
{
    struct link *link = NULL;
    for (int i = 0; i < STORM_STEPS; i++) {
        unsigned roll = (unsigned)rand_r(&seed);
        w->refuse_sends = roll % 31 == 0;
        w->refuse_claims = roll % 37 == 0;
        w->is_store_slow = roll % 3 == 0;
        if (roll % 16 == 0)
            link = storm_link(w, link);
        else if (roll % 4 == 1)
            world_call(w, STORM_CALLS[roll / 4 % COUNT(STORM_CALLS)]);
        else if (roll % 4 == 2)
            world_advance_ms(w, roll / 4 % 900);
        else
            storm_answer(w, link, roll / 4);
    }
}

TEST(in_any_storm_each_call_has_one_reply)
{
    for (unsigned seed = 1; seed <= 30; seed++) {
        static unsigned char replied[WORLD_KEPT_MAX];
        struct world *w = create_paced(seed % 3);
        memset(replied, 0, sizeof(replied));
        storm(w, seed);
        if (seed % 2 == 0)
            bridge_stop(w->bridge, w->now);
        w->is_store_slow = false;
        world_advance_ms(w, 3600 * 1000);
        bridge_abandon(w->bridge, w->now);
        for (size_t i = 0; i < w->reply_count; i++)
            replied[w->replies[i].ticket]++;
        for (size_t i = 1; i <= w->tickets; i++)
            CHECK_EQ(replied[i], 1);
        CHECK_EQ(bridge_calls_waiting(w->bridge), 0);
        world_destroy(w);
    }
}

TEST(a_refusal_tells_what_else_was_noticed)
{
    struct world *w = create_unpaced();
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w,
               "{\"action\":\"set_group_ban\",\"params\":{\"group_idd\":1}}");
    const cJSON *json = world_reply(w, 0)->json;
    const cJSON *warnings = cJSON_GetObjectItem(json, "warnings");
    CHECK_STR(world_reply(w, 0)->error, "bad_params");
    CHECK(cJSON_GetArraySize(warnings) > 0);
    CHECK(strstr(cJSON_GetStringValue(cJSON_GetArrayItem(warnings, 0)),
                 "did you mean group_id") != NULL);
    world_destroy(w);
}

SUITE(jobs, a_refusal_tells_what_else_was_noticed,
      the_parts_of_a_message_leave_one_after_the_other,
      after_a_part_that_fails_no_other_leaves,
      after_a_part_without_an_answer_no_other_leaves,
      what_is_wrong_with_a_message_says_nothing_of_the_chat,
      who_would_be_refused_in_turn_does_not_wait_for_it,
      the_first_part_fails_like_any_message,
      a_link_that_drops_breaks_a_message_off,
      each_part_has_the_time_of_a_message_unless_the_caller_gave_one,
      a_poke_leaves_in_its_place, a_quick_operation_is_what_it_asks_for,
      whoever_asks_by_async_is_told_later_on_the_bus,
      an_async_call_that_fails_is_told_of,
      an_async_call_without_an_answer_is_told_of_once,
      an_async_call_that_is_wrong_is_refused_at_once, who_repeats_an_id_joins,
      what_is_settled_is_told_in_the_name_of_who_asked_first,
      who_repeats_an_id_later_gets_its_reply,
      a_refusal_of_the_peers_is_kept_too, an_id_is_for_one_request,
      an_id_is_free_if_nothing_was_sent,
      nothing_leaves_before_its_id_is_claimed,
      what_was_begun_before_a_restart_is_unknown,
      what_was_done_before_a_restart_has_its_reply,
      what_was_done_has_its_reply_though_nothing_can_be_done_now,
      an_id_of_before_a_restart_is_for_one_request_too,
      a_store_that_cannot_write_is_warned_of,
      a_claim_that_comes_too_late_sends_nothing,
      a_repeat_waits_for_the_claim_that_comes_too_late,
      a_late_claim_that_was_not_its_own_is_left_alone,
      a_reply_waits_until_it_is_kept,
      a_reply_that_cannot_be_kept_is_given_with_a_warning,
      a_reply_that_is_too_large_to_be_kept_is_given_once,
      so_is_one_that_comes_late, a_large_read_is_not_kept,
      what_is_settled_takes_the_place_of_unknown,
      a_turn_that_would_come_too_late_is_refused_at_once,
      behind_a_full_line_an_id_that_is_done_has_its_reply,
      behind_a_full_line_an_id_that_is_new_stays_free,
      a_chat_keeps_its_order_and_another_does_not_wait,
      the_next_of_a_chat_waits_for_an_answer_but_not_for_long,
      without_a_pace_nobody_waits_for_an_answer,
      whose_turn_does_not_come_in_time_is_told,
      a_long_message_is_not_broken_off_by_the_pace,
      a_message_that_the_pace_breaks_off_says_what_was_sent,
      where_the_bot_is_muted_nothing_is_sent,
      a_mute_in_the_middle_of_a_message_breaks_it_off,
      in_every_stage_a_call_has_one_end,
      what_is_known_of_a_call_is_kept_though_its_account_leaves,
      after_the_stop_no_other_part_leaves,
      the_stop_waits_until_an_id_is_free_again,
      in_any_storm_each_call_has_one_reply)
