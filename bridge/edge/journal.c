/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "edge/journal_keeper.h"
#include "edge/journal_queue.h"

enum {
    /* Published between two looks at the clock. */
    EVENTS_A_MEASURE = 32,
};

struct journal {
    struct journal_options options;
    struct journal_queue queue;
    struct journal_keeper *keeper; /* the thread's, once it runs */
    struct journal_batch batch;    /* likewise */
    pthread_t thread;
    bool runs;
    _Atomic uint64_t kept_seq;    /* all up to here may be published */
    _Atomic uint64_t awaited_seq; /* 0: nobody waits */
    pthread_mutex_t counts_mutex;
    struct journal_counts counts; /* but for the write errors */
};

/* ---- the thread --------------------------------------------------------- */

static void wake(struct journal *journal)
{
    journal->options.wake(journal->options.ctx);
}

static void announce(struct journal *journal, uint64_t seq)
{
    journal->kept_seq = seq;
    uint64_t awaited = journal->awaited_seq;
    if (awaited == 0 || awaited > seq)
        return;
    (void)atomic_compare_exchange_strong(&journal->awaited_seq, &awaited, 0);
    wake(journal);
}

/* How long the events from one place to another took; one look at the clock
 * for all of them. */
static void measure(struct journal *journal, size_t from, size_t to,
                    struct histogram *latency)
{
    struct ring_event event;
    uint64_t now_us = clock_mono_us();
    while (from < to) {
        uint64_t came_us = journal_batch_came_us(&journal->batch, from);
        histogram_add(latency, &HISTOGRAM_INSIDE,
                      now_us > came_us ? now_us - came_us : 0);
        from = journal_batch_read(&journal->batch, from, &event);
    }
}

static void publish(struct journal *journal, size_t from, size_t to,
                    struct histogram *latency)
{
    struct ring_event event;
    size_t unmeasured = from;
    unsigned count = 0;
    while (from < to) {
        from = journal_batch_read(&journal->batch, from, &event);
        journal->options.publish(journal->options.ctx, event.message);
        if (++count % EVENTS_A_MEASURE != 0 && from < to)
            continue;
        measure(journal, unmeasured, from, latency);
        unmeasured = from;
    }
}

/* Keep a slice, and how long that took. */
static void keep(struct journal *journal, size_t from, size_t to)
{
    uint64_t began_us = clock_mono_us();
    journal_keeper_keep(journal->keeper, &journal->batch, from, to);
    uint64_t took_us = clock_mono_us() - began_us;
    pthread_mutex_lock(&journal->counts_mutex);
    histogram_add(&journal->counts.commits, &HISTOGRAM_INSIDE, took_us);
    pthread_mutex_unlock(&journal->counts_mutex);
}

static void note_latency(struct journal *journal,
                         const struct histogram *latency)
{
    pthread_mutex_lock(&journal->counts_mutex);
    histogram_merge(&journal->counts.latency, latency);
    pthread_mutex_unlock(&journal->counts_mutex);
}

/* Where a slice that begins at `from` ends: what is one transaction. */
static size_t slice_end(const struct journal *journal, size_t from,
                        uint64_t *last_seq)
{
    size_t bytes_max = journal_keeper_slice_bytes(journal->keeper);
    struct ring_event event;
    size_t at = from;
    do {
        at = journal_batch_read(&journal->batch, at, &event);
        *last_seq = event.seq;
    } while (at < journal->batch.bytes.size && at - from < bytes_max);
    return at;
}

static void write_batch(struct journal *journal)
{
    struct histogram latency = {{0}, 0};
    uint64_t last_seq;
    size_t to;
    for (size_t from = 0; from < journal->batch.bytes.size; from = to) {
        to = slice_end(journal, from, &last_seq);
        keep(journal, from, to);
        if (journal_mode(journal) == JOURNAL_STOPPED)
            return;
        announce(journal, last_seq);
        publish(journal, from, to, &latency);
        journal_keeper_tidy(journal->keeper, journal->batch.count);
    }
    note_latency(journal, &latency);
}

static bool take_batch(struct journal *journal)
{
    bool was_full;
    bool goes_on = journal_queue_take(&journal->queue,
                                      journal_keeper_due_ms(journal->keeper),
                                      &journal->batch, &was_full);
    if (was_full)
        wake(journal);
    return goes_on;
}

/* As the bus's threads (SCHED_BATCH): where the core is busy, events gather
 * and are one transaction. */
static void *run(void *ctx)
{
    struct journal *journal = ctx;
    const struct sched_param param = {0};
    (void)pthread_setname_np(pthread_self(), "journal");
    (void)sched_setscheduler(0, SCHED_BATCH, &param);
    while (take_batch(journal)) {
        write_batch(journal);
        journal_keeper_try(journal->keeper);
        if (journal->batch.count == 0)
            journal_keeper_tidy(journal->keeper, 0);
    }
    journal_keeper_try_now(journal->keeper);
    return NULL;
}

/* ---- its life ------------------------------------------------------------ */

static bool start(struct journal *journal, const char *epoch,
                  char fault[static JOURNAL_REASON_SIZE])
{
    journal->keeper = journal_keeper_create(&journal->options, epoch, fault);
    if (journal->keeper == NULL)
        return false;
    journal->kept_seq = journal_keeper_first_seq(journal->keeper);
    journal->runs = pthread_create(&journal->thread, NULL, run, journal) == 0;
    if (!journal->runs)
        snprintf(fault, JOURNAL_REASON_SIZE, "there is no thread for it");
    return journal->runs;
}

struct journal *journal_open(const struct journal_options *options,
                             const char *epoch,
                             char fault[static JOURNAL_REASON_SIZE])
{
    struct journal *journal = mem_zalloc(1, sizeof(*journal));
    journal->options = *options;
    journal_queue_init(&journal->queue);
    pthread_mutex_init(&journal->counts_mutex, NULL);
    if (start(journal, epoch, fault))
        return journal;
    journal_close(journal);
    return NULL;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    journal_queue_close(&journal->queue);
    if (journal->runs)
        pthread_join(journal->thread, NULL);
    journal_keeper_destroy(journal->keeper);
    journal_batch_finish(&journal->batch);
    journal_queue_finish(&journal->queue);
    pthread_mutex_destroy(&journal->counts_mutex);
    free(journal);
}

const char *journal_epoch(const struct journal *journal)
{
    return journal_keeper_epoch(journal->keeper);
}

uint64_t journal_first_seq(const struct journal *journal)
{
    return journal_keeper_first_seq(journal->keeper);
}

/* ---- the loop's side ----------------------------------------------------- */

void journal_put(struct journal *journal, const struct ring_event *event,
                 uint64_t came_us)
{
    journal_queue_put(&journal->queue, event, came_us);
}

bool journal_is_full(struct journal *journal)
{
    return journal_queue_is_full(&journal->queue);
}

static bool has_kept(const struct journal *journal, uint64_t seq)
{
    return journal->kept_seq >= seq || journal_mode(journal) == JOURNAL_STOPPED;
}

bool journal_await(struct journal *journal, uint64_t seq)
{
    if (has_kept(journal, seq))
        return true;
    journal->awaited_seq = seq;
    /* It may have been kept just before it was known to be awaited. */
    return has_kept(journal, seq);
}

uint64_t journal_kept(const struct journal *journal)
{
    return journal->kept_seq;
}

enum journal_mode journal_mode(const struct journal *journal)
{
    return journal_keeper_mode(journal->keeper);
}

void journal_look(struct journal *journal, struct journal_state *state)
{
    journal_keeper_look(journal->keeper, state);
    state->queue_events =
        journal_queue_count(&journal->queue, &state->queue_bytes);
}

void journal_count(struct journal *journal, struct journal_counts *counts)
{
    pthread_mutex_lock(&journal->counts_mutex);
    *counts = journal->counts;
    pthread_mutex_unlock(&journal->counts_mutex);
    counts->write_errors = journal_keeper_write_errors(journal->keeper);
}

struct journal_tail *journal_tail(struct journal *journal)
{
    return journal_keeper_tail(journal->keeper);
}
