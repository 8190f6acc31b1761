/* SPDX-License-Identifier: MIT */
#include "cli/judge_bridge.h"

#include <stdlib.h>

#include "core/json_read.h"
#include "found.h"

static struct slice pack(struct buffer *buffer, const char *json)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    if (json == NULL)
        return (struct slice){0};
    if (json_to_msgpack(slice_of(json), &options, buffer, &error) != STATUS_OK)
        abort();
    return buffer_slice(buffer);
}

TEST(a_bridge_is_judged_by_what_it_tells)
{
    static const struct {
        const char *label, *status, *troubles, *pairing;
        int64_t subscribers;
        bool is_http_off, was_denied;
        const char *found;
    } rows[] = {
        {"nothing is known", "{}", NULL, NULL, -1, false, false, ""},
        {"well",
         "{\"journal\":{\"state\":\"ok\",\"queued\":0,\"queue_max\":4096},"
         "\"calls\":{\"waiting\":1,\"max\":256},"
         "\"grants\":{\"a\":{\"calls\":1,\"denied\":0}},\"unauthorized\":0}",
         "{\"reload_fault\":null}", "{\"pending\":[]}", 2, false, false,
         "ok:subscribers"},
        {"failing", "{\"journal\":{\"state\":\"failing\",\"fault\":\"no\"}}",
         NULL, NULL, -1, false, false, "fault:journal-failing"},
        {"behind", "{\"journal\":{\"queued\":51,\"queue_max\":100}}", NULL,
         NULL, -1, false, false, "warn:journal-behind"},
        {"lost", "{\"journal\":{\"lost\":3}}", NULL, NULL, -1, false, false,
         "note:journal-lost"},
        {"full", "{\"calls\":{\"waiting\":231,\"max\":256}}", NULL, NULL, -1,
         false, false, "warn:calls-full"},
        {"denied",
         "{\"grants\":{\"a\":{\"calls\":2,\"denied\":1},"
         "\"b\":{\"calls\":2,\"denied\":0}}}",
         NULL, NULL, -1, false, false, "note:grant-denied"},
        {"strangers", "{\"unauthorized\":1}", NULL, NULL, -1, false, false,
         "warn:calls-unauthorized"},
        {"nobody listens", "{}", NULL, NULL, 0, false, false,
         "warn:nobody-listens"},
        {"reload", "{}", "{\"reload_fault\":\"x\",\"reload_at\":1}", NULL, -1,
         false, false, "warn:reload-refused"},
        {"pairing", "{}", NULL, "{\"pending\":[{}]}", -1, false, false,
         "note:pairing-waiting"},
        {"http", "{}", NULL, NULL, -1, true, false, "note:http-off"},
        {"grant", "{}", NULL, NULL, -1, false, true, "note:not-covered"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "bridge"};
        struct buffer buffers[3] = {0};
        const struct bridge_facts facts = {
            .status = pack(&buffers[0], rows[i].status),
            .troubles = pack(&buffers[1], rows[i].troubles),
            .pairing = pack(&buffers[2], rows[i].pairing),
            .subscribers = rows[i].subscribers,
            .is_http_off = rows[i].is_http_off,
            .was_denied = rows[i].was_denied,
            .now_ms = INT64_C(1795000600000),
        };
        judge_bridge(&facts, &findings);
        check_found(&findings, rows[i].found, rows[i].label);
        for (size_t j = 0; j < 3; j++)
            buffer_finish(&buffers[j]);
    }
}

TEST(a_program_that_does_not_take_its_events_is_told)
{
    static const struct {
        int64_t behind, most;
        const char *found;
    } rows[] = {{0, 0, ""}, {50, 100, ""}, {51, 100, "warn:subscriber-behind"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "bridge"};
        const struct bridge_facts facts = {.subscribers = -1,
                                           .behind = rows[i].behind,
                                           .behind_max = rows[i].most};
        judge_bridge(&facts, &findings);
        check_found(&findings, rows[i].found, rows[i].found);
    }
}

SUITE(judge_bridge, a_bridge_is_judged_by_what_it_tells,
      a_program_that_does_not_take_its_events_is_told)
