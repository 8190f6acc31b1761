/* SPDX-License-Identifier: MIT */
#include "pump.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config/config.h"
#include "core/chain.h"
#include "core/nats_state.h"
#include "core/puback.h"
#include "edge/journal.h"
#include "edge/journal_feed.h"
#include "edge/nats_stream.h"
#include "progress.h"

enum {
    /* Without an answer for so long, what is on its way is taken to be lost. */
    ANSWER_MS = 5000,
    /* So long events are sent in one step: over a slow link each may take a
     * while, and the names have to be renewed meanwhile. */
    STEP_MS = 1000,
};

static const char TOO_LARGE[] =
    "it is larger than the server (max_payload) or the stream (max_msg_size) "
    "takes";

struct pump {
    struct pump_options options;
    char *stream_name;
    const char *epoch;
    struct nats_stream *stream;
    struct chain *chain;
    struct journal_feed *feed;
    struct progress *progress;
    bool is_open;
    bool is_replicated, has_sources; /* the stream */
    bool is_shared;                  /* with other bridges */
    bool is_waiting;                 /* everything has been read */
    bool is_late;                    /* a step broke off */
    uint64_t mended;             /* what was stored when it was mended last */
    uint64_t answered_ms;        /* mono: when the last answer came */
    uint64_t gap_told;           /* gaps have been told of up to this seq */
    char fault[NATS_FAULT_SIZE]; /* why it cannot go on; "" */
    struct nats_state counts;
};

/* ---- its life ---------------------------------------------------------------
 */

static struct nats_stream *create_stream(const struct pump_options *options)
{
    const struct config_nats *nats = &options->config->nats;
    const struct nats_stream_options asked = {
        .name = nats->stream,
        .prefix = nats->subject_prefix,
        .replicas = nats->replicas,
        .age_max_ms = nats->age_max_ms,
        .bytes_max = nats->bytes_max,
        .wake = options->wake,
        .ctx = options->ctx,
    };
    return nats_stream_create(&asked);
}

static struct progress *create_progress(const struct pump_options *options)
{
    const struct progress_options asked = {
        .folder = options->config->state_dir,
        .stream = options->config->nats.stream,
        .epoch = journal_epoch(options->journal),
        .began = journal_kept(options->journal),
        .breaks_off = options->breaks_off,
        .ctx = options->ctx,
    };
    return progress_create(&asked);
}

struct pump *pump_create(const struct pump_options *options)
{
    struct pump *pump = mem_zalloc(1, sizeof(*pump));
    pump->options = *options;
    pump->stream_name = mem_strdup(options->config->nats.stream);
    pump->epoch = journal_epoch(options->journal);
    pump->stream = create_stream(options);
    pump->progress = create_progress(options);
    pump->feed =
        journal_feed_create(options->journal, options->config->state_dir);
    pump->chain = chain_create(progress_stored(pump->progress));
    pump->mended = UINT64_MAX;
    pump->is_shared = true;
    return pump;
}

void pump_destroy(struct pump *pump)
{
    if (pump == NULL)
        return;
    pump_close(pump);
    progress_destroy(pump->progress);
    nats_stream_destroy(pump->stream);
    journal_feed_destroy(pump->feed);
    chain_destroy(pump->chain);
    free(pump->stream_name);
    free(pump);
}

/* Answers that come now are strangers'. */
void pump_close(struct pump *pump)
{
    pump->is_open = false;
    pump->is_waiting = false;
    pump->is_late = false;
    chain_restart(pump->chain, chain_stored(pump->chain));
    nats_stream_close(pump->stream);
}

bool pump_is_open(const struct pump *pump)
{
    return pump->is_open;
}

/* ---- the order in the stream ------------------------------------------------
 */

static void order(struct pump *pump)
{
    bool is_ours_only = !pump->is_shared && !pump->has_sources;
    if (!pump->is_replicated)
        chain_order(pump->chain, CHAIN_BY_ID);
    else
        chain_order(pump->chain, is_ours_only ? CHAIN_BY_PLACE : CHAIN_ALONE);
}

void pump_share(struct pump *pump, bool is_shared)
{
    pump->is_shared = is_shared;
    order(pump);
}

bool pump_needs_notice(const struct pump *pump)
{
    return pump->is_replicated && pump->is_shared;
}

/* ---- to begin ---------------------------------------------------------------
 */

/* Begin with the first event from then on. */
static void skip_older(struct pump *pump, uint64_t stored, uint64_t since_ms,
                       uint64_t now_ms)
{
    struct journal_feed_item item;
    journal_feed_seek(pump->feed, stored, since_ms);
    enum journal_feed_kind kind = journal_feed_peek(pump->feed, now_ms, &item);
    if (kind == JOURNAL_FEED_EVENT || kind == JOURNAL_FEED_LOST)
        stored = item.first - 1;
    else if (kind == JOURNAL_FEED_NOTHING)
        stored = journal_feed_read(pump->feed);
    chain_restart(pump->chain, stored);
}

static void begin(struct pump *pump, uint64_t stored, uint64_t since_ms,
                  uint64_t now_ms)
{
    chain_restart(pump->chain, stored);
    if (since_ms != 0)
        skip_older(pump, stored, since_ms, now_ms);
    else
        journal_feed_seek(pump->feed, stored, 0);
    pump->mended = UINT64_MAX;
    pump->fault[0] = '\0';
    pump->is_open = true;
}

enum pump_verdict pump_open(struct pump *pump, struct nats_link *link,
                            uint64_t since_ms,
                            char fault[static NATS_FAULT_SIZE])
{
    struct nats_extent extent;
    uint64_t stored;
    pump_close(pump);
    switch (nats_stream_open(pump->stream, link, &extent, fault)) {
    case NATS_STREAM_FITS:
        break;
    case NATS_STREAM_MISFIT:
        return PUMP_MISFIT;
    case NATS_STREAM_FAILS:
        return PUMP_FAILS;
    }
    if (!progress_find(pump->progress, pump->stream, &extent, &stored, fault)) {
        pump_close(pump);
        return PUMP_FAILS;
    }
    pump->is_replicated = extent.is_replicated;
    pump->has_sources = extent.has_sources;
    order(pump);
    begin(pump, stored, since_ms, clock_now().mono_ms);
    return PUMP_GOES;
}

/* ---- answers ----------------------------------------------------------------
 */

static void fail(struct pump *pump, const char *what, const char *why)
{
    if (pump->fault[0] == '\0')
        snprintf(pump->fault, sizeof(pump->fault), "%s%.400s", what, why);
}

static void lose(struct pump *pump, uint64_t first, uint64_t last,
                 const char *reason)
{
    if (first <= pump->gap_told)
        first = pump->gap_told + 1;
    if (first > last)
        return;
    pump->gap_told = last;
    pump->counts.lost += last - first + 1;
    pump->options.on_gap(pump->options.ctx, first, last, reason);
}

static void on_kept(struct pump *pump, uint64_t ticket,
                    const struct puback *puback)
{
    uint64_t seq =
        chain_on_answer(pump->chain, ticket, CHAIN_STORED, puback->place);
    if (seq == 0)
        return;
    pump->counts.published++;
    pump->counts.duplicates += puback->kind == PUBACK_DUPLICATE;
    if (seq == chain_stored(pump->chain))
        progress_place(pump->progress, puback->place);
}

static void on_refused(struct pump *pump, uint64_t ticket)
{
    if (chain_on_answer(pump->chain, ticket, CHAIN_REFUSED, 0) != 0)
        pump->counts.refused++;
}

static void on_unfit(struct pump *pump, uint64_t ticket)
{
    uint64_t seq = chain_on_answer(pump->chain, ticket, CHAIN_UNFIT, 0);
    if (seq != 0)
        lose(pump, seq, seq, TOO_LARGE);
}

static void on_answer(void *ctx, const struct nats_answer *answer)
{
    struct pump *pump = ctx;
    struct puback puback;
    if (answer->has_no_taker) {
        fail(pump, "",
             "nobody takes the events: is the stream still there, "
             "and has it a leader?");
        return;
    }
    puback_read(answer->bytes, pump->stream_name, &puback);
    switch (puback.kind) {
    case PUBACK_STORED:
    case PUBACK_DUPLICATE:
        on_kept(pump, answer->ticket, &puback);
        return;
    case PUBACK_REFUSED:
        on_refused(pump, answer->ticket);
        return;
    case PUBACK_TOO_LARGE:
        on_unfit(pump, answer->ticket);
        return;
    case PUBACK_STRANGE:
    case PUBACK_FAILED:
        fail(pump, "the stream takes no events: ", puback.fault);
        return;
    }
}

/* Send again what was refused; if each time that is the very first, it is not
 * for somebody else's events between ours. */
static void mend(struct pump *pump)
{
    uint64_t stored = chain_stored(pump->chain);
    if (!chain_mend(pump->chain))
        return;
    if (stored == pump->mended)
        fail(pump, "", "the stream refuses an event that follows none");
    pump->mended = stored;
    journal_feed_rewind(pump->feed, stored);
}

/* When what is on its way is to be given up: mono ms; UINT64_MAX: nothing is.
 * Over a slow link all may wait long, but answers come. */
static uint64_t overdue_ms(const struct pump *pump)
{
    uint64_t since_ms = chain_waits_since_ms(pump->chain);
    if (since_ms == UINT64_MAX)
        return UINT64_MAX;
    if (since_ms < pump->answered_ms)
        since_ms = pump->answered_ms;
    return since_ms + ANSWER_MS;
}

static void look_at_time(struct pump *pump, uint64_t now_ms)
{
    if (now_ms < overdue_ms(pump))
        return;
    char complaint[NATS_FAULT_SIZE];
    nats_stream_complaint(pump->stream, complaint);
    if (complaint[0] != '\0')
        fail(pump, "", complaint);
    else
        fail(pump, "",
             "events are not acknowledged: do more than half of the "
             "stream's replicas run, and reach each other?");
}

/* ---- events -----------------------------------------------------------------
 */

/* What is a little too large, with its headers, is seen when it is sent. */
static bool is_too_large(const struct pump *pump,
                         const struct journal_feed_item *item)
{
    return item->message.size - strlen(item->message.data) - 1 >
           nats_stream_bytes_max(pump->stream);
}

static void fail_slow(struct pump *pump, size_t bytes)
{
    char what[96];
    snprintf(what, sizeof(what), "an event of %zu bytes takes longer than %d s",
             bytes, NATS_WRITE_MS / 1000);
    fail(pump, what,
         " to write: does the server hang, or is the link to it too slow?");
}

static void publish(struct pump *pump, const struct journal_feed_item *item,
                    uint64_t now_ms)
{
    if (is_too_large(pump, item)) {
        lose(pump, item->first, item->first, TOO_LARGE);
        chain_pass(pump->chain, item->first);
        return;
    }
    const struct chain_event sent = {
        .seq = item->first,
        .time_ms = item->time_ms,
        .bytes = item->message.size,
    };
    const struct chain_link link = chain_send(pump->chain, &sent, now_ms);
    const struct nats_event event = {
        .message = item->message,
        .epoch = pump->epoch,
        .seq = item->first,
        .behind = link.behind,
        .place = link.place,
        .ticket = link.ticket,
    };
    switch (nats_stream_publish(pump->stream, &event)) {
    case NATS_PUBLISH_SENT:
        return;
    case NATS_PUBLISH_TOO_LARGE:
        (void)chain_on_answer(pump->chain, link.ticket, CHAIN_UNFIT, 0);
        lose(pump, item->first, item->first, TOO_LARGE);
        return;
    case NATS_PUBLISH_SLOW:
        fail_slow(pump, item->message.size);
        return;
    case NATS_PUBLISH_FAILED:
        fail(pump, "", "the connection cannot be written to");
        return;
    }
}

/* False: there is no more for now. */
static bool move_one(struct pump *pump, uint64_t now_ms)
{
    struct journal_feed_item item;
    switch (journal_feed_peek(pump->feed, now_ms, &item)) {
    case JOURNAL_FEED_EVENT:
        publish(pump, &item, now_ms);
        break;
    case JOURNAL_FEED_LOST:
        lose(pump, item.first, item.last, "the journal has it not, or no more");
        chain_pass(pump->chain, item.last);
        break;
    case JOURNAL_FEED_FAULT:
        fail(pump, "the journal cannot be read: ", item.fault);
        return false;
    case JOURNAL_FEED_NOTHING:
        pump->is_waiting = true;
        return false;
    }
    journal_feed_pass(pump->feed);
    return pump->fault[0] == '\0';
}

static void move_some(struct pump *pump, uint64_t now_ms)
{
    pump->is_late = false;
    while (pump->fault[0] == '\0' && chain_has_room(pump->chain) &&
           !pump->is_late && move_one(pump, now_ms))
        pump->is_late = clock_now().mono_ms >= now_ms + STEP_MS;
}

enum pump_verdict pump_step(struct pump *pump, struct instant now,
                            char fault[static NATS_FAULT_SIZE])
{
    pump->is_waiting = false;
    if (nats_stream_take(pump->stream, on_answer, pump) > 0)
        pump->answered_ms = now.mono_ms;
    mend(pump);
    look_at_time(pump, now.mono_ms);
    move_some(pump, now.mono_ms);
    progress_note(pump->progress, chain_stored(pump->chain), now.mono_ms);
    if (pump->fault[0] == '\0')
        return PUMP_GOES;
    memcpy(fault, pump->fault, NATS_FAULT_SIZE);
    pump->counts.errors += chain_count(pump->chain);
    pump_close(pump);
    return PUMP_FAILS;
}

/* ---- looking ----------------------------------------------------------------
 */

uint64_t pump_due_ms(const struct pump *pump)
{
    uint64_t due_ms = pump->is_late ? 0 : progress_due_ms(pump->progress);
    if (overdue_ms(pump) < due_ms)
        due_ms = overdue_ms(pump);
    if (pump->is_waiting && journal_feed_due_ms(pump->feed) < due_ms)
        due_ms = journal_feed_due_ms(pump->feed);
    return due_ms;
}

bool pump_is_waiting(const struct pump *pump)
{
    return pump->is_waiting;
}

uint64_t pump_stored(const struct pump *pump)
{
    return chain_stored(pump->chain);
}

uint64_t pump_oldest_ms(const struct pump *pump)
{
    return chain_oldest_ms(pump->chain);
}

void pump_count(const struct pump *pump, struct nats_state *state)
{
    state->acked = chain_stored(pump->chain);
    state->published = pump->counts.published;
    state->duplicates = pump->counts.duplicates;
    state->refused = pump->counts.refused;
    state->errors = pump->counts.errors;
    state->lost = pump->counts.lost;
    state->in_flight = chain_count(pump->chain);
    state->window = chain_window(pump->chain);
}
