/* SPDX-License-Identifier: MIT */
/* The gate on an event's way to the bus: has it come before, may its sender be
 * heard, does anybody have to answer. The decision itself is access.h; here it
 * meets what the bridge remembers: who is paired, what the bot has said, who
 * talks in circles. Each decision is noted for bridge.why. One thread. */
#ifndef ONEBUS_GATE_H
#define ONEBUS_GATE_H

#include "base/buffer.h"
#include "base/clock.h"

struct account;
struct bridge;
struct link;
struct onebot_frame;

/* A frame of kind ONEBOT_EVENT has come over the link; `text` is the frame as
 * it came. It is published, folded or dropped. */
void gate_take(struct bridge *bridge, struct link *link,
               const struct onebot_frame *frame, struct slice text,
               struct instant now);

#endif
