/* SPDX-License-Identifier: MIT */
/* Publishes to NATS JetStream what the journal holds, on a thread of its own.
 *
 *     journal's thread ── sink_on_kept() ──▶ thread: journal ──▶ stream
 *     loop ◀── sink_look(), sink_take() ── how it is, what happened
 *
 * The journal is the queue and its bound: nothing is handed over but how far it
 * goes, so that NATS being slow or away holds nobody up. The stream decides
 * what is to be published next: whatever is not in it is, in the order of seq,
 * once.
 *
 * The loop's thread, but where it says. Where the library is not built in there
 * is no sink: sink_create() gives NULL. */
#ifndef ONEBUS_SINK_H
#define ONEBUS_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct bridge;
struct config;
struct journal;
struct loop;
struct nats_state;
struct sink;
struct ticket;

struct sink_options {
    const struct config *config; /* only to create it */
    struct journal *journal;
    const char *run; /* borrowed */
    struct loop *loop;
    size_t contexts; /* requests by NATS at a time */
};

/* NULL: bridge.nats.url is not set. */
struct sink *sink_create(const struct sink_options *options);

/* The loop is going: it is woken no more. NULL is fine, here and below. */
void sink_leave_loop(struct sink *sink);

/* Publish what there is up to `last_seq`, for as long as that may take, and
 * end: what remains is in the journal. The journal is read no more then. */
void sink_stop(struct sink *sink, uint64_t last_seq);

void sink_destroy(struct sink *sink);

/* There is more in the journal. The journal's thread; cheap. */
void sink_on_kept(struct sink *sink);

/* The accounts are these now. */
void sink_rename(struct sink *sink, const struct config *config);

/* Tell the bridge what has happened, as bridge_on_nats() and its like. */
void sink_take(struct sink *sink, struct bridge *bridge);

/* Hand every request that has come by NATS to `on_request`, with the token of
 * its subject: each ticket is owed one ticket_reply(), before sink_stop(). */
void sink_take_calls(struct sink *sink,
                     void (*on_request)(void *ctx, struct ticket *ticket,
                                        struct slice token,
                                        struct slice request),
                     void *ctx);

/* Replies by NATS that have not left yet. */
size_t sink_unsent(const struct sink *sink);

/* How it is; the strings are good until the next look. */
void sink_look(struct sink *sink, struct nats_state *state);

#endif
