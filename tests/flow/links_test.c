/* SPDX-License-Identifier: MIT */
/* Whether links live, QQ is online and actions are answered; and dialling. */
#include <stdlib.h>

#include "check.h"
#include "world.h"

static const char SEND[] =
    "{\"action\":\"send_group_msg\",\"params\":{\"group_id\":20001,"
    "\"message\":\"hi\"}}";

static struct world *watched_world(void)
{
    struct account_options account = world_account(0);
    account.watch.enabled = true;
    return world_create_from(&account, 1);
}

static struct world *dialling_world(unsigned retries_max)
{
    static int dialer;
    struct account_options account = world_account(0);
    account.dialer = &dialer;
    account.redials = true;
    account.backoff = (struct backoff_options){.retries_max = retries_max,
                                               .delay_ms = 1000,
                                               .delay_max_ms = 8000,
                                               .multiplier = 2};
    struct world *world = world_create_from(&account, 1);
    bridge_on_tick(world->bridge, world->now);
    return world;
}

static const struct world_event *last_event(const struct world *world)
{
    return &world->events[world->event_count - 1];
}

/* How many events of the bridge's own there were of this kind. */
static size_t told(const struct world *world, const char *what)
{
    char topic[64];
    size_t count = 0;
    snprintf(topic, sizeof(topic), "qq.bridge.a0.%s", what);
    for (size_t i = 0; i < world->event_count; i++)
        count += strcmp(world->events[i].topic, topic) == 0;
    return count;
}

static const char *reason_of(const struct world_event *event)
{
    const cJSON *map = cJSON_GetObjectItem(event->envelope, "event");
    return cJSON_GetStringValue(cJSON_GetObjectItem(map, "reason"));
}

static void heartbeat(struct world *world, struct link *link, bool online)
{
    char text[256];
    snprintf(text, sizeof(text),
             "{\"time\":1,\"self_id\":10001,\"post_type\":\"meta_event\","
             "\"meta_event_type\":\"heartbeat\",\"interval\":30000,"
             "\"status\":{\"online\":%s,\"good\":true}}",
             online ? "true" : "false");
    world_frame_in(world, link, text);
}

static void fail_dial(struct world *world, const char *reason)
{
    bridge_on_dial_failed(world->bridge, bridge_account(world->bridge, "a0"),
                          reason, world->now);
}

TEST(a_silent_link_is_pinged_asked_and_closed)
{
    struct world *world = watched_world();
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    world_advance_ms(world, WORLD_INTERVAL_MS);
    CHECK_EQ(world->pings, 1);
    CHECK_EQ(world->frame_count, 0);
    world_advance_ms(world, WORLD_TIMEOUT_MS);
    CHECK_EQ(world->frame_count, 1);
    CHECK(strstr(world->frames[0].text, "\"get_status\"") != NULL);
    CHECK_EQ(world->closed_count, 0);
    world_advance_ms(world, WORLD_TIMEOUT_MS);
    CHECK_EQ(world->closed_count, 1);
    CHECK(world->closed[0].wire == link->wire);
    world_unlink(world, link);
    CHECK_STR(last_event(world)->topic, "qq.bridge.a0.link.down");
    CHECK(strstr(reason_of(last_event(world)), "not even to a ping") != NULL);
    CHECK_EQ(told(world, "actions.stalled"), 0);
    world_destroy(world);
}

TEST(a_link_that_answers_pings_stays)
{
    struct world *world = watched_world();
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    for (int i = 0; i < 10; i++) {
        world_advance_ms(world, WORLD_INTERVAL_MS);
        bridge_on_pong(world->bridge, link, world->now);
    }
    CHECK_EQ(world->pings, 10);
    CHECK_EQ(world->frame_count, 0);
    CHECK_EQ(world->closed_count, 0);
    world_destroy(world);
}

TEST(an_answer_to_the_probe_saves_the_link)
{
    struct world *world = watched_world();
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    world_advance_ms(world, WORLD_INTERVAL_MS + WORLD_TIMEOUT_MS);
    CHECK_EQ(world->frame_count, 1);
    world_answer(world, link, 0);
    world_advance_ms(world, WORLD_TIMEOUT_MS);
    CHECK_EQ(world->closed_count, 0);
    world_destroy(world);
}

TEST(a_second_link_has_the_first_one_pinged_and_closed_if_dead)
{
    struct world *world = world_create(1);
    struct link *old = world_link(world, 0, LINK_UNIVERSAL);
    world_link(world, 0, LINK_UNIVERSAL);
    world_advance_ms(world, 0);
    CHECK_EQ(world->pings, 1);
    world_advance_ms(world, WORLD_TIMEOUT_MS);
    CHECK_EQ(world->closed_count, 1);
    CHECK(world->closed[0].wire == old->wire);
    world_destroy(world);
}

TEST(a_second_link_leaves_the_first_one_if_it_lives)
{
    struct world *world = world_create(1);
    struct link *old = world_link(world, 0, LINK_UNIVERSAL);
    struct link *new = world_link(world, 0, LINK_UNIVERSAL);
    world_advance_ms(world, 0);
    bridge_on_pong(world->bridge, old, world->now);
    world_advance_ms(world, 10 * WORLD_TIMEOUT_MS);
    CHECK_EQ(world->closed_count, 0);
    world_call(world, "{\"action\":\"get_login_info\"}");
    CHECK(world->frames[0].wire == new->wire);
    world_answer(world, old, 0); /* its answer may come on either */
    CHECK_STR(world_reply(world, 0)->status, "ok");
    world_destroy(world);
}

TEST(heartbeats_tell_whether_qq_is_online)
{
    struct world *world = world_create(1);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    heartbeat(world, link, true);
    heartbeat(world, link, true);
    CHECK_EQ(told(world, "online"), 1);
    heartbeat(world, link, false);
    CHECK_EQ(told(world, "offline"), 1);
    world_call(world, SEND);
    CHECK_STR(world_reply(world, 0)->error, "offline");
    world_call(world, "{\"action\":\"get_login_info\"}");
    world_call(world, "{\"action\":\"set_restart\"}");
    CHECK_EQ(world->frame_count, 2);
    heartbeat(world, link, true);
    CHECK_EQ(told(world, "online"), 2);
    world_call(world, SEND);
    CHECK_EQ(world->frame_count, 3);
    world_destroy(world);
}

TEST(an_offline_qq_is_asked_until_it_is_back)
{
    struct world *world = world_create(1);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    world_frame_in(world, link,
                   "{\"time\":1,\"self_id\":10001,\"post_type\":\"notice\","
                   "\"notice_type\":\"bot_offline\",\"user_id\":10001,"
                   "\"tag\":\"kicked\",\"message\":\"elsewhere\"}");
    CHECK_EQ(told(world, "offline"), 1);
    world_advance_ms(world, WORLD_INTERVAL_MS);
    CHECK_EQ(world->frame_count, 1);
    char text[256];
    snprintf(text, sizeof(text),
             "{\"status\":\"ok\",\"retcode\":0,\"data\":{\"online\":true},"
             "\"echo\":\"%s\"}",
             world->frames[0].echo);
    world_frame_in(world, link, text);
    CHECK_EQ(told(world, "online"), 1);
    world_advance_ms(world, 2 * WORLD_INTERVAL_MS);
    CHECK_EQ(world->frame_count, 1);
    world_destroy(world);
}

TEST(calls_that_hang_stall_the_account_until_one_is_answered)
{
    struct world *world = world_create(1);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    world_call(world, "{\"action\":\"get_group_list\"}");
    world_call(world, "{\"action\":\"get_friend_list\"}");
    world_advance_ms(world, WORLD_READ_TIMEOUT_MS);
    CHECK_EQ(world->frame_count, 3); /* asked how it is, and whether it lives */
    CHECK_EQ(world->pings, 1);
    CHECK_EQ(told(world, "actions.stalled"), 0);
    world_advance_ms(world, 1);
    bridge_on_pong(world->bridge, link, world->now);
    world_advance_ms(world, WORLD_TIMEOUT_MS);
    CHECK_EQ(told(world, "actions.stalled"), 1);
    world_call(world, "{\"action\":\"get_group_list\"}");
    CHECK_STR(world_reply(world, 2)->error, "stalled");
    world_advance_ms(world, WORLD_INTERVAL_MS);
    CHECK_EQ(world->frame_count, 4);
    world_answer(world, link, 3);
    CHECK_EQ(told(world, "actions.ok"), 1);
    world_call(world, "{\"action\":\"get_group_list\"}");
    CHECK_EQ(world->frame_count, 5);
    world_destroy(world);
}

/* Two calls time out, and so does the question whether any is answered. */
static void stall(struct world *world, struct link *link)
{
    world_call(world, "{\"action\":\"get_group_list\"}");
    world_call(world, "{\"action\":\"get_friend_list\"}");
    world_advance_ms(world, WORLD_READ_TIMEOUT_MS + 1);
    bridge_on_pong(world->bridge, link, world->now);
    world_advance_ms(world, WORLD_TIMEOUT_MS);
    CHECK_EQ(told(world, "actions.stalled"), 1);
}

TEST(a_stall_ends_with_the_link_that_was_asked)
{
    struct world *world = world_create(1);
    struct link *api = world_link(world, 0, LINK_API);
    world_link(world, 0, LINK_EVENT); /* stays */
    bridge_on_pong(world->bridge, api, world->now);
    stall(world, api);
    world_unlink(world, api);
    world_call(world, "{\"action\":\"get_group_list\"}"); /* held */
    world_link(world, 0, LINK_API);
    CHECK(strstr(world->frames[world->frame_count - 1].text,
                 "get_group_list") != NULL);
    world_destroy(world);
}

TEST(who_could_not_be_asked_is_asked_again)
{
    struct world *world = world_create(1);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    stall(world, link);
    world->refuse_sends = true;
    world_advance_ms(world, WORLD_INTERVAL_MS + 1);
    world->refuse_sends = false;
    size_t before = world->frame_count;
    world_advance_ms(world, WORLD_INTERVAL_MS + 1);
    CHECK_EQ(world->frame_count, before + 1);
    world_answer(world, link, before);
    CHECK_EQ(told(world, "actions.ok"), 1);
    world_destroy(world);
}

TEST(a_second_qq_behind_a_link_that_said_none_is_sent_away)
{
    struct world *world = world_create(1);
    const struct link_info silent = {.remote = "r"};
    struct account *account = bridge_account(world->bridge, "a0");
    char wires[2];
    struct link *one = bridge_on_link_up(world->bridge, account, &silent,
                                         &wires[0], world->now);
    struct link *other = bridge_on_link_up(world->bridge, account, &silent,
                                           &wires[1], world->now);
    heartbeat(world, one, true);
    world_frame_in(world, other,
                   "{\"time\":1,\"self_id\":10002,\"post_type\":"
                   "\"meta_event\",\"meta_event_type\":\"heartbeat\"}");
    CHECK_EQ(world->closed_count, 1);
    CHECK(world->closed[0].wire == &wires[1]);
    CHECK_EQ(account->self_id, 10001);
    world_destroy(world);
}

static void reconfigure(struct world *world,
                        const struct account_options *account)
{
    struct bridge_options options = world->options;
    options.accounts = account;
    options.account_count = 1;
    bridge_reconfigure(world->bridge, &options, world->now);
}

TEST(new_settings_reach_links_that_are_open)
{
    struct world *world = world_create(1);
    struct account_options account = world_account(0);
    world_link(world, 0, LINK_UNIVERSAL);
    account.watch.enabled = true;
    reconfigure(world, &account);
    world_advance_ms(world, WORLD_INTERVAL_MS);
    CHECK_EQ(world->pings, 1);
    world_destroy(world);
}

TEST(reconnecting_can_be_turned_off_and_on)
{
    struct world *world = dialling_world(0);
    struct account_options account =
        bridge_account(world->bridge, "a0")->options;
    fail_dial(world, "connection refused");
    account.redials = false;
    reconfigure(world, &account);
    world_advance_ms(world, 60 * 1000);
    CHECK_EQ(world->dials, 1);
    account.redials = true;
    reconfigure(world, &account);
    world_advance_ms(world, 1);
    CHECK_EQ(world->dials, 2);
    world_destroy(world);
}

TEST(the_end_of_the_old_link_does_not_dial_beside_the_new_one)
{
    struct world *world = dialling_world(0);
    struct link *old = world_link(world, 0, LINK_UNIVERSAL);
    bridge_renew_links(world->bridge, bridge_account(world->bridge, "a0"),
                       world->now);
    world_call(world, "{\"action\":\"get_group_list\"}"); /* held */
    CHECK_EQ(world->reply_count, 0);
    world_advance_ms(world, 1);
    CHECK_EQ(world->dials, 2);
    world_link(world, 0, LINK_UNIVERSAL);
    CHECK_EQ(world->frame_count, 1);
    world_unlink(world, old);
    world_advance_ms(world, 10 * 1000);
    CHECK_EQ(world->dials, 2);
    world_destroy(world);
}

TEST(a_dead_peer_is_no_stall)
{
    struct world *world = world_create(1);
    world_link(world, 0, LINK_UNIVERSAL);
    world_call(world, "{\"action\":\"get_group_list\"}");
    world_call(world, "{\"action\":\"get_friend_list\"}");
    world_advance_ms(world, WORLD_READ_TIMEOUT_MS + 2 * WORLD_TIMEOUT_MS);
    CHECK_EQ(told(world, "actions.stalled"), 0);
    world_destroy(world);
}

TEST(a_slow_answer_is_no_stall)
{
    struct world *world = world_create(1);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    world_call(world, "{\"action\":\"get_group_list\"}");
    world_call(world, "{\"action\":\"get_friend_list\"}");
    world_advance_ms(world, WORLD_READ_TIMEOUT_MS);
    world_answer(world, link, 0); /* too late for its caller */
    world_answer(world, link, 2);
    world_advance_ms(world, 2 * WORLD_TIMEOUT_MS);
    CHECK_EQ(told(world, "actions.stalled"), 0);
    world_destroy(world);
}

TEST(calls_go_to_the_newest_link_that_answers)
{
    struct world *world = world_create(1);
    struct link *old = world_link(world, 0, LINK_UNIVERSAL);
    struct link *new = world_link(world, 0, LINK_UNIVERSAL);
    bridge_on_pong(world->bridge, old, world->now);
    world_call(world, "{\"action\":\"get_group_list\"}");
    world_call(world, "{\"action\":\"get_friend_list\"}");
    CHECK(world->frames[1].wire == new->wire);
    world_advance_ms(world, WORLD_READ_TIMEOUT_MS);
    CHECK_EQ(world->frame_count, 4); /* both are asked */
    world_advance_ms(world, 1);
    bridge_on_pong(world->bridge, new, world->now);
    for (size_t i = 2; i < 4; i++)
        if (world->frames[i].wire == old->wire)
            world_answer(world, old, i);
    world_advance_ms(world, WORLD_TIMEOUT_MS);
    CHECK_EQ(told(world, "actions.stalled"), 0);
    world_call(world, "{\"action\":\"get_group_list\"}");
    CHECK(world->frames[world->frame_count - 1].wire == old->wire);
    world_destroy(world);
}

TEST(dialling_backs_off_and_is_never_given_up)
{
    struct world *world = dialling_world(2);
    CHECK_EQ(world->dials, 1);
    fail_dial(world, "connection refused");
    world_advance_ms(world, 1200);
    CHECK_EQ(world->dials, 2);
    fail_dial(world, "connection refused");
    CHECK_EQ(told(world, "link.degraded"), 0);
    world_advance_ms(world, 2400);
    CHECK_EQ(world->dials, 3);
    fail_dial(world, "connection refused");
    CHECK_EQ(told(world, "link.degraded"), 1);
    CHECK_STR(reason_of(last_event(world)), "connection refused");
    for (size_t i = 0; i < 5; i++) {
        world_advance_ms(world, 8000);
        CHECK_EQ(world->dials, 4 + i);
        fail_dial(world, "connection refused");
    }
    CHECK_EQ(told(world, "link.degraded"), 1);
    world_destroy(world);
}

TEST(who_stops_dials_no_more_and_does_not_spin)
{
    struct world *world = dialling_world(0);
    fail_dial(world, "connection refused");
    bridge_stop(world->bridge, world->now);
    world_advance_ms(world, 5000);
    CHECK_EQ(world->dials, 1);
    CHECK(bridge_due(world->bridge) > world->now.mono_ms);
    world_destroy(world);
}

TEST(a_peer_that_refuses_the_token_in_a_frame_is_no_success)
{
    struct world *world = dialling_world(1);
    world->app_name = NULL;
    for (size_t i = 0; i < 3; i++) {
        struct link *link = world_link(world, 0, LINK_UNIVERSAL);
        world_frame_in(world, link,
                       "{\"status\":\"failed\",\"retcode\":1403,\"data\":null,"
                       "\"message\":\"token\xe9\xaa\x8c\xe8\xaf\x81\xe5\xa4\xb1"
                       "\xe8\xb4\xa5\",\"wording\":\"\",\"echo\":null,"
                       "\"stream\":\"normal-action\"}");
        world_unlink(world, link);
        world_advance_ms(world, 8000);
        CHECK_EQ(world->dials, 2 + i);
    }
    CHECK_EQ(told(world, "link.degraded"), 1);
    CHECK(strstr(world->log.data, "accessToken") != NULL);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    heartbeat(world, link, true);
    CHECK_STR(account_state(bridge_account(world->bridge, "a0")), "up");
    world_unlink(world, link);
    CHECK_STR(account_state(bridge_account(world->bridge, "a0")), "down");
    world_destroy(world);
}

TEST(a_link_of_another_qq_than_the_pinned_one_is_closed)
{
    struct account_options account = world_account(0);
    account.self_id = 10001;
    struct world *world = world_create_from(&account, 1);
    struct link *link = world_link(world, 0, LINK_UNIVERSAL);
    size_t before = world->event_count;
    world_frame_in(world, link,
                   "{\"time\":1,\"self_id\":666,\"post_type\":\"message\","
                   "\"message_type\":\"private\",\"user_id\":5,"
                   "\"message_id\":1,\"message\":\"hi\"}");
    CHECK_EQ(world->event_count, before);
    CHECK_EQ(world->closed_count, 1);
    CHECK_EQ(world->closed[0].code, 1008);
    CHECK(strstr(world->log.data, "self_id=666") != NULL);
    world_destroy(world);
}

TEST(two_qqs_do_not_share_an_account)
{
    struct world *world = world_create(1);
    struct account *account = bridge_account(world->bridge, "a0");
    int64_t other = 0;
    CHECK(bridge_admits(world->bridge, account, 20002, &other, world->now));
    world_link(world, 0, LINK_UNIVERSAL);
    CHECK(bridge_admits(world->bridge, account, 10001, &other, world->now));
    CHECK(bridge_admits(world->bridge, account, 0, &other, world->now));
    CHECK(!bridge_admits(world->bridge, account, 20002, &other, world->now));
    CHECK_EQ(other, 10001);
    world_advance_ms(world, WORLD_TIMEOUT_MS); /* it was dead */
    CHECK_EQ(world->closed_count, 1);
    world_destroy(world);
}

TEST(reloading_keeps_the_links_of_accounts_that_stay)
{
    struct world *world = world_create(2);
    struct link *stays = world_link(world, 0, LINK_UNIVERSAL);
    struct link *goes = world_link(world, 1, LINK_UNIVERSAL);
    world_call(world, "{\"action\":\"get_a\",\"account\":\"a0\"}");
    world_call(world, "{\"action\":\"get_b\",\"account\":\"a1\"}");
    const struct account_options accounts[] = {world_account(2),
                                               world_account(0)};
    struct bridge_options options = world->options;
    options.accounts = accounts;
    options.account_count = 2;
    bridge_reconfigure(world->bridge, &options, world->now);
    CHECK_EQ(world->closed_count, 1);
    CHECK(world->closed[0].wire == goes->wire);
    CHECK(bridge_account(world->bridge, "a1") == NULL);
    CHECK(bridge_account(world->bridge, "a2") != NULL);
    world_unlink(world, goes);
    CHECK_EQ(world->reply_count, 1);
    world_answer(world, stays, 0);
    CHECK_STR(world_reply(world, 1)->status, "ok");
    world_call(world, "{\"action\":\"get_b\",\"account\":\"a1\"}");
    CHECK_STR(world_reply(world, 2)->error, "unknown_account");
    world_destroy(world);
}

/* How many lines begin so, and how many times they tell of together. */
static size_t lines_of(const struct world *world, const char *begin,
                       size_t *times)
{
    size_t count = 0;
    *times = 0;
    for (const char *line = world->log.data; line != NULL && line[0] != '\0';
         line = strchr(line, '\n') + 1) {
        if (strncmp(line, begin, strlen(begin)) != 0)
            continue;
        const char *number = strstr(line, " count=");
        bool is_here = number != NULL && number < strchr(line, '\n');
        *times += is_here ? strtoul(number + 7, NULL, 10) : 1;
        count++;
    }
    return count;
}

TEST(a_peer_that_comes_and_goes_is_told_once_a_minute_after_a_few)
{
    enum { TIMES = 100, APART_MS = 3000 };
    struct world *world = world_create(1);
    for (int i = 0; i < TIMES; i++) {
        world_unlink(world, world_link(world, 0, LINK_UNIVERSAL));
        world_advance_ms(world, APART_MS);
    }
    world_advance_ms(world, COMPLAINT_OVERDUE_MS);
    size_t up, down, flapped;
    size_t lines =
        lines_of(world, "link: up", &up) + lines_of(world, "link: down", &down);
    CHECK_EQ(lines, 12);
    CHECK_EQ(lines_of(world, "link: flapping", &flapped), 5);
    CHECK_EQ(up + down + flapped, 2 * TIMES);
    /* With those that have a line, and after a sum. */
    CHECK_EQ(lines_of(world, "link: peer", &up), 6 + 4);
    CHECK_EQ(bridge_due(world->bridge), UINT64_MAX);
    CHECK_EQ(told(world, "link.up"), TIMES);
    world_destroy(world);
}

TEST(reasons_of_a_dial_that_take_turns_do_not_fill_the_log)
{
    enum { TIMES = 100, APART_MS = 3000 };
    struct world *world = dialling_world(0);
    struct account *account = bridge_account(world->bridge, "a0");
    for (int i = 0; i < TIMES; i++) {
        bridge_on_dial_failed(world->bridge, account,
                              i % 2 == 0 ? "refused" : "timeout", world->now);
        world_advance_ms(world, APART_MS);
    }
    size_t told_of, left;
    CHECK_EQ(lines_of(world, "link: cannot reach the peer", &told_of), 8);
    world_advance_ms(world, COMPLAINT_OVERDUE_MS);
    CHECK_EQ(lines_of(world, "link: could not reach the peer", &left), 1);
    CHECK_EQ(told_of + left, TIMES);
    world_destroy(world);
}

SUITE(links, a_silent_link_is_pinged_asked_and_closed,
      a_link_that_answers_pings_stays, an_answer_to_the_probe_saves_the_link,
      a_second_link_has_the_first_one_pinged_and_closed_if_dead,
      a_second_link_leaves_the_first_one_if_it_lives,
      heartbeats_tell_whether_qq_is_online,
      an_offline_qq_is_asked_until_it_is_back,
      calls_that_hang_stall_the_account_until_one_is_answered,
      a_stall_ends_with_the_link_that_was_asked,
      who_could_not_be_asked_is_asked_again,
      a_second_qq_behind_a_link_that_said_none_is_sent_away,
      new_settings_reach_links_that_are_open,
      reconnecting_can_be_turned_off_and_on,
      the_end_of_the_old_link_does_not_dial_beside_the_new_one,
      a_dead_peer_is_no_stall, a_slow_answer_is_no_stall,
      calls_go_to_the_newest_link_that_answers,
      dialling_backs_off_and_is_never_given_up,
      who_stops_dials_no_more_and_does_not_spin,
      a_peer_that_refuses_the_token_in_a_frame_is_no_success,
      a_link_of_another_qq_than_the_pinned_one_is_closed,
      two_qqs_do_not_share_an_account,
      a_peer_that_comes_and_goes_is_told_once_a_minute_after_a_few,
      reasons_of_a_dial_that_take_turns_do_not_fill_the_log,
      reloading_keeps_the_links_of_accounts_that_stay)
