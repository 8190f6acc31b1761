/* SPDX-License-Identifier: MIT */
/* Pairing, from the stranger's first message to the one that arrives. */
#include "check.h"
#include "world.h"

enum { HOUR_MS = 60 * 60 * 1000 };

static struct world *pairing_world(void)
{
    struct account_options account = world_account(0);
    account.access.dm_policy = ACCESS_PAIRING;
    return world_create_from(&account, 1);
}

static void write_to_bot(struct world *world, struct link *link, int64_t user,
                         const char *more)
{
    static int message_id;
    char text[512];
    snprintf(text, sizeof(text),
             "{\"time\":1,\"self_id\":10001,\"post_type\":\"message\","
             "\"message_type\":\"private\",\"user_id\":%" PRId64
             ",\"message_id\":%d,\"message\":\"hi\",\"sender\":{\"nickname\":"
             "\"Ann\"}%s}",
             user, ++message_id, more);
    world_frame_in(world, link, text);
}

static size_t told(const struct world *world, const char *topic)
{
    size_t count = 0;
    for (size_t i = 0; i < world->event_count; i++)
        count += strcmp(world->events[i].topic, topic) == 0;
    return count;
}

/* The last reply, once what it waits for is kept. */
static const struct world_reply *kept_reply(struct world *world)
{
    size_t before = world->reply_count;
    bridge_on_kept(world->bridge, world->cookie, true, "", world->now);
    CHECK_EQ(world->reply_count, before + 1);
    return world_reply(world, before);
}

static const cJSON *list(struct world *world, const char *key)
{
    world_call(world, "{\"action\":\"bridge.pairing.list\"}");
    const struct world_reply *reply =
        world_reply(world, world->reply_count - 1);
    return cJSON_GetObjectItem(cJSON_GetObjectItem(reply->json, "data"), key);
}

TEST(a_stranger_is_told_a_code_and_heard_once_it_is_approved)
{
    struct world *world = pairing_world();
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    char request[256];
    write_to_bot(world, link, 30001, "");
    write_to_bot(world, link, 30001, "");
    CHECK_EQ(told(world, "qq.private.30001.message._"), 0);
    CHECK_EQ(told(world, "qq.bridge.a0.pairing.requested"), 1);
    CHECK_EQ(world->frame_count, 1);
    CHECK(strstr(world->frames[0].text, "\"send_private_msg\"") != NULL);
    CHECK(strstr(world->frames[0].text, "\"user_id\":30001") != NULL);
    const cJSON *waiting = cJSON_GetArrayItem(list(world, "pending"), 0);
    const char *code =
        cJSON_GetStringValue(cJSON_GetObjectItem(waiting, "code"));
    CHECK(strstr(world->frames[0].text, code) != NULL);
    CHECK(strstr(world->log.data, code) == NULL);
    snprintf(request, sizeof(request),
             "{\"action\":\"bridge.pairing.approve\",\"params\":{\"code\":"
             "\"%s\"}}",
             code);
    world_call(world, request);
    CHECK_STR(kept_reply(world)->status, "ok");
    CHECK_EQ(told(world, "qq.bridge.a0.pairing.approved"), 1);
    CHECK_EQ(world->kept[world->kept_count - 1].state, PAIRING_APPROVED);
    size_t before = world->event_count;
    write_to_bot(world, link, 30001, "");
    CHECK_EQ(world->event_count, before + 1);
    CHECK_EQ(cJSON_GetArraySize(list(world, "approved")), 1);
    CHECK_EQ(cJSON_GetArraySize(list(world, "pending")), 0);
    world_destroy(world);
}

TEST(who_writes_from_a_group_is_answered_through_it)
{
    struct world *world = pairing_world();
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    write_to_bot(world, link, 30001, ",\"sub_type\":\"group\",\"group_id\":5");
    CHECK(strstr(world->frames[0].text, "\"group_id\":5") != NULL);
    world_destroy(world);
}

TEST(a_reply_waits_until_it_is_kept)
{
    struct world *world = pairing_world();
    world_call(world, "{\"action\":\"bridge.pairing.approve\",\"params\":"
                      "{\"user_id\":\"30001\"}}");
    CHECK_EQ(world->reply_count, 0);
    bridge_on_kept(world->bridge, world->cookie, false, "the disk is full",
                   world->now);
    CHECK_STR(world_reply(world, 0)->error, "internal");
    world->refuse_keeping = true;
    world_call(world, "{\"action\":\"bridge.pairing.approve\",\"params\":"
                      "{\"user_id\":30002}}");
    CHECK_STR(world_reply(world, 1)->error, "internal");
    world->refuse_keeping = false;
    world_call(world, "{\"action\":\"bridge.pairing.approve\",\"params\":"
                      "{\"user_id\":30003}}");
    bridge_stop(world->bridge, world->now);
    CHECK_EQ(bridge_calls_waiting(world->bridge), 1);
    bridge_abandon(world->bridge, world->now);
    CHECK_STR(world_reply(world, 2)->error, "shutting_down");
    world_destroy(world);
}

TEST(denying_and_revoking_shut_out)
{
    struct world *world = pairing_world();
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    write_to_bot(world, link, 30001, "");
    world_call(world, "{\"action\":\"bridge.pairing.deny\",\"params\":"
                      "{\"user_id\":30001}}");
    CHECK_STR(kept_reply(world)->status, "ok");
    CHECK_EQ(told(world, "qq.bridge.a0.pairing.denied"), 1);
    write_to_bot(world, link, 30001, "");
    CHECK_EQ(world->frame_count, 1);
    world_call(world, "{\"action\":\"bridge.pairing.approve\",\"params\":"
                      "{\"user_id\":30001}}");
    kept_reply(world);
    world_call(world, "{\"action\":\"bridge.pairing.revoke\",\"params\":"
                      "{\"user_id\":30001}}");
    CHECK_STR(kept_reply(world)->status, "ok");
    CHECK_EQ(world->kept[world->kept_count - 1].state, PAIRING_GONE);
    CHECK_EQ(told(world, "qq.bridge.a0.pairing.revoked"), 1);
    world_destroy(world);
}

TEST(a_code_ends_after_an_hour)
{
    struct world *world = pairing_world();
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    write_to_bot(world, link, 30001, "");
    world_advance_ms(world, HOUR_MS - 1);
    CHECK_EQ(told(world, "qq.bridge.a0.pairing.expired"), 0);
    world_advance_ms(world, 1);
    CHECK_EQ(told(world, "qq.bridge.a0.pairing.expired"), 1);
    CHECK_EQ(world->kept[world->kept_count - 1].state, PAIRING_GONE);
    write_to_bot(world, link, 30001, "");
    CHECK_EQ(told(world, "qq.bridge.a0.pairing.requested"), 2);
    world_destroy(world);
}

TEST(wrong_parameters_are_told_by_name)
{
    static const struct {
        const char *request, *error, *word;
    } rows[] = {
        {"{\"action\":\"bridge.pairing.approve\"}", "bad_params", "user_id"},
        {"{\"action\":\"bridge.pairing.approve\",\"params\":{\"code\":\"X\"}}",
         "bad_params", "code"},
        {"{\"action\":\"bridge.pairing.approve\",\"params\":{\"user_id\":5,"
         "\"account\":\"nobody\"}}",
         "unknown_account", "account"},
        {"{\"action\":\"bridge.pairing.deny\",\"params\":{\"user_id\":5,"
         "\"account\":\"a0\"}}",
         "bad_params", "user_id"},
        {"{\"action\":\"bridge.pairing.revoke\",\"params\":{\"user_id\":5,"
         "\"account\":\"a0\"}}",
         "bad_params", "user_id"},
        {"{\"action\":\"bridge.pairing.approve\",\"params\":{\"user_id\":5}}",
         "account_required", "account"},
        {"{\"action\":\"bridge.pairing.list\",\"account\":\"nobody\"}",
         "unknown_account", "account"},
        {"{\"action\":\"bridge.pairing.dance\"}", "unknown_action",
         "bridge.pairing.list"},
    };
    struct world *world = world_create(2);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        world_call(world, rows[i].request);
        const struct world_reply *reply = world_reply(world, i);
        CHECK_STR(reply->error, rows[i].error);
        CHECK(strstr(cJSON_GetStringValue(
                         cJSON_GetObjectItem(reply->json, "message")),
                     rows[i].word) != NULL);
    }
    world_destroy(world);
}

TEST(what_was_kept_counts_after_a_restart)
{
    struct world *world = pairing_world();
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    const struct pairing_entry entry = {
        .account = "a0", .user_id = 30001, .state = PAIRING_APPROVED};
    CHECK(bridge_restore(world->bridge, &entry));
    size_t before = world->event_count;
    write_to_bot(world, link, 30001, "");
    CHECK_EQ(world->event_count, before + 1);
    world_destroy(world);
}

SUITE(greeter, a_stranger_is_told_a_code_and_heard_once_it_is_approved,
      who_writes_from_a_group_is_answered_through_it,
      a_reply_waits_until_it_is_kept, denying_and_revoking_shut_out,
      a_code_ends_after_an_hour, wrong_parameters_are_told_by_name,
      what_was_kept_counts_after_a_restart)
