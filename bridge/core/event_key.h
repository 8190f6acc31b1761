/* SPDX-License-Identifier: MIT */
/* The key of an event: equal for the same event delivered twice, and for one
 * group message that several bots in the group saw. Two events that differ
 * have different keys as far as their fields tell them apart; what a message
 * says is never part of it, since people say the same thing twice.
 *
 * Forms: schema/README.md. Any thread. */
#ifndef ONEBUS_EVENT_KEY_H
#define ONEBUS_EVENT_KEY_H

#include <stdint.h>

#include "base/buffer.h"

struct onebot_frame;
struct topic;

/* Append the key of `event`, whose topic is `topic`; `self_id` is the link's,
 * for events that lack one. */
void event_key(const struct onebot_frame *event, int64_t self_id,
               const struct topic *topic, struct buffer *out);

#endif
