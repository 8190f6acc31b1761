/* SPDX-License-Identifier: MIT */
/* A message as the list of what leaves: each segment checked, in the form that
 * peers take and lowered for this one; nodes with all that is in them.
 *
 * What did not have to change is borrowed from the message. Any thread. */
#ifndef ONEBUS_DRAFT_H
#define ONEBUS_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/lowering.h"
#include "core/request.h"

enum draft_kind {
    DRAFT_TEXT,
    DRAFT_AT,
    DRAFT_REPLY,
    DRAFT_NODE,
    DRAFT_OTHER,
    DRAFT_POKE, /* no segment: whom to poke */
};

struct draft_item {
    enum draft_kind kind;
    bool is_made;      /* `made_at` in the draft's `made`, else `pack` */
    size_t made_at;    /* its size is that of `pack` */
    struct slice pack; /* one segment, MessagePack */
    int64_t poked;
};

/* Zero-initialised but for `to`, `auto_escape` and `is_forward`. */
struct draft {
    struct lowering to;
    bool auto_escape; /* a string has no CQ codes in it */
    bool is_forward;  /* nodes and nothing else */

    struct draft_item *items;
    size_t count, capacity;
    bool is_changed;     /* against the message */
    size_t read;         /* segments so far, those in nodes too */
    struct buffer codes; /* segments of a string */
    struct buffer made;  /* segments that were changed */
};

/* Read `message`, MessagePack, which must stay as it is as long as the draft is
 * used. REPLY_BAD_PARAMS, REPLY_UNSUPPORTED_BY_PEER: `fault` says where and
 * why; the draft must be finished all the same. */
enum reply_error draft_read(struct draft *draft, struct slice message,
                            char fault[static REQUEST_FAULT_SIZE]);

/* The segment of an item. */
struct slice draft_segment(const struct draft *draft,
                           const struct draft_item *item);

/* The text of a DRAFT_TEXT. */
struct slice draft_text(const struct draft *draft,
                        const struct draft_item *item);

void draft_finish(struct draft *draft);

#endif
