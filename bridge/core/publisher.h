/* SPDX-License-Identifier: MIT */
/* The crossing's way out: the peers' events and the bridge's own, numbered and
 * published. One thread. */
#ifndef ONEBUS_PUBLISHER_H
#define ONEBUS_PUBLISHER_H

#include "base/buffer.h"
#include "base/clock.h"

struct bridge;
struct account;
struct envelope_policy;
struct news;
struct onebot_frame;

/* Publish an event that has been placed and read in bridge->event. Gives its
 * seq. `policy` is for messages, else NULL. */
uint64_t publisher_publish(struct bridge *bridge, struct account *account,
                           const struct onebot_frame *frame,
                           const struct envelope_policy *policy,
                           struct instant now);

/* An event of the bridge's own, about the account. */
void publisher_tell(struct bridge *bridge, const struct account *account,
                    const struct news *news, struct instant now);

#endif
