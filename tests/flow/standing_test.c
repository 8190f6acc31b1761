/* SPDX-License-Identifier: MIT */
/* What the bridge learns of where its bots may speak, and what it says of it.
 */
#include "core/standing.h"

#include "check.h"
#include "core/breaker.h"
#include "core/inside.h"
#include "world.h"

enum { NOTICE_SIZE = 512, GROUP = 20002, BOT = 10001 };

/* One account with one link, and the bus as it was before. */
struct stage {
    struct world *world;
    struct link *link;
    size_t heard; /* events looked at */
};

static struct stage stage_up(void)
{
    struct world *world = world_create(1);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    return (struct stage){world, link, world->event_count};
}

static void notice(struct stage *stage, const char *type, const char *sub_type,
                   int64_t user_id, int64_t duration)
{
    char text[NOTICE_SIZE];
    snprintf(text, sizeof(text),
             "{\"time\":1,\"self_id\":%d,\"post_type\":\"notice\","
             "\"notice_type\":\"%s\",\"sub_type\":\"%s\",\"group_id\":%d,"
             "\"operator_id\":3,\"user_id\":%" PRId64 ",\"duration\":%" PRId64
             "}",
             BOT, type, sub_type, GROUP, user_id, duration);
    world_frame_in(stage->world, stage->link, text);
}

static void speak(struct stage *stage, int64_t user_id)
{
    char text[NOTICE_SIZE];
    static int message_id;
    snprintf(text, sizeof(text),
             "{\"time\":1,\"self_id\":%d,\"post_type\":\"message\","
             "\"message_type\":\"group\",\"sub_type\":\"normal\","
             "\"group_id\":%d,\"user_id\":%" PRId64
             ",\"message_id\":%d,\"message\":[]}",
             BOT, GROUP, user_id, ++message_id);
    world_frame_in(stage->world, stage->link, text);
}

/* The next event about sending: "paused group_id=20002 muted 600000". */
static const char *news(struct stage *stage)
{
    static char text[128];
    static const char prefix[] = "qq.bridge.a0.sending.";
    const struct world *world = stage->world;
    while (stage->heard < world->event_count) {
        const struct world_event *event = &world->events[stage->heard++];
        const cJSON *fields = cJSON_GetObjectItem(event->envelope, "event");
        if (strncmp(event->topic, prefix, strlen(prefix)) != 0)
            continue;
        snprintf(text, sizeof(text), "%s", event->topic + strlen(prefix));
        for (const cJSON *at = fields->child; at != NULL; at = at->next) {
            size_t used = strlen(text);
            if (cJSON_IsString(at))
                snprintf(text + used, sizeof(text) - used, " %s",
                         at->valuestring);
            else
                snprintf(text + used, sizeof(text) - used, " %s=%.0f",
                         at->string, at->valuedouble);
        }
        return text;
    }
    return "";
}

static const char *hindrance(struct stage *stage, int64_t id, bool is_group)
{
    static char text[STANDING_TEXT_SIZE + 64];
    struct bridge *bridge = stage->world->bridge;
    const struct pacing_chat chat = {.is_group = is_group, .id = id};
    char why[STANDING_TEXT_SIZE] = "";
    uint64_t retry_after_ms;
    enum reply_error error = standing_hindrance(
        bridge, &chat, why, &retry_after_ms, stage->world->now);
    if (error == REPLY_FINE)
        return "fine";
    snprintf(text, sizeof(text), "%s %" PRIu64 ": %s", reply_error_name(error),
             retry_after_ms, why);
    return text;
}

static void sent(struct stage *stage, int64_t user_id, enum reply_error outcome)
{
    struct bridge *bridge = stage->world->bridge;
    const struct pacing_chat chat = {.id = user_id};
    standing_on_sent(bridge, bridge_account(bridge, "a0"), &chat, outcome,
                     stage->world->now.mono_ms, stage->world->now);
}

/* ---- mutes ----------------------------------------------------------------
 */

TEST(a_mute_of_the_bot_is_told_and_its_end_too)
{
    struct stage stage = stage_up();
    notice(&stage, "group_ban", "ban", 5, 600); /* of somebody else */
    CHECK_STR(news(&stage), "");
    notice(&stage, "group_ban", "ban", BOT, 600);
    CHECK_STR(news(&stage),
              "paused group_id=20002 muted retry_after_ms=600000");
    CHECK_STR(hindrance(&stage, GROUP, true),
              "muted 600000: the bot is muted in group 20002 for another "
              "600 s");
    CHECK_STR(hindrance(&stage, GROUP, false), "fine");
    world_advance_ms(stage.world, 599999);
    CHECK_STR(news(&stage), "");
    world_advance_ms(stage.world, 1);
    CHECK_STR(news(&stage), "resumed group_id=20002");
    CHECK_STR(hindrance(&stage, GROUP, true), "fine");
    world_destroy(stage.world);
}

TEST(a_mute_without_an_end_lasts_until_it_is_lifted)
{
    static const int64_t durations[] = {0, -1, 268435455};
    for (size_t i = 0; i < 3; i++) {
        struct stage stage = stage_up();
        notice(&stage, "group_ban", "ban", BOT, durations[i]);
        CHECK_STR(news(&stage), "paused group_id=20002 muted");
        world_advance_ms(stage.world, UINT64_C(400) * 24 * 3600 * 1000);
        speak(&stage, 5); /* others may go on */
        CHECK_STR(hindrance(&stage, GROUP, true),
                  "muted 0: the bot is muted in group 20002 until it is "
                  "lifted");
        notice(&stage, "group_ban", "lift_ban", BOT, 0);
        CHECK_STR(news(&stage), "resumed group_id=20002");
        world_destroy(stage.world);
    }
}

TEST(a_ban_of_all_is_told_once_it_is_felt)
{
    struct stage stage = stage_up();
    const struct pacing_chat chat = {.is_group = true, .id = GROUP};
    struct account *account = bridge_account(stage.world->bridge, "a0");
    notice(&stage, "group_ban", "ban", 0, -1);
    CHECK_STR(news(&stage), "");
    CHECK_STR(hindrance(&stage, GROUP, true), "fine");
    standing_on_sent(stage.world->bridge, account, &chat, REPLY_PEER_ERROR,
                     stage.world->now.mono_ms, stage.world->now);
    CHECK_STR(news(&stage), "paused group_id=20002 whole_ban");
    CHECK_STR(hindrance(&stage, GROUP, true),
              "muted 0: all of group 20002 are muted until it is lifted");
    notice(&stage, "group_ban", "lift_ban", 0, 0);
    CHECK_STR(news(&stage), "resumed group_id=20002");
    world_destroy(stage.world);
}

/* ---- who is out ------------------------------------------------------------
 */

TEST(a_bot_that_is_out_of_a_group_is_told)
{
    static const struct {
        const char *type, *sub_type;
        int64_t user_id;
        bool is_out;
    } rows[] = {
        {"group_decrease", "kick_me", BOT, true},
        {"group_decrease", "kick_me", 0, true},
        {"group_decrease", "kick", BOT, true},
        {"group_decrease", "leave", BOT, true},
        {"group_decrease", "disband", 5, true},
        {"group_dismiss", "", 5, true},
        {"group_decrease", "kick", 5, false},
        {"group_decrease", "leave", 5, false},
        {"group_increase", "approve", BOT, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct stage stage = stage_up();
        notice(&stage, rows[i].type, rows[i].sub_type, rows[i].user_id, 0);
        CHECK_STR(news(&stage),
                  rows[i].is_out ? "paused group_id=20002 removed" : "");
        CHECK_STR(hindrance(&stage, GROUP, true),
                  rows[i].is_out ? "not_in_group 0: the bot is not in group "
                                   "20002 any more"
                                 : "fine");
        world_destroy(stage.world);
    }
}

TEST(a_bot_that_joins_or_hears_somebody_is_in)
{
    struct stage stage = stage_up();
    notice(&stage, "group_decrease", "kick_me", BOT, 0);
    news(&stage);
    notice(&stage, "group_increase", "approve", 5, 0);
    CHECK_STR(news(&stage), "");
    notice(&stage, "group_increase", "approve", BOT, 0);
    CHECK_STR(news(&stage), "resumed group_id=20002");
    notice(&stage, "group_decrease", "kick_me", BOT, 0);
    news(&stage);
    speak(&stage, 5);
    CHECK_STR(news(&stage), "resumed group_id=20002");
    world_destroy(stage.world);
}

/* ---- the gate ---------------------------------------------------------------
 */

static struct stage closed_stage(enum access_policy group_policy)
{
    struct account_options account = world_account(0);
    account.access.group_policy = group_policy;
    struct world *world = world_create_from(&account, 1);
    const struct pacing_options pacing = {.account_per_second = 1};
    pacing_set_options(world->bridge->pacing, &pacing, world->now.mono_ms);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    return (struct stage){world, link, world->event_count};
}

TEST(a_notice_that_the_gate_drops_counts_all_the_same)
{
    struct stage stage = closed_stage(ACCESS_CLOSED);
    const struct pacing_chat chat = {.is_group = true, .id = GROUP};
    notice(&stage, "group_ban", "ban", 0, -1);
    CHECK_EQ(stage.world->event_count, stage.heard);
    standing_on_sent(
        stage.world->bridge, bridge_account(stage.world->bridge, "a0"), &chat,
        REPLY_PEER_ERROR, stage.world->now.mono_ms, stage.world->now);
    CHECK_STR(news(&stage), "paused group_id=20002 whole_ban");
    world_destroy(stage.world);
}

TEST(who_may_speak_is_heard_and_nobody_else)
{
    struct stage open = closed_stage(ACCESS_OPEN);
    struct stage closed = closed_stage(ACCESS_CLOSED);
    speak(&open, 5);
    speak(&closed, 5);
    CHECK_EQ(pacing_chats(open.world->bridge->pacing), 1);
    CHECK_EQ(pacing_chats(closed.world->bridge->pacing), 0);
    world_destroy(open.world);
    world_destroy(closed.world);
}

TEST(what_may_have_ended_while_the_peer_was_away_does_not_count)
{
    struct stage stage = stage_up();
    notice(&stage, "group_ban", "ban", BOT, 600);
    CHECK_STR(news(&stage),
              "paused group_id=20002 muted retry_after_ms=600000");
    struct link *other = world_link(stage.world, 0, LINK_UNIVERSAL);
    world_unlink(stage.world, stage.link);
    CHECK_STR(news(&stage), ""); /* one link has been there all the time */
    world_unlink(stage.world, other);
    stage.link = world_link(stage.world, 0, LINK_UNIVERSAL);
    CHECK_STR(news(&stage), "resumed group_id=20002");
    CHECK_STR(hindrance(&stage, GROUP, true), "fine");
    notice(&stage, "group_decrease", "kick_me", BOT, 0);
    CHECK_STR(news(&stage), "paused group_id=20002 removed");
    world_unlink(stage.world, stage.link);
    (void)world_link(stage.world, 0, LINK_UNIVERSAL);
    CHECK_STR(news(&stage), "resumed group_id=20002");
    CHECK_EQ(breaker_count(stage.world->bridge->breaker), 0);
    world_destroy(stage.world);
}

TEST(a_pause_outlasts_a_link)
{
    struct stage stage = stage_up();
    for (int i = 0; i < 3; i++)
        sent(&stage, 5, REPLY_PEER_ERROR);
    CHECK_STR(news(&stage), "paused user_id=5 failing retry_after_ms=30000");
    world_unlink(stage.world, stage.link);
    (void)world_link(stage.world, 0, LINK_UNIVERSAL);
    CHECK_STR(news(&stage), "");
    world_destroy(stage.world);
}

/* ---- sends ------------------------------------------------------------------
 */

TEST(a_chat_where_all_fails_is_paused_and_resumed)
{
    struct stage stage = stage_up();
    sent(&stage, 5, REPLY_PEER_ERROR);
    sent(&stage, 5, REPLY_PEER_ERROR);
    sent(&stage, 5, REPLY_UNKNOWN); /* says nothing */
    CHECK_STR(news(&stage), "");
    sent(&stage, 5, REPLY_PEER_ERROR);
    CHECK_STR(news(&stage), "paused user_id=5 failing retry_after_ms=30000");
    CHECK_STR(hindrance(&stage, 5, false),
              "rate_limited 30000: the last sends to user 5 failed: no more "
              "go there for another 30 s");
    world_advance_ms(stage.world, 30000);
    CHECK_STR(news(&stage), "resumed user_id=5");
    CHECK_STR(hindrance(&stage, 5, false), "fine");
    sent(&stage, 5, REPLY_PEER_ERROR);
    CHECK_STR(news(&stage), "paused user_id=5 failing retry_after_ms=60000");
    sent(&stage, 5, REPLY_FINE);
    CHECK_STR(news(&stage), "resumed user_id=5");
    world_destroy(stage.world);
}

TEST(an_account_of_which_all_fails_is_paused_and_resumed)
{
    struct stage stage = stage_up();
    for (int64_t i = 1; i <= BREAKER_ACCOUNT_FAILURES; i++)
        sent(&stage, i, REPLY_PEER_ERROR);
    CHECK_STR(news(&stage), "paused failing retry_after_ms=30000");
    CHECK_STR(hindrance(&stage, 99, false),
              "rate_limited 30000: the last sends of this account failed: it "
              "sends no more for another 30 s");
    world_advance_ms(stage.world, 30000);
    CHECK_STR(news(&stage), "resumed");
    world_destroy(stage.world);
}

TEST(the_status_says_what_is_paused)
{
    struct stage stage = stage_up();
    notice(&stage, "group_decrease", "kick_me", BOT, 0);
    world_call(stage.world, "{\"action\":\"bridge.status\"}");
    const cJSON *account = cJSON_GetObjectItem(
        cJSON_GetObjectItem(
            cJSON_GetObjectItem(world_reply(stage.world, 0)->json, "data"),
            "accounts"),
        "a0");
    char *paused =
        cJSON_PrintUnformatted(cJSON_GetObjectItem(account, "paused"));
    CHECK_STR(paused, "[{\"group_id\":20002,\"reason\":\"removed\"}]");
    cJSON_free(paused);
    world_destroy(stage.world);
}

TEST(an_account_that_is_gone_is_forgotten)
{
    struct stage stage = stage_up();
    struct bridge_options options = stage.world->options;
    notice(&stage, "group_ban", "ban", BOT, 600);
    options.account_count = 0;
    bridge_reconfigure(stage.world->bridge, &options, stage.world->now);
    CHECK_EQ(breaker_count(stage.world->bridge->breaker), 1);
    world_unlink(stage.world, stage.link);
    CHECK_EQ(breaker_count(stage.world->bridge->breaker), 0);
    world_destroy(stage.world);
}

SUITE(standing, a_mute_of_the_bot_is_told_and_its_end_too,
      a_mute_without_an_end_lasts_until_it_is_lifted,
      a_ban_of_all_is_told_once_it_is_felt,
      a_bot_that_is_out_of_a_group_is_told,
      a_bot_that_joins_or_hears_somebody_is_in,
      a_notice_that_the_gate_drops_counts_all_the_same,
      who_may_speak_is_heard_and_nobody_else,
      a_chat_where_all_fails_is_paused_and_resumed,
      an_account_of_which_all_fails_is_paused_and_resumed,
      what_may_have_ended_while_the_peer_was_away_does_not_count,
      a_pause_outlasts_a_link, the_status_says_what_is_paused,
      an_account_that_is_gone_is_forgotten)
