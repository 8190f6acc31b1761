/* SPDX-License-Identifier: MIT */
#include "judge_nats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "config/address.h"
#include "core/json_read.h"
#include "core/mp.h"

enum {
    LATE_MS = 60 * 1000, /* what is on its way is not behind */
    MINUTE_MS = 60 * 1000,
};

static struct slice map_in(struct slice map, const char *key)
{
    struct slice value;
    return mp_find(map, key, &value) ? value : (struct slice){0};
}

/* ---- the settings -------------------------------------------------------- */

/* In the clear: whoever listens on the way has it. Nkeys are never sent. */
static void judge_server_setting(const struct config *config, const char *url,
                                 struct findings *findings)
{
    struct address_nats server;
    if (!address_cut_nats(url, &server) || !server.has_user ||
        address_is_loopback(server.host) || config_nats_has_tls(&config->nats))
        return;
    char *shown = address_show_nats(url);
    struct finding *finding =
        findings_add(findings, FINDING_WARN, "nats-in-clear", NULL,
                     "%s is sent its password or token without TLS", shown);
    finding_why(finding, "whoever listens on the way can then read all events "
                         "and act as your QQ");
    finding_remedy(finding, "write tls:// (bridge.nats.tls.ca names the "
                            "authority), or set bridge.nats.credsFile, whose "
                            "secret is never sent");
    free(shown);
}

void judge_nats_settings(const struct config *config, struct findings *findings)
{
    const struct config_nats *nats = &config->nats;
    struct finding *finding;
    if (nats->urls.count == 0)
        return;
    for (size_t i = 0; i < nats->urls.count; i++)
        judge_server_setting(config, nats->urls.items[i], findings);
    if (!config->journal.enabled) {
        finding = findings_add(findings, FINDING_WARN, "nats-no-journal", NULL,
                               "events go to NATS, and there is no journal");
        finding_why(finding, "what NATS misses comes from the journal: the "
                             "last 16 MiB in memory are all that outlives an "
                             "outage of NATS, and nothing a restart");
        finding_remedy(finding, "set bridge.journal.enabled to true");
    }
    if (nats->urls.count > 1 && nats->replicas == 1) {
        finding = findings_add(findings, FINDING_NOTE, "nats-one-replica", NULL,
                               "%zu servers are set, and a stream that is "
                               "created is on one of them",
                               nats->urls.count);
        finding_why(finding, "while that one is away nothing is stored or "
                             "read; what comes meanwhile waits in the journal");
        finding_remedy(finding,
                       "in a cluster of three: set "
                       "bridge.nats.replicas to 3; of a stream that "
                       "is there: nats stream edit %s --replicas=3",
                       nats->stream);
    }
}

/* ---- what the bridge tells ----------------------------------------------- */

/* What is known of it, while it is looked at. */
struct view {
    const struct config *config;
    struct slice nats, journal;
    struct findings *findings;
};

static void judge_connecting(const struct view *view, struct slice fault)
{
    struct finding *finding = findings_add(
        view->findings, FINDING_FAULT, "nats-connecting", NULL,
        "the bridge does not reach NATS: %.*s", (int)fault.size, fault.data);
    finding_why(finding, "events wait in the journal until it does; nobody "
                         "else is held up");
    finding_remedy(finding, "see what is said of the servers here; a server's "
                            "own log tells whom it refused and why");
}

static void judge_held(const struct view *view, struct slice fault)
{
    struct finding *finding = findings_add(
        view->findings, FINDING_WARN, "nats-held", NULL,
        "nothing is published to NATS: %.*s", (int)fault.size, fault.data);
    finding_why(finding, "a name belongs to one bridge of a stream; this one "
                         "is a standby, and takes over within 20 s when the "
                         "other is gone");
    finding_remedy(finding, "fine if it is to be a standby; else give its "
                            "accounts other names (channels.napcatqq.accounts)"
                            ", or set another bridge.nats.stream");
}

static void judge_misfit(const struct view *view, struct slice fault)
{
    const char *stream = view->config->nats.stream;
    struct finding *finding = findings_add(
        view->findings, FINDING_FAULT, "nats-misfit", NULL,
        "nothing is published to NATS: %.*s", (int)fault.size, fault.data);
    finding_why(finding, "the bridge alters no stream that is there: nothing "
                         "is published until it fits, and waits in the "
                         "journal");
    finding_remedy(finding,
                   "nats stream info %s; change it with nats stream "
                   "edit, or set bridge.nats.stream to another name",
                   stream);
}

static void judge_failing(const struct view *view, struct slice fault)
{
    const char *stream = view->config->nats.stream;
    struct finding *finding =
        findings_add(view->findings, FINDING_FAULT, "nats-failing", NULL,
                     "NATS is reached, and takes no events: %.*s",
                     (int)fault.size, fault.data);
    finding_why(finding, "events wait in the journal; it is tried on");
    finding_remedy(finding,
                   "has the stream a leader and is there room: nats "
                   "stream info %s, nats server report jetstream; "
                   "may the bridge's user publish there",
                   stream);
}

static void judge_lag(const struct view *view)
{
    int64_t lag = answer_number(view->nats, "lag");
    int64_t lag_ms = answer_number(view->nats, "lag_ms");
    if (lag_ms < LATE_MS)
        return;
    struct finding *finding =
        findings_add(view->findings, FINDING_WARN, "nats-behind", NULL,
                     "%" PRId64 " events are not in NATS yet, the oldest of "
                     "them for %" PRId64 " min",
                     lag, lag_ms / MINUTE_MS);
    finding_why(finding, "it catches up after an outage, or stores more slowly "
                         "than events come");
    finding_remedy(finding, "look again in a minute (onebus status --watch); "
                            "if it grows, look at the servers' disks and at "
                            "the way there");
}

/* Is what NATS does not have about to leave the journal? */
static bool is_outrun(const struct view *view)
{
    const struct config_journal *journal = &view->config->journal;
    double lag = (double)answer_number(view->nats, "lag");
    double lag_ms = (double)answer_number(view->nats, "lag_ms");
    double kept = (double)(answer_number(view->journal, "newest") -
                           answer_number(view->journal, "oldest") + 1);
    double bytes = (double)answer_number(view->journal, "bytes");
    const double most = 0.8;
    return lag_ms > most * (double)journal->age_max_ms ||
           (lag > most * kept && bytes > most * (double)journal->bytes_max);
}

static void judge_outrun(const struct view *view)
{
    if (answer_number(view->nats, "lag") == 0 || !is_outrun(view))
        return;
    struct finding *finding = findings_add(
        view->findings, FINDING_FAULT, "nats-outruns-journal", NULL,
        "what NATS does not have yet is soon too old or too much "
        "for the journal");
    finding_why(finding, "what has left the journal is never published there");
    finding_remedy(finding, "bring NATS back, or raise bridge.journal.maxBytes "
                            "and bridge.journal.maxAge and restart the bridge");
}

static void judge_lost(const struct view *view)
{
    int64_t lost = answer_number(view->nats, "lost");
    if (lost == 0)
        return;
    struct finding *finding =
        findings_add(view->findings, FINDING_WARN, "nats-lost", NULL,
                     "%" PRId64 " event%s will never be in NATS", lost,
                     lost == 1 ? "" : "s");
    finding_why(finding, "they left the journal before, or are larger than the "
                         "server or the stream takes; an event nats.gap says "
                         "which");
    finding_remedy(finding, "see why: journalctl -u onebus | grep nats; then "
                            "raise bridge.journal.maxBytes, or the server's "
                            "max_payload");
}

static void judge_state(const struct view *view)
{
    static const struct {
        const char *state;
        void (*judge)(const struct view *view, struct slice fault);
    } judges[] = {
        {"connecting", judge_connecting},
        {"held", judge_held},
        {"misfit", judge_misfit},
        {"failing", judge_failing},
    };
    struct slice state = answer_text(view->nats, "state");
    struct slice server = answer_text(view->nats, "server");
    struct slice stream = answer_text(view->nats, "stream");
    for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++)
        if (slice_equals(state, judges[i].state))
            judges[i].judge(view, answer_text(view->nats, "fault"));
    if (slice_equals(state, "ok"))
        findings_add(view->findings, FINDING_OK, "nats", NULL,
                     "stream %.*s at %.*s has all events up to seq %" PRId64,
                     (int)stream.size, stream.data, (int)server.size,
                     server.data, answer_number(view->nats, "acked"));
}

/* It counts from the next start on. */
static void judge_off(const struct view *view)
{
    if (view->config->nats.urls.count == 0)
        return;
    struct finding *finding =
        findings_add(view->findings, FINDING_WARN, "nats-not-yet", NULL,
                     "bridge.nats.url is set, and the running bridge does "
                     "without NATS");
    finding_why(finding, "it was started before, or with other settings");
    finding_remedy(finding, "restart it: systemctl restart onebus");
}

void judge_nats_state(const struct config *config, struct slice status,
                      struct findings *findings)
{
    const struct view view = {
        .config = config,
        .nats = map_in(status, "nats"),
        .journal = map_in(status, "journal"),
        .findings = findings,
    };
    if (view.nats.size == 0)
        return;
    if (slice_equals(answer_text(view.nats, "state"), "off")) {
        judge_off(&view);
        return;
    }
    judge_state(&view);
    judge_lag(&view);
    judge_outrun(&view);
    judge_lost(&view);
}

/* ---- its servers --------------------------------------------------------- */

static const char LOOK_FROM_HERE[] =
    "from here: curl -v telnet://HOST:PORT has to answer with INFO";

static void judge_security(const struct nats_server_facts *facts,
                           struct findings *findings)
{
    struct finding *finding;
    bool asks = answer_flag(facts->info, "auth_required");
    if (asks && !facts->has_credentials) {
        finding = findings_add(findings, FINDING_FAULT,
                               "nats-wants-credentials", NULL,
                               "%s asks who we are, and the settings do not "
                               "say",
                               facts->url);
        finding_remedy(finding,
                       "set bridge.nats.credsFile, or put user:password@ or "
                       "token@ before the host in bridge.nats.url");
    } else if (!asks && !facts->is_loopback) {
        finding = findings_add(findings, FINDING_WARN, "nats-takes-everybody",
                               NULL, "%s asks nobody who they are", facts->url);
        finding_why(finding, "whoever reaches it can read all events, and act "
                             "as your QQ");
        finding_remedy(finding, "give it users with permissions of their own, "
                                "as the guide to NATS has them");
    }
}

static void judge_tls(const struct nats_server_facts *facts,
                      struct findings *findings)
{
    struct finding *finding;
    bool requires = answer_flag(facts->info, "tls_required");
    bool has = requires || answer_flag(facts->info, "tls_available");
    if (facts->wants_tls && !has) {
        finding =
            findings_add(findings, FINDING_FAULT, "nats-no-tls", NULL,
                         "%s has no TLS, and the settings want it", facts->url);
        finding_remedy(finding, "give the server a certificate (tls in its "
                                "configuration); or write nats:// and leave "
                                "bridge.nats.tls out");
    } else if (!facts->wants_tls && requires) {
        finding = findings_add(findings, FINDING_WARN, "nats-wants-tls", NULL,
                               "%s wants TLS, and the settings say nothing of "
                               "it",
                               facts->url);
        finding_why(finding, "its certificate has to be by an authority that "
                             "this system trusts");
        finding_remedy(finding, "write tls:// instead of nats://, and set "
                                "bridge.nats.tls.ca if it is your own");
    }
}

static void judge_answer(const struct nats_server_facts *facts,
                         struct findings *findings)
{
    struct slice version = answer_text(facts->info, "version");
    findings_add(findings, FINDING_OK, "nats", NULL,
                 "%s answers, version %.*s, up to %" PRId64 " bytes at a time",
                 facts->url, (int)version.size, version.data,
                 answer_number(facts->info, "max_payload"));
    if (!answer_flag(facts->info, "jetstream")) {
        struct finding *finding = findings_add(
            findings, facts->is_alone ? FINDING_FAULT : FINDING_NOTE,
            "nats-no-jetstream", NULL, "%s has no JetStream", facts->url);
        finding_why(finding, "a stream needs it, there or on another server "
                             "of the cluster");
        finding_remedy(finding, "start it with -js, or put jetstream {} into "
                                "its configuration");
    }
    judge_security(facts, findings);
    judge_tls(facts, findings);
}

/* What keeps a server from being asked at all. */
static void judge_away(const struct nats_server_facts *facts,
                       struct findings *findings)
{
    static const struct {
        const char *code, *seen, *why, *remedy;
    } texts[] = {
        [NATS_NO_NAME] = {"nats-no-name", "its name leads nowhere",
                          "a slip in bridge.nats.url, or, in Docker, another "
                          "network than the server's",
                          "getent hosts NAME, where the bridge runs"},
        [NATS_NOBODY] = {"nats-nobody", "nobody listens there",
                         "the server does not run, or listens elsewhere",
                         "start it (4222 is its usual port), or mend "
                         "bridge.nats.url"},
        [NATS_SILENT] = {"nats-silent", "there is no answer in time",
                         "a firewall swallows it, or the server hangs, or it "
                         "begins with TLS at once (handshake_first), which "
                         "the bridge does not",
                         LOOK_FROM_HERE},
        [NATS_OTHER] = {"nats-other", "what answers there is no NATS",
                        "8222 is its monitoring, 6222 for its cluster, and "
                        "clients have 4222 by custom",
                        LOOK_FROM_HERE},
    };
    const char *fault = facts->fault;
    struct finding *finding = findings_add(
        findings, facts->is_alone ? FINDING_FAULT : FINDING_WARN,
        texts[facts->outcome].code, NULL, "%s: %s%s%s", facts->url,
        texts[facts->outcome].seen, fault[0] == '\0' ? "" : ": ", fault);
    finding_why(finding, "%s", texts[facts->outcome].why);
    finding_remedy(finding, "%s", texts[facts->outcome].remedy);
}

void judge_nats_server(const struct nats_server_facts *facts,
                       struct findings *findings)
{
    if (facts->outcome == NATS_ANSWERED)
        judge_answer(facts, findings);
    else
        judge_away(facts, findings);
}

bool judge_nats_info(struct slice line, struct buffer *info)
{
    static const char word[] = "INFO ";
    const struct json_reader_options options = {0};
    struct json_error error;
    size_t skip = sizeof(word) - 1;
    if (line.size <= skip || memcmp(line.data, word, skip) != 0)
        return false;
    struct slice json = {line.data + skip, line.size - skip};
    struct buffer pack = {0};
    struct mp_token head;
    bool is_map = json_to_msgpack(json, &options, &pack, &error) == STATUS_OK;
    struct mp_reader reader = mp_reader_of(buffer_slice(&pack));
    is_map = is_map && mp_next(&reader, &head) && head.kind == MP_MAP;
    if (is_map)
        buffer_append(info, pack.data, pack.size);
    buffer_finish(&pack);
    return is_map;
}
