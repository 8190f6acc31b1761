/* SPDX-License-Identifier: MIT */
/* A OneBot event becomes an event message of the bus.
 *
 *   frame ─▶ topic, key ─▶ segments, text, mentions ─▶ envelope
 *
 * The event goes out as it came, byte for byte in its converted form; only a
 * `message` that is a CQ string becomes an array of segments. Any thread, one
 * scratch each. */
#ifndef ONEBUS_EVENT_H
#define ONEBUS_EVENT_H

#include <stdint.h>

#include "base/buffer.h"
#include "core/segment.h"
#include "core/topic.h"

struct envelope_policy;
struct onebot_frame;

/* What the bridge knows and the event does not say. Strings are borrowed. */
struct event_context {
    const char *epoch;
    uint64_t seq;
    uint64_t time_ms; /* when the frame came, since 1970 */
    const char *account;
    int64_t self_id;  /* the link's; 0 if unknown */
    const char *peer; /* name/version; NULL if unknown */
};

/* Room that is used again for each event, so that packing allocates nothing
 * once it is warm. Zero-initialised is ready. */
struct event_scratch {
    struct topic topic;
    struct buffer segments;
    struct buffer text;
    struct buffer key;
    struct segment_summary summary; /* of a message */
};

/* Find out where `event`, a frame of kind ONEBOT_EVENT, belongs: its topic and
 * its key, into `scratch`. `self_id` is the link's; 0 if unknown. */
void event_place(const struct onebot_frame *event, int64_t self_id,
                 struct event_scratch *scratch);

/* Find out what the message `event`, of post message or message_sent, says and
 * whom it mentions. */
void event_read_message(const struct onebot_frame *event, int64_t self_id,
                        struct event_scratch *scratch);

/* Append the event message of `event`, which has been placed, and if it is a
 * message read, to `out`. `policy` is for messages, else NULL. */
void event_pack(const struct onebot_frame *event,
                const struct event_context *context,
                const struct envelope_policy *policy,
                struct event_scratch *scratch, struct buffer *out);

void event_scratch_finish(struct event_scratch *scratch);

#endif
