/* SPDX-License-Identifier: MIT */
#include "gauges.h"

#include <stdlib.h>

#include "archivist.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/backlog.h"
#include "core/bridge.h"
#include "core/measures.h"
#include "edge/bus.h"
#include "edge/fetcher.h"
#include "edge/journal.h"
#include "edge/process.h"
#include "edge/replayer.h"
#include "edge/store.h"
#include "kept.h"
#include "outlet.h"

struct gauges {
    struct gauges_parts parts;
    bool settings_are_good;
    uint64_t settings_ms;    /* since 1970: when they last were */
    struct backlog *backlog; /* of the subscribers, as the scrapes see it */
};

struct gauges *gauges_create(const struct gauges_parts *parts)
{
    struct gauges *gauges = mem_zalloc(1, sizeof(*gauges));
    gauges->parts = *parts;
    gauges->backlog = backlog_create();
    gauges_on_settings(gauges, true);
    return gauges;
}

void gauges_destroy(struct gauges *gauges)
{
    if (gauges == NULL)
        return;
    backlog_destroy(gauges->backlog);
    free(gauges);
}

void gauges_on_settings(struct gauges *gauges, bool are_good)
{
    gauges->settings_are_good = are_good;
    if (are_good)
        gauges->settings_ms = clock_now().wall_ms;
}

/* ---- on the loop ------------------------------------------------------ */

static void put_journal(const struct gauges *gauges, struct measures *measures)
{
    struct journal *journal = outlet_journal(gauges->parts.outlet);
    struct journal_state state;
    struct journal_counts counts;
    journal_look(journal, &state);
    journal_count(journal, &counts);
    const uint64_t modes[] = {
        state.mode == JOURNAL_WRITES,
        state.mode == JOURNAL_FAILS,
        state.mode == JOURNAL_IN_MEMORY,
        state.mode == JOURNAL_STOPPED,
    };
    measures_put(measures, FAMILY_JOURNAL_STATE, 0, NULL, NULL, modes);
    measures_put_number(measures, FAMILY_JOURNAL_OLDEST_SEQ, 0, state.oldest);
    measures_put_number(measures, FAMILY_JOURNAL_BYTES, 0, state.bytes);
    measures_put_number(measures, FAMILY_JOURNAL_BYTES_MAX, 0,
                        gauges->parts.journal_bytes_max);
    measures_put_number(measures, FAMILY_JOURNAL_WRITE_ERRORS, 0,
                        counts.write_errors);
    measures_put_number(measures, FAMILY_JOURNAL_LOST, 0, state.lost);
    measures_put_histogram(measures, FAMILY_JOURNAL_COMMIT, 0, &counts.commits);
    measures_put_histogram(measures, FAMILY_EVENT_LATENCY, 0, &counts.latency);
    measures_put_queue(measures, "journal", state.queue_events,
                       JOURNAL_QUEUE_EVENTS);
    measures_put_queue_bytes(measures, "journal", state.queue_bytes,
                             JOURNAL_QUEUE_BYTES);
}

static void put_queues(const struct gauges_parts *parts,
                       struct measures *measures)
{
    measures_put_queue(measures, "replays", archivist_waiting(parts->archivist),
                       REPLAYER_QUEUE_MAX);
    measures_put_queue(measures, "store", kept_waiting(parts->kept),
                       STORE_QUEUE_MAX);
    if (parts->fetcher != NULL)
        measures_put_queue(measures, "fetches", fetcher_count(parts->fetcher),
                           FETCHER_QUEUE_MAX);
}

void gauges_fill(const struct gauges *gauges, struct measures *measures)
{
    bridge_measure(gauges->parts.bridge, measures, clock_now());
    put_journal(gauges, measures);
    put_queues(&gauges->parts, measures);
    measures_put_number(measures, FAMILY_RELOAD_SUCCESS, 0,
                        gauges->settings_are_good);
    measures_put_number(measures, FAMILY_RELOAD_TIME, 0, gauges->settings_ms);
}

/* ---- elsewhere -------------------------------------------------------- */

static void on_subscriber(void *ctx, uint32_t id, uint64_t sent)
{
    backlog_add(ctx, id, sent);
}

static void put_bus(struct gauges *gauges, struct measures *measures)
{
    struct backlog *backlog = gauges->backlog;
    backlog_begin(backlog, outlet_published(gauges->parts.outlet),
                  clock_now().mono_ms);
    bus_each_subscriber(gauges->parts.bus, on_subscriber, backlog);
    (void)backlog_end(backlog);
    measures_put_number(measures, FAMILY_BUS_SUBSCRIBERS, 0,
                        backlog_subscribers(backlog));
    measures_put_queue(measures, "bus", backlog_furthest(backlog),
                       BUS_QUEUE_MESSAGES);
}

static void put_process(struct measures *measures)
{
    struct process_state state;
    process_look(&state);
    const struct {
        enum family family;
        uint64_t number;
    } samples[] = {
        {FAMILY_PROCESS_CPU, state.cpu_us},
        {FAMILY_PROCESS_MEMORY, state.resident_bytes},
        {FAMILY_PROCESS_VIRTUAL, state.virtual_bytes},
        {FAMILY_PROCESS_FDS, state.open_fds},
        {FAMILY_PROCESS_FDS_MAX, state.max_fds},
        {FAMILY_PROCESS_START, state.start_ms},
        {FAMILY_PROCESS_THREADS, state.threads},
    };
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
        measures_put_number(measures, samples[i].family, 0, samples[i].number);
}

void gauges_complete(struct gauges *gauges, struct measures *measures)
{
    uint64_t lines[LOG_LEVELS];
    for (int i = 0; i < LOG_LEVELS; i++)
        lines[i] = log_count((enum log_level)i);
    measures_put(measures, FAMILY_LOG_MESSAGES, 0, NULL, NULL, lines);
    measures_put_number(measures, FAMILY_BUILD_INFO,
                        measures_name(measures, ONEBUS_VERSION), 1);
    put_bus(gauges, measures);
    put_process(measures);
}
