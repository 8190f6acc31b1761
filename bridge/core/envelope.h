/* SPDX-License-Identifier: MIT */
/* The envelope: what an event message carries behind its topic.
 *
 *   <topic> NUL <MessagePack map>
 *
 * Keys, types and meaning: schema/README.md. Any thread. */
#ifndef ONEBUS_ENVELOPE_H
#define ONEBUS_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* May this message be heard, and is an answer expected. */
struct envelope_policy {
    bool allowed;
    bool respond;
    bool mentioned;
    bool from_bot;      /* another account of this bridge said it */
    const char *reason; /* a reason code: "open" */
    /* MessagePack pairs that follow: system_prompt, skills, tools. */
    struct slice extras;
    size_t extra_count;
};

struct envelope {
    const char *topic;
    const char *type;
    const char *epoch;
    uint64_t seq;
    uint64_t time_ms;
    const char *account;
    int64_t self_id;
    const char *peer; /* NULL: left out */
    struct slice key;
    /* Only messages have these two. */
    bool is_message;
    struct slice text;
    struct envelope_policy policy;
    /* The event as a MessagePack map, in pieces that follow each other: what
     * replaces a member is put between them without copying the rest first. */
    struct slice event[3];
};

/* Append the whole message, topic first, to `out`. */
void envelope_pack(const struct envelope *envelope, struct buffer *out);

#endif
