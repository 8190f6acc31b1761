/* SPDX-License-Identifier: MIT */
#include "flow.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/backlog.h"
#include "edge/bus.h"

enum {
    /* How many events may go out between two looks: often enough to see a
     * backlog grow before a queue is full, seldom enough to cost nothing. */
    EVENTS_A_LOOK = 1024,
    /* While a subscriber is waited for. */
    PAUSE_LOOK_MS = 1,
};

static_assert(BACKLOG_HIGH + 2 * EVENTS_A_LOOK < BUS_QUEUE_MESSAGES,
              "the pause begins before the queue is full");

void flow_init(struct flow *flow, struct bus *bus)
{
    *flow = (struct flow){.bus = bus, .backlog = backlog_create()};
}

void flow_finish(struct flow *flow)
{
    backlog_destroy(flow->backlog);
}

static void complain(struct flow *flow, const char *what, struct instant now)
{
    uint64_t count = complaint_count(&flow->complaints, what, now.mono_ms);
    if (count > 0)
        log_warn("bus: %s count=%" PRIu64, what, count);
}

static void on_subscriber(void *ctx, uint32_t id, uint64_t sent)
{
    backlog_add(ctx, id, sent);
}

/* Whether to wait. */
static bool look(struct flow *flow, struct instant now)
{
    flow->published_then = flow_published(flow);
    backlog_begin(flow->backlog, flow->published_then, now.mono_ms);
    bus_each_subscriber(flow->bus, on_subscriber, flow->backlog);
    bool pause = backlog_end(flow->backlog);
    if (backlog_given_up(flow->backlog) > 0)
        complain(flow,
                 "a subscriber does not take its events and is not waited for; "
                 "seq tells it what it loses",
                 now);
    if (pause && !flow->is_paused)
        complain(flow, "a subscriber is behind: the peers wait for it", now);
    flow->is_paused = pause;
    return pause;
}

uint64_t flow_published(const struct flow *flow)
{
    return atomic_load_explicit(&flow->published, memory_order_relaxed);
}

void flow_on_event(struct flow *flow)
{
    const struct timespec moment = {.tv_nsec =
                                        (long)PAUSE_LOOK_MS * 1000 * 1000};
    /* Nobody else writes it: no more than a load and a store. */
    uint64_t published = flow_published(flow) + 1;
    atomic_store_explicit(&flow->published, published, memory_order_relaxed);
    if (published - flow->published_then < EVENTS_A_LOOK)
        return;
    while (look(flow, clock_now()))
        nanosleep(&moment, NULL);
}
