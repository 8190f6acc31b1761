/* SPDX-License-Identifier: MIT */
#include "cli/judge_nats.h"

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

/* The settings, with these servers; the strings are borrowed. */
static struct config config_with(char **urls, size_t count)
{
    static char stream[] = "QQ";
    return (struct config){
        .journal = {.enabled = true,
                    .age_max_ms = 7 * UINT64_C(86400000),
                    .bytes_max = 1000000},
        .nats = {.urls = {urls, count}, .stream = stream, .replicas = 1},
    };
}

TEST(settings_of_nats_are_judged)
{
    static char local[] = "nats://me:pw@127.0.0.1", open[] = "nats://me:pw@far";
    static char tls[] = "tls://me:pw@far", bare[] = "nats://far";
    static char ca[] = "/ca.pem";
    static const struct {
        const char *label;
        char *urls[2];
        size_t count;
        int replicas;
        bool has_ca, has_no_journal;
        const char *found;
    } rows[] = {
        {"none", {NULL}, 0, 1, false, true, ""},
        {"this machine's", {local}, 1, 1, false, false, ""},
        {"in the clear", {open}, 1, 1, false, false, "warn:nats-in-clear"},
        {"by TLS", {tls}, 1, 1, false, false, ""},
        {"by TLS as well", {open}, 1, 1, true, false, ""},
        {"without", {bare}, 1, 1, false, false, ""},
        {"no journal", {local}, 1, 1, false, true, "warn:nats-no-journal"},
        {"one of two",
         {local, local},
         2,
         1,
         false,
         false,
         "note:nats-one-replica"},
        {"two of two", {local, local}, 2, 2, false, false, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "nats"};
        char *urls[] = {rows[i].urls[0], rows[i].urls[1]};
        struct config config = config_with(urls, rows[i].count);
        config.nats.replicas = rows[i].replicas;
        config.nats.tls.ca = rows[i].has_ca ? ca : NULL;
        config.journal.enabled = !rows[i].has_no_journal;
        judge_nats_settings(&config, &findings);
        for (size_t j = 0; j < findings.count; j++)
            CHECK(!is_told(&findings.items[j], "pw@"));
        check_found(&findings, rows[i].found, rows[i].label);
    }
}

#define STATUS(state, more)                                                    \
    "{\"nats\":{\"state\":\"" state "\",\"fault\":\"the fault\","              \
    "\"stream\":\"QQ\"" more "},\"journal\":{\"oldest\":1,\"newest\":100,"     \
    "\"bytes\":900000}}"

TEST(nats_is_judged_by_what_the_bridge_tells)
{
    static const struct {
        const char *label, *status, *found;
    } rows[] = {
        {"an older bridge", "{}", ""},
        {"off", STATUS("off", ""), "warn:nats-not-yet"},
        {"well", STATUS("ok", ",\"acked\":7,\"lag\":1,\"lag_ms\":5"),
         "ok:nats"},
        {"connecting", STATUS("connecting", ""), "fault:nats-connecting"},
        {"held", STATUS("held", ""), "warn:nats-held"},
        {"misfit", STATUS("misfit", ""), "fault:nats-misfit"},
        {"failing", STATUS("failing", ""), "fault:nats-failing"},
        {"behind", STATUS("ok", ",\"lag\":5,\"lag_ms\":60000"),
         "ok:nats warn:nats-behind"},
        {"too much", STATUS("failing", ",\"lag\":90,\"lag_ms\":9"),
         "fault:nats-failing fault:nats-outruns-journal"},
        {"too old", STATUS("ok", ",\"lag\":1,\"lag_ms\":500000000"),
         "ok:nats warn:nats-behind fault:nats-outruns-journal"},
        {"lost", STATUS("ok", ",\"lost\":1"), "ok:nats warn:nats-lost"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "nats"};
        struct buffer buffer = {0};
        static char url[] = "nats://127.0.0.1";
        char *urls[] = {url};
        struct config config = config_with(urls, 1);
        judge_nats_state(&config, pack(&buffer, rows[i].status), &findings);
        if (findings.count > 0 && findings.items[0].severity != FINDING_OK &&
            i > 1)
            CHECK(is_told(&findings.items[0], "the fault"));
        check_found(&findings, rows[i].found, rows[i].label);
        buffer_finish(&buffer);
    }
}

TEST(a_server_of_nats_is_judged_by_its_answer)
{
    static const struct {
        const char *label;
        enum nats_outcome outcome;
        const char *info;
        bool wants_tls, has_credentials, is_far, has_others;
        const char *found;
    } rows[] = {
        {"well", NATS_ANSWERED, "{\"jetstream\":true,\"version\":\"2.9.10\"}",
         false, false, false, false, "ok:nats"},
        {"no JetStream", NATS_ANSWERED, "{}", false, false, false, false,
         "ok:nats fault:nats-no-jetstream"},
        {"no JetStream there", NATS_ANSWERED, "{}", false, false, false, true,
         "ok:nats note:nats-no-jetstream"},
        {"asks", NATS_ANSWERED, "{\"jetstream\":true,\"auth_required\":true}",
         false, false, true, false, "ok:nats fault:nats-wants-credentials"},
        {"is told", NATS_ANSWERED,
         "{\"jetstream\":true,\"auth_required\":true}", false, true, true,
         false, "ok:nats"},
        {"open", NATS_ANSWERED, "{\"jetstream\":true}", false, true, true,
         false, "ok:nats warn:nats-takes-everybody"},
        {"no TLS", NATS_ANSWERED, "{\"jetstream\":true}", true, false, false,
         false, "ok:nats fault:nats-no-tls"},
        {"may have TLS", NATS_ANSWERED,
         "{\"jetstream\":true,\"tls_available\":true}", true, false, false,
         false, "ok:nats"},
        {"wants TLS", NATS_ANSWERED,
         "{\"jetstream\":true,\"tls_required\":true}", false, false, false,
         false, "ok:nats warn:nats-wants-tls"},
        {"no name", NATS_NO_NAME, NULL, false, false, false, false,
         "fault:nats-no-name"},
        {"nobody", NATS_NOBODY, NULL, false, false, false, false,
         "fault:nats-nobody"},
        {"one is away", NATS_NOBODY, NULL, false, false, false, true,
         "warn:nats-nobody"},
        {"silent", NATS_SILENT, NULL, false, false, false, false,
         "fault:nats-silent"},
        {"other", NATS_OTHER, NULL, false, false, false, false,
         "fault:nats-other"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct findings findings = {.subject = "nats"};
        struct buffer buffer = {0};
        const struct nats_server_facts facts = {
            .url = "nats://***@a",
            .outcome = rows[i].outcome,
            .fault = "",
            .info = pack(&buffer, rows[i].info),
            .wants_tls = rows[i].wants_tls,
            .has_credentials = rows[i].has_credentials,
            .is_loopback = !rows[i].is_far,
            .is_alone = !rows[i].has_others,
        };
        judge_nats_server(&facts, &findings);
        check_found(&findings, rows[i].found, rows[i].label);
        buffer_finish(&buffer);
    }
}

TEST(the_first_line_of_a_server_is_read)
{
    static const struct {
        const char *line;
        bool is_one;
    } rows[] = {
        {"INFO {\"version\":\"2.9.10\"} \r", true},
        {"INFO {}", true},
        {"", false},
        {"INFO", false},
        {"INFO ", false},
        {"INFO []", false},
        {"INFO {", false},
        {"HTTP/1.1 400 Bad Request\r", false},
        {"-ERR 'x'", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer info = {0};
        bool is_one = judge_nats_info(slice_of(rows[i].line), &info);
        CHECK_ROW(slice_of(is_one ? "yes" : "no"),
                  slice_of(rows[i].is_one ? "yes" : "no"), rows[i].line);
        CHECK_EQ(info.size > 0, rows[i].is_one);
        buffer_finish(&info);
    }
}

SUITE(judge_nats, settings_of_nats_are_judged,
      nats_is_judged_by_what_the_bridge_tells,
      a_server_of_nats_is_judged_by_its_answer,
      the_first_line_of_a_server_is_read)
