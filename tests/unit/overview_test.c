/* SPDX-License-Identifier: MIT */
#include "cli/overview.h"

#include "check.h"
#include "core/json_read.h"

/* Of the contract's example. */
#define HEAD "{\"version\":\"0.1.0\",\"epoch\":\"0123456789abcdef\",\"seq\":42,"
#define TAIL                                                                   \
    ",\"calls\":{\"waiting\":1,\"max\":256},\"journal\":{\"state\":\"ok\","    \
    "\"fault\":\"\",\"oldest\":1,\"newest\":42,\"bytes\":65536,\"lost\":0,"    \
    "\"queued\":3,\"queue_max\":4096},\"grants\":{},\"unauthorized\":0}"
#define COUNTS                                                                 \
    ",\"folded\":0,\"answers\":7,\"unsettled\":2,\"refused\":3,\"dropped\":0," \
    "\"pacing\":{\"waiting\":5},\"paused_count\":0,\"paused\":[]"
#define BOT(events)                                                            \
    "\"bot\":{\"state\":\"up\",\"online\":true,\"actions\":\"ok\","            \
    "\"heartbeat_age_ms\":4210,\"self_id\":3889001741,"                        \
    "\"peer\":\"NapCat.Onebot/4.8.0\",\"links\":1,\"events\":" events          \
    ",\"calls\":7" COUNTS "}"

static struct buffer pack_of(const char *json)
{
    const struct json_reader_options reader = {0};
    struct json_error error;
    struct buffer pack = {0};
    CHECK_EQ(json_to_msgpack(slice_of(json), &reader, &pack, &error),
             STATUS_OK);
    return pack;
}

static struct buffer shown(const char *json, struct overview overview)
{
    struct buffer out = {0};
    struct buffer data = pack_of(json);
    overview.data = buffer_slice(&data);
    overview_append(&overview, &out);
    buffer_finish(&data);
    return out;
}

static void check_has(const char *json, const char *part)
{
    struct buffer out = shown(json, (struct overview){.pairing = -1});
    buffer_append(&out, "", 1);
    if (strstr(out.data, part) == NULL)
        CHECK_STR(out.data, part);
    buffer_finish(&out);
}

TEST(a_bridge_that_is_well_fits_eighty_columns)
{
    struct buffer out =
        shown(HEAD "\"accounts\":{" BOT("41") "}" TAIL,
              (struct overview){.pairing = 1, .surface = {.columns = 80}});
    CHECK_SLICE(
        buffer_slice(&out),
        slice_of("onebus 0.1.0, seq 42, epoch 0123456789abcdef\n"
                 "calls    1 of 256 in flight\n"
                 "journal  ok, events 1 to 42, 64 KiB, 3 of 4096 queued\n"
                 "pairing  1 waits: onebus pairing list\n"
                 "\n"
                 "ACCOUNT  LINK  QQ      ACTIONS  BEAT   QQ NUMBER  PEER"
                 "                 LINKS\n"
                 "bot      up    online  ok        4 s  3889001741  "
                 "NapCat.Onebot/4.8.0      1\n"
                 "\n"
                 "ACCOUNT  EVENTS  CALLS  WAITING  UNKNOWN  REFUSED  DROPPED\n"
                 "bot          41      7        5        2        3        "
                 "0\n"));
    buffer_finish(&out);
}

TEST(rates_are_those_since_the_last_look)
{
    struct buffer before = pack_of(HEAD "\"accounts\":{" BOT("21") "}" TAIL);
    struct overview overview = {
        .before = buffer_slice(&before), .between_ms = 8000, .pairing = -1};
    struct buffer out =
        shown(HEAD "\"accounts\":{" BOT("41") "}" TAIL, overview);
    buffer_append(&out, "", 1);
    CHECK(strstr(out.data,
                 "ACCOUNT  EVENTS   /S  CALLS  /S  WAITING  UNKNOWN  REFUSED  "
                 "DROPPED\n"
                 "bot          41  2.5      7   0        5        2        3"
                 "        0\n") != NULL);
    buffer_finish(&out);
    buffer_finish(&before);
}

TEST(an_account_is_compared_with_itself)
{
    struct buffer before = pack_of(
        HEAD
        "\"accounts\":{\"gone\":{\"events\":5,\"calls\":1}," BOT("1") "}" TAIL);
    struct overview overview = {
        .before = buffer_slice(&before), .between_ms = 1000, .pairing = -1};
    /* A bridge that began anew counts from 0. */
    struct buffer out =
        shown(HEAD "\"accounts\":{" BOT("31") ",\"new\":{\"events\":9}}" TAIL,
              overview);
    struct buffer anew =
        shown(HEAD "\"accounts\":{" BOT("0") "}" TAIL, overview);
    buffer_append(&out, "", 1);
    buffer_append(&anew, "", 1);
    CHECK(strstr(out.data, "bot          31  30 ") != NULL);
    CHECK(strstr(out.data, "new           9   - ") != NULL);
    CHECK(strstr(anew.data, "bot           0   - ") != NULL);
    buffer_finish(&out);
    buffer_finish(&anew);
    buffer_finish(&before);
}

TEST(what_somebody_should_look_at_is_told)
{
    static const struct {
        const char *accounts;
        const char *told;
    } rows[] = {
        {"{\"b\":{\"state\":\"down\",\"online\":null}}",
         "\n! b: no peer is connected"},
        {"{\"b\":{\"state\":\"degraded\"}}",
         "\n! b: the peer cannot be dialled"},
        {"{\"b\":{\"state\":\"up\",\"online\":false}}", "\n! b: QQ is offline"},
        {"{\"b\":{\"state\":\"up\",\"actions\":\"stalled\"}}",
         "\n! b: the peer sends events but answers no actions"},
        {"{\"b\":{\"state\":\"up\",\"paused\":[{\"group_id\":20002,"
         "\"reason\":\"muted\",\"retry_after_ms\":540000}]}}",
         "\n! b: nothing is sent to group 20002: muted, for 9 min yet\n"},
        {"{\"b\":{\"state\":\"up\",\"paused\":[{\"reason\":\"failing\"}]}}",
         "\n! b: nothing is sent at all: failing\n"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char json[1024];
        snprintf(json, sizeof(json), HEAD "\"accounts\":%s" TAIL,
                 rows[i].accounts);
        check_has(json, rows[i].told);
    }
}

TEST(what_is_wrong_with_the_bridge_is_told)
{
    check_has("{\"journal\":{\"state\":\"failing\",\"fault\":\"disk\\nfull\"}}",
              "\n! the journal is failing: disk\\nfull\n");
    check_has("{\"journal\":{\"state\":\"ok\",\"lost\":2}}",
              "\n! 2 events are in no journal");
    check_has("{\"journal\":{\"state\":\"ok\"},\"unauthorized\":1}",
              "\n! 1 request came with no grant's token\n");
}

#define NATS(state, more)                                                      \
    "{\"nats\":{\"state\":\"" state "\",\"stream\":\"QQ\",\"acked\":42" more   \
    "}}"

TEST(nats_has_a_line_where_it_is_used)
{
    check_has(
        NATS("ok", ",\"server\":\"nats://127.0.0.1:4222\",\"lag\":3,"
                   "\"lag_ms\":2100"),
        "\nnats     ok, QQ at nats://127.0.0.1:4222, seq 42, 3 events and "
        "2 s behind\n");
    check_has(NATS("connecting", ",\"fault\":\"no servers available\""),
              "\nnats     connecting, QQ, seq 42\n");
    struct buffer out = shown(NATS("off", ""), (struct overview){0});
    buffer_append(&out, "", 1);
    CHECK(strstr(out.data, "nats") == NULL);
    buffer_finish(&out);
}

TEST(what_is_wrong_with_nats_is_told)
{
    check_has(NATS("misfit", ",\"fault\":\"subjects\""),
              "\n! NATS is misfit: subjects\n");
    check_has(NATS("ok", ",\"lost\":2"),
              "\n! 2 events will never be in the stream of NATS");
    check_has(NATS("ok", ",\"lag_ms\":61000"),
              "\n! what goes to NATS is behind and does not catch up");
}

TEST(what_is_no_status_is_shown_all_the_same)
{
    static const char *const rows[] = {
        "{}",
        "[]",
        "null",
        "{\"accounts\":[1]}",
        "{\"accounts\":{\"a\":1,\"b\":null}}",
        "{\"accounts\":{\"a\":{\"online\":3,\"paused\":{}}},\"journal\":[]}",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer out = shown(rows[i], (struct overview){.pairing = 0});
        CHECK(out.size > 0);
        buffer_finish(&out);
    }
}

SUITE(overview, a_bridge_that_is_well_fits_eighty_columns,
      rates_are_those_since_the_last_look, an_account_is_compared_with_itself,
      what_somebody_should_look_at_is_told,
      what_is_wrong_with_the_bridge_is_told, nats_has_a_line_where_it_is_used,
      what_is_wrong_with_nats_is_told, what_is_no_status_is_shown_all_the_same)
