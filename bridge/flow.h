/* SPDX-License-Identifier: MIT */
/* Flow control: when a healthy subscriber is far behind, reading from the peers
 * pauses, and TCP carries the pressure back to them.
 *
 *     peers ◀── pause ── flow ◀── backlog of each subscriber ── bus
 *
 * It looks at the subscribers as often as it takes to see a queue grow before
 * it runs over, and while it pauses. The loop's thread. */
#ifndef ONEBUS_FLOW_H
#define ONEBUS_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/complaint.h"

struct backlog;
struct bus;

struct flow_options {
    struct bus *bus;
    /* Stop reading from the peers, or go on. May be called from within
     * flow_on_event(). */
    void (*pause)(void *ctx, bool pause);
    void *ctx;
};

struct flow {
    struct flow_options options;
    struct backlog *backlog;
    uint64_t published;
    uint64_t published_then; /* when it last looked */
    bool is_paused;
    struct complaints complaints;
};

void flow_init(struct flow *flow, const struct flow_options *options);
void flow_finish(struct flow *flow);

/* A message has been published. */
void flow_on_event(struct flow *flow);

/* A turn of the loop is over. */
void flow_on_turn(struct flow *flow, struct instant now);

/* When to call flow_on_turn() at the latest: mono ms, UINT64_MAX if never. */
uint64_t flow_due(const struct flow *flow, struct instant now);

#endif
