/* SPDX-License-Identifier: MIT */
#include "census.h"

#include <string.h>

#include "core/breaker.h"
#include "core/calls.h"
#include "core/inside.h"
#include "core/job.h"
#include "core/measures.h"
#include "core/media_desk.h"
#include "core/nats_state.h"
#include "core/pacing.h"
#include "core/pending.h"
#include "core/serving.h"
#include "core/settling.h"

/* ---- accounts -------------------------------------------------------- */

static uint64_t unsent(const struct bridge *bridge,
                       const struct account *account)
{
    uint64_t bytes = 0;
    for (const struct link *link = account->newest; link != NULL;
         link = link->older)
        bytes += bridge->ports.unsent(bridge->ports.ctx, link->wire);
    return bytes;
}

static void put_state(const struct account *account, struct measures *measures,
                      uint32_t name, struct instant now)
{
    measures_put_number(measures, FAMILY_ACCOUNT_CONNECTED, name,
                        account_call_link(account) != NULL);
    if (account->online != ONLINE_UNKNOWN)
        measures_put_number(measures, FAMILY_ACCOUNT_ONLINE, name,
                            account->online == ONLINE_YES);
    measures_put_number(measures, FAMILY_ACCOUNT_STALLED, name,
                        account->is_stalled);
    if (account->options.dialer != NULL)
        measures_put_number(measures, FAMILY_ACCOUNT_DEGRADED, name,
                            account->is_degraded);
    if (account->heartbeat_ms != 0)
        measures_put_number(measures, FAMILY_HEARTBEAT_AGE, name,
                            now.mono_ms - account->heartbeat_ms);
}

static void put_refusals(struct measures *measures, uint32_t name,
                         const uint64_t refused[TALLY_REFUSALS], size_t first,
                         size_t last)
{
    for (size_t i = first; i <= last; i++)
        measures_put(measures, FAMILY_WS_CONNECTIONS, name, "refused",
                     TALLY_REFUSAL_WORDS[i], &refused[i]);
}

/* Of an account that dials nobody comes in, and the other way round. */
static void put_connections(const struct account *account,
                            struct measures *measures, uint32_t name)
{
    const struct tally *tally = &account->tally;
    measures_put(measures, FAMILY_WS_CONNECTIONS, name, "accepted", "",
                 &tally->links);
    if (account->options.dialer != NULL)
        measures_put(measures, FAMILY_WS_CONNECTIONS, name, "failed",
                     "unreachable", &tally->dials_failed);
    else
        put_refusals(measures, name, tally->refused, TALLY_TOO_MANY_FAILURES,
                     TALLY_REFUSALS - 1);
}

/* On the link that is furthest behind. */
static uint64_t most_unsent(const struct bridge *bridge)
{
    uint64_t most = 0;
    for (size_t i = 0; i < bridge->account_count; i++)
        for (const struct link *link = bridge->accounts[i]->newest;
             link != NULL; link = link->older) {
            uint64_t bytes =
                bridge->ports.unsent(bridge->ports.ctx, link->wire);
            most = bytes > most ? bytes : most;
        }
    return most;
}

static void put_traffic(const struct bridge *bridge,
                        const struct account *account,
                        struct measures *measures, uint32_t name)
{
    const uint64_t bytes[] = {account->tally.bytes_in,
                              account->tally.bytes_out};
    put_connections(account, measures, name);
    measures_put(measures, FAMILY_WS_DISCONNECTS, name, NULL, NULL,
                 account->tally.downs);
    measures_put(measures, FAMILY_WS_BYTES, name, NULL, NULL, bytes);
    measures_put_number(measures, FAMILY_WS_QUEUE_BYTES, name,
                        unsent(bridge, account));
}

static void put_events(const struct account *account, struct measures *measures,
                       uint32_t name)
{
    const struct tally *tally = &account->tally;
    measures_put(measures, FAMILY_EVENTS_RECEIVED, name, NULL, NULL,
                 tally->received);
    measures_put(measures, FAMILY_EVENTS_PUBLISHED, name, NULL, NULL,
                 tally->published);
    measures_put(measures, FAMILY_EVENTS_DROPPED, name, NULL, NULL,
                 tally->dropped);
    measures_put_number(measures, FAMILY_EVENTS_DUPLICATE, name,
                        account->repeats.total);
    measures_put(measures, FAMILY_ACCESS_DENIED, name, NULL, NULL,
                 tally->denied);
}

/* Most accounts of many only listen: they have no histograms. */
static void put_used(struct measures *measures, enum family family,
                     uint32_t name, const struct histogram *histogram)
{
    if (histogram_count(histogram) > 0)
        measures_put_histogram(measures, family, name, histogram);
}

static void put_calls(const struct bridge *bridge,
                      const struct account *account, struct measures *measures,
                      uint32_t name)
{
    const struct tally *tally = &account->tally;
    for (size_t i = 0; i < tally->action_count; i++)
        measures_put(measures, FAMILY_ACTIONS, name, tally->actions[i].name,
                     NULL, tally->actions[i].results);
    put_used(measures, FAMILY_ACTION_DURATION, name, &tally->durations);
    put_used(measures, FAMILY_RATELIMIT_WAIT, name, &tally->waits);
    measures_put_number(measures, FAMILY_ACTIONS_INFLIGHT, name,
                        account->in_flight);
    measures_put_number(measures, FAMILY_ACTIONS_UNSETTLED, name,
                        account->unsettled);
    measures_put(measures, FAMILY_ACTIONS_SETTLED, name, NULL, NULL,
                 tally->settled);
    measures_put_number(measures, FAMILY_SEND_QUEUE, name,
                        pacing_waiting_of(bridge->pacing, account->index));
}

/* Those that are leaving are no longer there: another may have the name. */
static void put_accounts(const struct bridge *bridge, struct measures *measures,
                         struct instant now)
{
    for (size_t i = 0; i < bridge->account_count; i++) {
        const struct account *account = bridge->accounts[i];
        if (account->is_leaving)
            continue;
        uint32_t name = measures_name(measures, account->name);
        put_state(account, measures, name, now);
        put_traffic(bridge, account, measures, name);
        put_events(account, measures, name);
        put_calls(bridge, account, measures, name);
    }
}

/* ---- the bridge as a whole ------------------------------------------- */

static void put_grants(const struct bridge *bridge, struct measures *measures)
{
    for (size_t i = 0; i < grants_count(bridge->grants); i++) {
        const struct grant *grant = grants_at(bridge->grants, i);
        uint32_t name = measures_name(measures, grant->name);
        measures_put_number(measures, FAMILY_GRANT_CALLS, name, grant->calls);
        measures_put_number(measures, FAMILY_GRANT_DENIED, name, grant->denied);
    }
}

static void put_refused(const struct bridge *bridge, struct measures *measures)
{
    for (int i = REPLY_BAD_REQUEST; i <= REPLY_INTERNAL; i++)
        measures_put_number(
            measures, FAMILY_REQUESTS_REFUSED,
            measures_name(measures, reply_error_name((enum reply_error)i)),
            bridge->tally.requests_refused[i]);
}

static void put_media(const struct bridge *bridge, struct measures *measures)
{
    static const struct {
        const char *direction, *method;
    } ways[TALLY_WAYS] = {
        [TALLY_OUT_INLINE] = {"out", "inline"},
        [TALLY_OUT_UPLOAD] = {"out", "upload"},
        [TALLY_IN_FETCH] = {"in", "fetch"},
        [TALLY_IN_PEER] = {"in", "peer"},
    };
    for (size_t i = 0; i < TALLY_WAYS; i++)
        measures_put(measures, FAMILY_MEDIA_BYTES,
                     measures_name(measures, ways[i].direction), ways[i].method,
                     NULL, &bridge->tally.media_bytes[i]);
}

static void put_paused(const struct bridge *bridge, struct measures *measures,
                       struct instant now)
{
    uint64_t counts[BREAKER_WHYS];
    breaker_tally(bridge->breaker, counts, now.mono_ms);
    measures_put(measures, FAMILY_CHATS_PAUSED, 0, NULL, NULL,
                 &counts[BREAKER_REMOVED]);
}

static void put_whole(const struct bridge *bridge, struct measures *measures)
{
    const struct tally_all *tally = &bridge->tally;
    put_refusals(measures, measures_name(measures, ""), tally->refused,
                 TALLY_UNKNOWN_PATH, TALLY_TOO_MANY_FAILURES);
    measures_put_number(measures, FAMILY_OWN_EVENTS, 0, tally->own_events);
    measures_put(measures, FAMILY_PAIRING_REQUESTS, 0, NULL, NULL,
                 tally->pairing);
    measures_put(measures, FAMILY_PAIRING_DECISIONS, 0, NULL, NULL,
                 tally->decisions);
    measures_put(measures, FAMILY_REPLAY_REQUESTS, 0, NULL, NULL,
                 tally->replays);
    measures_put_number(measures, FAMILY_REPLAYED_EVENTS, 0,
                        tally->replayed_events);
    measures_put_number(measures, FAMILY_JOURNAL_NEXT_SEQ, 0, bridge->seq + 1);
}

/* What is off has a state and nothing else. */
static void put_nats(const struct bridge *bridge, struct measures *measures)
{
    uint64_t modes[FAMILY_WORDS_MAX] = {0};
    struct nats_state state;
    bridge->ports.nats(bridge->ports.ctx, &state);
    const struct family_info *info = family_info(FAMILY_NATS_STATE);
    for (size_t i = 0; i < info->word_count; i++)
        modes[i] = strcmp(state.mode, info->words[i]) == 0;
    measures_put(measures, FAMILY_NATS_STATE, 0, NULL, NULL, modes);
    if (strcmp(state.mode, "off") == 0)
        return;
    const struct {
        enum family family;
        uint64_t number;
    } samples[] = {
        {FAMILY_NATS_ACKED_SEQ, state.acked},
        {FAMILY_NATS_LAG, state.lag},
        {FAMILY_NATS_LAG_TIME, state.lag_ms},
        {FAMILY_NATS_IN_FLIGHT, state.in_flight},
        {FAMILY_NATS_WINDOW, state.window},
        {FAMILY_NATS_PUBLISHED, state.published},
        {FAMILY_NATS_DUPLICATES, state.duplicates},
        {FAMILY_NATS_REFUSED, state.refused},
        {FAMILY_NATS_ERRORS, state.errors},
        {FAMILY_NATS_LOST, state.lost},
        {FAMILY_NATS_CONNECTS, state.connects},
        {FAMILY_NATS_REQUESTS, state.requests},
    };
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
        measures_put_number(measures, samples[i].family, 0, samples[i].number);
}

/* ---- queues ---------------------------------------------------------- */

static void put_items(const struct bridge *bridge, struct measures *measures)
{
    size_t calls_max = bridge->options.calls_max + OWN_CALLS_MAX;
    const struct {
        const char *queue;
        uint64_t items, max;
    } queues[] = {
        {"callers", bridge->callers_waiting, bridge->options.calls_max},
        {"calls", pending_count(bridge->pending), calls_max},
        {"sends", pacing_waiting(bridge->pacing), calls_max},
        {"replies", bridge->waiting_count, SERVING_WAITING_MAX},
        {"media", media_desk_count(bridge), MEDIA_DESK_MAX},
        {"unsettled", settling_count(bridge->settling), UNSETTLED_MAX},
    };
    for (size_t i = 0; i < sizeof(queues) / sizeof(queues[0]); i++)
        measures_put_queue(measures, queues[i].queue, queues[i].items,
                           queues[i].max);
}

static void put_bytes(const struct bridge *bridge, struct measures *measures)
{
    measures_put_queue_bytes(measures, "held_calls", bridge->held_bytes,
                             CALLS_HELD_BYTES_MAX);
    measures_put_queue_bytes(measures, "links", most_unsent(bridge),
                             bridge->options.link_bytes_max);
    measures_put_queue_bytes(measures, "jobs", bridge->job_bytes,
                             JOB_BYTES_MAX);
    measures_put_queue_bytes(measures, "downloads", bridge->gathered_bytes,
                             CALLS_STREAMS_MAX *
                                 (uint64_t)bridge->options.request_bytes_max);
}

void census_take(const struct bridge *bridge, struct measures *measures,
                 struct instant now)
{
    put_accounts(bridge, measures, now);
    put_whole(bridge, measures);
    put_refused(bridge, measures);
    put_grants(bridge, measures);
    put_media(bridge, measures);
    put_paused(bridge, measures, now);
    put_nats(bridge, measures);
    put_items(bridge, measures);
    put_bytes(bridge, measures);
}
