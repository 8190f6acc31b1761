/* SPDX-License-Identifier: MIT */
/* How far the subscribers are behind, and whether to wait for them.
 *
 * PUB drops what a subscriber does not take in time, in silence. A burst must
 * not lose what a healthy one could still take, so when one is `high` messages
 * behind, reading from the peers pauses until it has caught up to `low`; TCP
 * carries the pressure back. A subscriber that does not deserve that does not
 * get it: one that stands still is passed over until it moves again, one too
 * slow to catch up within a pause for a while. What it loses it sees by `seq`.
 *
 *     backlog_begin(backlog, published, now_ms);
 *     for each subscriber: backlog_add(backlog, id, sent);
 *     bool wait = backlog_end(backlog);
 *
 * Pure. One thread. */
#ifndef ONEBUS_BACKLOG_H
#define ONEBUS_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BACKLOG_HIGH = 4096, /* half of what PUB queues for each */
    BACKLOG_LOW = 2048,
    /* So long without one message taken: it stands still. */
    BACKLOG_STILL_MS = 50,
    /* No pause is longer: below some 2,000 messages/s a subscriber is slow. */
    BACKLOG_PAUSE_MS_MAX = 1000,
    /* How long a slow one is passed over: a tenth of the time for it. */
    BACKLOG_SLOW_MS = 10 * 1000,
};

struct backlog;

struct backlog *backlog_create(void);
void backlog_destroy(struct backlog *backlog);

/* `published`: messages handed to PUB since it opened. */
void backlog_begin(struct backlog *backlog, uint64_t published,
                   uint64_t now_ms);

/* A subscriber there is now, and how many messages it has been sent. Its own
 * count begins when it is first seen. */
void backlog_add(struct backlog *backlog, uint32_t id, uint64_t sent);

/* Whether to pause; those not added since backlog_begin() are gone. */
bool backlog_end(struct backlog *backlog);

#endif
