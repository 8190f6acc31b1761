/* SPDX-License-Identifier: MIT */
/* Calls that come on the subject of an account, as by NATS. */
#include "check.h"
#include "world.h"

static const char *error_of(const struct world *w, size_t index)
{
    const struct world_reply *reply = world_reply(w, index);
    return reply == NULL ? "no reply" : reply->error;
}

static const char *message_of(const struct world *w, size_t index)
{
    return cJSON_GetStringValue(
        cJSON_GetObjectItem(world_reply(w, index)->json, "message"));
}

TEST(a_call_is_for_the_account_of_its_subject)
{
    struct world *w = world_create(2);
    (void)world_link(w, 0, LINK_UNIVERSAL);
    struct link *second = world_link(w, 1, LINK_UNIVERSAL);
    world_call_on(w, "a1", "{\"action\":\"read\"}");
    CHECK_EQ(w->frame_count, 1);
    world_answer(w, second, 0);
    CHECK_EQ(w->reply_count, 1);
    CHECK_STR(error_of(w, 0), "");
    CHECK_STR(cJSON_GetStringValue(
                  cJSON_GetObjectItem(world_reply(w, 0)->json, "account")),
              "a1");
    world_destroy(w);
}

TEST(a_call_may_say_what_its_subject_says_and_nothing_else)
{
    static const struct {
        const char *request, *error;
    } rows[] = {
        {"{\"action\":\"read\",\"account\":\"a1\"}", ""},
        {"{\"action\":\"read\",\"self_id\":10002}", ""},
        {"{\"action\":\"read\",\"account\":\"a1\",\"self_id\":10002}", ""},
        {"{\"action\":\"read\",\"account\":\"a0\"}", "bad_request"},
        {"{\"action\":\"read\",\"self_id\":10001}", "bad_request"},
        {"{\"action\":\"read\",\"account\":\"a0\",\"self_id\":10001}",
         "bad_request"},
        {"{\"action\":\"read\",\"account\":\"b\"}", "bad_request"},
        {"{\"action\":\"read\",\"account\":\"a1\",\"self_id\":10001}",
         "unknown_account"},
        {"{\"action\":\"read\",\"self_id\":10009}", "unknown_account"},
        {"{\"action\":\"bridge.ping\",\"account\":\"a0\"}", ""},
        {"{\"action\":\"bridge.status\"}", ""},
    };
    struct world *w = world_create(2);
    (void)world_link(w, 0, LINK_UNIVERSAL);
    struct link *second = world_link(w, 1, LINK_UNIVERSAL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t frames = w->frame_count;
        world_call_on(w, "a1", rows[i].request);
        if (w->frame_count > frames)
            world_answer(w, second, frames);
        CHECK_ROW(slice_of(error_of(w, i)), slice_of(rows[i].error),
                  rows[i].request);
    }
    CHECK(strstr(message_of(w, 3), "a1") != NULL);
    world_destroy(w);
}

TEST(where_two_have_a_subject_one_is_to_be_named)
{
    struct account_options accounts[] = {world_account(0), world_account(1),
                                         world_account(2)};
    accounts[0].name = "b b";
    accounts[1].name = "b.b";
    struct world *w = world_create_from(accounts, 3);
    world_call_on(w, "b_b", "{\"action\":\"read\"}");
    CHECK_STR(error_of(w, 0), "account_required");
    CHECK(strstr(message_of(w, 0), "b b, b.b") != NULL);
    world_call_on(w, "b_b", "{\"action\":\"read\",\"account\":\"b.b\"}");
    world_advance_ms(w, 60 * 1000); /* its peer never comes */
    CHECK_STR(error_of(w, 1), "not_connected");
    world_call_on(w, "b_b", "{\"action\":\"read\",\"account\":\"a2\"}");
    CHECK_STR(error_of(w, 2), "bad_request");
    world_call_on(w, "b_b", "{\"action\":\"read\",\"account\":\"b_b\"}");
    CHECK_STR(error_of(w, 3), "unknown_account");
    world_destroy(w);
}

TEST(a_subject_may_outlive_its_account)
{
    struct world *w = world_create(1);
    world_call_on(w, "gone", "{\"action\":\"read\",\"id\":\"i\"}");
    CHECK_STR(error_of(w, 0), "unknown_account");
    world_call_on(w, "gone", "{\"action\":\"bridge.ping\"}");
    CHECK_STR(error_of(w, 1), "");
    world_destroy(w);
}

TEST(a_bridge_that_stops_says_so_on_all_subjects)
{
    struct world *w = world_create(1);
    bridge_stop(w->bridge, w->now);
    world_call_on(w, "a0", "{\"action\":\"read\"}");
    world_call_on(w, "gone", "{\"action\":\"read\"}");
    CHECK_STR(error_of(w, 0), "shutting_down");
    CHECK_STR(error_of(w, 1), "shutting_down");
    world_destroy(w);
}

SUITE(subjects, a_call_is_for_the_account_of_its_subject,
      a_call_may_say_what_its_subject_says_and_nothing_else,
      where_two_have_a_subject_one_is_to_be_named,
      a_subject_may_outlive_its_account,
      a_bridge_that_stops_says_so_on_all_subjects)
