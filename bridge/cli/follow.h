/* SPDX-License-Identifier: MIT */
/* From the journal to the live events, with no hole and no event twice.
 *
 * Events come in two ways: one by one as they are published, and in pages of
 * the journal, which are asked for. All that is known is how far we have come:
 *
 *     live    last + 1         show it
 *             up to last       it has been: drop it
 *             beyond           something is missing: ask what is behind last
 *     page    up to its next   show its events; last = next
 *
 * An event is in the journal before it is published, so the page asked for
 * because of an event has the event itself. Each epoch counts for itself; a
 * reply says which one is the bridge's, for an event may be an old one that
 * lay in a queue. Neither sockets nor a clock. Any thread. */
#ifndef ONEBUS_FOLLOW_H
#define ONEBUS_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "cli/page.h"
#include "cli/since.h"

/* Which event it is. The epoch lies in the message. */
struct follow_mark {
    struct slice epoch;
    uint64_t seq;
};

/* How far we have come in a journal; without an epoch: nowhere yet. */
struct follow_place {
    char epoch[PAGE_EPOCH_SIZE];
    uint64_t last;
};

struct follow {
    struct since since;
    struct follow_place here;
    struct follow_place former;
};

/* Events that are nowhere to be had; none if last < first. */
struct follow_gap {
    uint64_t first;
    uint64_t last;
};

enum follow_step {
    FOLLOW_SHOW,
    FOLLOW_DROP,
    /* Keep it, ask until caught up, and then settle it. */
    FOLLOW_ASK,
};

enum follow_turn {
    FOLLOW_MORE,      /* show its events and ask again */
    FOLLOW_CAUGHT_UP, /* show its events */
    /* It is of another journal than what we had: show nothing of it, and ask
     * again, which asks for that journal's beginning. */
    FOLLOW_ANOTHER,
};

/* Read the mark in an envelope; false if it has none. */
bool follow_mark_read(struct slice envelope, struct follow_mark *mark);

/* Begin at `since`, which is no SINCE_OLDEST. */
void follow_start(struct follow *follow, const struct since *since);

/* What to ask for next. */
struct since follow_next(const struct follow *follow);

/* A live event has come. */
enum follow_step follow_event(struct follow *follow,
                              const struct follow_mark *mark);

/* A page has come. */
enum follow_turn follow_page(struct follow *follow, const struct page *page);

/* The event for which was asked, once caught up: never FOLLOW_ASK. `gap` is
 * what lies before it and is not in the journal either. */
enum follow_step follow_settle(struct follow *follow,
                               const struct follow_mark *mark,
                               struct follow_gap *gap);

#endif
