/* SPDX-License-Identifier: MIT */
/* The key of an event: equal for the same event delivered twice, and for one
 * group message that several bots in the group saw. Two events that differ
 * have different keys as far as their fields tell them apart; what a message
 * says is never part of it, since people say the same thing twice.
 *
 * Forms: schema/README.md. Any thread. */
#ifndef ONEBUS_EVENT_KEY_H
#define ONEBUS_EVENT_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct onebot_frame;
struct topic;

/* Append the key of `event`, whose topic is `topic`; `self_id` is the link's,
 * for events that lack one. */
void event_key(const struct onebot_frame *event, int64_t self_id,
               const struct topic *topic, struct buffer *out);

/* Whether the peer has named the event itself, by a number, an id or a flag:
 * two events with one key are then the same event. Other keys are made of all
 * that the event says. */
bool event_key_is_named(const struct onebot_frame *event);

#endif
