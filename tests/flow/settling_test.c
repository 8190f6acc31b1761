/* SPDX-License-Identifier: MIT */
/* What becomes of calls that were answered `unknown`. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "check.h"
#include "core/json_write.h"
#include "core/settling.h"
#include "core/unsettled.h"
#include "world.h"

enum {
    TEXT_SIZE = 2048,
    NOW_S = 1786700000, /* when a world begins */
};

static uint64_t seconds(uint64_t count)
{
    return count * 1000;
}

static uint64_t minutes(uint64_t count)
{
    return seconds(60 * count);
}

#define HI                                                                     \
    "{\"action\":\"send_group_msg\",\"trace\":\"t-1\","                        \
    "\"account\":\"a0\",\"params\":{\"group_id\":20001,\"message\":\"hi\"}}"
#define PRIVATE_HI                                                             \
    "{\"action\":\"send_private_msg\",\"account\":\"a0\","                     \
    "\"params\":{\"user_id\":30001,\"message\":\"hi\"}}"
#define HI_SEGMENTS "[{\"type\":\"text\",\"data\":{\"text\":\"hi\"}}]"

/* ---- what peers send --------------------------------------------------- */

static void frame_in(struct world *w, struct link *link, const char *format,
                     ...) __attribute__((format(printf, 3, 4)));

static void frame_in(struct world *w, struct link *link, const char *format,
                     ...)
{
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    world_frame_in(w, link, text);
}

static void answer(struct world *w, struct link *link, size_t frame,
                   const char *data)
{
    frame_in(w, link,
             "{\"status\":\"ok\",\"retcode\":0,\"data\":%s,\"echo\":\"%s\"}",
             data, w->frames[frame].echo);
}

static void refuse(struct world *w, struct link *link, size_t frame)
{
    frame_in(w, link,
             "{\"status\":\"failed\",\"retcode\":1200,\"data\":null,"
             "\"message\":\"no\",\"wording\":\"no\",\"echo\":\"%s\"}",
             w->frames[frame].echo);
}

/* The bot's own message in the group 20001, of so many seconds on. */
static void own_message(struct world *w, struct link *link, int id, int seconds,
                        const char *message)
{
    frame_in(w, link,
             "{\"post_type\":\"message_sent\",\"message_type\":\"group\","
             "\"sub_type\":\"normal\",\"self_id\":10001,\"user_id\":10001,"
             "\"group_id\":20001,\"target_id\":20001,\"message_id\":%d,"
             "\"real_seq\":\"%d\",\"time\":%d,\"message\":%s}",
             id, id, NOW_S + seconds, message);
}

/* One message of a history. */
#define OLD(user, id, time, message)                                           \
    "{\"user_id\":" user ",\"message_id\":" id ",\"time\":" time               \
    ",\"message\":" message "}"
#define LONG_AGO OLD("30001", "1", "1786699000", "\"x\"")

/* ---- what is told ------------------------------------------------------ */

static const cJSON *settled(const struct world *w, size_t index)
{
    for (size_t i = 0; i < w->event_count; i++)
        if (strcmp(w->events[i].topic, "qq.bridge.a0.action.settled") == 0 &&
            index-- == 0)
            return cJSON_GetObjectItem(w->events[i].envelope, "event");
    return NULL;
}

static size_t settled_count(const struct world *w)
{
    size_t count = 0;
    while (settled(w, count) != NULL)
        count++;
    return count;
}

static size_t count_events(const struct world *w, const char *topic)
{
    size_t count = 0;
    for (size_t i = 0; i < w->event_count; i++)
        count += strcmp(w->events[i].topic, topic) == 0;
    return count;
}

static const char *text_of(const cJSON *event, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(event, key));
    return text == NULL ? "" : text;
}

/* -1: it is not there. */
static int64_t number_of(const cJSON *event, const char *key)
{
    const cJSON *value = cJSON_GetObjectItem(event, key);
    return cJSON_IsNumber(value) ? (int64_t)value->valuedouble : -1;
}

/* The settled call with this index has come out so; `id` -1: no message. */
static void check_settled(const struct world *w, size_t index,
                          const char *status, const char *source, int64_t id)
{
    const cJSON *event = settled(w, index);
    CHECK(event != NULL);
    if (event == NULL)
        return;
    CHECK_STR(text_of(event, "status"), status);
    CHECK_STR(text_of(event, "source"), source);
    CHECK_EQ(number_of(event, "message_id"), id);
}

/* What bridge.status says of the account. */
static int64_t status_number(struct world *w, const char *key)
{
    world_call(w, "{\"action\":\"bridge.status\"}");
    const cJSON *json = world_reply(w, w->reply_count - 1)->json;
    const cJSON *accounts =
        cJSON_GetObjectItem(cJSON_GetObjectItem(json, "data"), "accounts");
    return number_of(cJSON_GetObjectItem(accounts, "a0"), key);
}

static int64_t unsettled_now(struct world *w)
{
    return status_number(w, "unsettled");
}

static bool is_asked(const struct world *w, size_t frame, const char *action)
{
    char start[96];
    snprintf(start, sizeof(start), "{\"action\":\"%s\",", action);
    return frame < w->frame_count &&
           strncmp(w->frames[frame].text, start, strlen(start)) == 0;
}

/* The frame that asks for a history, by number; among them is get_status, for
 * nothing was answered. */
static size_t history_frame(const struct world *w, size_t number)
{
    for (size_t i = 0; i < w->frame_count; i++)
        if (strstr(w->frames[i].text, "_msg_history\",") != NULL &&
            number-- == 0)
            return i;
    return SIZE_MAX;
}

static size_t histories(const struct world *w)
{
    size_t count = 0;
    while (history_frame(w, count) != SIZE_MAX)
        count++;
    return count;
}

/* Somebody replies to this message: is that one to the bot? */
static bool is_mentioned_by_reply(struct world *w, struct link *link, int id)
{
    static int replies;
    frame_in(w, link,
             "{\"post_type\":\"message\",\"message_type\":\"group\","
             "\"self_id\":10001,\"user_id\":30001,\"group_id\":20001,"
             "\"message_id\":%d,\"time\":%d,\"message\":\"[CQ:reply,id=%d]\"}",
             5000 + ++replies, NOW_S, id);
    const cJSON *policy =
        cJSON_GetObjectItem(w->events[w->event_count - 1].envelope, "policy");
    return cJSON_IsTrue(cJSON_GetObjectItem(policy, "mentioned"));
}

/* A call that is told `unknown`: at its deadline, after 30 s. */
static void call_in_vain(struct world *w, const char *request)
{
    world_call(w, request);
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    CHECK_STR(world_reply(w, w->reply_count - 1)->status, "unknown");
}

/* ---- its own answer ---------------------------------------------------- */

TEST(a_late_answer_settles_its_call_once)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    CHECK_EQ(unsettled_now(w), 1);
    world_advance_ms(w, seconds(1));
    answer(w, link, 0, "{\"message_id\":7}");
    check_settled(w, 0, "ok", "answer", 7);
    const cJSON *event = settled(w, 0);
    CHECK_STR(text_of(event, "action"), "send_group_msg");
    CHECK(cJSON_GetObjectItem(event, "id") == NULL);
    CHECK_STR(text_of(event, "trace"), "t-1");
    CHECK_EQ(number_of(event, "retcode"), 0);
    CHECK_EQ(number_of(event, "group_id"), 20001);
    CHECK_EQ(number_of(event, "user_id"), -1);
    CHECK_EQ(number_of(event, "sent_at"), (int64_t)NOW_S * 1000);
    CHECK(cJSON_GetObjectItem(event, "message") == NULL);
    CHECK_EQ(unsettled_now(w), 0);
    CHECK_EQ(status_number(w, "answers"), 1);
    answer(w, link, 0, "{\"message_id\":7}");
    CHECK(strstr(w->log.data, "nobody waits for") != NULL);
    world_advance_ms(w, minutes(20));
    CHECK_EQ(settled_count(w), 1);
    CHECK_EQ(w->reply_count, 4);
    world_destroy(w);
}

/* The store's entry for an id is answered as it goes; this is the last. */
static void check_kept(const struct world *w, const char *status)
{
    const struct json_writer_options options = {0};
    const struct world_claim *last = &w->finished[w->finished_count - 1];
    struct slice pack = {last->reply, last->reply_bytes};
    struct json_error error;
    struct buffer text = {0};
    CHECK_EQ(json_from_msgpack(pack, &options, &text, &error), STATUS_OK);
    cJSON *json = cJSON_ParseWithLength(text.data, text.size);
    CHECK_STR(text_of(json, "status"), status);
    cJSON_Delete(json);
    buffer_finish(&text);
}

TEST(what_is_kept_with_an_id_follows)
{
    static const char request[] =
        "{\"action\":\"send_group_msg\",\"id\":\"i-1\","
        "\"params\":{\"group_id\":20001,\"message\":\"hi\"}}";
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, request);
    world_claimed_new(w);
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    check_kept(w, "unknown");
    bridge_on_kept(w->bridge, w->finished[0].cookie, true, "", w->now);
    CHECK_STR(world_reply(w, 0)->status, "unknown");
    answer(w, link, 0, "{\"message_id\":7}");
    check_settled(w, 0, "ok", "answer", 7);
    CHECK_STR(text_of(settled(w, 0), "id"), "i-1");
    CHECK_EQ(w->finished_count, 2);
    check_kept(w, "ok");
    world_call(w, request);
    CHECK_EQ(w->frame_count, 1);
    CHECK_STR(world_reply(w, 1)->status, "ok");
    world_destroy(w);
}

TEST(what_was_told_async_is_settled_once)
{
    static const char request[] =
        "{\"action\":\"send_group_msg_rate_limited\",\"params\":"
        "{\"group_id\":20001,\"message\":\"hi\"}}";
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, request);
    CHECK_STR(world_reply(w, 0)->status, "async");
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    CHECK_EQ(settled_count(w), 0);
    answer(w, link, 0, "{\"message_id\":7}");
    check_settled(w, 0, "ok", "answer", 7);
    world_call(w, request);
    answer(w, link, 1, "{\"message_id\":8}");
    check_settled(w, 1, "ok", "answer", 8);
    world_advance_ms(w, minutes(20));
    CHECK_EQ(settled_count(w), 2);
    CHECK_EQ(w->reply_count, 2);
    world_destroy(w);
}

TEST(a_late_refusal_settles_it_as_failed)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    refuse(w, link, 0);
    check_settled(w, 0, "failed", "answer", -1);
    CHECK_EQ(number_of(settled(w, 0), "retcode"), 1200);
    CHECK_STR(text_of(settled(w, 0), "message"), "no");
    world_destroy(w);
}

TEST(a_late_answer_may_come_on_another_link_of_the_account_only)
{
    struct world *w = world_create(2);
    struct link *old = world_link(w, 0, LINK_UNIVERSAL);
    struct link *stranger = world_link(w, 1, LINK_UNIVERSAL);
    world_call(w, HI);
    world_unlink(w, old);
    CHECK_STR(world_reply(w, 0)->status, "unknown");
    struct link *new = world_link(w, 0, LINK_UNIVERSAL);
    answer(w, stranger, 0, "{\"message_id\":7}");
    CHECK_EQ(settled_count(w), 0);
    answer(w, new, 0, "{\"message_id\":7}");
    check_settled(w, 0, "ok", "answer", 7);
    world_destroy(w);
}

TEST(a_read_is_never_settled)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"get_login_info\"}");
    world_advance_ms(w, minutes(20));
    CHECK_STR(world_reply(w, 0)->error, "timeout");
    CHECK_EQ(settled_count(w), 0);
    world_destroy(w);
}

/* ---- events ------------------------------------------------------------ */

TEST(the_bots_own_message_settles_the_call_in_any_form)
{
    static const char quoting[] =
        "[{\"type\":\"reply\",\"data\":{\"id\":\"1\"}},"
        "{\"type\":\"text\",\"data\":{\"text\":\" hi\"}}]";
    static const char *const forms[] = {"\"hi\"", HI_SEGMENTS, quoting};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct world *w = world_create(1);
        struct link *link = world_link(w, 0, LINK_UNIVERSAL);
        call_in_vain(w, HI);
        own_message(w, link, 9, 31, forms[i]);
        check_settled(w, 0, "ok", "event", 9);
        CHECK_EQ(number_of(settled(w, 0), "retcode"), -1);
        /* Its late answer is too late. */
        answer(w, link, 0, "{\"message_id\":9}");
        CHECK_EQ(settled_count(w), 1);
        world_destroy(w);
    }
}

TEST(peers_without_message_sent_settle_it_too)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    frame_in(w, link,
             "{\"post_type\":\"message\",\"message_type\":\"group\","
             "\"self_id\":10001,\"user_id\":10001,\"group_id\":20001,"
             "\"message_id\":9,\"time\":%d,\"message\":\"hi\"}",
             NOW_S);
    check_settled(w, 0, "ok", "event", 9);
    world_destroy(w);
}

TEST(in_private_the_target_is_the_chat)
{
    static const int targets[] = {30002, 0, 30001};
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, PRIVATE_HI);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(settled_count(w), 0);
        frame_in(w, link,
                 "{\"post_type\":\"message_sent\",\"message_type\":"
                 "\"private\",\"self_id\":10001,\"user_id\":10001,"
                 "\"target_id\":%d,\"message_id\":%d,\"time\":%d,"
                 "\"message\":\"hi\"}",
                 targets[i], i + 7, NOW_S);
    }
    check_settled(w, 0, "ok", "event", 9);
    CHECK_EQ(number_of(settled(w, 0), "user_id"), 30001);
    CHECK_EQ(number_of(settled(w, 0), "group_id"), -1);
    CHECK(cJSON_GetObjectItem(settled(w, 0), "id") == NULL);
    world_destroy(w);
}

TEST(a_message_that_came_before_the_verdict_counts)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    own_message(w, link, 9, 0, "\"hi\"");
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS + 1);
    CHECK_STR(world_reply(w, 0)->status, "unknown");
    check_settled(w, 0, "ok", "event", 9);
    world_destroy(w);
}

TEST(other_messages_settle_nothing)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    own_message(w, link, 7, 31, "\"ho\"");
    own_message(w, link, 8, -6, "\"hi\"");
    frame_in(w, link,
             "{\"post_type\":\"message\",\"message_type\":\"group\","
             "\"self_id\":10001,\"user_id\":30001,\"group_id\":20001,"
             "\"message_id\":10,\"time\":%d,\"message\":\"hi\"}",
             NOW_S);
    CHECK_EQ(settled_count(w), 0);
    own_message(w, link, 9, -5, "\"hi\"");
    check_settled(w, 0, "ok", "event", 9);
    world_destroy(w);
}

TEST(each_message_settles_one_call_the_oldest_first)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    world_advance_ms(w, seconds(1));
    call_in_vain(w, HI);
    own_message(w, link, 8, 40, "\"hi\"");
    own_message(w, link, 8, 40, "\"hi\""); /* come once more */
    own_message(w, link, 9, 40, "\"hi\"");
    CHECK_EQ(settled_count(w), 0); /* either may still be answered */
    world_advance_ms(w, SETTLING_FIRST_MS);
    CHECK_EQ(settled_count(w), 2);
    CHECK_EQ(number_of(settled(w, 0), "sent_at"), (int64_t)NOW_S * 1000);
    check_settled(w, 0, "ok", "event", 8);
    check_settled(w, 1, "ok", "event", 9);
    world_destroy(w);
}

TEST(of_two_that_say_the_same_a_late_answer_knows_whose_message_it_is)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    call_in_vain(w, HI);
    own_message(w, link, 8, 40, "\"hi\"");
    answer(w, link, 1, "{\"message_id\":8}");
    CHECK_EQ(settled_count(w), 1);
    check_settled(w, 0, "ok", "answer", 8);
    world_advance_ms(w, SETTLING_FIRST_MS);
    CHECK_EQ(settled_count(w), 1);
    world_destroy(w);
}

TEST(so_do_messages_that_came_before_the_verdicts)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    world_advance_ms(w, seconds(1));
    world_call(w, HI);
    own_message(w, link, 8, 1, "\"hi\"");
    own_message(w, link, 9, 1, "\"hi\"");
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    CHECK_EQ(settled_count(w), 0);
    world_advance_ms(w, SETTLING_FIRST_MS);
    CHECK_EQ(settled_count(w), 2);
    check_settled(w, 0, "ok", "event", 8);
    CHECK_EQ(number_of(settled(w, 0), "sent_at"), (int64_t)NOW_S * 1000);
    check_settled(w, 1, "ok", "event", 9);
    world_destroy(w);
}

TEST(a_message_of_an_answered_call_settles_no_other)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_call(w, HI);
    answer(w, link, 1, "{\"message_id\":9}");
    own_message(w, link, 9, 31, "\"hi\"");
    CHECK_EQ(settled_count(w), 0);
    own_message(w, link, 10, 31, "\"hi\"");
    check_settled(w, 0, "ok", "event", 10);
    world_destroy(w);
}

TEST(while_a_call_waits_a_message_may_be_its)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_call(w, HI);
    own_message(w, link, 9, 31, "\"hi\"");
    CHECK_EQ(settled_count(w), 0);
    answer(w, link, 1, "{\"message_id\":9}");
    world_advance_ms(w, seconds(6));
    CHECK(is_asked(w, 2, "get_group_msg_history"));
    CHECK_EQ(settled_count(w), 0);
    world_destroy(w);
}

TEST(if_it_was_not_its_the_other_has_it)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_call(w, HI);
    own_message(w, link, 9, 31, "\"hi\"");
    refuse(w, link, 1);
    world_advance_ms(w, seconds(6));
    check_settled(w, 0, "ok", "event", 9);
    world_destroy(w);
}

TEST(a_message_without_an_id_settles_nothing)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    own_message(w, link, 0, 31, "\"hi\"");
    CHECK_EQ(settled_count(w), 0);
    world_destroy(w);
}

TEST(a_message_that_was_only_read_may_be_the_calls)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_call(w, "{\"action\":\"get_msg\",\"params\":{\"message_id\":9}}");
    answer(w, link, 1, "{\"message_id\":9}");
    own_message(w, link, 9, 31, "\"hi\"");
    check_settled(w, 0, "ok", "event", 9);
    world_destroy(w);
}

TEST(a_reply_to_what_was_settled_is_one_to_the_bot)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    call_in_vain(w, HI);
    answer(w, link, 0, "{\"message_id\":7}");
    CHECK(is_mentioned_by_reply(w, link, 7));
    world_advance_ms(w, SETTLING_FIRST_MS);
    CHECK(!is_mentioned_by_reply(w, link, 8));
    answer(w, link, history_frame(w, 0),
           "{\"messages\":[" OLD("10001", "8", "1786700001", "\"hi\"") "]}");
    CHECK(is_mentioned_by_reply(w, link, 8));
    world_destroy(w);
}

/* ---- the history ------------------------------------------------------- */

TEST(the_history_is_read_and_shows_it)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_advance_ms(w, SETTLING_FIRST_MS - 1);
    CHECK_EQ(w->frame_count, 1);
    world_advance_ms(w, 1);
    CHECK_EQ(w->frame_count, 2);
    CHECK(is_asked(w, 1, "get_group_msg_history"));
    CHECK(strstr(w->frames[1].text,
                 "\"params\":{\"group_id\":20001,\"count\":20}") != NULL);
    answer(w, link, 1,
           "{\"messages\":[" LONG_AGO
           "," OLD("30001", "6", "1786700001",
                   "\"hi\"") "," OLD("10001", "7", "1786699994", "\"hi\"") ","
           /* the older of the two that it may be comes last */
           OLD("10001", "\"9\"", "1786700005", HI_SEGMENTS) "," OLD(
               "10001", "8", "1786700001000", "\"hi\"") "]}");
    check_settled(w, 0, "ok", "history", 8);
    world_advance_ms(w, minutes(20));
    CHECK_EQ(w->frame_count, 2);
    CHECK_EQ(settled_count(w), 1);
    world_destroy(w);
}

TEST(a_private_history_names_its_authors_in_any_way)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, PRIVATE_HI);
    world_advance_ms(w, SETTLING_FIRST_MS);
    CHECK(is_asked(w, 1, "get_friend_msg_history"));
    CHECK(strstr(w->frames[1].text, "{\"user_id\":30001,") != NULL);
    answer(w, link, 1,
           "{\"messages\":[{\"sender\":{\"user_id\":\"10001\"},"
           "\"message_id\":8,\"time\":1786700001,\"message\":\"hi\"}]}");
    check_settled(w, 0, "ok", "history", 8);
    world_destroy(w);
}

/* The history is read three times, each time the same; what comes of it. */
static void check_histories(const char *data, const char *status,
                            const char *source)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_advance_ms(w, SETTLING_FIRST_MS);
    answer(w, link, 1, data);
    world_advance_ms(w, SETTLING_AGAIN_MS - 1);
    CHECK_EQ(w->frame_count, 2);
    world_advance_ms(w, 1);
    CHECK(is_asked(w, 2, "get_group_msg_history"));
    answer(w, link, 2, data);
    world_advance_ms(w, SETTLING_WINDOW_MS - SETTLING_FIRST_MS -
                            SETTLING_AGAIN_MS - 1);
    CHECK_EQ(w->frame_count, 3);
    world_advance_ms(w, 1);
    CHECK(is_asked(w, 3, "get_group_msg_history"));
    CHECK_EQ(settled_count(w), 0);
    answer(w, link, 3, data);
    check_settled(w, 0, status, source, -1);
    world_advance_ms(w, minutes(20));
    CHECK_EQ(w->frame_count, 4);
    CHECK_EQ(unsettled_now(w), 0);
    world_destroy(w);
}

TEST(what_the_history_should_show_and_does_not_has_failed)
{
    check_histories("{\"messages\":[" LONG_AGO "]}", "failed", "history");
    check_histories(
        "{\"messages\":[" OLD("30001", "1", "1786699995", "\"hi\"") "]}",
        "failed", "history");
}

TEST(the_oldest_message_says_how_far_a_history_reaches)
{
    check_histories("{\"messages\":[" LONG_AGO
                    "," OLD("30001", "2", "0", "\"x\"") "]}",
                    "failed", "history");
    check_histories("{\"messages\":[" LONG_AGO
                    "," OLD("30001", "2", "1786700001", "\"x\"") "]}",
                    "failed", "history");
    check_histories("{\"messages\":[" OLD("30001", "2", "1786700001",
                                          "\"x\"") "," LONG_AGO "]}",
                    "failed", "history");
}

TEST(a_history_tells_of_its_own_chat_only)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    call_in_vain(w, PRIVATE_HI);
    world_advance_ms(w, SETTLING_FIRST_MS);
    CHECK_EQ(histories(w), 2);
    answer(w, link, history_frame(w, 0), "{\"messages\":[" LONG_AGO "]}");
    world_advance_ms(w, SETTLING_WINDOW_MS + minutes(1));
    check_settled(w, 0, "failed", "history", -1);
    check_settled(w, 1, "unknown", "none", -1);
    CHECK_EQ(number_of(settled(w, 1), "user_id"), 30001);
    world_destroy(w);
}

TEST(a_history_that_is_being_read_is_not_asked_for_again)
{
    struct world *w = world_create(2);
    world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_advance_ms(w, SETTLING_FIRST_MS);
    world_link(w, 0, LINK_UNIVERSAL);
    world_advance_ms(w, seconds(1));
    CHECK_EQ(histories(w), 1);
    world_advance_ms(w, SETTLING_HISTORY_TIMEOUT_MS);
    CHECK_EQ(histories(w), 2);
    world_advance_ms(w, SETTLING_HISTORY_TIMEOUT_MS);
    world_link(w, 1, LINK_UNIVERSAL); /* another's */
    world_advance_ms(w, seconds(1));
    CHECK_EQ(histories(w), 2);
    world_link(w, 0, LINK_UNIVERSAL);
    world_advance_ms(w, seconds(1));
    CHECK_EQ(histories(w), 3);
    world_destroy(w);
}

TEST(a_peer_that_comes_back_is_asked_twice)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_advance_ms(w, SETTLING_FIRST_MS + SETTLING_AGAIN_MS + seconds(20));
    CHECK_EQ(histories(w), 2);
    world_unlink(w, link);
    link = world_link(w, 0, LINK_UNIVERSAL);
    world_advance_ms(w, 0);
    CHECK_EQ(histories(w), 3);
    refuse(w, link, history_frame(w, 2));
    world_advance_ms(w, SETTLING_AGAIN_MS);
    CHECK_EQ(histories(w), 4);
    world_destroy(w);
}

TEST(a_peer_that_comes_back_late_changes_nothing_about_the_end)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    world_unlink(w, link);
    world_advance_ms(w, SETTLING_WINDOW_MS - seconds(30));
    link = world_link(w, 0, LINK_UNIVERSAL);
    world_advance_ms(w, 0);
    refuse(w, link, history_frame(w, 0));
    world_advance_ms(w, seconds(30));
    CHECK_EQ(histories(w), 2);
    refuse(w, link, history_frame(w, 1));
    check_settled(w, 0, "unknown", "none", -1);
    world_destroy(w);
}

TEST(a_history_that_does_not_reach_back_shows_nothing)
{
    check_histories("{\"messages\":[]}", "unknown", "none");
    check_histories("{\"messages\":7}", "unknown", "none");
    check_histories("null", "unknown", "none");
    check_histories(
        "{\"messages\":[" OLD("30001", "1", "1786699996", "\"hi\"") "]}",
        "unknown", "none");
    check_histories("{\"messages\":[" OLD("30001", "1", "0", "\"hi\"") "]}",
                    "unknown", "none");
}

TEST(a_history_that_cannot_be_read_last_leaves_the_one_before)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_advance_ms(w, SETTLING_FIRST_MS);
    answer(w, link, 1, "{\"messages\":[" LONG_AGO "]}");
    world_advance_ms(w, SETTLING_AGAIN_MS);
    refuse(w, link, 2);
    world_advance_ms(w, SETTLING_WINDOW_MS);
    CHECK(is_asked(w, 3, "get_group_msg_history"));
    check_settled(w, 0, "failed", "history", -1);
    CHECK(strstr(text_of(settled(w, 0), "message"), "does not show") != NULL);
    world_destroy(w);
}

TEST(without_any_history_it_is_unknown_for_good)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_advance_ms(w, SETTLING_WINDOW_MS + SETTLING_HISTORY_TIMEOUT_MS - 1);
    CHECK_EQ(settled_count(w), 0);
    world_advance_ms(w, 1);
    check_settled(w, 0, "unknown", "none", -1);
    CHECK_EQ(unsettled_now(w), 0);
    world_destroy(w);
}

TEST(without_a_peer_it_is_looked_for_when_one_is_back)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    world_unlink(w, link);
    world_advance_ms(w, minutes(5));
    CHECK_EQ(w->frame_count, 1);
    link = world_link(w, 0, LINK_UNIVERSAL);
    world_advance_ms(w, 0);
    CHECK(is_asked(w, 1, "get_group_msg_history"));
    answer(w, link, 1, "{\"messages\":[" LONG_AGO "]}");
    CHECK_EQ(settled_count(w), 0);
    world_unlink(w, link);
    world_advance_ms(w, minutes(5) - 1);
    CHECK_EQ(settled_count(w), 0);
    world_advance_ms(w, 1);
    check_settled(w, 0, "failed", "history", -1);
    CHECK_EQ(w->frame_count, 2);
    world_destroy(w);
}

TEST(nothing_follows_from_a_history_while_a_like_call_waits)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_advance_ms(w, SETTLING_FIRST_MS);
    world_call(w, HI);
    answer(w, link, 1,
           "{\"messages\":[" OLD("10001", "9", "1786700036", "\"hi\"") "]}");
    CHECK_EQ(settled_count(w), 0);
    answer(w, link, 2, "{\"message_id\":9}");
    world_advance_ms(w, SETTLING_AGAIN_MS);
    answer(w, link, 3,
           "{\"messages\":[" OLD("10001", "9", "1786700036", "\"hi\"") "]}");
    CHECK_EQ(settled_count(w), 0);
    world_destroy(w);
}

TEST(one_look_serves_all_calls_of_a_chat)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    world_call(w, HI);
    world_call(w, "{\"action\":\"send_group_msg\",\"params\":{\"group_id\":"
                  "20001,\"message\":\"ho\"}}");
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS + SETTLING_FIRST_MS);
    CHECK_EQ(histories(w), 1);
    answer(w, link, history_frame(w, 0),
           "{\"messages\":[" OLD("10001", "8", "1786700001", "\"hi\"") "," OLD(
               "10001", "9", "1786700002", "\"hi\"") "]}");
    CHECK_EQ(settled_count(w), 2);
    check_settled(w, 0, "ok", "history", 8);
    check_settled(w, 1, "ok", "history", 9);
    world_advance_ms(w, SETTLING_AGAIN_MS);
    CHECK_EQ(histories(w), 2);
    world_destroy(w);
}

TEST(few_histories_are_read_at_a_time)
{
    enum { CHATS = SETTLING_READS_PER_ACCOUNT + 2 };
    struct world *w = world_create_with(1, CHATS);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    for (int i = 0; i < CHATS; i++) {
        char text[256];
        snprintf(text, sizeof(text),
                 "{\"action\":\"send_group_msg\",\"params\":{\"group_id\":%d,"
                 "\"message\":\"hi\"}}",
                 20001 + i);
        world_call(w, text);
    }
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS + SETTLING_FIRST_MS);
    CHECK_EQ(histories(w), SETTLING_READS_PER_ACCOUNT);
    answer(w, link, history_frame(w, 0), "{\"messages\":[]}");
    world_advance_ms(w, 0);
    CHECK_EQ(histories(w), SETTLING_READS_PER_ACCOUNT + 1);
    refuse(w, link, history_frame(w, 1));
    world_advance_ms(w, 0);
    CHECK_EQ(histories(w), CHATS);
    world_advance_ms(w, SETTLING_WINDOW_MS + minutes(1));
    CHECK_EQ(settled_count(w), CHATS);
    world_destroy(w);
}

/* ---- what is no message ------------------------------------------------ */

TEST(what_says_nothing_is_settled_by_its_answer_alone)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, "{\"action\":\"set_group_ban\",\"params\":{\"group_id\":"
                    "20001,\"user_id\":30001}}");
    call_in_vain(w, "{\"action\":\"set_group_card\",\"params\":{\"group_id\":"
                    "20001,\"user_id\":30001,\"card\":\"x\"}}");
    answer(w, link, 1, "null");
    check_settled(w, 0, "ok", "answer", -1);
    CHECK_STR(text_of(settled(w, 0), "action"), "set_group_card");
    CHECK_EQ(number_of(settled(w, 0), "group_id"), -1);
    CHECK_EQ(number_of(settled(w, 0), "user_id"), -1);
    world_advance_ms(w, SETTLING_WINDOW_MS);
    CHECK_EQ(histories(w), 0);
    check_settled(w, 1, "unknown", "none", -1);
    world_destroy(w);
}

#define UPLOAD                                                                 \
    "{\"action\":\"upload_group_file\",\"timeout\":30000,\"params\":{"         \
    "\"group_id\":20001,\"file\":\"base64://aGk=\",\"name\":\"x\"}}"
#define FILE_MESSAGE "[{\"type\":\"file\",\"data\":{\"file\":\"x\"}}]"

TEST(an_upload_has_more_time)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, UPLOAD);
    world_advance_ms(w, SETTLING_UPLOAD_WINDOW_MS - 1);
    CHECK_EQ(settled_count(w), 0);
    own_message(w, link, 9, 1000, FILE_MESSAGE);
    check_settled(w, 0, "ok", "event", 9);
    world_destroy(w);
}

TEST(an_answer_without_an_id_leaves_doubt_whose_the_message_is)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, UPLOAD);
    world_call(w, UPLOAD);
    answer(w, link, 1, "{\"file_id\":\"f\",\"message_id\":0}");
    own_message(w, link, 9, 40, FILE_MESSAGE);
    world_advance_ms(w, SETTLING_FIRST_MS);
    answer(w, link, 2, "{\"messages\":[" LONG_AGO "]}");
    CHECK_EQ(settled_count(w), 0);
    world_advance_ms(w, SETTLING_UPLOAD_WINDOW_MS + minutes(1));
    check_settled(w, 0, "unknown", "none", -1);
    world_destroy(w);
}

/* ---- bounds and ends --------------------------------------------------- */

TEST(one_too_many_gives_up_the_oldest)
{
    struct world *w = world_create_with(1, UNSETTLED_MAX + 1);
    world_link(w, 0, LINK_UNIVERSAL);
    for (int i = 0; i <= UNSETTLED_MAX; i++) {
        world_call(w, i == 0 ? HI : PRIVATE_HI);
        w->now.mono_ms++; /* so that they end one after the other */
        w->now.wall_ms++;
    }
    w->now.mono_ms += WORLD_WRITE_TIMEOUT_MS;
    w->now.wall_ms += WORLD_WRITE_TIMEOUT_MS;
    bridge_on_tick(w->bridge, w->now);
    check_settled(w, 0, "unknown", "none", -1);
    CHECK_EQ(number_of(settled(w, 0), "group_id"), 20001);
    CHECK_EQ(settled_count(w), 1);
    CHECK_EQ(unsettled_now(w), UNSETTLED_MAX);
    world_destroy(w);
}

TEST(with_its_account_goes_all_hope)
{
    struct world *w = world_create(2);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_link(w, 1, LINK_UNIVERSAL);
    world_call(w, HI);
    world_call(w, "{\"action\":\"send_group_msg\",\"account\":\"a1\","
                  "\"params\":{\"group_id\":1,\"message\":\"hi\"}}");
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    world_call(w, HI);
    const struct account_options other = world_account(1);
    struct bridge_options options = w->options;
    options.accounts = &other;
    options.account_count = 1;
    bridge_reconfigure(w->bridge, &options, w->now);
    CHECK_EQ(settled_count(w), 0);
    world_unlink(w, link);
    CHECK_EQ(settled_count(w), 2);
    check_settled(w, 0, "unknown", "none", -1);
    check_settled(w, 1, "unknown", "none", -1);
    CHECK_EQ(count_events(w, "qq.bridge.a1.action.settled"), 0);
    world_advance_ms(w, minutes(20));
    CHECK_EQ(settled_count(w), 2);
    CHECK_EQ(count_events(w, "qq.bridge.a1.action.settled"), 1);
    world_destroy(w);
}

TEST(what_a_caller_wrote_is_told_so_that_all_can_read_it)
{
    static const char call[] = "\x83\xa6"
                               "action\xa2"
                               "x\xff\xa2id\xa2"
                               "i\xfe\xa5trace\xa4"
                               "t-\xc3\xa9";
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    bridge_on_call(w->bridge, (void *)++w->tickets, (struct slice){0},
                   (struct slice){call, sizeof(call) - 1}, w->now);
    world_claimed_new(w);
    bridge_stop(w->bridge, w->now);
    bridge_abandon(w->bridge, w->now);
    check_settled(w, 0, "unknown", "none", -1);
    CHECK_STR(text_of(settled(w, 0), "action"), "x\\xff");
    CHECK_STR(text_of(settled(w, 0), "id"), "i\\xfe");
    CHECK_STR(text_of(settled(w, 0), "trace"), "t-\xc3\xa9");
    world_destroy(w);
}

TEST(with_the_bridge_ends_all_hope)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    call_in_vain(w, HI);
    world_call(w, HI);
    bridge_stop(w->bridge, w->now);
    world_advance_ms(w, SETTLING_FIRST_MS);
    CHECK_EQ(histories(w), 0);
    CHECK_EQ(settled_count(w), 0);
    bridge_abandon(w->bridge, w->now);
    CHECK_EQ(settled_count(w), 2);
    check_settled(w, 1, "unknown", "none", -1);
    world_destroy(w);
}

/* ---- storms ------------------------------------------------------------ */

enum { STORM_STEPS = 300 };

struct storm {
    struct world *world;
    struct link *link; /* NULL: there is none */
    unsigned seed;
    int calls, messages;
};

static unsigned roll(struct storm *storm, unsigned sides)
{
    storm->seed = storm->seed * 1103515245 + 12345;
    return (storm->seed >> 16) % sides;
}

static void storm_call(struct storm *storm)
{
    char text[256];
    snprintf(text, sizeof(text),
             "{\"action\":\"send_group_msg\",\"trace\":\"%d\","
             "\"timeout\":%u,\"params\":{\"group_id\":20001,\"message\":"
             "\"%u\"}}",
             storm->calls++, 1 + roll(storm, 3000), roll(storm, 3));
    world_call(storm->world, text);
}

/* To any frame, be it asked long ago. */
static void storm_answer(struct storm *storm)
{
    struct world *w = storm->world;
    char data[256];
    if (storm->link == NULL || w->frame_count == 0)
        return;
    size_t frame = roll(storm, (unsigned)w->frame_count);
    snprintf(data, sizeof(data),
             "{\"message_id\":%d,\"messages\":[" LONG_AGO
             ",{\"user_id\":10001,\"message_id\":%d,\"time\":%" PRIu64
             ",\"message\":\"%u\"}]}",
             storm->messages + 1, storm->messages + 2, w->now.wall_ms / 1000,
             roll(storm, 3));
    storm->messages += 2;
    if (roll(storm, 4) == 0)
        refuse(w, storm->link, frame);
    else
        answer(w, storm->link, frame, data);
}

static void storm_step(struct storm *storm)
{
    struct world *w = storm->world;
    char message[16];
    switch (roll(storm, 6)) {
    case 0:
        if (storm->link != NULL)
            world_unlink(w, storm->link);
        storm->link =
            storm->link != NULL ? NULL : world_link(w, 0, LINK_UNIVERSAL);
        break;
    case 1:
    case 2:
        storm_call(storm);
        break;
    case 3:
        storm_answer(storm);
        break;
    case 4:
        snprintf(message, sizeof(message), "\"%u\"", roll(storm, 3));
        if (storm->link != NULL)
            own_message(w, storm->link, ++storm->messages,
                        (int)(w->now.wall_ms / 1000 - NOW_S), message);
        break;
    default:
        world_advance_ms(w, roll(storm, 20000));
    }
}

static size_t settled_with(const struct world *w, const char *trace)
{
    size_t count = 0;
    for (size_t i = 0; settled(w, i) != NULL; i++)
        count += strcmp(text_of(settled(w, i), "trace"), trace) == 0;
    return count;
}

TEST(in_any_storm_what_was_unknown_is_settled_once)
{
    size_t unknown = 0;
    for (unsigned seed = 1; seed <= 20; seed++) {
        struct storm storm = {
            .world = world_create_with(1, 16),
            .seed = seed,
        };
        struct world *w = storm.world;
        for (int i = 0; i < STORM_STEPS; i++)
            storm_step(&storm);
        world_advance_ms(w, minutes(20));
        for (size_t i = 0; i < w->reply_count; i++) {
            bool is_unknown = strcmp(w->replies[i].status, "unknown") == 0;
            CHECK_EQ(settled_with(w, text_of(w->replies[i].json, "trace")),
                     is_unknown);
            unknown += is_unknown;
        }
        CHECK_EQ(unsettled_now(w), 0);
        world_destroy(w);
    }
    CHECK(unknown > 100);
}

/* It is on its way out, and its link has yet to close. */
TEST(an_account_that_leaves_is_not_looked_into_any_more)
{
    struct world *w = world_create(2);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, HI);
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS + SETTLING_FIRST_MS - 1000);
    CHECK_STR(world_reply(w, 0)->status, "unknown");
    struct bridge_options options = w->options;
    struct account_options stays = world_account(1);
    options.accounts = &stays;
    options.account_count = 1;
    bridge_reconfigure(w->bridge, &options, w->now);
    world_advance_ms(w, 2000);
    CHECK_EQ(w->frame_count, 1);
    world_unlink(w, link);
    world_advance_ms(w, WORLD_GRACE_MS + SETTLING_HISTORY_TIMEOUT_MS);
    world_destroy(w);
}

TEST(accounts_that_go_together_take_no_notice_of_each_other)
{
    struct world *w = world_create(3);
    struct link *link = world_link(w, 1, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"send_group_msg\",\"account\":\"a1\","
                  "\"params\":{\"group_id\":1,\"message\":\"hi\"}}");
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    CHECK_STR(world_reply(w, 0)->status, "unknown");
    world_unlink(w, link);
    const struct account_options stays = world_account(2);
    struct bridge_options options = w->options;
    options.accounts = &stays;
    options.account_count = 1;
    bridge_reconfigure(w->bridge, &options, w->now);
    CHECK_EQ(settled_count(w), 0); /* of a0 */
    CHECK_EQ(count_events(w, "qq.bridge.a1.action.settled"), 1);
    world_destroy(w);
}

SUITE(settling, a_late_answer_settles_its_call_once,
      accounts_that_go_together_take_no_notice_of_each_other,
      an_account_that_leaves_is_not_looked_into_any_more,
      what_is_kept_with_an_id_follows, what_was_told_async_is_settled_once,
      a_late_refusal_settles_it_as_failed,
      a_late_answer_may_come_on_another_link_of_the_account_only,
      a_read_is_never_settled,
      the_bots_own_message_settles_the_call_in_any_form,
      peers_without_message_sent_settle_it_too,
      in_private_the_target_is_the_chat,
      a_message_that_came_before_the_verdict_counts,
      other_messages_settle_nothing,
      each_message_settles_one_call_the_oldest_first,
      of_two_that_say_the_same_a_late_answer_knows_whose_message_it_is,
      so_do_messages_that_came_before_the_verdicts,
      a_message_of_an_answered_call_settles_no_other,
      while_a_call_waits_a_message_may_be_its,
      if_it_was_not_its_the_other_has_it,
      a_message_without_an_id_settles_nothing,
      a_message_that_was_only_read_may_be_the_calls,
      a_reply_to_what_was_settled_is_one_to_the_bot,
      the_history_is_read_and_shows_it,
      a_private_history_names_its_authors_in_any_way,
      what_the_history_should_show_and_does_not_has_failed,
      the_oldest_message_says_how_far_a_history_reaches,
      a_history_tells_of_its_own_chat_only,
      a_history_that_is_being_read_is_not_asked_for_again,
      a_peer_that_comes_back_is_asked_twice,
      a_peer_that_comes_back_late_changes_nothing_about_the_end,
      a_history_that_does_not_reach_back_shows_nothing,
      a_history_that_cannot_be_read_last_leaves_the_one_before,
      without_any_history_it_is_unknown_for_good,
      without_a_peer_it_is_looked_for_when_one_is_back,
      nothing_follows_from_a_history_while_a_like_call_waits,
      one_look_serves_all_calls_of_a_chat, few_histories_are_read_at_a_time,
      what_says_nothing_is_settled_by_its_answer_alone, an_upload_has_more_time,
      an_answer_without_an_id_leaves_doubt_whose_the_message_is,
      one_too_many_gives_up_the_oldest, with_its_account_goes_all_hope,
      what_a_caller_wrote_is_told_so_that_all_can_read_it,
      with_the_bridge_ends_all_hope,
      in_any_storm_what_was_unknown_is_settled_once)
