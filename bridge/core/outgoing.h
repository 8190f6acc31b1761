/* SPDX-License-Identifier: MIT */
/* What a message becomes before it leaves: read in whatever form a caller
 * wrote it, checked, turned into what the peer delivers, and cut where its
 * text is too long for one message.
 *
 * A message is a string, one segment, or an array of segments and strings. A
 * string as the whole message has CQ codes in it, unless `auto_escape`; the
 * text of a segment, and a string in an array, never has. Any thread. */
#ifndef ONEBUS_OUTGOING_H
#define ONEBUS_OUTGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/request.h"

struct peer;
struct warnings;

enum {
    OUTGOING_PARTS_MAX = 100,
    OUTGOING_SEGMENTS_MAX = 4096, /* those in nodes counted too */
    OUTGOING_NODE_DEPTH_MAX = 3,  /* nodes in nodes, as NapCat has it */
};

enum outgoing_kind {
    OUTGOING_MESSAGE,
    OUTGOING_POKE, /* an action of its own, in its place among the messages */
};

struct outgoing_part {
    enum outgoing_kind kind;
    struct slice message; /* MessagePack: what goes into `message`, or
                             `messages`; in the outgoing's `bytes` */
    int64_t user_id;      /* of a poke: whom */
};

struct outgoing_options {
    const struct peer *peer;
    bool auto_escape; /* a string has no CQ codes in it */
    bool is_forward;  /* `messages`: nodes and nothing else */
    bool is_private;
    bool markdown_as_text;
    int64_t user_id; /* the private chat's other end */
    size_t text_max; /* characters in one message; 0: no limit */
};

/* Zero-initialised is valid and empty. */
struct outgoing {
    struct buffer bytes;
    struct outgoing_part *parts;
    size_t count, capacity;
};

/* Plan how `message`, MessagePack, leaves. `out` must be empty.
 *
 * `is_as_given`: nothing had to change, the caller's own bytes may leave; `out`
 * then has no parts, else one at least.
 * REPLY_BAD_PARAMS, REPLY_UNSUPPORTED_BY_PEER: `fault` says where, why and what
 * is allowed; `out` has no parts. */
enum reply_error outgoing_plan(struct slice message,
                               const struct outgoing_options *options,
                               struct outgoing *out, bool *is_as_given,
                               struct warnings *warnings,
                               char fault[static REQUEST_FAULT_SIZE]);

void outgoing_finish(struct outgoing *out);

#endif
