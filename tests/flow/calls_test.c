/* SPDX-License-Identifier: MIT */
/* A call's way through the core, and every way it can end. */
#include <stdlib.h>

#include "check.h"
#include "core/pack.h"
#include "world.h"

static const char READ[] = "{\"action\":\"get_login_info\"}";
static const char WRITE[] =
    "{\"action\":\"send_group_msg\",\"params\":{\"group_id\":20001,"
    "\"message\":\"hi\"}}";

static void check_last(const struct world *w, const char *status,
                       const char *error)
{
    const struct world_reply *reply = world_reply(w, w->reply_count - 1);
    CHECK(reply != NULL);
    if (reply == NULL)
        return;
    CHECK_STR(reply->status, status);
    CHECK_STR(reply->error, error);
}

static double retcode_of(const struct world_reply *reply)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItem(reply->json, "retcode"));
}

TEST(a_call_reaches_the_peer_and_its_answer_the_caller)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"get_login_info\",\"id\":\"i-1\"}");
    CHECK_EQ(w->frame_count, 1);
    static const char head[] =
        "{\"action\":\"get_login_info\",\"params\":{},\"echo\":\"";
    CHECK(strncmp(w->frames[0].text, head, sizeof(head) - 1) == 0);
    CHECK_EQ(w->reply_count, 0);
    w->now.mono_ms += 12;
    world_answer(w, link, 0);
    check_last(w, "ok", "");
    const cJSON *json = world_reply(w, 0)->json;
    CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(json, "id")), "i-1");
    CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(json, "account")), "a0");
    CHECK_EQ(cJSON_GetNumberValue(cJSON_GetObjectItem(json, "ms")), 12);
    world_destroy(w);
}

TEST(answers_out_of_order_find_their_callers)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    for (int i = 0; i < 4; i++)
        world_call(w, READ);
    static const size_t order[] = {2, 0, 3, 1};
    for (size_t i = 0; i < 4; i++) {
        world_answer(w, link, order[i]);
        CHECK_EQ(world_reply(w, i)->ticket, order[i] + 1);
    }
    world_destroy(w);
}

TEST(an_answer_counts_once)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, READ);
    world_answer(w, link, 0);
    world_answer(w, link, 0);
    CHECK_EQ(w->reply_count, 1);
    CHECK(strstr(w->log.data, "nobody waits for") != NULL);
    world_destroy(w);
}

TEST(an_answer_may_come_on_another_link_of_the_account_only)
{
    struct world *w = world_create(2);
    struct link *old = world_link(w, 0, LINK_UNIVERSAL);
    struct link *stranger = world_link(w, 1, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"get_status\",\"account\":\"a0\"}");
    struct link *new = world_link(w, 0, LINK_UNIVERSAL);
    world_unlink(w, old);
    CHECK_EQ(w->reply_count, 0);
    world_answer(w, stranger, 0);
    CHECK_EQ(w->reply_count, 0);
    world_answer(w, new, 0);
    check_last(w, "ok", "");
    world_destroy(w);
}

TEST(an_unanswered_call_times_out_once)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, READ);
    world_call(w, WRITE);
    world_advance_ms(w, WORLD_READ_TIMEOUT_MS - 1);
    CHECK_EQ(w->reply_count, 0);
    world_advance_ms(w, 1);
    CHECK_EQ(w->reply_count, 1);
    check_last(w, "failed", "timeout");
    CHECK_EQ(retcode_of(world_reply(w, 0)), 33004);
    world_advance_ms(w, 10 * WORLD_WRITE_TIMEOUT_MS);
    CHECK_EQ(w->reply_count, 2);
    check_last(w, "unknown", "unknown");
    CHECK_EQ(retcode_of(world_reply(w, 1)), 33005);
    for (size_t i = 0; i < w->frame_count; i++)
        world_answer(w, link, i);
    CHECK_EQ(w->reply_count, 2);
    world_advance_ms(w, COMPLAINT_OVERDUE_MS); /* one of them was not said */
    CHECK_EQ(bridge_due(w->bridge), UINT64_MAX);
    world_destroy(w);
}

TEST(the_caller_may_set_the_deadline)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"get_status\",\"timeout\":50}");
    CHECK_EQ(bridge_due(w->bridge), w->now.mono_ms + 50);
    world_advance_ms(w, 50);
    check_last(w, "failed", "timeout");
    world_destroy(w);
}

TEST(without_a_peer_a_call_waits_out_the_grace)
{
    struct world *w = world_create(1);
    world_call(w, WRITE);
    world_advance_ms(w, WORLD_GRACE_MS - 1);
    CHECK_EQ(w->reply_count, 0);
    world_advance_ms(w, 1);
    check_last(w, "failed", "not_connected");
    world_call(w, WRITE);
    CHECK_EQ(w->reply_count, 2);
    check_last(w, "failed", "not_connected");
    CHECK_EQ(w->frame_count, 0);
    world_destroy(w);
}

TEST(a_peer_that_comes_back_in_time_gets_what_waited_in_order)
{
    struct world *w = world_create(1);
    world_call(w, "{\"action\":\"first\"}");
    world_call(w, "{\"action\":\"second\"}");
    world_link(w, 0, LINK_EVENT);
    CHECK_EQ(w->frame_count, 0);
    struct link *link = world_link(w, 0, LINK_API);
    CHECK_EQ(w->frame_count, 2);
    CHECK(strstr(w->frames[0].text, "first") != NULL);
    CHECK(strstr(w->frames[1].text, "second") != NULL);
    world_advance_ms(w, WORLD_GRACE_MS);
    CHECK_EQ(w->reply_count, 0);
    world_answer(w, link, 1);
    world_answer(w, link, 0);
    CHECK_EQ(w->reply_count, 2);
    world_destroy(w);
}

TEST(a_held_call_keeps_its_own_deadline)
{
    struct world *w = world_create(1);
    world_call(w, "{\"action\":\"write\",\"timeout\":100}");
    world_advance_ms(w, 100);
    check_last(w, "failed", "not_connected");
    world_destroy(w);
}

TEST(callers_of_a_link_that_drops_are_told_at_once)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, READ);
    world_call(w, WRITE);
    world_unlink(w, link);
    CHECK_EQ(w->reply_count, 2);
    CHECK_STR(world_reply(w, 0)->error, "not_connected");
    CHECK_STR(world_reply(w, 1)->error, "unknown");
    world_destroy(w);
}

TEST(a_link_for_events_alone_brings_no_answer)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_EVENT);
    struct link *api = world_link(w, 0, LINK_API);
    world_call(w, READ);
    CHECK_EQ(w->frame_count, 1);
    world_unlink(w, api);
    check_last(w, "failed", "not_connected");
    world_destroy(w);
}

TEST(one_call_too_many_is_busy)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    for (int i = 0; i < WORLD_CALLS_MAX + 1; i++)
        world_call(w, READ);
    CHECK_EQ(w->reply_count, 1);
    check_last(w, "failed", "busy");
    CHECK_EQ(world_reply(w, 0)->ticket, WORLD_CALLS_MAX + 1);
    world_answer(w, link, 0);
    world_call(w, READ);
    CHECK_EQ(w->frame_count, WORLD_CALLS_MAX + 1);
    world_destroy(w);
}

TEST(a_full_link_is_busy_and_forgets_the_call)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    w->refuse_sends = true;
    for (int i = 0; i < 3 * WORLD_CALLS_MAX; i++) {
        world_call(w, WRITE);
        check_last(w, "failed", "busy");
    }
    CHECK_EQ(bridge_calls_waiting(w->bridge), 0);
    world_destroy(w);
}

TEST(with_several_accounts_the_caller_must_choose)
{
    static const struct {
        const char *request, *error;
    } rows[] = {
        {"{\"action\":\"a\"}", "account_required"},
        {"{\"action\":\"a\",\"account\":\"nobody\"}", "unknown_account"},
        {"{\"action\":\"a\",\"self_id\":9}", "unknown_account"},
        {"{\"action\":\"a\",\"account\":\"a0\",\"self_id\":10002}",
         "unknown_account"},
    };
    struct world *w = world_create(2);
    world_link(w, 0, LINK_UNIVERSAL);
    world_link(w, 1, LINK_UNIVERSAL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        world_call(w, rows[i].request);
        check_last(w, "failed", rows[i].error);
    }
    CHECK_EQ(w->frame_count, 0);
    world_call(w, "{\"action\":\"a\",\"account\":\"a1\"}");
    world_call(w, "{\"action\":\"a\",\"self_id\":10002}");
    world_call(w, "{\"action\":\"a\",\"self_id\":10002,\"account\":\"a1\"}");
    CHECK_EQ(w->frame_count, 3);
    CHECK(w->frames[0].wire == w->frames[1].wire);
    world_destroy(w);
}

TEST(what_the_peer_refuses_is_told_with_its_code)
{
    static const struct {
        const char *answer, *status, *error;
        int retcode;
    } rows[] = {
        {"\"status\":\"failed\",\"retcode\":1404", "failed", "unknown_action",
         1404},
        {"\"status\":\"failed\",\"retcode\":404", "failed", "unknown_action",
         404},
        {"\"status\":\"failed\",\"retcode\":1200", "failed", "peer_error",
         1200},
        {"\"status\":\"async\",\"retcode\":1", "async", "", 1},
        {"\"status\":\"odd\",\"retcode\":-1", "failed", "peer_error", -1},
    };
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[256];
        world_call(w, WRITE);
        snprintf(text, sizeof(text), "{%s,\"echo\":\"%s\"}", rows[i].answer,
                 w->frames[i].echo);
        world_frame_in(w, link, text);
        check_last(w, rows[i].status, rows[i].error);
        CHECK_EQ(retcode_of(world_reply(w, i)), rows[i].retcode);
        CHECK(cJSON_GetObjectItem(world_reply(w, i)->json, "data") == NULL);
    }
    world_destroy(w);
}

TEST(bad_requests_never_reach_a_peer)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, "{\"params\":{}}");
    check_last(w, "failed", "bad_request");
    world_call(w, "{\"action\":\"bridge.nonsense\"}");
    check_last(w, "failed", "unknown_action");
    char large[6000];
    int used = snprintf(
        large, sizeof(large),
        "{\"action\":\"send_msg\",\"params\":{\"user_id\":5,\"message\":\"");
    memset(large + used, 'x', 5000);
    snprintf(large + used + 5000, sizeof(large) - (size_t)used - 5000, "\"}}");
    world_call(w, large);
    check_last(w, "failed", "too_large");
    CHECK_EQ(w->frame_count, 0);
    CHECK_EQ(bridge_calls_waiting(w->bridge), 0);
    world_destroy(w);
}

TEST(bytes_without_a_json_form_are_a_bad_request)
{
    static const char request[] = "\x82\xa6"
                                  "action\xa1"
                                  "a\xa6params\x81\xa4"
                                  "file\xc4\x02\x00\x01";
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    bridge_on_call(w->bridge, (void *)1, (struct slice){0},
                   (struct slice){request, sizeof(request) - 1}, w->now);
    CHECK_EQ(w->reply_count, 1);
    CHECK_EQ(w->frame_count, 0);
    CHECK_EQ(bridge_calls_waiting(w->bridge), 0);
    world_destroy(w);
}

TEST(the_bridge_answers_for_itself)
{
    struct world *w = world_create(2);
    w->app_name = "NapCat.Onebot";
    w->app_version = "4.8.0";
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"bridge.ping\"}");
    check_last(w, "ok", "");
    world_call(w, "{\"action\":\"bridge.status\"}");
    const cJSON *data =
        cJSON_GetObjectItem(world_reply(w, w->reply_count - 1)->json, "data");
    const cJSON *accounts = cJSON_GetObjectItem(data, "accounts");
    const cJSON *up = cJSON_GetObjectItem(accounts, "a0");
    const cJSON *down = cJSON_GetObjectItem(accounts, "a1");
    CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(up, "state")), "up");
    CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(up, "peer")),
              "NapCat.Onebot/4.8.0");
    CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(down, "state")), "down");
    world_destroy(w);
}

TEST(stopping_lets_what_is_sent_finish_and_starts_nothing)
{
    struct world *w = world_create(2);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"get_status\",\"account\":\"a0\"}");
    world_call(w, "{\"action\":\"get_status\",\"account\":\"a1\"}");
    bridge_stop(w->bridge, w->now);
    CHECK_EQ(w->reply_count, 1);
    CHECK_EQ(world_reply(w, 0)->ticket, 2);
    check_last(w, "failed", "shutting_down");
    world_call(w, "{\"action\":\"get_status\",\"account\":\"a0\"}");
    check_last(w, "failed", "shutting_down");
    world_answer(w, link, 0);
    check_last(w, "ok", "");
    CHECK_EQ(bridge_calls_waiting(w->bridge), 0);
    world_destroy(w);
}

TEST(abandoned_calls_are_answered_with_what_is_known)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, READ);
    world_call(w, WRITE);
    bridge_stop(w->bridge, w->now);
    bridge_abandon(w->bridge, w->now);
    CHECK_STR(world_reply(w, 0)->error, "shutting_down");
    CHECK_STR(world_reply(w, 1)->error, "unknown");
    world_destroy(w);
}

/* ---- a storm ---------------------------------------------------------- */

enum { STORM_STEPS = 1500, STORM_LINKS = 6 };

struct storm {
    struct world *world;
    struct link *links[STORM_LINKS];
    unsigned seed;
};

static unsigned roll(struct storm *storm, unsigned sides)
{
    return (unsigned)rand_r(&storm->seed) % sides;
}

static void storm_link(struct storm *storm, size_t slot)
{
    if (storm->links[slot] != NULL) {
        world_unlink(storm->world, storm->links[slot]);
        storm->links[slot] = NULL;
    } else {
        storm->links[slot] =
            world_link(storm->world, slot % 2, (enum link_role)roll(storm, 3));
    }
}

static void storm_answer(struct storm *storm)
{
    struct link *link = storm->links[roll(storm, STORM_LINKS)];
    if (link != NULL && storm->world->frame_count > 0)
        world_answer(storm->world, link,
                     roll(storm, (unsigned)storm->world->frame_count));
}

static void storm_step(struct storm *storm)
{
    static const char *const requests[] = {
        "{\"action\":\"get_status\",\"account\":\"a0\"}",
        "{\"action\":\"write\",\"account\":\"a1\"}",
        "{\"action\":\"write\",\"account\":\"a0\",\"timeout\":5}",
        "{\"action\":\"nothing\"}",
        "{broken",
    };
    storm->world->refuse_sends = roll(storm, 10) == 0;
    switch (roll(storm, 6)) {
    case 0:
        storm_link(storm, roll(storm, STORM_LINKS));
        break;
    case 1:
    case 2:
        world_call(storm->world, requests[roll(storm, 5)]);
        break;
    case 3:
    case 4:
        storm_answer(storm);
        break;
    default:
        world_advance_ms(storm->world, roll(storm, 400));
    }
}

/* {"action": "x", "params": {"text": …}}, and an id if there is one. */
static struct buffer request_of(size_t text_size, const char *id)
{
    struct buffer bytes = {0}, text = {0};
    struct msgpack_packer packer = pack_into(&bytes);
    buffer_reserve(&text, text_size);
    memset(text.data, 'x', text_size);
    msgpack_pack_map(&packer, id == NULL ? 2 : 3);
    pack_word(&packer, "action", "x");
    pack_string(&packer, "params");
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "text");
    pack_text(&packer, (struct slice){text.data, text_size});
    if (id != NULL)
        pack_word(&packer, "id", id);
    buffer_finish(&text);
    return bytes;
}

TEST(a_large_request_stays_where_it_is_until_its_reply)
{
    enum { LARGE = 100000 };
    static const struct {
        size_t text_size;
        const char *id;
        bool may_stay, is_held;
    } rows[] = {
        {LARGE, NULL, true, true},
        {LARGE, NULL, false, true}, /* asked for, but it is copied */
        {LARGE, "a", true, false},
        {100, NULL, true, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct world *w = world_create_sized(1, 4, (size_t)2 * LARGE);
        struct link *link = world_link(w, 0, LINK_UNIVERSAL);
        struct buffer bytes = request_of(rows[i].text_size, rows[i].id);
        size_t frames = w->frame_count;
        w->holds = rows[i].may_stay;
        bridge_on_call(w->bridge, w, (struct slice){0}, buffer_slice(&bytes),
                       w->now);
        if (!rows[i].may_stay)
            buffer_finish(&bytes);
        world_claimed_new(w);
        CHECK_EQ(w->hold_count, rows[i].is_held);
        CHECK_EQ(w->frame_count, frames + 1);
        world_answer(w, link, frames);
        CHECK_EQ(w->reply_count, 1);
        buffer_finish(&bytes);
        world_destroy(w);
    }
}

TEST(in_any_storm_each_call_gets_exactly_one_reply)
{
    for (unsigned seed = 1; seed <= 40; seed++) {
        struct storm storm = {
            .world = world_create_with(2, 16),
            .seed = seed,
        };
        static unsigned char replied[WORLD_KEPT_MAX];
        memset(replied, 0, sizeof(replied));
        for (int i = 0; i < STORM_STEPS; i++)
            storm_step(&storm);
        world_advance_ms(storm.world, 10 * WORLD_WRITE_TIMEOUT_MS);
        for (size_t i = 0; i < storm.world->reply_count; i++)
            replied[storm.world->replies[i].ticket]++;
        for (size_t i = 1; i <= storm.world->tickets; i++)
            CHECK_EQ(replied[i], 1);
        CHECK_EQ(bridge_calls_waiting(storm.world->bridge), 0);
        world_destroy(storm.world);
    }
}

SUITE(calls, a_call_reaches_the_peer_and_its_answer_the_caller,
      answers_out_of_order_find_their_callers, an_answer_counts_once,
      an_answer_may_come_on_another_link_of_the_account_only,
      an_unanswered_call_times_out_once, the_caller_may_set_the_deadline,
      without_a_peer_a_call_waits_out_the_grace,
      a_peer_that_comes_back_in_time_gets_what_waited_in_order,
      a_held_call_keeps_its_own_deadline,
      callers_of_a_link_that_drops_are_told_at_once,
      a_link_for_events_alone_brings_no_answer, one_call_too_many_is_busy,
      a_full_link_is_busy_and_forgets_the_call,
      with_several_accounts_the_caller_must_choose,
      what_the_peer_refuses_is_told_with_its_code,
      bad_requests_never_reach_a_peer,
      bytes_without_a_json_form_are_a_bad_request,
      the_bridge_answers_for_itself,
      stopping_lets_what_is_sent_finish_and_starts_nothing,
      abandoned_calls_are_answered_with_what_is_known,
      a_large_request_stays_where_it_is_until_its_reply,
      in_any_storm_each_call_gets_exactly_one_reply)
