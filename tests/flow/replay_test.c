/* SPDX-License-Identifier: MIT */
/* bridge.replay, bridge.history and bridge.cursor.*: what is asked of the
 * journal, what is kept, and what is answered. */
#include "check.h"
#include "world.h"

static const cJSON *data_of(const struct world *world, size_t index)
{
    return cJSON_GetObjectItemCaseSensitive(world_reply(world, index)->json,
                                            "data");
}

static double number_in(const cJSON *json, const char *key)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, key));
}

TEST(a_replay_asks_for_what_its_parameters_say)
{
    struct world *world = world_create(1);
    world_call(world, "{\"action\":\"bridge.replay\",\"params\":{\"after\":7,"
                      "\"max_age\":1000,\"limit\":5,\"max_bytes\":99,"
                      "\"topics\":[\"qq.group.20002.*\",\"qq.private.*\"],"
                      "\"epoch\":\"0123456789abcdef\"}}");
    CHECK_EQ(world->reply_count, 0);
    CHECK(!world->query.is_backward);
    CHECK(world->query.misses_start);
    CHECK_EQ(world->query.after, 7);
    CHECK_EQ(world->query.since_ms, world->now.wall_ms - 1000);
    CHECK_EQ(world->query.events_max, 5);
    CHECK_EQ(world->query.bytes_max, 99);
    CHECK_EQ(world->filter->pattern_count, 2);
    CHECK(slice_equals(archive_filter_chat(world->filter, 0), "group.20002"));
    CHECK_EQ(archive_filter_chat(world->filter, 1).size, 0);
    CHECK(archive_filter_wants(world->filter,
                               slice_of("qq.private.1.message.friend")));
    CHECK(!archive_filter_wants(world->filter,
                                slice_of("qq.group.2.message.normal")));
    world_destroy(world);
}

TEST(without_parameters_it_is_all_there_is)
{
    struct world *world = world_create(1);
    world_call(world, "{\"action\":\"bridge.replay\"}");
    CHECK_EQ(world->query.after, 0);
    CHECK_EQ(world->query.since_ms, 0);
    CHECK(!world->query.misses_start);
    CHECK_EQ(world->query.events_max, 1000);
    CHECK_EQ(world->query.bytes_max, 256 << 10);
    CHECK_EQ(world->filter->pattern_count, 0);
    CHECK(archive_filter_wants(world->filter, slice_of("qq.meta.1.heartbeat")));
    world_destroy(world);
}

TEST(a_page_is_the_reply)
{
    struct world *world = world_create(1);
    const struct slice events[] = {{"a\0b", 3}, {"c\0d", 3}};
    const struct archive_range lost = {3, 5};
    const struct archive_page page = {
        .events = events,
        .event_count = 2,
        .lost = &lost,
        .lost_count = 1,
        .next = 7,
        .oldest = 6,
        .newest = 9,
    };
    world_call(world, "{\"action\":\"bridge.replay\",\"params\":{\"after\":2},"
                      "\"id\":\"x\"}");
    bridge_on_page(world->bridge, world->cookie, &page, world->now);
    CHECK_STR(world_reply(world, 0)->status, "ok");
    const cJSON *data = data_of(world, 0);
    const cJSON *range =
        cJSON_GetArrayItem(cJSON_GetObjectItem(data, "lost"), 0);
    CHECK_EQ(cJSON_GetArraySize(cJSON_GetObjectItem(data, "events")), 2);
    CHECK_EQ(number_in(data, "next"), 7);
    CHECK_EQ(number_in(data, "oldest"), 6);
    CHECK_EQ(number_in(data, "newest"), 9);
    CHECK(cJSON_IsTrue(cJSON_GetObjectItem(data, "truncated")));
    CHECK_EQ(cJSON_GetNumberValue(cJSON_GetArrayItem(range, 0)), 3);
    CHECK_EQ(cJSON_GetNumberValue(cJSON_GetArrayItem(range, 1)), 5);
    CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(data, "epoch")),
              "0123456789abcdef");
    CHECK_EQ(bridge_calls_waiting(world->bridge), 0);
    world_destroy(world);
}

TEST(a_history_asks_for_the_chat_newest_first_and_answers_oldest_first)
{
    struct world *world = world_create(1);
    const struct slice events[] = {{"new\0", 4}, {"old\0", 4}};
    const struct archive_page page = {.is_backward = true,
                                      .events = events,
                                      .event_count = 2,
                                      .is_cut = true};
    world_call(world, "{\"action\":\"bridge.history\",\"params\":{"
                      "\"group_id\":20002,\"before\":50,\"limit\":2,"
                      "\"account\":\"a0\"}}");
    CHECK(world->query.is_backward);
    CHECK_EQ(world->query.before, 50);
    CHECK_EQ(world->query.events_max, 2);
    CHECK(slice_equals(archive_filter_chat(world->filter, 0), "group.20002"));
    CHECK_STR(world->filter->account, "a0");
    bridge_on_page(world->bridge, world->cookie, &page, world->now);
    const cJSON *data = data_of(world, 0);
    const cJSON *list = cJSON_GetObjectItem(data, "events");
    CHECK_STR(cJSON_GetStringValue(cJSON_GetArrayItem(list, 0)), "b2xkAA==");
    CHECK_STR(cJSON_GetStringValue(cJSON_GetArrayItem(list, 1)), "bmV3AA==");
    CHECK(cJSON_IsTrue(cJSON_GetObjectItem(data, "truncated")));
    world_destroy(world);
}

TEST(without_a_limit_a_history_is_as_long_as_the_account_has_it)
{
    struct account_options options = world_account(0);
    options.history_limit = 42;
    struct world *world = world_create_from(&options, 1);
    world_call(world, "{\"action\":\"bridge.history\",\"params\":{"
                      "\"user_id\":\"30001\"}}");
    CHECK_EQ(world->query.events_max, 42);
    CHECK(slice_equals(archive_filter_chat(world->filter, 0), "private.30001"));
    CHECK_STR(world->filter->account, "");
    world_destroy(world);
}

TEST(what_makes_no_sense_is_refused_and_says_what_is_allowed)
{
    static const struct {
        const char *call, *error, *word;
    } rows[] = {
        {"\"bridge.replay\",\"params\":{\"after\":-1}", "bad_params", "after:"},
        {"\"bridge.replay\",\"params\":{\"after\":\"x\"}", "bad_params",
         "after:"},
        {"\"bridge.replay\",\"params\":{\"limit\":0}", "bad_params", "limit:"},
        {"\"bridge.replay\",\"params\":{\"limit\":10001}", "bad_params",
         "limit:"},
        {"\"bridge.replay\",\"params\":{\"max_bytes\":0}", "bad_params",
         "max_bytes:"},
        {"\"bridge.replay\",\"params\":{\"max_age\":true}", "bad_params",
         "max_age:"},
        {"\"bridge.replay\",\"params\":{\"epoch\":\"other\"}", "bad_params",
         "epoch:"},
        {"\"bridge.replay\",\"params\":{\"topics\":\"qq.*\"}", "bad_params",
         "topics:"},
        {"\"bridge.replay\",\"params\":{\"topics\":[7]}", "bad_params",
         "topics:"},
        {"\"bridge.replay\",\"params\":{\"topics\":[\"qq..x\"]}", "bad_params",
         "qq..x is no pattern"},
        {"\"bridge.replay\",\"params\":{\"topics\":[\"qq.\u7fa4\\u0000\"]}",
         "bad_params", "is no pattern"},
        {"\"bridge.history\"", "bad_params", "group_id:"},
        {"\"bridge.history\",\"params\":{\"group_id\":1,\"user_id\":2}",
         "bad_params", "group_id:"},
        {"\"bridge.history\",\"params\":{\"group_id\":1,\"account\":\"zz\"}",
         "unknown_account", "no account"},
        {"\"bridge.history\",\"params\":{\"group_id\":1,\"before\":0}",
         "bad_params", "before:"},
        {"\"bridge.cursor.get\"", "bad_params", "consumer:"},
        {"\"bridge.cursor.get\",\"params\":{\"consumer\":\"a b\"}",
         "bad_params", "consumer:"},
        {"\"bridge.cursor.set\",\"params\":{\"consumer\":\"a\"}", "bad_params",
         "seq: required"},
        {"\"bridge.cursor.set\",\"params\":{\"consumer\":\"a\",\"seq\":1}",
         "bad_params", "seq:"}, /* beyond the newest */
        {"\"bridge.cursor.set\",\"params\":{\"consumer\":\"a\",\"sequence\":0}",
         "bad_params", "seq:"},
        {"\"bridge.cursor.set\",\"params\":{\"consumer\":\"a\",\"seq\":0,"
         "\"epoch\":\"other\"}",
         "bad_params", "epoch:"},
    };
    struct world *world = world_create(1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char call[512];
        snprintf(call, sizeof(call), "{\"action\":%s}", rows[i].call);
        world_call(world, call);
        CHECK_EQ(world->reply_count, i + 1);
        CHECK_STR(world_reply(world, i)->error, rows[i].error);
        CHECK(strstr(cJSON_GetStringValue(cJSON_GetObjectItem(
                         world_reply(world, i)->json, "message")),
                     rows[i].word) != NULL);
    }
    CHECK(world->filter == NULL);
    world_destroy(world);
}

TEST(what_cannot_be_read_is_said)
{
    struct world *world = world_create(1);
    const struct archive_page page = {.fault = "disk I/O error"};
    world_call(world, "{\"action\":\"bridge.replay\"}");
    bridge_on_page(world->bridge, world->cookie, &page, world->now);
    CHECK_STR(world_reply(world, 0)->error, "internal");
    world->refuse_reading = true;
    world_call(world, "{\"action\":\"bridge.replay\"}");
    CHECK_STR(world_reply(world, 1)->error, "busy");
    CHECK_EQ(bridge_calls_waiting(world->bridge), 0);
    world_destroy(world);
}

TEST(a_cursor_is_there_once_it_is_kept)
{
    struct world *world = world_create(1);
    world_call(world, "{\"action\":\"bridge.cursor.get\",\"params\":{"
                      "\"consumer\":\"bot/1\"}}");
    CHECK(cJSON_IsNull(cJSON_GetObjectItem(data_of(world, 0), "seq")));
    CHECK(cJSON_IsFalse(cJSON_GetObjectItem(data_of(world, 0), "valid")));
    world_link(world, 0, LINK_UNIVERSAL); /* gives seq 1 */
    world_call(world, "{\"action\":\"bridge.cursor.set\",\"params\":{"
                      "\"consumer\":\"bot/1\",\"seq\":1}}");
    CHECK_EQ(world->reply_count, 1);
    CHECK_STR(world->cursor.consumer, "bot/1");
    CHECK_EQ(world->cursor.seq, 1);
    bridge_on_kept(world->bridge, world->cookie, true, "", world->now);
    CHECK_EQ(number_in(data_of(world, 1), "seq"), 1);
    world_call(world, "{\"action\":\"bridge.cursor.get\",\"params\":{"
                      "\"consumer\":\"bot/1\"}}");
    CHECK_EQ(number_in(data_of(world, 2), "seq"), 1);
    CHECK(cJSON_IsTrue(cJSON_GetObjectItem(data_of(world, 2), "valid")));
    world_call(world, "{\"action\":\"bridge.cursor.set\",\"params\":{"
                      "\"consumer\":\"bot/1\",\"seq\":null}}");
    CHECK(world->forgets_cursor);
    bridge_on_kept(world->bridge, world->cookie, true, "", world->now);
    CHECK(cJSON_IsNull(cJSON_GetObjectItem(data_of(world, 3), "seq")));
    world_destroy(world);
}

TEST(a_cursor_of_another_journal_is_given_back_as_void)
{
    struct world *world = world_create(1);
    const struct cursor old = {.consumer = "c", .epoch = "old", .seq = 77};
    CHECK(bridge_restore_cursor(world->bridge, &old));
    world_call(world, "{\"action\":\"bridge.cursor.get\",\"params\":{"
                      "\"consumer\":\"c\"}}");
    CHECK_EQ(number_in(data_of(world, 0), "seq"), 77);
    CHECK(cJSON_IsFalse(cJSON_GetObjectItem(data_of(world, 0), "valid")));
    world_destroy(world);
}

TEST(a_cursor_that_cannot_be_kept_says_so)
{
    struct world *world = world_create(1);
    world->refuse_keeping = true;
    world_call(world, "{\"action\":\"bridge.cursor.set\",\"params\":{"
                      "\"consumer\":\"c\",\"seq\":0}}");
    CHECK_STR(world_reply(world, 0)->error, "internal");
    world_destroy(world);
}

TEST(a_journal_that_fails_is_told_on_the_bus)
{
    struct world *world = world_create(2);
    size_t before = world->event_count;
    bridge_on_journal(world->bridge, "disk full", world->now);
    bridge_on_journal(world->bridge, "", world->now);
    CHECK_EQ(world->event_count, before + 4);
    CHECK_STR(world->events[before].topic, "qq.bridge.a0.journal.failing");
    CHECK_STR(world->events[before + 3].topic, "qq.bridge.a1.journal.ok");
    world_destroy(world);
}

SUITE(replay, a_replay_asks_for_what_its_parameters_say,
      without_parameters_it_is_all_there_is, a_page_is_the_reply,
      a_history_asks_for_the_chat_newest_first_and_answers_oldest_first,
      without_a_limit_a_history_is_as_long_as_the_account_has_it,
      what_makes_no_sense_is_refused_and_says_what_is_allowed,
      what_cannot_be_read_is_said, a_cursor_is_there_once_it_is_kept,
      a_cursor_of_another_journal_is_given_back_as_void,
      a_cursor_that_cannot_be_kept_says_so,
      a_journal_that_fails_is_told_on_the_bus)
