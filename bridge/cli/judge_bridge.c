/* SPDX-License-Identifier: MIT */
#include "judge_bridge.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/ago.h"
#include "cli/answer.h"
#include "core/mp.h"

static struct slice map_in(struct slice map, const char *key)
{
    struct slice value;
    return mp_find(map, key, &value) ? value : (struct slice){0};
}

/* ---- the journal --------------------------------------------------------- */

static void judge_journal(const struct bridge_facts *facts,
                          struct findings *findings)
{
    struct slice journal = map_in(facts->status, "journal");
    struct slice state = answer_text(journal, "state");
    struct slice fault = answer_text(journal, "fault");
    int64_t queued = answer_number(journal, "queued");
    int64_t lost = answer_number(journal, "lost");
    struct finding *finding;
    if (slice_equals(state, "failing") || slice_equals(state, "stopped")) {
        finding = findings_add(findings, FINDING_FAULT, "journal-failing", NULL,
                               "the journal cannot be written: %.*s",
                               (int)fault.size, fault.data);
        finding_why(finding, "events are published and not kept: who is away "
                             "for long misses them");
        finding_remedy(finding, "see what is said under \"state\"; the bridge "
                                "tries again each second by itself");
    }
    if (queued * 2 > answer_number(journal, "queue_max")) {
        finding =
            findings_add(findings, FINDING_WARN, "journal-behind", NULL,
                         "%" PRId64 " events wait for the journal", queued);
        finding_why(finding, "the disk is slower than they come, or a "
                             "subscriber is waited for; the peers wait next");
        finding_remedy(finding, "put bridge.stateDir on a faster disk; with "
                                "bridge.journal.sync full, consider normal");
    }
    if (lost > 0) {
        finding = findings_add(findings, FINDING_NOTE, "journal-lost", NULL,
                               "%" PRId64 " numbers are of events that are in "
                               "no journal",
                               lost);
        finding_why(finding, "the disk could not take them, or power was cut; "
                             "consumers are told");
    }
}

/* ---- the bus ------------------------------------------------------------- */

static void judge_calls(const struct bridge_facts *facts,
                        struct findings *findings)
{
    struct slice calls = map_in(facts->status, "calls");
    int64_t waiting = answer_number(calls, "waiting");
    int64_t most = answer_number(calls, "max");
    if (most == 0 || waiting * 10 < most * 9)
        return;
    struct finding *finding =
        findings_add(findings, FINDING_WARN, "calls-full", NULL,
                     "%" PRId64 " of %" PRId64 " calls are waiting for answers",
                     waiting, most);
    finding_why(finding, "further ones are answered busy");
    finding_remedy(finding, "see which: onebus call bridge.calls; the peer "
                            "answers slowly, or bridge.call.maxInFlight is "
                            "too low");
}

static void on_grant(struct findings *findings, struct slice name,
                     struct slice grant)
{
    int64_t denied = answer_number(grant, "denied");
    if (denied == 0)
        return;
    struct finding *finding = findings_add(
        findings, FINDING_NOTE, "grant-denied", NULL,
        "grant %.*s: %" PRId64 " of %" PRId64 " calls were not covered",
        (int)name.size, name.data, denied, answer_number(grant, "calls"));
    finding_remedy(finding, "see which: onebus call bridge.calls; widen "
                            "bridge.grants if they are meant");
}

static void judge_grants(const struct bridge_facts *facts,
                         struct findings *findings)
{
    struct mp_reader reader = mp_reader_of(map_in(facts->status, "grants"));
    struct mp_token head;
    struct slice key, value, name;
    int64_t strangers = answer_number(facts->status, "unauthorized");
    if (mp_next(&reader, &head) && head.kind == MP_MAP)
        for (uint32_t i = 0; i < head.count && mp_skip(&reader, &key) &&
                             mp_skip(&reader, &value);
             i++)
            if (mp_read_str(key, &name))
                on_grant(findings, name, value);
    if (strangers == 0)
        return;
    struct finding *finding =
        findings_add(findings, FINDING_WARN, "calls-unauthorized", NULL,
                     "%" PRId64 " request%s came without the token of a grant",
                     strangers, strangers == 1 ? "" : "s");
    finding_why(finding,
                "they were refused: a program of yours has no token or "
                "a wrong one, or a stranger tries");
    finding_remedy(finding, "give the program the token of one of "
                            "bridge.grants; the log says where they came from");
}

static void judge_subscribers(const struct bridge_facts *facts,
                              struct findings *findings)
{
    if (facts->subscribers > 0)
        findings_add(findings, FINDING_OK, "subscribers", NULL,
                     "%" PRId64 " program%s listen%s to the events",
                     facts->subscribers, facts->subscribers == 1 ? "" : "s",
                     facts->subscribers == 1 ? "s" : "");
    if (facts->subscribers != 0)
        return;
    struct finding *finding =
        findings_add(findings, FINDING_WARN, "nobody-listens", NULL,
                     "no program listens to the events");
    finding_why(finding, "what is heard is kept, but nobody answers it");
    finding_remedy(finding, "start your bot, with the address of "
                            "bridge.events; try: onebus listen");
}

static void judge_backlog(const struct bridge_facts *facts,
                          struct findings *findings)
{
    if (facts->behind * 2 <= facts->behind_max)
        return;
    struct finding *finding = findings_add(
        findings, FINDING_WARN, "subscriber-behind", NULL,
        "%" PRId64 " events wait for a program that does not take them",
        facts->behind);
    finding_why(finding,
                "beyond %" PRId64 " it loses the oldest, and sees it by "
                "seq; a healthy one makes the peers wait before",
                facts->behind_max);
    finding_remedy(finding, "look at that program: it hangs, or does too much "
                            "before it takes the next event");
}

/* ---- the rest ------------------------------------------------------------ */

static void judge_reload(const struct bridge_facts *facts,
                         struct findings *findings)
{
    char ago[AGO_SIZE];
    struct slice fault = answer_text(facts->troubles, "reload_fault");
    if (fault.size == 0)
        return;
    ago_format(answer_number(facts->troubles, "reload_at"), facts->now_ms, ago);
    struct finding *finding = findings_add(
        findings, FINDING_WARN, "reload-refused", NULL,
        "new settings were refused %s: %.*s", ago, (int)fault.size, fault.data);
    finding_why(finding, "the bridge goes on with those it had");
    finding_remedy(finding, "mend them (onebus check), then onebus call "
                            "bridge.reload");
}

static void on_pending(void *ctx, struct slice item)
{
    size_t *count = ctx;
    (void)item;
    (*count)++;
}

static void judge_pairing(const struct bridge_facts *facts,
                          struct findings *findings)
{
    size_t pending = 0;
    answer_each(facts->pairing, "pending", on_pending, &pending);
    if (pending == 0)
        return;
    struct finding *finding =
        findings_add(findings, FINDING_NOTE, "pairing-waiting", NULL,
                     "%zu %s to be let in to private chats", pending,
                     pending == 1 ? "person waits" : "people wait");
    finding_remedy(finding, "onebus pairing list; onebus pairing approve "
                            "napcatqq CODE");
}

static void judge_http(const struct bridge_facts *facts,
                       struct findings *findings)
{
    if (!facts->is_http_off)
        return;
    struct finding *finding =
        findings_add(findings, FINDING_NOTE, "http-off", NULL,
                     "bridge.http is \"\": no health, metrics or console");
    finding_remedy(finding, "set bridge.http to \"127.0.0.1:7712\"");
}

static void judge_denied(const struct bridge_facts *facts,
                         struct findings *findings)
{
    if (!facts->was_denied)
        return;
    struct finding *finding =
        findings_add(findings, FINDING_NOTE, "not-covered", NULL,
                     "this token's grant does not cover all that the doctor "
                     "asks");
    finding_remedy(finding,
                   "use one with \"actions\": [\"bridge.*\"], and with "
                   "accounts and chats of \"*\"");
}

void judge_bridge(const struct bridge_facts *facts, struct findings *findings)
{
    judge_journal(facts, findings);
    judge_calls(facts, findings);
    judge_grants(facts, findings);
    judge_subscribers(facts, findings);
    judge_backlog(facts, findings);
    judge_reload(facts, findings);
    judge_pairing(facts, findings);
    judge_http(facts, findings);
    judge_denied(facts, findings);
}
