/* SPDX-License-Identifier: MIT */
#include "core/own.h"

#include "check.h"
#include "core/event.h"
#include "core/json_write.h"
#include "core/mp.h"

static const struct account ACCOUNTS[] = {{
    .name = "bot",
    .self_id = 10001,
    .peer = "NapCat.Onebot/4.8.0",
    .events = 3,
    .calls = 2,
    .answers = 1,
    .complaints = {.total = 4},
}};

static const struct own_state STATE = {
    .version = "1.2.3",
    .epoch = "0123456789abcdef",
    .seq = 42,
    .accounts = ACCOUNTS,
    .account_count = 1,
    .calls_waiting = 1,
    .calls_max = 256,
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

TEST(it_answers_what_it_knows_and_nothing_else)
{
    static const struct {
        const char *action, *data;
    } rows[] = {
        {"bridge.ping", "{\"version\":\"1.2.3\",\"epoch\":"
                        "\"0123456789abcdef\",\"seq\":42}"},
        {"bridge.status",
         "{\"version\":\"1.2.3\",\"epoch\":\"0123456789abcdef\",\"seq\":42,"
         "\"accounts\":{\"bot\":{\"state\":\"down\",\"self_id\":10001,"
         "\"peer\":\"NapCat.Onebot/4.8.0\",\"links\":0,\"events\":3,"
         "\"folded\":0,\"calls\":2,\"answers\":1,\"dropped\":4}},"
         "\"calls\":{\"waiting\":1,\"max\":256}}"},
    };
    struct buffer out = {0};
    for (size_t i = 0; i < 2; i++) {
        out.size = 0;
        CHECK(own_answer(slice_of(rows[i].action), &STATE, &out));
        check_json(buffer_slice(&out), rows[i].data);
    }
    out.size = 0;
    CHECK(!own_answer(slice_of("bridge.dance"), &STATE, &out));
    CHECK_EQ(out.size, 0);
    buffer_finish(&out);
}

TEST(a_link_event_is_a_whole_event_message)
{
    struct account account = ACCOUNTS[0];
    const struct link link = {
        .account = &account, .role = LINK_EVENT, .serial = 7};
    const struct event_context context = {
        .epoch = "e",
        .seq = 9,
        .time_ms = 1786700000000,
        .account = "bot",
        .self_id = 10001,
    };
    struct buffer out = {0};
    struct slice event;
    own_link_event(&context, &link, "link.down", &out);
    CHECK_STR(out.data, "qq.bridge.bot.link.down");
    size_t topic = strlen(out.data) + 1;
    struct slice envelope = {out.data + topic, out.size - topic};
    CHECK(mp_find(envelope, "event", &event));
    check_json(event, "{\"link\":7,\"role\":\"Event\",\"self_id\":10001,"
                      "\"links\":0}");
    buffer_finish(&out);
}

SUITE(own, only_names_below_bridge_are_its_own,
      it_answers_what_it_knows_and_nothing_else,
      a_link_event_is_a_whole_event_message)
