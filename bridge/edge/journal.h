/* SPDX-License-Identifier: MIT */
/* The journal: every event is in it before it is published.
 *
 *     loop ── journal_put() ──▶ queue ──▶ thread: commit what has gathered,
 *                                                 then publish it ──▶ bus
 *
 * The thread owns the file. Without a file, or while it cannot be written, the
 * last events are kept in memory, from which a file that comes back gets what
 * it has missed. A queue that is full is no reason to drop: whoever
 * fills it stops until journal_is_full() says no. */
#ifndef ONEBUS_JOURNAL_H
#define ONEBUS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/histogram.h"
#include "base/ring.h"

enum {
    /* On their way to the thread; as many again are being written. */
    JOURNAL_QUEUE_EVENTS = 4096,
    JOURNAL_QUEUE_BYTES = 2 << 20,
    /* What is kept in memory where there is no file. */
    JOURNAL_TAIL_BYTES = 16 << 20,
    JOURNAL_REASON_SIZE = 512,
};

enum journal_mode {
    JOURNAL_WRITES,    /* what is published is on disk */
    JOURNAL_FAILS,     /* it is not; it is tried again and again */
    JOURNAL_IN_MEMORY, /* there is to be no file */
    JOURNAL_STOPPED,   /* it could not be written: nothing is published */
};

struct journal_options {
    const char *folder; /* copied; NULL: there is no place for it */
    bool is_enabled;    /* else all is in memory */
    bool syncs_fully;
    bool stops_on_error;
    uint64_t age_max_ms;
    size_t bytes_max;
    /* Publish an event message; the journal's thread. */
    void (*publish)(void *ctx, struct slice message);
    /* The loop has something to look at: the queue has room again, what was
     * awaited is kept, the mode is another. Any thread. */
    void (*wake)(void *ctx);
    void *ctx;
};

/* How it is. */
struct journal_state {
    enum journal_mode mode;
    uint64_t oldest, newest; /* that can be read; 0 if there are none */
    uint64_t bytes;          /* on disk, else in memory */
    uint64_t lost;           /* events that the file never got, this run */
    size_t queue_events, queue_bytes;
    char fault[JOURNAL_REASON_SIZE]; /* why it cannot be written; "" */
};

/* What it has done since the start. */
struct journal_counts {
    struct histogram latency; /* from an event's coming to its publishing */
    struct histogram commits; /* HISTOGRAM_INSIDE, both */
    uint64_t write_errors;
};

struct journal;
struct journal_tail;

/* Open it; `epoch` is what a new one gets. NULL, if it must not run without a
 * file: `fault` says why there is none. */
struct journal *journal_open(const struct journal_options *options,
                             const char *epoch,
                             char fault[static JOURNAL_REASON_SIZE]);

/* What is queued is written and published first. NULL is fine. */
void journal_close(struct journal *journal);

/* Which journal this is: seqs of another epoch are none of its. */
const char *journal_epoch(const struct journal *journal);

/* The highest seq given before this start: go on behind it. */
uint64_t journal_first_seq(const struct journal *journal);

/* Queue an event that has come at `came_us`, mono. The loop's thread. */
void journal_put(struct journal *journal, const struct ring_event *event,
                 uint64_t came_us);
bool journal_is_full(struct journal *journal);

/* Whether all up to this seq is kept, or never will be; if not, `wake` is
 * called when it is. The loop's thread. */
bool journal_await(struct journal *journal, uint64_t seq);

/* Up to which seq all is kept, or never will be. Any thread. */
uint64_t journal_kept(const struct journal *journal);

/* Any thread. */
enum journal_mode journal_mode(const struct journal *journal);
void journal_look(struct journal *journal, struct journal_state *state);
void journal_count(struct journal *journal, struct journal_counts *counts);

/* What readers read beside the file. Any thread. */
struct journal_tail *journal_tail(struct journal *journal);

#endif
