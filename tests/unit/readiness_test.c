/* SPDX-License-Identifier: MIT */
#include "core/readiness.h"

#include "check.h"
#include "core/json_read.h"

static void check(const char *status, bool is_stopping, bool wants_online,
                  bool is_ready, const char *expected)
{
    struct buffer pack = {0}, json = {0};
    struct json_reader_options options = {0};
    struct json_error error;
    CHECK_EQ(json_to_msgpack(slice_of(status), &options, &pack, &error),
             STATUS_OK);
    const struct readiness readiness = {
        .status = buffer_slice(&pack),
        .is_stopping = is_stopping,
        .wants_online = wants_online,
    };
    CHECK_EQ(readiness_print(&readiness, &json), is_ready);
    CHECK_SLICE(buffer_slice(&json), slice_of(expected));
    buffer_finish(&pack);
    buffer_finish(&json);
}

#define ACCOUNT(links, online)                                                 \
    "\"accounts\":{\"bot\":{\"links\":" links ",\"online\":" online            \
    ",\"heartbeat_age_ms\":7,\"actions\":\"ok\"}}"

#define SHOWN(connected, online)                                               \
    "\"accounts\":{\"bot\":{\"connected\":" connected ",\"online\":" online    \
    ",\"heartbeat_age_ms\":7,\"actions_stalled\":false}}"

TEST(with_a_journal_it_is_ready_whatever_qq_does)
{
    check("{\"journal\":{\"state\":\"ok\",\"fault\":\"\"}," ACCOUNT("0",
                                                                    "null") "}",
          false, false, true,
          "{\"journal\":\"ok\"," SHOWN(
              "false", "null") ",\"stopping\":false,\"ready\":true,"
                               "\"reasons\":[]}");
    check("{\"journal\":{\"state\":\"memory\"},\"accounts\":{}}", false, true,
          true,
          "{\"journal\":\"memory\",\"accounts\":{},\"stopping\":false,"
          "\"ready\":true,\"reasons\":[]}");
}

TEST(who_wants_qq_online_is_told_which_account_is_not)
{
    check("{\"journal\":{\"state\":\"ok\"}," ACCOUNT("1", "true") "}", false,
          true, true,
          "{\"journal\":\"ok\"," SHOWN(
              "true", "true") ",\"stopping\":false,\"ready\":true,"
                              "\"reasons\":[]}");
    check("{\"journal\":{\"state\":\"ok\"}," ACCOUNT("1", "false") "}", false,
          true, false,
          "{\"journal\":\"ok\"," SHOWN(
              "true", "false") ",\"stopping\":false,\"ready\":false,"
                               "\"reasons\":[\"account bot is not online in "
                               "QQ\"]}");
    check("{\"journal\":{\"state\":\"ok\"}," ACCOUNT("0", "true") "}", false,
          true, false,
          "{\"journal\":\"ok\"," SHOWN(
              "false", "true") ",\"stopping\":false,\"ready\":false,"
                               "\"reasons\":[\"account bot is not "
                               "connected\"]}");
}

TEST(all_that_is_in_the_way_is_said)
{
    check("{\"journal\":{\"state\":\"failing\",\"fault\":\"disk full\"},"
          "\"accounts\":{}}",
          true, false, false,
          "{\"journal\":\"failing\",\"accounts\":{},\"stopping\":true,"
          "\"ready\":false,\"reasons\":[\"the bridge is shutting down\","
          "\"the journal cannot be written: disk full\"]}");
}

SUITE(readiness, with_a_journal_it_is_ready_whatever_qq_does,
      who_wants_qq_online_is_told_which_account_is_not,
      all_that_is_in_the_way_is_said)
