/* SPDX-License-Identifier: MIT */
/* The last events, in memory: each one's seq follows the one before, and when
 * they are more bytes than allowed the oldest go. One thread at a time. */
#ifndef ONEBUS_RING_H
#define ONEBUS_RING_H

#include <stdint.h>

#include "base/buffer.h"

struct ring;

struct ring_event {
    uint64_t seq;
    uint64_t time_ms;
    struct slice message; /* the ring's, until it is next changed */
};

/* The newest event stays, however large it is. */
struct ring *ring_create(size_t bytes_max);
void ring_destroy(struct ring *ring);

/* One that does not follow the newest takes the place of them all. */
void ring_add(struct ring *ring, const struct ring_event *event);

/* Forget what is older than this, or all of it. */
void ring_drop_before(struct ring *ring, uint64_t seq);
void ring_clear(struct ring *ring);

/* The seq of the oldest and of the newest event; 0 if there is none. */
uint64_t ring_oldest(const struct ring *ring);
uint64_t ring_newest(const struct ring *ring);

/* The event with this seq; false if it is not there. */
bool ring_find(const struct ring *ring, uint64_t seq, struct ring_event *event);

/* What the events take, this side of what malloc() adds. */
size_t ring_bytes(const struct ring *ring);

#endif
