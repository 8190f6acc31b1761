/* SPDX-License-Identifier: MIT */
#include "core/own.h"

#include "check.h"
#include "core/archive.h"
#include "core/breaker.h"
#include "core/grants.h"
#include "core/json_write.h"
#include "core/nats_state.h"
#include "core/pacing.h"

static struct account ACCOUNT = {
    .name = "bot",
    .self_id = 10001,
    .peer = "NapCat.Onebot/4.8.0",
    .calls = 2,
    .answers = 1,
    .tally =
        {.published = {[ONEBOT_POST_MESSAGE] = 2, [ONEBOT_POST_NOTICE] = 1},
         .dropped = {[TALLY_NOT_ONEBOT] = 4},
         .denied = {[0] = 3, [TALLY_DENIALS - 1] = 2}},
    .online = ONLINE_YES,
    .heartbeat_ms = 1000,
};

static struct account *const ACCOUNTS[] = {&ACCOUNT};

static const struct archive_state ARCHIVE = {
    .mode = "ok",
    .fault = "",
    .oldest = 7,
    .newest = 42,
    .bytes = 40960,
    .lost = 2,
    .queued = 1,
    .queue_max = 4096,
};

static const struct nats_state NATS = {
    .mode = "ok",
    .fault = "",
    .server = "nats://127.0.0.1:4222",
    .stream = "QQ",
    .acked = 41,
    .lag = 1,
    .lag_ms = 12,
    .published = 40,
    .duplicates = 2,
    .refused = 3,
    .errors = 4,
    .lost = 5,
    .connects = 6,
    .requests = 7,
    .in_flight = 1,
    .window = 512,
};

static struct own_state STATE = {
    .version = "1.2.3",
    .epoch = "0123456789abcdef",
    .seq = 42,
    .accounts = ACCOUNTS,
    .account_count = 1,
    .calls_waiting = 1,
    .calls_max = 256,
    .archive = &ARCHIVE,
    .nats = &NATS,
    .unauthorized = 3,
    .now_ms = 3500,
};

static void check_json(struct slice pack, const char *json)
{
    const struct json_writer_options options = {0};
    struct buffer text = {0};
    struct json_error error;
    CHECK_EQ(json_from_msgpack(pack, &options, &text, &error), STATUS_OK);
    CHECK_SLICE(buffer_slice(&text), slice_of(json));
    buffer_finish(&text);
}

TEST(only_names_below_bridge_are_its_own)
{
    CHECK(own_is(slice_of("bridge.ping")));
    CHECK(own_is(slice_of("bridge.")));
    CHECK(!own_is(slice_of("bridge")));
    CHECK(!own_is(slice_of("get_status")));
}

/* A mute, a user to whom all fails, and an account of which much does. */
static void fail_often(struct breaker *breaker)
{
    const struct pacing_chat group = {.is_group = true, .id = 20002};
    breaker_set_muted(breaker, &group, UINT64_MAX, 3000);
    for (int64_t i = 0; i < BREAKER_ACCOUNT_FAILURES; i++) {
        const struct pacing_chat chat = {.id = i < 2 ? 40000 + i : 30001};
        breaker_on_failure(breaker, &chat, 3000);
    }
}

TEST(it_answers_what_it_knows_and_nothing_else)
{
    static const struct {
        const char *action, *data;
    } rows[] = {
        {"bridge.ping", "{\"version\":\"1.2.3\",\"epoch\":"
                        "\"0123456789abcdef\",\"seq\":42}"},
        {"bridge.status",
         "{\"version\":\"1.2.3\",\"epoch\":\"0123456789abcdef\",\"seq\":42,"
         "\"access\":\"mark\",\"accounts\":{\"bot\":{\"state\":\"down\","
         "\"online\":true,"
         "\"actions\":\"ok\",\"heartbeat_age_ms\":2500,\"self_id\":10001,"
         "\"peer\":\"NapCat.Onebot/4.8.0\",\"links\":0,\"events\":3,"
         "\"folded\":0,\"calls\":2,\"answers\":1,\"unsettled\":0,"
         "\"refused\":5,\"dropped\":4,"
         "\"pacing\":{\"waiting\":1},\"paused_count\":3,\"paused\":["
         "{\"reason\":\"failing\",\"retry_after_ms\":29500},"
         "{\"user_id\":30001,\"reason\":\"failing\","
         "\"retry_after_ms\":29500},"
         "{\"group_id\":20002,\"reason\":\"muted\"}]}},"
         "\"calls\":{\"waiting\":1,\"max\":256},\"journal\":{\"state\":\"ok\","
         "\"fault\":\"\",\"oldest\":7,\"newest\":42,\"bytes\":40960,"
         "\"lost\":2,\"queued\":1,\"queue_max\":4096},\"nats\":{\"state\":"
         "\"ok\","
         "\"fault\":\"\",\"server\":\"nats://"
         "127.0.0.1:4222\",\"stream\":\"QQ\","
         "\"acked\":41,\"lag\":1,\"lag_ms\":12,\"in_flight\":1,"
         "\"window\":512,\"published\":40,\"duplicates\":2,\"refused\":3,"
         "\"errors\":4,\"lost\":5,\"connects\":6,\"requests\":7},"
         "\"grants\":{\"x\":{"
         "\"calls\":0,\"denied\":0}},\"unauthorized\":3}"},
    };
    const struct pacing_chat chat = {.id = 30001};
    struct own_state state = STATE;
    struct pacing *pacing = pacing_create(7, 1);
    struct breaker *breaker = breaker_create(7);
    struct buffer out = {0};
    state.pacing = pacing;
    state.breaker = breaker;
    CHECK(pacing_join(pacing, &chat, NULL, 3000) != NULL);
    fail_often(breaker);
    const struct grant_options grant = {.name = "x", .token = "secret"};
    struct grants *grants = grants_create(&grant, 1);
    state.grants = grants;
    for (size_t i = 0; i < 2; i++) {
        out.size = 0;
        CHECK(own_answer(slice_of(rows[i].action), &state, &out));
        check_json(buffer_slice(&out), rows[i].data);
    }
    out.size = 0;
    CHECK(!own_answer(slice_of("bridge.dance"), &state, &out));
    CHECK_EQ(out.size, 0);
    pacing_destroy(pacing);
    breaker_destroy(breaker);
    buffer_finish(&out);
    grants_destroy(grants);
}

SUITE(own, only_names_below_bridge_are_its_own,
      it_answers_what_it_knows_and_nothing_else)
