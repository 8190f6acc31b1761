/* SPDX-License-Identifier: MIT */
/* The events' side of the bus: an NNG PUB socket.
 *
 * Publishing never waits: a subscriber that falls BUS_QUEUE_MESSAGES behind
 * loses the oldest of them, and sees it by `seq`. One thread. */
#ifndef ONEBUS_BUS_H
#define ONEBUS_BUS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* NNG's most, for each subscriber: a burst of 100,000 events lost three
 * quarters of them with its default of 16. */
enum { BUS_QUEUE_MESSAGES = 8192 };

struct bus;
struct listener_options;

/* Listen on all of `urls`. NULL: the log says why. */
struct bus *bus_create(const struct listener_options *options);
void bus_destroy(struct bus *bus);

/* The address that the URL with this index has become (port 0 is a real one).
 * Owned by the bus. */
const char *bus_url(const struct bus *bus, size_t index);

void bus_publish(struct bus *bus, struct slice message);

/* Tell of each subscriber there is now: its id, and how many messages it has
 * been sent. Tells of none where NNG was built without statistics. */
void bus_each_subscriber(struct bus *bus,
                         void (*on_subscriber)(void *ctx, uint32_t id,
                                               uint64_t sent),
                         void *ctx);

#endif
