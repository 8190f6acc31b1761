/* SPDX-License-Identifier: MIT */
/* Grants and groups' tools: what comes in, what reaches a peer. */
#include <stdlib.h>

#include "check.h"
#include "world.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ALL                                                                    \
    {                                                                          \
        EVERYTHING, 1                                                          \
    }
#define CALL(action, params)                                                   \
    "{\"token\":\"narrow\",\"account\":\"a0\",\"action\":\"" action            \
    "\",\"params\":{" params "}}"
#define MESSAGE ",\"message\":\"hi\""

static const char *const EVERYTHING[] = {"*"};
static const char *const ACTIONS[] = {"send_*",   "get_*",    "set_*",
                                      "bridge.*", "delete_*", "friend_poke",
                                      "upload_*", "forward_*"};
static const char *const ACCOUNTS[] = {"a0"};
static const char *const CHATS[] = {"group.2*", "private.5"};

static const struct grant_options GRANTS[] = {
    {.name = "wide",
     .token = "wide",
     .events = true,
     .accounts = ALL,
     .actions = ALL,
     .chats = ALL},
    {.name = "narrow",
     .token = "narrow",
     .events = true,
     .accounts = {ACCOUNTS, 1},
     .actions = {ACTIONS, COUNT(ACTIONS)},
     .chats = {CHATS, 2}},
    {.name = "deaf",
     .token = "deaf",
     .accounts = ALL,
     .actions = ALL,
     .chats = ALL},
    {.name = "one",
     .token = "one",
     .events = true,
     .accounts = {ACCOUNTS, 1},
     .actions = ALL,
     .chats = ALL},
};

static struct world *with_grants(size_t accounts)
{
    static struct account_options options[2];
    struct world *w = world_create(accounts);
    options[0] = world_account(0);
    options[1] = world_account(1);
    w->options.accounts = options;
    w->options.grants = GRANTS;
    w->options.grant_count = COUNT(GRANTS);
    bridge_reconfigure(w->bridge, &w->options, w->now);
    world_link(w, 0, LINK_UNIVERSAL);
    return w;
}

static const char *message_of(const struct world *w, size_t index)
{
    const struct world_reply *reply = world_reply(w, index);
    const char *text =
        reply == NULL ? NULL
                      : cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
                            reply->json, "message"));
    return text == NULL ? "" : text;
}

/* What becomes of one request: "sent", "ok" or the error. */
static const char *fate_of(struct world *w, const char *request)
{
    size_t frames = w->frame_count, replies = w->reply_count;
    struct archive_filter *asked = w->filter;
    w->filter = NULL;
    free(asked);
    world_call(w, request);
    if (w->frame_count > frames || w->filter != NULL)
        return "sent";
    if (w->reply_count == replies)
        return "held";
    const char *error = world_reply(w, replies)->error;
    return error[0] == '\0' ? "ok" : error;
}

static void check_fates(size_t accounts, const char *const (*rows)[2],
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct world *w = with_grants(accounts);
        CHECK_ROW(slice_of(fate_of(w, rows[i][0])), slice_of(rows[i][1]),
                  rows[i][0]);
        world_destroy(w);
    }
}

TEST(without_grants_nobody_is_asked)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    CHECK_STR(fate_of(w, "{\"action\":\"write\"}"), "sent");
    CHECK_STR(fate_of(w, "{\"action\":\"write\",\"token\":\"x\"}"), "sent");
    CHECK_STR(fate_of(w, "{\"action\":\"bridge.ping\"}"), "ok");
    world_destroy(w);
}

TEST(a_token_opens_and_nothing_else_does)
{
    static const char *const rows[][2] = {
        {"{\"action\":\"get_status\",\"token\":\"wide\"}", "sent"},
        {"{\"action\":\"get_status\",\"token\":\"wid\"}", "unauthorized"},
        {"{\"action\":\"get_status\",\"token\":\"wide \"}", "unauthorized"},
        {"{\"action\":\"get_status\"}", "unauthorized"},
        {"{\"action\":\"get_status\",\"token\":null}", "unauthorized"},
        {"{\"action\":\"get_status\",\"params\":{\"token\":\"wide\"}}",
         "unauthorized"},
        {"{\"action\":\"bridge.ping\"}", "unauthorized"},
        {"{\"action\":\"bridge.dance\"}", "unauthorized"},
        {"{\"action\":\"bridge.ping\",\"token\":\"wide\"}", "ok"},
    };
    check_fates(1, rows, COUNT(rows));
}

TEST(a_grant_covers_its_actions_accounts_and_chats)
{
    static const char *const rows[][2] = {
        {CALL("get_status", ""), "sent"},
        {CALL("get_status_async", ""), "sent"},
        {CALL("clean_cache", ""), "denied"},
        {"{\"token\":\"narrow\",\"account\":\"a1\",\"action\":\"get_status\"}",
         "denied"},
        {"{\"token\":\"narrow\",\"self_id\":10001,\"action\":\"get_status\"}",
         "sent"},
        /* chats */
        {CALL("send_group_msg", "\"group_id\":20002" MESSAGE), "sent"},
        {CALL("send_group_msg", "\"group_id\":\"20002\"" MESSAGE), "sent"},
        {CALL("send_group_msg", "\"group_id\":30002"), "denied"},
        {CALL("send_private_msg", "\"user_id\":5" MESSAGE), "sent"},
        {CALL("send_private_msg", "\"user_id\":6"), "denied"},
        {CALL("send_private_msg", "\"user_id\":20002"), "denied"},
        {CALL("send_group_msg", "\"group_id\":5"), "denied"},
        {CALL("set_group_ban", "\"group_id\":20002,\"user_id\":6"), "sent"},
        /* whom it is about is no chat, and then it is found wrong */
        {CALL("set_group_ban", "\"group_id\":20002,\"user_id\":[6]"),
         "bad_params"},
        {CALL("send_poke", "\"group_id\":20002,\"user_id\":6"), "sent"},
        {CALL("send_poke", "\"group_id\":0,\"user_id\":5"), "sent"},
        {CALL("send_poke", "\"group_id\":30002,\"user_id\":5"), "denied"},
        {CALL("friend_poke", "\"group_id\":30002,\"user_id\":5"), "denied"},
        /* where it may go either way */
        {CALL("send_msg", "\"user_id\":5" MESSAGE), "sent"},
        {CALL("send_msg", "\"user_id\":5,\"group_id\":20002" MESSAGE), "sent"},
        {CALL("send_msg", "\"user_id\":6,\"group_id\":20002"), "denied"},
        {CALL("send_msg", "\"user_id\":5,\"group_id\":30002"), "denied"},
        {CALL("send_msg", "\"message_type\":\"group\",\"user_id\":6,"
                          "\"group_id\":20002" MESSAGE),
         "sent"},
        {CALL("send_msg", "\"message_type\":\"private\",\"user_id\":6,"
                          "\"group_id\":20002"),
         "denied"},
        {CALL("send_private_msg", "\"message_type\":\"group\",\"user_id\":6,"
                                  "\"group_id\":20002"),
         "denied"},
        {CALL("send_msg", "\"message_type\":\"private\",\"message_type\":"
                          "\"group\",\"user_id\":6,\"group_id\":20002"),
         "denied"},
        /* a write has to say where it goes, and to say it once */
        {CALL("delete_msg", "\"message_id\":7"), "denied"},
        {CALL("delete_msg", "\"message_id\":7,\"group_id\":20002"), "denied"},
        {CALL("delete_msg", "\"message_id\":7,\"user_id\":5"), "denied"},
        {CALL("set_essence_msg", "\"message_id\":7,\"group_id\":20002"),
         "denied"},
        {CALL("get_msg", "\"message_id\":7"), "sent"},
        {CALL("get_msg", "\"message_id\":7,\"group_id\":30002"), "denied"},
        {CALL("upload_file_stream", "\"stream_id\":\"x\""), "sent"},
        {CALL("send_group_msg", "\"group_id\":30002,\"group_id\":20002"),
         "denied"},
        {CALL("send_group_msg", "\"group_id\":null,\"group_id\":20002" MESSAGE),
         "sent"},
        {CALL("send_group_msg", "\"group_id\":20002.0"), "denied"},
        {CALL("send_group_msg", "\"group_id\":\"0x4e22\""), "denied"},
        {CALL("send_group_msg", "\"group_id\":-20002"), "denied"},
        {CALL("send_group_msg", "\"group_id\":[20002]"), "denied"},
        /* other names for the same */
        {CALL("setGroupMute", "\"groupId\":20002,\"userId\":6"), "sent"},
        {CALL("setGroupMute", "\"groupId\":30002,\"userId\":6"), "denied"},
        {CALL("setGroupMute", "\"group_id\":20002,\"groupId\":30002"),
         "denied"},
        {CALL("getGroupMemberInfo", "\"groupId\":30002,\"userId\":6"),
         "denied"},
        /* reads */
        {CALL("get_group_msg_history", "\"group_id\":20002"), "sent"},
        {CALL("get_group_msg_history", "\"group_id\":30002"), "denied"},
        {CALL("get_friend_msg_history", "\"user_id\":6"), "denied"},
        {CALL("get_stranger_info", "\"user_id\":6"), "sent"},
    };
    check_fates(2, rows, COUNT(rows));
}

#define POKE "[CQ:poke,qq=10002]"
#define QUICK(operation)                                                       \
    "\"context\":{\"post_type\":\"message\",\"message_type\":\"group\","       \
    "\"group_id\":4,\"user_id\":6,\"message_id\":7},\"operation\":{" operation \
    "}"

/* What a request comes to is asked for by its own name. */
TEST(a_step_of_another_name_has_to_be_covered_as_well)
{
    static const char *const rows[][2] = {
        {CALL("send_private_msg",
              "\"user_id\":5,\"message\":\"[CQ:poke,qq=5]\""),
         "sent"},
        {CALL("send_private_msg", "\"user_id\":5,\"message\":\"" POKE "\""),
         "denied"},
        {CALL("send_group_msg", "\"group_id\":20002,\"message\":\"" POKE "\""),
         "denied"},
        {CALL("send_group_msg", "\"group_id\":20002,\"message\":\"a" POKE "\""),
         "denied"},
        {"{\"token\":\"wide\",\"account\":\"a0\",\"action\":\"send_group_msg\""
         ",\"params\":{\"group_id\":20002,\"message\":\"" POKE "\"}}",
         "sent"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world *w = with_grants(2);
        world_unlink(w, bridge_account(w->bridge, "a0")->newest);
        w->app_name = "NapCat.Onebot";
        w->app_version = "4.8.115";
        world_link(w, 0, LINK_UNIVERSAL);
        CHECK_ROW(slice_of(fate_of(w, rows[i][0])), slice_of(rows[i][1]),
                  rows[i][0]);
        world_destroy(w);
    }
}

TEST(a_file_is_got_from_an_account_and_a_group_that_are_covered)
{
    static const char *const rows[][2] = {
        {CALL("bridge.media.get", "\"file\":\"x\""), "sent"},
        {CALL("bridge.media.get", "\"file\":\"x\",\"group_id\":20002"), "sent"},
        {CALL("bridge.media.get", "\"file\":\"x\",\"group_id\":30002"),
         "denied"},
        {"{\"token\":\"one\",\"account\":\"a1\",\"action\":"
         "\"bridge.media.get\",\"params\":{\"file\":\"x\"}}",
         "denied"},
        {"{\"token\":\"one\",\"action\":\"bridge.media.get\",\"params\":{"
         "\"file\":\"x\",\"account\":\"a1\"}}",
         "denied"},
        {"{\"token\":\"one\",\"self_id\":10002,\"action\":"
         "\"bridge.media.get\",\"params\":{\"file\":\"x\"}}",
         "denied"},
    };
    check_fates(2, rows, COUNT(rows));
}

TEST(the_bridges_own_actions_show_no_more)
{
    static const char *const rows[][2] = {
        {"{\"token\":\"wide\",\"action\":\"bridge.replay\"}", "sent"},
        {"{\"token\":\"deaf\",\"action\":\"bridge.replay\"}", "denied"},
        {"{\"token\":\"deaf\",\"action\":\"bridge.status\"}", "ok"},
        {"{\"token\":\"deaf\",\"action\":\"bridge.history\",\"params\":{"
         "\"group_id\":1}}",
         "denied"},
        {"{\"token\":\"one\",\"action\":\"bridge.replay\"}", "denied"},
        {"{\"token\":\"one\",\"action\":\"bridge.history\",\"params\":{"
         "\"group_id\":1}}",
         "denied"},
        {"{\"token\":\"one\",\"account\":\"a0\",\"action\":\"bridge.history\","
         "\"params\":{\"group_id\":1}}",
         "sent"},
        {"{\"token\":\"one\",\"action\":\"bridge.pairing.list\"}", "denied"},
        {"{\"token\":\"one\",\"action\":\"bridge.pairing.list\",\"params\":{"
         "\"account\":\"a0\"}}",
         "ok"},
        {"{\"token\":\"one\",\"action\":\"bridge.pairing.approve\",\"params\":"
         "{\"account\":\"a1\",\"user_id\":5}}",
         "denied"},
        {"{\"token\":\"one\",\"action\":\"bridge.pairing.approve\",\"params\":"
         "{\"code\":\"ABCDEFGH\"}}",
         "denied"},
        {CALL("bridge.replay", ""), "denied"},
        {CALL("bridge.history", "\"group_id\":20002"), "sent"},
        {CALL("bridge.history", "\"group_id\":30002"), "denied"},
        {CALL("bridge.history", "\"user_id\":6"), "denied"},
        {CALL("bridge.why", ""), "denied"},
        {CALL("bridge.why", "\"id\":20002"), "denied"},
        {CALL("bridge.why", "\"group_id\":20002"), "ok"},
        {CALL("bridge.calls", ""), "denied"},
        {CALL("bridge.calls", "\"group_id\":30002"), "denied"},
        {CALL("bridge.calls", "\"group_id\":20002"), "ok"},
        {"{\"token\":\"one\",\"action\":\"bridge.calls\"}", "denied"},
        {"{\"token\":\"one\",\"action\":\"bridge.calls\",\"account\":"
         "\"a0\"}",
         "ok"},
        {CALL("bridge.media.get", "\"file\":\"f\""), "sent"},
        {CALL("bridge.media.get", "\"file\":\"f\",\"group_id\":30002"),
         "denied"},
        {"{\"token\":\"one\",\"action\":\"bridge.media.get\",\"params\":{"
         "\"file\":\"f\",\"account\":\"a1\"}}",
         "denied"},
        {"{\"token\":\"one\",\"action\":\"bridge.media.get\",\"params\":{"
         "\"file\":\"f\",\"account\":\"a0\"}}",
         "sent"},
        {CALL("bridge.ping", ""), "ok"},
    };
    check_fates(2, rows, COUNT(rows));
}

TEST(the_only_account_need_not_be_named)
{
    static const char *const rows[][2] = {
        {"{\"token\":\"one\",\"action\":\"bridge.pairing.list\"}", "ok"},
        {"{\"token\":\"one\",\"action\":\"bridge.history\",\"params\":{"
         "\"group_id\":1}}",
         "sent"},
        {"{\"token\":\"one\",\"action\":\"get_status\"}", "sent"},
    };
    check_fates(1, rows, COUNT(rows));
}

TEST(a_refusal_says_what_to_change_and_never_a_token)
{
    struct world *w = with_grants(2);
    world_call(w, CALL("clean_cache", ""));
    world_call(w, CALL("send_like", "\"user_id\":6"));
    world_call(w, CALL("send_like", ""));
    world_call(w, CALL("bridge.replay", ""));
    world_call(w, "{\"action\":\"x\",\"token\":\"s3cret\"}");
    CHECK_STR(message_of(w, 0), "grant narrow does not cover clean_cache: "
                                "bridge.grants[narrow].actions");
    CHECK_STR(message_of(w, 1), "grant narrow does not cover private.6: "
                                "bridge.grants[narrow].chats");
    CHECK_STR(message_of(w, 2), "grant narrow does not cover a write that "
                                "names no chat: bridge.grants[narrow].chats");
    CHECK_STR(message_of(w, 3),
              "grant narrow does not cover all chats, which a replay shows: "
              "bridge.grants[narrow].chats");
    CHECK_STR(message_of(w, 4), "token: none of bridge.grants has this one");
    CHECK(strstr(w->log.data, "error=denied caller=caller why=\"grant narrow "
                              "does not cover clean_cache") != NULL);
    CHECK(strstr(w->log.data, "error=unauthorized caller=caller") != NULL);
    CHECK(strstr(w->log.data, "s3cret") == NULL);
    world_destroy(w);
}

/* An action's name may be any bytes. */
TEST(a_refused_name_cannot_forge_a_line)
{
    struct world *w = with_grants(1);
    world_call(w, CALL("x\\ny=1 \\u0007", ""));
    CHECK_STR(world_reply(w, 0)->error, "denied");
    CHECK(strstr(w->log.data, "\ny=1") == NULL);
    CHECK(strchr(w->log.data, 7) == NULL);
    world_destroy(w);
}

static const cJSON *status_of(struct world *w)
{
    world_call(w, "{\"token\":\"wide\",\"action\":\"bridge.status\"}");
    return cJSON_GetObjectItemCaseSensitive(
        world_reply(w, w->reply_count - 1)->json, "data");
}

static int number_at(const cJSON *json, const char *grant, const char *key)
{
    const cJSON *grants = cJSON_GetObjectItemCaseSensitive(json, "grants");
    const cJSON *one = cJSON_GetObjectItemCaseSensitive(grants, grant);
    const cJSON *item =
        cJSON_GetObjectItemCaseSensitive(grant == NULL ? json : one, key);
    return item == NULL ? -1 : item->valueint;
}

TEST(whose_token_came_is_told_of_a_call)
{
    struct world *w = with_grants(2);
    world_call(w, CALL("clean_cache", ""));
    world_call(w, "{\"token\":\"wide\",\"action\":\"bridge.calls\"}");
    const cJSON *call = cJSON_GetArrayItem(
        cJSON_GetObjectItem(
            cJSON_GetObjectItem(world_reply(w, 1)->json, "data"), "calls"),
        0);
    CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(call, "grant")),
              "narrow");
    CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(call, "error")),
              "denied");
    world_destroy(w);
}

/* Who asks in vain for ever hides nobody else, over new settings neither. */
TEST(what_is_denied_is_told_of_once_a_minute_for_each_grant)
{
    struct world *w = with_grants(1);
    for (int i = 0; i < 3; i++)
        world_call(w, CALL("clean_cache", ""));
    world_call(w, "{\"token\":\"deaf\",\"action\":\"bridge.replay\"}");
    CHECK(strstr(w->log.data,
                 "why=\"grant narrow does not cover clean_cache: "
                 "bridge.grants[narrow].actions\" count=1") != NULL);
    CHECK(strstr(w->log.data, "why=\"grant deaf does not cover events: "
                              "bridge.grants[deaf].events\" count=1") != NULL);
    CHECK(strstr(w->log.data, "count=3") == NULL);
    bridge_reconfigure(w->bridge, &w->options, w->now);
    world_advance_ms(w, 60 * 1000);
    world_call(w, CALL("clean_cache", ""));
    CHECK(strstr(w->log.data, "count=3") != NULL);
    world_destroy(w);
}

TEST(what_grants_do_is_counted_over_new_settings)
{
    struct world *w = with_grants(1);
    world_call(w, CALL("clean_cache", ""));
    world_call(w, CALL("send_like", ""));
    world_call(w, CALL("get_status", ""));
    world_call(w, "{\"action\":\"x\"}");
    w->options.grant_count = 2;
    bridge_reconfigure(w->bridge, &w->options, w->now);
    const cJSON *status = status_of(w);
    CHECK_EQ(number_at(status, "narrow", "calls"), 3);
    CHECK_EQ(number_at(status, "narrow", "denied"), 2);
    CHECK_EQ(number_at(status, "wide", "calls"), 1);
    CHECK_EQ(number_at(status, "deaf", "calls"), -1);
    CHECK_EQ(number_at(status, NULL, "unauthorized"), 1);
    CHECK_STR(fate_of(w, "{\"token\":\"deaf\",\"action\":\"bridge.ping\"}"),
              "unauthorized");
    w->options.grant_count = 0;
    bridge_reconfigure(w->bridge, &w->options, w->now);
    CHECK_STR(fate_of(w, "{\"action\":\"bridge.ping\"}"), "ok");
    world_destroy(w);
}

/* ---- tools ------------------------------------------------------------- */

static const char *const SENDS[] = {"send_*", "get_*"};
static const char *const BANS[] = {"set_group_ban"};

static const struct access_tools ONLY_SENDS = {.allow = {SENDS, 2}};
static const struct access_tools NO_BANS = {.allow = ALL, .deny = {BANS, 1}};
static const struct access_tools NOTHING = {0};

static const struct access_group TOOL_GROUPS[] = {
    {.id = 0, .enabled = true, .tools = &NO_BANS},
    {.id = 1, .enabled = true, .tools = &ONLY_SENDS},
    {.id = 2, .enabled = true},
    {.id = 3, .enabled = true, .tools = &NOTHING},
};

TEST(a_groups_tools_narrow_the_calls_into_it)
{
    static const char *const rows[][2] = {
        {CALL("send_group_msg", "\"group_id\":1" MESSAGE), "sent"},
        {CALL("set_group_ban", "\"group_id\":1"), "denied"},
        {CALL("set_group_kick", "\"group_id\":1"), "denied"},
        {CALL("set_group_ban", "\"group_id\":2,\"user_id\":6"), "sent"},
        {CALL("send_group_msg", "\"group_id\":3"), "denied"},
        {CALL("set_group_ban", "\"group_id\":4"), "denied"},
        {CALL("set_group_ban_async", "\"group_id\":4"), "denied"},
        {CALL("set_group_ban_rate_limited", "\"group_id\":4"), "denied"},
        {CALL("set_group_kick", "\"group_id\":4,\"user_id\":6"), "sent"},
        {CALL("setGroupMute", "\"groupId\":4"), "denied"},
        {CALL("set_group_ban", "\"group_id\":[2]"), "denied"},
        {CALL("set_group_ban", "\"group_id\":4,\"group_id\":2"), "denied"},
        {CALL("set_group_ban", ""), "bad_params"}, /* not denied */
        {CALL("send_private_msg", "\"user_id\":3" MESSAGE), "sent"},
        {CALL("send_private_msg", "\"user_id\":5,\"group_id\":3"), "denied"},
        {CALL(".handle_quick_operation", QUICK("\"ban\":true")), "denied"},
        {CALL(".handle_quick_operation", QUICK("\"kick\":true")), "sent"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct account_options account = world_account(0);
        account.access.groups = TOOL_GROUPS;
        account.access.group_count = COUNT(TOOL_GROUPS);
        struct world *w = world_create_from(&account, 1);
        world_link(w, 0, LINK_UNIVERSAL);
        CHECK_ROW(slice_of(fate_of(w, rows[i][0])), slice_of(rows[i][1]),
                  rows[i][0]);
        world_destroy(w);
    }
}

TEST(a_refused_tool_names_the_setting)
{
    struct account_options account = world_account(0);
    account.access.groups = TOOL_GROUPS;
    account.access.group_count = COUNT(TOOL_GROUPS);
    struct world *w = world_create_from(&account, 1);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, CALL("set_group_ban", "\"group_id\":1"));
    world_call(w, CALL("set_group_ban", "\"group_id\":4"));
    CHECK_STR(message_of(w, 0), "set_group_ban may not be used in this group: "
                                "channels.napcatqq.groups.1.tools");
    CHECK_STR(message_of(w, 1), "set_group_ban may not be used in this group: "
                                "channels.napcatqq.groups.*.tools");
    world_destroy(w);
}

SUITE(permit, without_grants_nobody_is_asked,
      a_token_opens_and_nothing_else_does,
      a_grant_covers_its_actions_accounts_and_chats,
      a_step_of_another_name_has_to_be_covered_as_well,
      a_file_is_got_from_an_account_and_a_group_that_are_covered,
      the_bridges_own_actions_show_no_more, the_only_account_need_not_be_named,
      a_refusal_says_what_to_change_and_never_a_token,
      a_refused_name_cannot_forge_a_line, whose_token_came_is_told_of_a_call,
      what_is_denied_is_told_of_once_a_minute_for_each_grant,
      what_grants_do_is_counted_over_new_settings,
      a_groups_tools_narrow_the_calls_into_it, a_refused_tool_names_the_setting)
