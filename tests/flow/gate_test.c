/* SPDX-License-Identifier: MIT */
/* What the gate lets through, and what it says of the rest. */
#include "check.h"
#include "world.h"

static struct world *gated_world(const struct access_group *groups,
                                 size_t count)
{
    struct account_options account = world_account(0);
    account.access = (struct access_rules){
        .dm_policy = ACCESS_ALLOWLIST,
        .group_policy = ACCESS_ALLOWLIST,
        .groups = groups,
        .group_count = count,
        .places = {.groups = "f.json:7: channels.napcatqq.groups"},
    };
    return world_create_from(&account, 1);
}

static int message_id;

static void say_in_group(struct world *world, struct link *link, int64_t group,
                         int64_t user, const char *segments)
{
    char text[512];
    snprintf(text, sizeof(text),
             "{\"time\":1,\"self_id\":10001,\"post_type\":\"message\","
             "\"message_type\":\"group\",\"sub_type\":\"normal\","
             "\"group_id\":%" PRId64 ",\"user_id\":%" PRId64
             ",\"message_id\":%d,\"message\":[%s]}",
             group, user, ++message_id, segments);
    world_frame_in(world, link, text);
}

static const cJSON *policy_of(const struct world *world)
{
    return cJSON_GetObjectItem(world->events[world->event_count - 1].envelope,
                               "policy");
}

static bool flag(const cJSON *policy, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItem(policy, key));
}

static const char *reason(const cJSON *policy)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(policy, "reason"));
}

static size_t lines_with(const struct world *world, const char *part)
{
    size_t count = 0;
    for (const char *at = world->log.data;
         at != NULL && (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

TEST(a_message_of_an_unlisted_group_is_dropped_and_said)
{
    struct world *world = gated_world(NULL, 0);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    size_t before = world->event_count;
    for (int i = 0; i < 5; i++)
        say_in_group(world, link, 20002, 30001, "");
    say_in_group(world, link, 20003, 30001, "");
    CHECK_EQ(world->event_count, before);
    CHECK_EQ(lines_with(world, "access: dropped"), 2);
    CHECK(strstr(world->log.data, "\"20002\": {} to groups at f.json:7") !=
          NULL);
    CHECK(strstr(world->log.data, "\"20003\": {}") != NULL);
    world_call(world, "{\"action\":\"bridge.status\"}");
    world_destroy(world);
}

TEST(marking_publishes_what_is_refused_with_the_verdict)
{
    struct world *world = gated_world(NULL, 0);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    struct bridge_options options = world->options;
    struct account_options account = world_account(0);
    account.access.dm_policy = ACCESS_PAIRING;
    account.access.group_policy = ACCESS_ALLOWLIST;
    options.accounts = &account;
    options.enforces = false;
    bridge_reconfigure(world->bridge, &options, world->now);
    say_in_group(world, link, 20002, 30001, "");
    CHECK(!flag(policy_of(world), "allowed"));
    CHECK_STR(reason(policy_of(world)), "group_not_listed");
    world_frame_in(world, link,
                   "{\"time\":1,\"self_id\":10001,\"post_type\":\"message\","
                   "\"message_type\":\"private\",\"sub_type\":\"friend\","
                   "\"user_id\":5,\"message_id\":1,\"message\":\"hi\"}");
    CHECK_STR(reason(policy_of(world)), "pairing_required");
    CHECK_EQ(world->frame_count, 0); /* no code is sent */
    world_destroy(world);
}

TEST(a_groups_settings_come_with_its_messages)
{
    static const char extras[] = "\xad"
                                 "system_prompt"
                                 "\xa2"
                                 "hi";
    const struct access_group group = {
        .id = 20002,
        .enabled = true,
        .require_mention = true,
        .extras = {extras, sizeof(extras) - 1},
        .extra_count = 1,
    };
    struct world *world = gated_world(&group, 1);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    say_in_group(world, link, 20002, 30001, "");
    const cJSON *policy = policy_of(world);
    CHECK(flag(policy, "allowed"));
    CHECK(!flag(policy, "respond"));
    CHECK_STR(
        cJSON_GetStringValue(cJSON_GetObjectItem(policy, "system_prompt")),
        "hi");
    world_destroy(world);
}

TEST(a_reply_to_what_the_bot_said_is_a_mention)
{
    struct world *world = world_create(1);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    world_call(world, "{\"action\":\"send_group_msg\",\"params\":{\"group_id\":"
                      "20002,\"message\":\"x\"}}");
    world_answer(world, link, 0); /* message_id 7 */
    say_in_group(world, link, 20002, 30001,
                 "{\"type\":\"reply\",\"data\":{\"id\":\"7\"}}");
    CHECK(flag(policy_of(world), "respond"));
    CHECK(flag(policy_of(world), "mentioned"));
    say_in_group(world, link, 20002, 30001,
                 "{\"type\":\"reply\",\"data\":{\"id\":\"8\"}}");
    CHECK(!flag(policy_of(world), "respond"));
    world_frame_in(world, link,
                   "{\"time\":1,\"self_id\":10001,\"post_type\":"
                   "\"message_sent\",\"message_type\":\"group\","
                   "\"group_id\":20002,\"user_id\":10001,\"message_id\":8,"
                   "\"message\":[]}");
    CHECK_STR(reason(policy_of(world)), "own_message");
    say_in_group(world, link, 20002, 30002,
                 "{\"type\":\"reply\",\"data\":{\"id\":8}}");
    CHECK(flag(policy_of(world), "respond"));
    world_destroy(world);
}

TEST(bots_of_one_bridge_do_not_answer_each_other_for_ever)
{
    struct world *world = world_create(2);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    world_link(world, 1, LINK_UNIVERSAL); /* QQ 10002 */
    static const char at[] = "{\"type\":\"at\",\"data\":{\"qq\":\"10001\"}}";
    for (int i = 0; i < 20; i++) {
        say_in_group(world, link, 20002, 10002, at);
        CHECK(flag(policy_of(world), "respond"));
        CHECK(flag(policy_of(world), "from_bot"));
    }
    say_in_group(world, link, 20002, 10002, at);
    CHECK(!flag(policy_of(world), "respond"));
    CHECK(flag(policy_of(world), "allowed"));
    CHECK_STR(reason(policy_of(world)), "loop_brake");
    say_in_group(world, link, 20002, 30001, at);
    CHECK(flag(policy_of(world), "respond"));
    CHECK(!flag(policy_of(world), "from_bot"));
    world_advance_ms(world, 61 * 1000);
    say_in_group(world, link, 20002, 10002, at);
    CHECK(flag(policy_of(world), "respond"));
    world_destroy(world);
}

static const cJSON *decisions(const struct world *world, size_t reply)
{
    return cJSON_GetObjectItem(
        cJSON_GetObjectItem(world_reply(world, reply)->json, "data"),
        "decisions");
}

TEST(why_tells_of_the_last_decisions)
{
    struct world *world = gated_world(NULL, 0);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    say_in_group(world, link, 20002, 30001, "");
    say_in_group(world, link, 20003, 30002, "");
    world_call(world, "{\"action\":\"bridge.why\",\"params\":{\"group_id\":"
                      "20002}}");
    world_call(world, "{\"action\":\"bridge.why\",\"params\":{\"id\":"
                      "\"30002\"}}");
    world_call(world, "{\"action\":\"bridge.why\"}");
    CHECK_EQ(cJSON_GetArraySize(decisions(world, 0)), 1);
    CHECK_EQ(cJSON_GetArraySize(decisions(world, 1)), 1);
    CHECK_EQ(cJSON_GetArraySize(decisions(world, 2)), 2);
    const cJSON *newest = cJSON_GetArrayItem(decisions(world, 2), 0);
    CHECK_EQ(cJSON_GetObjectItem(newest, "group_id")->valueint, 20003);
    CHECK_EQ(cJSON_GetObjectItem(newest, "seq")->valueint, 0);
    CHECK_STR(reason(newest), "group_not_listed");
    CHECK(strstr(cJSON_GetStringValue(cJSON_GetObjectItem(newest, "advice")),
                 "\"20003\": {}") != NULL);
    world_destroy(world);
}

SUITE(gate, a_message_of_an_unlisted_group_is_dropped_and_said,
      marking_publishes_what_is_refused_with_the_verdict,
      a_groups_settings_come_with_its_messages,
      a_reply_to_what_the_bot_said_is_a_mention,
      bots_of_one_bridge_do_not_answer_each_other_for_ever,
      why_tells_of_the_last_decisions)
