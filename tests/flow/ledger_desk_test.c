/* SPDX-License-Identifier: MIT */
/* What bridge.calls tells of what has been asked for. */
#include <stdlib.h>

#include "check.h"
#include "world.h"

#define SEND                                                                   \
    "{\"action\":\"send_group_msg\",\"id\":\"i\",\"params\":{\"group_id\":"    \
    "20002,\"message\":\"a secret\"}}"

/* The calls that it tells, as JSON text; free it. */
static char *ask(struct world *w, const char *params)
{
    char request[256];
    size_t index = w->reply_count;
    snprintf(request, sizeof(request),
             "{\"action\":\"bridge.calls\",\"params\":%s}", params);
    world_call(w, request);
    return cJSON_PrintUnformatted(cJSON_GetObjectItem(
        cJSON_GetObjectItem(world_reply(w, index)->json, "data"), "calls"));
}

static void check_calls(struct world *w, const char *params,
                        const char *expected)
{
    char *told = ask(w, params);
    CHECK_STR(told, expected);
    free(told);
}

TEST(a_call_is_told_once_it_is_answered)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    check_calls(w, "{}", "[]");
    world_call(w, SEND);
    world_claimed_new(w);
    check_calls(w, "{}", "[]");
    world_advance_ms(w, 7);
    world_answer(w, link, 0);
    world_finished(w);
    check_calls(
        w, "{}",
        "[{\"time\":1786700000007,\"action\":\"send_group_msg\",\"account\":"
        "\"a0\",\"group_id\":20002,\"status\":\"ok\",\"retcode\":0,"
        "\"id\":\"i\",\"warnings\":0,\"ms\":7,\"count\":1}]");
    world_destroy(w);
}

TEST(an_end_that_nobody_knows_and_refusals_are_told_newest_first)
{
    struct world *w = world_create(1);
    world_call(w, "{\"action\":\"get_status\",\"account\":\"nobody\"}");
    world_call(w, "{\"action\":\"get_status\",\"account\":\"nobody\"}");
    world_call(w, "no request");
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"write\",\"params\":{\"user_id\":5}}");
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    check_calls(
        w, "{\"limit\":2}",
        "[{\"time\":1786700030000,\"action\":\"write\",\"account\":\"a0\","
        "\"user_id\":5,\"status\":\"unknown\",\"error\":\"unknown\","
        "\"retcode\":33005,\"warnings\":0,\"ms\":30000,\"count\":1},"
        "{\"time\":1786700000000,\"action\":\"\",\"status\":\"failed\","
        "\"error\":\"bad_request\",\"retcode\":10001,\"warnings\":0,"
        "\"ms\":0,\"count\":1}]");
    check_calls(
        w, "{\"account\":\"nobody\"}",
        "[{\"time\":1786700000000,\"action\":\"get_status\",\"account\":"
        "\"nobody\",\"status\":\"failed\",\"error\":"
        "\"unknown_account\",\"retcode\":10102,\"warnings\":0,"
        "\"ms\":0,\"count\":2}]");
    check_calls(w, "{\"user_id\":6}", "[]");
    check_calls(w, "{\"group_id\":5}", "[]");
    world_destroy(w);
}

/* Of the bridge's own those that change something, and what is refused. */
TEST(who_only_looks_at_the_bridge_is_not_told_of)
{
    struct world *w = world_create(1);
    char *told;
    world_call(w, "{\"action\":\"bridge.status\"}");
    world_call(w, "{\"action\":\"bridge.cursor.get\",\"params\":"
                  "{\"consumer\":\"c\"}}");
    check_calls(w, "{}", "[]");
    world_call(w, "{\"action\":\"bridge.pairing.approve\",\"params\":"
                  "{\"user_id\":9,\"account\":\"a0\"}}");
    bridge_on_kept(w->bridge, w->cookie, true, "", w->now);
    world_call(w, "{\"action\":\"bridge.dance\"}");
    told = ask(w, "{}");
    CHECK(strstr(
              told,
              "[{\"time\":1786700000000,\"action\":\"bridge.dance\",\"status\":"
              "\"failed\",\"error\":\"unknown_action\"") == told);
    CHECK(
        strstr(told,
               "{\"time\":1786700000000,\"action\":\"bridge.pairing.approve\","
               "\"account\":\"a0\",\"user_id\":9,\"status\":\"ok\"") != NULL);
    free(told);
    world_destroy(w);
}

TEST(how_many_are_told_is_bounded)
{
    struct world *w = world_create(1);
    world_call(w, "{\"action\":\"bridge.calls\",\"params\":{\"limit\":201}}");
    CHECK_STR(world_reply(w, 0)->error, "bad_params");
    world_destroy(w);
}

SUITE(ledger_desk, a_call_is_told_once_it_is_answered,
      an_end_that_nobody_knows_and_refusals_are_told_newest_first,
      who_only_looks_at_the_bridge_is_not_told_of, how_many_are_told_is_bounded)
