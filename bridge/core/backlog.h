/* SPDX-License-Identifier: MIT */
/* How far the subscribers are behind, and whether to wait for them.
 *
 * PUB drops what a subscriber does not take in time, in silence. A burst must
 * not lose what a healthy one could still take, so when one is BACKLOG_HIGH
 * messages behind, reading from the peers pauses until it has caught up to
 * BACKLOG_LOW; TCP carries the pressure back. A subscriber that does not
 * deserve that does not get it: one that stands still, or is too slow to catch
 * up within a pause, is passed over for ten times as long as it was waited for,
 * and until it has moved. What it loses it sees by `seq`.
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
    /* So long without one message taken: it stands still. Longer than what a
     * garbage collector or a busy machine takes. */
    BACKLOG_STILL_MS = 500,
    /* No pause is longer: below some 2,000 messages/s a subscriber is slow. */
    BACKLOG_PAUSE_MS_MAX = 1000,
    /* How much longer one that was waited for in vain is passed over: an
     * eleventh of the time can be lost to it. */
    BACKLOG_PASSED_OVER = 10,
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

/* How far the one that is furthest behind was, when all had been added. */
uint64_t backlog_furthest(const struct backlog *backlog);
size_t backlog_subscribers(const struct backlog *backlog);

/* How many of them that look has ceased to wait for. */
size_t backlog_given_up(const struct backlog *backlog);

#endif
