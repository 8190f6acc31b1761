/* SPDX-License-Identifier: MIT */
/* Pairing, as the peers and the bus see it: strangers are told how to be let
 * in, and what becomes of it is kept and told. Who is what: pairing.h. One
 * thread. */
#ifndef ONEBUS_GREETER_H
#define ONEBUS_GREETER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct account;
struct bridge;
struct onebot_frame;
struct pairing_entry;

/* A private message of somebody who is not paired has come. */
void greeter_on_stranger(struct bridge *bridge, struct account *account,
                         const struct onebot_frame *frame, struct instant now);

/* A change of what is known of somebody: keep it, and tell the bus.
 * `what` is "approved", "denied" or "revoked". `cookie` comes back to
 * bridge_on_kept(). False: it cannot be kept now. */
bool greeter_settle(struct bridge *bridge, const struct pairing_entry *entry,
                    const char *what, uint64_t cookie, struct instant now);

/* Let codes go that are too old, and have the next such moment watched. */
void greeter_on_tick(struct bridge *bridge, struct instant now);

#endif
