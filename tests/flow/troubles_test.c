/* SPDX-License-Identifier: MIT */
/* bridge.troubles: what it remembers of what went wrong. */
#include <stdlib.h>

#include "check.h"
#include "core/knocks.h"
#include "world.h"

static const cJSON *troubles(struct world *w)
{
    world_call(w, "{\"action\":\"bridge.troubles\"}");
    return cJSON_GetObjectItem(world_reply(w, w->reply_count - 1)->json,
                               "data");
}

static const cJSON *account(struct world *w, const char *name)
{
    return cJSON_GetObjectItem(cJSON_GetObjectItem(troubles(w), "accounts"),
                               name);
}

static double number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItem(object, key);
    return cJSON_IsNull(item) ? -1 : cJSON_GetNumberValue(item);
}

static const char *text(const cJSON *object, const char *key)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItem(object, key));
    return value == NULL ? "" : value;
}

TEST(without_trouble_there_is_none)
{
    struct world *w = world_create(1);
    const cJSON *data = troubles(w);
    CHECK_EQ(cJSON_GetArraySize(cJSON_GetObjectItem(data, "refusals")), 0);
    CHECK_EQ(number(data, "reload_at"), -1);
    const cJSON *a0 = account(w, "a0");
    CHECK_EQ(number(a0, "up_at"), -1);
    CHECK_EQ(number(a0, "down_at"), -1);
    CHECK_EQ(number(a0, "string_messages"), 0);
    CHECK_EQ(cJSON_GetArraySize(cJSON_GetObjectItem(a0, "drops")), 0);
    world_destroy(w);
}

TEST(who_was_refused_is_told)
{
    struct world *w = world_create(1);
    const struct knock_info info = {
        .account = "a0",
        .reason = "token_wrong",
        .status = 403,
        .remote = "192.0.2.1",
        .path = slice_of("/x\xff"),
        .token = "wrong",
        .why = "token wrong\n",
    };
    bridge_on_knock(w->bridge, &info, w->now);
    world_advance_ms(w, 5000);
    bridge_on_knock(w->bridge, &info, w->now);
    const cJSON *refusals = cJSON_GetObjectItem(troubles(w), "refusals");
    const cJSON *first = cJSON_GetArrayItem(refusals, 0);
    CHECK_EQ(cJSON_GetArraySize(refusals), 1);
    CHECK_STR(text(first, "reason"), "token_wrong");
    CHECK_STR(text(first, "path"), "/x\xef\xbf\xbd");
    CHECK_EQ(number(first, "count"), 2);
    CHECK_EQ(number(first, "last_at") - number(first, "first_at"), 5000);
    CHECK_EQ(number(first, "last_at"), w->now.wall_ms);
    CHECK(cJSON_IsNull(cJSON_GetObjectItem(first, "role")));
    world_destroy(w);
}

TEST(a_link_that_came_and_went_is_told)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    uint64_t up_ms = w->now.wall_ms;
    world_advance_ms(w, 1000);
    bridge_on_link_down(w->bridge, link, 1009, "too large", w->now);
    const cJSON *a0 = account(w, "a0");
    CHECK_EQ(number(a0, "up_at"), up_ms);
    CHECK_EQ(number(a0, "down_at"), up_ms + 1000);
    CHECK_EQ(number(a0, "down_code"), 1009);
    CHECK_STR(text(a0, "down_reason"), "too large");
    world_destroy(w);
}

TEST(the_form_of_messages_is_told)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_frame_in(w, link,
                   "{\"post_type\":\"message\",\"message\":\"[CQ:at,qq=1]\"}");
    world_frame_in(w, link, "{\"post_type\":\"message\",\"message\":[]}");
    world_frame_in(w, link, "{\"post_type\":\"message_sent\",\"message\":[]}");
    world_frame_in(w, link, "{\"post_type\":\"notice\",\"message\":\"x\"}");
    const cJSON *a0 = account(w, "a0");
    CHECK_EQ(number(a0, "string_messages"), 1);
    CHECK_EQ(number(a0, "own_messages"), 1);
    world_destroy(w);
}

TEST(frames_that_led_nowhere_are_told_by_reason)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_frame_in(w, link, "{");
    world_frame_in(w, link, "{");
    world_advance_ms(w, 100);
    world_frame_in(w, link, "{}");
    world_advance_ms(w, 100);
    const cJSON *drops = cJSON_GetObjectItem(account(w, "a0"), "drops");
    CHECK_EQ(cJSON_GetArraySize(drops), 2);
    CHECK_EQ(number(cJSON_GetArrayItem(drops, 0), "count"), 2);
    CHECK_EQ(number(cJSON_GetArrayItem(drops, 1), "count"), 1);
    CHECK_EQ(number(cJSON_GetArrayItem(drops, 1), "last_at"),
             w->now.wall_ms - 100);
    world_destroy(w);
}

TEST(since_when_qq_is_offline_is_told)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_advance_ms(w, 100);
    world_frame_in(w, link,
                   "{\"post_type\":\"meta_event\",\"self_id\":10001,"
                   "\"meta_event_type\":\"heartbeat\","
                   "\"status\":{\"online\":false}}");
    uint64_t offline_ms = w->now.wall_ms;
    world_advance_ms(w, 100);
    CHECK_EQ(number(account(w, "a0"), "online_at"), offline_ms);
    world_destroy(w);
}

TEST(settings_that_were_refused_are_told_until_others_are_taken)
{
    const struct bridge_changes changes = {0};
    struct world *w = world_create(1);
    bridge_on_reloaded(w->bridge, NULL, "onebus.json:1: no", w->now);
    CHECK_EQ(number(troubles(w), "reload_at"), w->now.wall_ms);
    CHECK_STR(text(troubles(w), "reload_fault"), "onebus.json:1: no");
    bridge_on_reloaded(w->bridge, &changes, NULL, w->now);
    CHECK_STR(text(troubles(w), "reload_fault"), "");
    world_destroy(w);
}

SUITE(troubles, without_trouble_there_is_none, who_was_refused_is_told,
      a_link_that_came_and_went_is_told, the_form_of_messages_is_told,
      frames_that_led_nowhere_are_told_by_reason,
      since_when_qq_is_offline_is_told,
      settings_that_were_refused_are_told_until_others_are_taken)
