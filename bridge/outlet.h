/* SPDX-License-Identifier: MIT */
/* The events' way out: kept, then published, then waited for.
 *
 *     bridge ── outlet_emit() ──▶ journal ──▶ bus, flow ──▶ subscribers
 *                                    └──────▶ sink ──▶ NATS
 *     peers  ◀── pause ── when the journal's queue is full
 *
 * The loop's thread, but for what the journal's thread calls inside. */
#ifndef ONEBUS_OUTLET_H
#define ONEBUS_OUTLET_H

#include <stdbool.h>

#include "core/bridge.h"
#include "edge/journal.h"

struct bus;
struct config;
struct loop;
struct outlet;
struct sink;

struct outlet_options {
    const struct config *config; /* only to create it */
    struct bus *bus;
    struct loop *loop;
    const char *epoch; /* of a new journal */
    /* Stop reading from the peers, or go on. May be called from within
     * outlet_emit(). */
    void (*pause)(void *ctx, bool pause);
    void *ctx;
};

/* NULL: there can be no journal, and without one it must not run; the log says
 * why. */
struct outlet *outlet_create(const struct outlet_options *options);

/* Tell this one, which may be NULL, of what is kept; before the first event.
 */
void outlet_feed(struct outlet *outlet, struct sink *sink);

/* The loop is going: it is woken no more, and the peers are not told to wait.
 * What is emitted is kept and published all the same. */
void outlet_leave_loop(struct outlet *outlet);

/* All that was emitted is kept and published first. NULL is fine. */
void outlet_destroy(struct outlet *outlet);

void outlet_emit(struct outlet *outlet, const struct bridge_event *event);

/* A turn of the loop is over. */
void outlet_on_turn(struct outlet *outlet);

/* Up to which seq everything is kept; `wake` comes when there is more, if that
 * is asked for. */
bool outlet_has_kept(struct outlet *outlet, uint64_t seq);

/* Messages handed to the bus so far. Any thread. */
uint64_t outlet_published(const struct outlet *outlet);

struct journal *outlet_journal(const struct outlet *outlet);

#endif
