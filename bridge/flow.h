/* SPDX-License-Identifier: MIT */
/* Flow control: when a healthy subscriber is far behind, publishing waits; the
 * queue before it fills, reading from the peers pauses, and TCP carries the
 * pressure back to them.
 *
 *     peers ◀── full queue ◀── flow ◀── backlog of each subscriber ── bus
 *
 * It looks at the subscribers as often as it takes to see a queue grow before
 * it runs over, and while it waits. The publishing thread. */
#ifndef ONEBUS_FLOW_H
#define ONEBUS_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/complaint.h"

struct backlog;
struct bus;

struct flow {
    struct bus *bus;
    struct backlog *backlog;
    _Atomic uint64_t published;
    uint64_t published_then; /* when it last looked */
    bool is_paused;
    struct complaints complaints;
};

void flow_init(struct flow *flow, struct bus *bus);
void flow_finish(struct flow *flow);

/* Messages so far. Any thread. */
uint64_t flow_published(const struct flow *flow);

/* A message has been published: returns when the next one may be. */
void flow_on_event(struct flow *flow);

#endif
