/* SPDX-License-Identifier: MIT */
#include "judge_account.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/ago.h"
#include "cli/answer.h"
#include "core/mp.h"
#include "core/peer.h"

enum {
    MINUTE_MS = 60 * 1000,
    /* A heartbeat comes every 30 s, by custom. */
    HEARTBEAT_LATE_MS = 2 * MINUTE_MS,
    /* What is older is over. */
    FRESH_MS = 5 * MINUTE_MS,
    /* Fewer may be chance. */
    SENDS_LEAST = 3,
    REASONS_MAX = 16,
    TOO_LARGE = 1009, /* RFC 6455, 7.4.1 */
};

static bool is_fresh(int64_t then_ms, int64_t now_ms)
{
    return then_ms != 0 && now_ms - then_ms < FRESH_MS;
}

/* ---- who knocked instead ------------------------------------------------- */

/* The refusals of one account, or of none. */
struct search {
    const struct account_facts *facts;
    struct findings *findings;
    enum finding_severity severity;
    bool of_nobody; /* those that asked for a path of no account */
    size_t found;
};

static const struct refusal_row {
    const char *reason, *code, *remedy;
} REFUSALS[] = {
    {"unknown_path", "path-unknown",
     "set the url in the peer to the one that is known: onebus napcat-config "
     "--account NAME prints the entry"},
    {"token_missing", "token-missing",
     "give the peer the bridge's accessToken as its token (NapCat: "
     "network.websocketClients[].token), then disable and enable the entry: "
     "NapCat does not reconnect for a new token alone"},
    {"token_wrong", "token-wrong",
     "give both the same: accessToken here, token in the peer (NapCat: "
     "network.websocketClients[].token), then disable and enable the entry: "
     "NapCat does not reconnect for a new token alone"},
    {"other_qq", "other-qq",
     "another QQ needs an account of its own: add it to "
     "channels.napcatqq.accounts with its own wsPath, or mend selfId"},
    {"too_many_failures", "too-many-failures",
     "mend what it was refused for before; it is let in again within half a "
     "minute"},
    {"bad_request", "bad-request",
     "it is no OneBot 11 implementation, or something on the way changes its "
     "headers: look at the proxy"},
};

static const struct refusal_row *row_of(struct slice reason)
{
    enum { COUNT = sizeof(REFUSALS) / sizeof(REFUSALS[0]) };
    size_t i = 0;
    while (i < COUNT - 1 && !slice_equals(reason, REFUSALS[i].reason))
        i++;
    return &REFUSALS[i];
}

static void tell_refusal(const struct search *search, struct slice refusal)
{
    char ago[AGO_SIZE];
    const struct refusal_row *row = row_of(answer_text(refusal, "reason"));
    struct slice path = answer_text(refusal, "path");
    struct slice remote = answer_text(refusal, "remote");
    struct slice agent = answer_text(refusal, "user_agent");
    struct slice self_id = answer_text(refusal, "self_id");
    struct slice token = answer_text(refusal, "token");
    struct slice why = answer_text(refusal, "why");
    ago_format(answer_number(refusal, "last_at"), search->facts->now_ms, ago);
    struct finding *finding = findings_add(
        search->findings, search->severity, row->code,
        search->of_nobody ? NULL : search->facts->name,
        "%.*s was refused %" PRId64 " time%s, last %s: path %.*s, QQ %.*s, "
        "token %.*s, \"%.*s\"",
        (int)remote.size, remote.data, answer_number(refusal, "count"),
        answer_number(refusal, "count") == 1 ? "" : "s", ago, (int)path.size,
        path.data, self_id.size == 0 ? 1 : (int)self_id.size,
        self_id.size == 0 ? "?" : self_id.data, (int)token.size, token.data,
        (int)agent.size, agent.data);
    finding_why(finding, "%.*s", (int)why.size, why.data);
    finding_remedy(finding, "%s", row->remedy);
}

static void on_refusal(void *ctx, struct slice refusal)
{
    struct search *search = ctx;
    bool is_meant = search->of_nobody
                        ? !answer_has(refusal, "account")
                        : slice_equals(answer_text(refusal, "account"),
                                       search->facts->name);
    bool is_over =
        search->severity < FINDING_FAULT &&
        !is_fresh(answer_number(refusal, "last_at"), search->facts->now_ms);
    if (!is_meant || is_over)
        return;
    search->found++;
    tell_refusal(search, refusal);
}

static size_t judge_refusals(const struct account_facts *facts,
                             enum finding_severity severity, bool of_nobody,
                             struct findings *findings)
{
    struct search search = {facts, findings, severity, of_nobody, 0};
    answer_each(facts->troubles, "refusals", on_refusal, &search);
    return search.found;
}

/* ---- not connected ------------------------------------------------------- */

static void judge_absent(const struct account_facts *facts,
                         struct findings *findings)
{
    struct finding *finding;
    size_t found = judge_refusals(facts, FINDING_FAULT, false, findings);
    found += judge_refusals(facts, FINDING_FAULT, true, findings);
    if (found > 0)
        return;
    finding = findings_add(findings, FINDING_FAULT, "nobody-came", facts->name,
                           "no peer has come since the bridge started, and "
                           "none was refused");
    finding_why(finding, "the peer does not run, its WebSocket client is not "
                         "enabled, or it dials another address");
    finding_remedy(finding,
                   "onebus napcat-config --account %s prints what to "
                   "enter in NapCat; then look at NapCat's log",
                   facts->name);
}

static void judge_gone(const struct account_facts *facts,
                       struct findings *findings)
{
    char ago[AGO_SIZE];
    struct slice reason = answer_text(facts->past, "down_reason");
    int64_t code = answer_number(facts->past, "down_code");
    ago_format(answer_number(facts->past, "down_at"), facts->now_ms, ago);
    struct finding *finding =
        findings_add(findings, FINDING_FAULT, "link-down", facts->name,
                     "the peer's link ended %s: %.*s (code %" PRId64 ")", ago,
                     (int)reason.size, reason.data, code);
    if (code == TOO_LARGE)
        finding_remedy(finding, "set bridge.media.maxFrame higher");
    else
        finding_remedy(finding, "see whether the peer runs: docker ps, or its "
                                "web page; its log says why it does not come "
                                "back");
    judge_refusals(facts, FINDING_FAULT, false, findings);
    judge_refusals(facts, FINDING_WARN, true, findings);
}

/* Why is looked for at the peer itself (judge_peer.h). */
static void judge_undialled(const struct account_facts *facts,
                            struct findings *findings)
{
    struct slice fault = answer_text(facts->past, "dial_fault");
    struct finding *finding =
        findings_add(findings, FINDING_WARN, "not-connected", facts->name,
                     "the bridge is not connected to its peer: %.*s",
                     fault.size == 0 ? 12 : (int)fault.size,
                     fault.size == 0 ? "it dials now" : fault.data);
    finding_remedy(finding, "see what is said of the peer under \"peers\"; the "
                            "bridge dials again within reconnect.maxDelay");
}

static void judge_down(const struct account_facts *facts,
                       struct findings *findings)
{
    if (facts->dials)
        judge_undialled(facts, findings);
    else if (answer_has(facts->past, "down_at"))
        judge_gone(facts, findings);
    else
        judge_absent(facts, findings);
}

/* ---- connected ----------------------------------------------------------- */

static void judge_online(const struct account_facts *facts,
                         struct findings *findings)
{
    char ago[AGO_SIZE];
    struct finding *finding;
    if (!answer_has(facts->status, "online") ||
        answer_flag(facts->status, "online"))
        return;
    ago_format(answer_number(facts->past, "online_at"), facts->now_ms, ago);
    finding = findings_add(findings, FINDING_FAULT, "qq-offline", facts->name,
                           "QQ %" PRId64 " is offline, it was told %s",
                           answer_number(facts->status, "self_id"), ago);
    finding_why(finding, "the link is well, and nothing is received or sent: "
                         "QQ has logged the account out");
    finding_remedy(finding,
                   "log in again at the peer (NapCat: its web page, by "
                   "QR code), or restart it");
}

static void judge_heartbeat(const struct account_facts *facts,
                            struct findings *findings)
{
    struct finding *finding;
    int64_t up_ms = answer_number(facts->past, "up_at");
    int64_t age_ms = answer_number(facts->status, "heartbeat_age_ms");
    bool has_come = answer_has(facts->status, "heartbeat_age_ms");
    if (has_come ? age_ms < HEARTBEAT_LATE_MS
                 : up_ms == 0 || facts->now_ms - up_ms < HEARTBEAT_LATE_MS)
        return;
    finding = findings_add(findings, FINDING_WARN, "no-heartbeat", facts->name,
                           has_come ? "the last heartbeat is old"
                                    : "no heartbeat has come");
    finding_why(finding, "without one nobody hears when QQ goes offline");
    finding_remedy(finding, "in the peer set heartInterval to 30000 (NapCat: "
                            "network.websocketClients[].heartInterval)");
}

static void judge_stalled(const struct account_facts *facts,
                          struct findings *findings)
{
    if (!slice_equals(answer_text(facts->status, "actions"), "stalled"))
        return;
    struct finding *finding =
        findings_add(findings, FINDING_FAULT, "actions-stalled", facts->name,
                     "the peer takes actions and answers none, not even "
                     "get_status");
    finding_why(finding, "events may still come, but nothing is sent");
    finding_remedy(finding, "restart the peer");
}

static void on_pause(void *ctx, struct slice pause)
{
    struct buffer *text = ctx;
    char number[32];
    struct slice reason = answer_text(pause, "reason");
    int64_t group_id = answer_number(pause, "group_id");
    int64_t user_id = answer_number(pause, "user_id");
    if (text->size > 400)
        return;
    snprintf(number, sizeof(number), " %" PRId64 " ",
             group_id != 0 ? group_id : user_id);
    buffer_append_string(text, text->size == 0 ? "" : ", ");
    buffer_append_string(text, group_id != 0  ? "group"
                               : user_id != 0 ? "user"
                                              : "the account: ");
    if (group_id != 0 || user_id != 0)
        buffer_append_string(text, number);
    buffer_append(text, reason.data, reason.size);
}

static void judge_paused(const struct account_facts *facts,
                         struct findings *findings)
{
    struct buffer text = {0};
    answer_each(facts->status, "paused", on_pause, &text);
    if (text.size > 0) {
        struct finding *finding = findings_add(
            findings, FINDING_WARN, "sending-paused", facts->name,
            "nothing is sent to %" PRId64 " chat%s now: %.*s",
            answer_number(facts->status, "paused_count"),
            answer_number(facts->status, "paused_count") == 1 ? "" : "s",
            (int)text.size, text.data);
        finding_why(finding, "the bot is muted or no longer there, or the last "
                             "sends failed");
        finding_remedy(finding, "have it unmuted or invited again in QQ; where "
                                "sends failed, it goes on by itself");
    }
    buffer_finish(&text);
}

/* ---- the peer and its settings ------------------------------------------- */

static void judge_version(const struct account_facts *facts,
                          struct findings *findings)
{
    struct slice name = answer_text(facts->status, "peer");
    const struct peer peer = peer_of(name);
    struct finding *finding;
    if (peer.kind != PEER_NAPCAT || peer.version[0] == 0 ||
        peer_is_since(&peer, 4, 8, 115))
        return;
    finding = findings_add(findings, FINDING_NOTE, "peer-old", facts->name,
                           "the peer is %.*s", (int)name.size, name.data);
    finding_why(finding,
                "large files go to it in parts from NapCat 4.8.115 on; "
                "before, only what fits in one frame");
    finding_remedy(finding, "update NapCat");
}

static void judge_strings(const struct account_facts *facts,
                          struct findings *findings)
{
    int64_t count = answer_number(facts->past, "string_messages");
    if (count == 0)
        return;
    struct finding *finding =
        findings_add(findings, FINDING_NOTE, "string-format", facts->name,
                     "%" PRId64 " message%s came as a string with CQ codes",
                     count, count == 1 ? "" : "s");
    finding_why(finding,
                "the bridge reads them, but what an array says plainly "
                "is ambiguous there");
    finding_remedy(finding, "in the peer: \"messagePostFormat\": \"array\"");
}

static void on_call(void *ctx, struct slice call)
{
    static const char send[] = "send_";
    size_t *count = ctx;
    struct slice action = answer_text(call, "action");
    *count += slice_equals(answer_text(call, "status"), "ok") &&
              action.size > sizeof(send) - 1 &&
              memcmp(action.data, send, sizeof(send) - 1) == 0;
}

static void judge_own_messages(const struct account_facts *facts,
                               struct findings *findings)
{
    size_t sends = 0;
    answer_each(facts->calls, "calls", on_call, &sends);
    if (sends < SENDS_LEAST || facts->past.size == 0 ||
        answer_number(facts->past, "own_messages") > 0)
        return;
    struct finding *finding =
        findings_add(findings, FINDING_NOTE, "self-messages-off", facts->name,
                     "the peer does not report what the bot sends");
    finding_why(finding, "a send that nobody answers is settled by the bot's "
                         "own message; without, more of them stay unknown");
    finding_remedy(finding, "in the peer: \"reportSelfMessage\": true");
}

static void on_drop(void *ctx, struct slice drop)
{
    const struct search *search = ctx;
    char ago[AGO_SIZE];
    struct slice reason = answer_text(drop, "reason");
    int64_t last_ms = answer_number(drop, "last_at");
    int64_t now_ms = search->facts->now_ms;
    ago_format(last_ms, now_ms, ago);
    struct finding *finding =
        findings_add(search->findings,
                     is_fresh(last_ms, now_ms) ? FINDING_WARN : FINDING_NOTE,
                     "frames-dropped", search->facts->name,
                     "%" PRId64 " frame%s led nowhere, the last %s: %.*s",
                     answer_number(drop, "count"),
                     answer_number(drop, "count") == 1 ? "" : "s", ago,
                     (int)reason.size, reason.data);
    finding_why(finding, "what was in them is lost");
    finding_remedy(finding,
                   "run the bridge with --set bridge.log.level=debug to "
                   "see more of them, and update the peer");
}

/* ---- who is heard -------------------------------------------------------- */

/* The last decisions of the gate, counted. */
struct gate {
    size_t messages, allowed, respond;
    struct gate_reason {
        struct slice name, advice; /* of the newest one */
        size_t count;
    } reasons[REASONS_MAX];
    size_t reason_count;
};

static void count_reason(struct gate *gate, struct slice decision)
{
    struct slice name = answer_text(decision, "reason");
    size_t i = 0;
    while (i < gate->reason_count &&
           (gate->reasons[i].name.size != name.size ||
            memcmp(gate->reasons[i].name.data, name.data, name.size) != 0))
        i++;
    if (i == REASONS_MAX)
        return;
    if (i == gate->reason_count)
        gate->reasons[gate->reason_count++] =
            (struct gate_reason){name, answer_text(decision, "advice"), 0};
    gate->reasons[i].count++;
}

static void on_decision(void *ctx, struct slice decision)
{
    struct gate *gate = ctx;
    if (!slice_equals(answer_text(decision, "kind"), "message"))
        return;
    gate->messages++;
    gate->allowed += answer_flag(decision, "allowed");
    gate->respond += answer_flag(decision, "respond");
    if (!answer_flag(decision, "allowed"))
        count_reason(gate, decision);
}

static const struct gate_reason *dominant(const struct gate *gate)
{
    const struct gate_reason *most = &gate->reasons[0];
    for (size_t i = 1; i < gate->reason_count; i++)
        if (gate->reasons[i].count > most->count)
            most = &gate->reasons[i];
    return most;
}

static void judge_gate(const struct account_facts *facts,
                       struct findings *findings)
{
    struct gate gate = {0};
    struct finding *finding;
    answer_each(facts->why, "decisions", on_decision, &gate);
    if (gate.messages == 0)
        return;
    if (gate.allowed == 0) {
        const struct gate_reason *most = dominant(&gate);
        finding =
            findings_add(findings, FINDING_WARN, "nobody-heard", facts->name,
                         "of the last %zu message%s none was let through, %zu "
                         "for %.*s",
                         gate.messages, gate.messages == 1 ? "" : "s",
                         most->count, (int)most->name.size, most->name.data);
        finding_why(finding, "the settings say who is heard, and it is none of "
                             "these");
        finding_remedy(finding, "%.*s", (int)most->advice.size,
                       most->advice.data);
    } else if (gate.respond == 0) {
        finding =
            findings_add(findings, FINDING_NOTE, "nobody-answered", facts->name,
                         "of the last %zu messages none asks for an "
                         "answer",
                         gate.messages);
        finding_why(finding, "in a group the bot is to be mentioned, unless "
                             "requireMention is false");
        finding_remedy(finding, "mention it, or set "
                                "channels.napcatqq.groups.\"*\".requireMention "
                                "to false");
    }
}

/* ---- all of it ----------------------------------------------------------- */

static void judge_up(const struct account_facts *facts,
                     struct findings *findings)
{
    struct search drops = {.facts = facts, .findings = findings};
    struct slice peer = answer_text(facts->status, "peer");
    findings_add(findings, FINDING_OK, "connected", facts->name,
                 "QQ %" PRId64 " is connected by %.*s",
                 answer_number(facts->status, "self_id"),
                 peer.size == 0 ? 6 : (int)peer.size,
                 peer.size == 0 ? "a peer" : peer.data);
    judge_online(facts, findings);
    judge_heartbeat(facts, findings);
    judge_stalled(facts, findings);
    judge_paused(facts, findings);
    judge_version(facts, findings);
    judge_strings(facts, findings);
    judge_own_messages(facts, findings);
    judge_refusals(facts, FINDING_WARN, false, findings);
    answer_each(facts->past, "drops", on_drop, &drops);
    judge_gate(facts, findings);
}

void judge_account(const struct account_facts *facts, struct findings *findings)
{
    if (facts->status.size == 0) {
        struct finding *finding =
            findings_add(findings, FINDING_FAULT, "not-read", facts->name,
                         "the bridge runs without this account");
        finding_remedy(finding, "have it read its settings: onebus call "
                                "bridge.reload");
        return;
    }
    if (slice_equals(answer_text(facts->status, "state"), "up"))
        judge_up(facts, findings);
    else
        judge_down(facts, findings);
}
