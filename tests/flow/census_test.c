/* SPDX-License-Identifier: MIT */
/* What is counted where it happens, as /metrics shows it. */
#include "check.h"
#include "core/census.h"
#include "core/knocks.h"
#include "core/measures.h"
#include "world.h"

#define SEND(id)                                                               \
    "{\"action\":\"send_group_msg\"," id                                       \
    "\"params\":{\"group_id\":20001,\"message\":\"hi\"}}"

/* "onebus_" is left out. */
static void check_metric(struct world *world, const char *line)
{
    struct buffer wanted = {0};
    const char *text = world_metrics(world);
    buffer_append_string(&wanted, "\nonebus_");
    buffer_append_string(&wanted, line);
    buffer_append(&wanted, "\n", 2);
    CHECK_ROW(slice_of(strstr(text, wanted.data) != NULL ? line : ""),
              slice_of(line), line);
    buffer_finish(&wanted);
}

static bool has_metric(struct world *world, const char *part)
{
    return strstr(world_metrics(world), part) != NULL;
}

static void say(struct world *world, struct link *link, int message_id)
{
    char text[512];
    snprintf(text, sizeof(text),
             "{\"time\":1,\"self_id\":10001,\"post_type\":\"message\","
             "\"message_type\":\"group\",\"sub_type\":\"normal\","
             "\"group_id\":20001,\"user_id\":10010,\"message_id\":%d,"
             "\"message\":[]}",
             message_id);
    world_frame_in(world, link, text);
}

TEST(of_an_idle_account_all_is_there_and_zero)
{
    struct world *w = world_create(1);
    static const char *const lines[] = {
        "account_connected{account=\"a0\"} 0",
        "account_stalled{account=\"a0\"} 0",
        "ws_connections_total{account=\"a0\",result=\"accepted\",reason=\"\"} "
        "0",
        "ws_connections_total{account=\"a0\",result=\"refused\","
        "reason=\"token_wrong\"} 0",
        "ws_connections_total{account=\"\",result=\"refused\","
        "reason=\"unknown_path\"} 0",
        "ws_disconnects_total{account=\"a0\",cause=\"silent\"} 0",
        "ws_bytes_total{account=\"a0\",direction=\"in\"} 0",
        "events_received_total{account=\"a0\",post_type=\"meta_event\"} 0",
        "events_published_total{account=\"a0\",post_type=\"message\"} 0",
        "events_dropped_total{account=\"a0\",reason=\"invalid_json\"} 0",
        "events_duplicate_total{account=\"a0\"} 0",
        "access_denied_total{account=\"a0\",reason=\"pairing_required\"} 0",
        "actions_inflight{account=\"a0\"} 0",
        "actions_settled_total{account=\"a0\",outcome=\"unknown\"} 0",
        "requests_refused_total{error=\"unauthorized\"} 0",
        "pairing_requests_total{result=\"asked\"} 0",
        "media_bytes_total{direction=\"out\",method=\"upload\"} 0",
        "replay_requests_total{result=\"busy\"} 0",
        "chats_paused{reason=\"muted\"} 0",
        "queue_items{queue=\"callers\"} 0",
        "queue_items_max{queue=\"callers\"} 4",
        "queue_bytes{queue=\"held_calls\"} 0",
        "journal_next_seq 1",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        check_metric(w, lines[i]);
    /* Nobody has said. */
    CHECK(!has_metric(w, "account_online"));
    CHECK(!has_metric(w, "heartbeat_age"));
    /* Nobody has called. */
    CHECK(!has_metric(w, "actions_total{"));
    CHECK(!has_metric(w, "action_duration"));
    /* It does not dial. */
    CHECK(!has_metric(w, "degraded"));
    CHECK(!has_metric(w, "\"failed\",reason="));
    world_destroy(w);
}

TEST(of_nats_there_is_a_state_and_where_it_is_used_all_the_rest)
{
    struct world *w = world_create(1);
    check_metric(w, "nats_state{state=\"off\"} 1");
    check_metric(w, "nats_state{state=\"ok\"} 0");
    CHECK(!has_metric(w, "nats_lag"));
    w->nats = (struct nats_state){
        .mode = "failing",
        .fault = "f",
        .server = "",
        .stream = "QQ",
        .acked = 1,
        .lag = 2,
        .lag_ms = 3500,
        .published = 4,
        .duplicates = 5,
        .refused = 6,
        .errors = 7,
        .lost = 8,
        .connects = 9,
        .requests = 10,
        .in_flight = 11,
        .window = 12,
    };
    static const char *const lines[] = {
        "nats_state{state=\"off\"} 0",
        "nats_state{state=\"failing\"} 1",
        "nats_acked_seq 1",
        "nats_lag_events 2",
        "nats_lag_seconds 3.5",
        "nats_published_events_total 4",
        "nats_duplicate_events_total 5",
        "nats_refused_events_total 6",
        "nats_errors_total 7",
        "nats_lost_events_total 8",
        "nats_connects_total 9",
        "nats_requests_total 10",
        "nats_in_flight_events 11",
        "nats_window_events 12",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        check_metric(w, lines[i]);
    world_destroy(w);
}

TEST(events_are_counted_by_what_becomes_of_them)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    say(w, link, 1);
    say(w, link, 1); /* again */
    say(w, link, 2);
    world_frame_in(w, link, "{");
    world_frame_in(w, link, "{\"a\":1}");
    world_frame_in(w, link, "{\"status\":\"ok\",\"retcode\":0,\"echo\":\"x\"}");
    world_frame_in(w, link, "{\"post_type\":\"weather\",\"self_id\":10001}");
    check_metric(w, "events_received_total{account=\"a0\","
                    "post_type=\"message\"} 3");
    check_metric(w, "events_published_total{account=\"a0\","
                    "post_type=\"message\"} 2");
    check_metric(w, "events_published_total{account=\"a0\","
                    "post_type=\"other\"} 1");
    check_metric(w, "events_duplicate_total{account=\"a0\"} 1");
    check_metric(w,
                 "events_dropped_total{account=\"a0\",reason=\"invalid_json\"} "
                 "1");
    check_metric(w,
                 "events_dropped_total{account=\"a0\",reason=\"not_onebot\"} "
                 "1");
    check_metric(w,
                 "events_dropped_total{account=\"a0\",reason=\"stray_answer\"} "
                 "1");
    check_metric(w, "own_events_published_total 1"); /* link.up */
    check_metric(w, "journal_next_seq 5");
    CHECK(!has_metric(w, "20001"));
    CHECK(!has_metric(w, "10010"));
    world_destroy(w);
}

TEST(who_is_not_heard_is_counted_by_reason)
{
    struct account_options account = world_account(0);
    account.access.group_policy = ACCESS_CLOSED;
    struct world *w = world_create_from(&account, 1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    say(w, link, 1);
    say(w, link, 2);
    check_metric(w, "access_denied_total{account=\"a0\","
                    "reason=\"group_policy_closed\"} 2");
    check_metric(w, "events_published_total{account=\"a0\","
                    "post_type=\"message\"} 0");
    world_destroy(w);
}

TEST(a_link_is_counted_when_it_comes_and_by_why_it_goes)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    check_metric(w, "account_connected{account=\"a0\"} 1");
    check_metric(w, "ws_queue_bytes{account=\"a0\"} 17");
    check_metric(w, "ws_connections_total{account=\"a0\",result=\"accepted\","
                    "reason=\"\"} 1");
    bridge_on_link_down(w->bridge, link, 1006, "lost", w->now);
    link = world_link(w, 0, LINK_UNIVERSAL);
    bridge_on_link_down(w->bridge, link, 1000, "bye", w->now);
    link = world_link(w, 0, LINK_UNIVERSAL);
    bridge_renew_links(w->bridge, bridge_account(w->bridge, "a0"), w->now);
    bridge_on_link_down(w->bridge, link, 1006, "lost", w->now);
    link = world_link(w, 0, LINK_UNIVERSAL);
    bridge_stop(w->bridge, w->now);
    bridge_on_link_down(w->bridge, link, 1001, "bye", w->now);
    static const char *const causes[] = {"lost", "closed_by_peer", "settings",
                                         "shutdown"};
    for (size_t i = 0; i < 4; i++) {
        char line[96];
        snprintf(line, sizeof(line),
                 "ws_disconnects_total{account=\"a0\",cause=\"%s\"} 1",
                 causes[i]);
        check_metric(w, line);
    }
    check_metric(w, "account_connected{account=\"a0\"} 0");
    world_destroy(w);
}

TEST(frames_of_another_qq_are_dropped_and_end_the_link)
{
    struct account_options account = world_account(0);
    account.self_id = 10009;
    struct world *w = world_create_from(&account, 1);
    const struct link_info info = {.role = LINK_UNIVERSAL, .remote = "test"};
    struct link *link = bridge_on_link_up(
        w->bridge, bridge_account(w->bridge, "a0"), &info, w, w->now);
    say(w, link, 1);
    bridge_on_link_down(w->bridge, link, 1008, "bye", w->now);
    check_metric(w, "events_received_total{account=\"a0\","
                    "post_type=\"message\"} 1");
    check_metric(w, "events_dropped_total{account=\"a0\","
                    "reason=\"wrong_self_id\"} 1");
    check_metric(w, "ws_disconnects_total{account=\"a0\","
                    "cause=\"wrong_self_id\"} 1");
    world_destroy(w);
}

static void knock(struct world *world, const char *account,
                  enum tally_refusal kind)
{
    const struct knock_info info = {
        .account = account,
        .reason = TALLY_REFUSAL_WORDS[kind],
        .kind = kind,
        .remote = "192.0.2.1",
        .token = "none",
        .why = "",
    };
    bridge_on_knock(world->bridge, &info, world->now);
}

TEST(who_was_not_let_in_is_counted)
{
    struct world *w = world_create(1);
    knock(w, "a0", TALLY_TOKEN_WRONG);
    knock(w, "a0", TALLY_OTHER_QQ);
    knock(w, "", TALLY_UNKNOWN_PATH);
    knock(w, "", TALLY_TOO_MANY_FAILURES);
    check_metric(w, "ws_connections_total{account=\"a0\",result=\"refused\","
                    "reason=\"token_wrong\"} 1");
    check_metric(w, "ws_connections_total{account=\"a0\",result=\"refused\","
                    "reason=\"other_qq\"} 1");
    check_metric(w, "ws_connections_total{account=\"\",result=\"refused\","
                    "reason=\"unknown_path\"} 1");
    check_metric(w, "ws_connections_total{account=\"\",result=\"refused\","
                    "reason=\"too_many_failures\"} 1");
    world_destroy(w);
}

TEST(of_an_account_that_dials_attempts_are_counted)
{
    static int dialer;
    struct account_options account = world_account(0);
    account.dialer = &dialer;
    struct world *w = world_create_from(&account, 1);
    bridge_on_dial_failed(w->bridge, bridge_account(w->bridge, "a0"), "no",
                          w->now);
    check_metric(w, "ws_connections_total{account=\"a0\",result=\"failed\","
                    "reason=\"unreachable\"} 1");
    check_metric(w, "account_degraded{account=\"a0\"} 0");
    CHECK(!has_metric(w, "token_wrong"));
    world_destroy(w);
}

TEST(calls_are_counted_by_action_and_result)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND(""));
    check_metric(w, "actions_inflight{account=\"a0\"} 1");
    world_advance_ms(w, 700);
    world_answer(w, link, 0);
    world_call(w, "{\"action\":\"get_status\"}");
    world_advance_ms(w, WORLD_READ_TIMEOUT_MS);
    world_call(w, "{\"action\":\"send_group_msg\",\"params\":{}}");
    world_call(w, "{\"action\":\"_very_own\"}");
    world_answer(w, link, w->frame_count - 1);
    check_metric(w, "actions_inflight{account=\"a0\"} 0");
    check_metric(w, "actions_total{account=\"a0\",action=\"send_group_msg\","
                    "result=\"ok\"} 1");
    check_metric(w, "actions_total{account=\"a0\",action=\"send_group_msg\","
                    "result=\"rejected\"} 1");
    check_metric(w, "actions_total{account=\"a0\",action=\"send_group_msg\","
                    "result=\"unknown\"} 0");
    check_metric(w, "actions_total{account=\"a0\",action=\"get_status\","
                    "result=\"timeout\"} 1");
    check_metric(w, "actions_total{account=\"a0\",action=\"other\","
                    "result=\"ok\"} 1");
    CHECK(!has_metric(w, "very_own"));
    check_metric(w, "requests_refused_total{error=\"bad_params\"} 1");
    check_metric(w, "action_duration_seconds_bucket{account=\"a0\","
                    "le=\"0.5\"} 1"); /* _very_own */
    check_metric(w, "action_duration_seconds_bucket{account=\"a0\","
                    "le=\"1\"} 2");
    check_metric(w, "action_duration_seconds_sum{account=\"a0\"} 10.7");
    check_metric(w, "action_duration_seconds_count{account=\"a0\"} 3");
    world_destroy(w);
}

TEST(what_nobody_knows_is_counted_until_it_is_settled)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND(""));
    world_advance_ms(w, WORLD_WRITE_TIMEOUT_MS);
    check_metric(w, "actions_total{account=\"a0\",action=\"send_group_msg\","
                    "result=\"unknown\"} 1");
    check_metric(w, "actions_unsettled{account=\"a0\"} 1");
    check_metric(w, "queue_items{queue=\"unsettled\"} 1");
    world_answer(w, link, 0);
    check_metric(w, "actions_unsettled{account=\"a0\"} 0");
    check_metric(w, "actions_settled_total{account=\"a0\",outcome=\"ok\"} 1");
    world_destroy(w);
}

TEST(a_repeat_is_a_duplicate)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND("\"id\":\"i-1\","));
    world_answer(w, link, 0);
    world_call(w, SEND("\"id\":\"i-1\","));
    check_metric(w, "actions_total{account=\"a0\",action=\"send_group_msg\","
                    "result=\"ok\"} 1");
    check_metric(w, "actions_total{account=\"a0\",action=\"send_group_msg\","
                    "result=\"duplicate\"} 1");
    world_destroy(w);
}

TEST(waiting_for_a_turn_is_measured)
{
    struct world *w = world_create(1);
    const struct account_options account = world_account(0);
    struct bridge_options options = w->options;
    options.accounts = &account;
    options.pacing =
        (struct pacing_options){.chat_per_second = 1, .chat_burst = 1};
    bridge_reconfigure(w->bridge, &options, w->now);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND(""));
    world_answer(w, link, 0);
    world_call(w, SEND(""));
    check_metric(w, "send_queue_length{account=\"a0\"} 1");
    check_metric(w, "queue_items{queue=\"sends\"} 1");
    world_advance_ms(w, 1000);
    world_answer(w, link, 1);
    check_metric(w, "send_queue_length{account=\"a0\"} 0");
    check_metric(w, "ratelimit_wait_seconds_sum{account=\"a0\"} 1");
    check_metric(w, "ratelimit_wait_seconds_count{account=\"a0\"} 2");
    world_destroy(w);
}

TEST(an_account_that_is_gone_is_shown_no_more)
{
    struct world *w = world_create(2);
    const struct account_options account = world_account(0);
    struct bridge_options options = w->options;
    CHECK(has_metric(w, "\"a1\""));
    options.accounts = &account;
    options.account_count = 1;
    bridge_reconfigure(w->bridge, &options, w->now);
    CHECK(!has_metric(w, "\"a1\""));
    check_metric(w, "account_connected{account=\"a0\"} 0");
    world_destroy(w);
}

SUITE(census, of_an_idle_account_all_is_there_and_zero,
      of_nats_there_is_a_state_and_where_it_is_used_all_the_rest,
      events_are_counted_by_what_becomes_of_them,
      who_is_not_heard_is_counted_by_reason,
      a_link_is_counted_when_it_comes_and_by_why_it_goes,
      frames_of_another_qq_are_dropped_and_end_the_link,
      who_was_not_let_in_is_counted,
      of_an_account_that_dials_attempts_are_counted,
      calls_are_counted_by_action_and_result,
      what_nobody_knows_is_counted_until_it_is_settled, a_repeat_is_a_duplicate,
      waiting_for_a_turn_is_measured, an_account_that_is_gone_is_shown_no_more)
