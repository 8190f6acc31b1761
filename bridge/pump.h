/* SPDX-License-Identifier: MIT */
/* Moves events from the journal into a stream: whatever is not in it, in the
 * order of seq, once.
 *
 *     closed ── pump_open(): looks into the stream, how far it goes ──▶ open
 *        ▲                                                               │
 *        └── whatever goes wrong ◀── pump_step(): reads, publishes, ◀────┘
 *                                    takes answers
 *
 * The sink's thread, which it may hold up as nats_stream.h says. */
#ifndef ONEBUS_PUMP_H
#define ONEBUS_PUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "edge/nats_link.h"

struct config;
struct journal;
struct nats_state;
struct pump;

struct pump_options {
    const struct config *config; /* only to create it */
    struct journal *journal;
    /* There are answers. Any thread. */
    void (*wake)(void *ctx);
    /* These events will never be in the stream. */
    void (*on_gap)(void *ctx, uint64_t first, uint64_t last,
                   const char *reason);
    void *ctx;
    /* Whether to break off what takes long. */
    bool (*breaks_off)(void *ctx);
};

enum pump_verdict {
    PUMP_GOES,
    PUMP_MISFIT, /* the stream cannot be used */
    PUMP_FAILS,  /* not now; it is closed */
};

struct pump *pump_create(const struct pump_options *options);

/* Writes down how far it is. NULL is fine. */
void pump_destroy(struct pump *pump);

/* On a link that is up. `since_ms` (wall): what is older and not there yet was
 * another bridge's to publish; 0: all of it is ours. Unless it goes, `fault`
 * says why. */
enum pump_verdict pump_open(struct pump *pump, struct nats_link *link,
                            uint64_t since_ms,
                            char fault[static NATS_FAULT_SIZE]);

/* Fine if it is closed. */
void pump_close(struct pump *pump);

bool pump_is_open(const struct pump *pump);

/* Other bridges may write to the stream as well, or none does; until it is said
 * they may. */
void pump_share(struct pump *pump, bool is_shared);

/* Whether the order in the stream, which is open, hangs on all bridges that
 * write to it knowing of each other. */
bool pump_needs_notice(const struct pump *pump);

/* Do what is to be done now. */
enum pump_verdict pump_step(struct pump *pump, struct instant now,
                            char fault[static NATS_FAULT_SIZE]);

/* When pump_step() has something to do, unless there is more in the journal
 * from now on or an answer: mono ms. */
uint64_t pump_due_ms(const struct pump *pump);

/* Whether it has read all there is, and waits for more. */
bool pump_is_waiting(const struct pump *pump);

/* All up to this seq is in the stream, or never will be. */
uint64_t pump_stored(const struct pump *pump);

/* The time (wall) of the first event that is on its way; 0: none is. */
uint64_t pump_oldest_ms(const struct pump *pump);

/* Fill in what it has counted. */
void pump_count(const struct pump *pump, struct nats_state *state);

#endif
