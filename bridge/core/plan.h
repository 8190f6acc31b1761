/* SPDX-License-Identifier: MIT */
/* What a request comes to: the actions that the account's peer is asked, one
 * after the other, checked and in the form that it takes.
 *
 *     send_group_msg, 5000 characters ─▶ send_group_msg ×3
 *     send_group_msg, text and a poke ─▶ send_group_msg, group_poke
 *     .handle_quick_operation         ─▶ send_group_msg, delete_msg …
 *     anything else                   ─▶ itself
 *
 * Pure. One thread. */
#ifndef ONEBUS_PLAN_H
#define ONEBUS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/catalog.h"
#include "core/request.h"

struct peer;
struct warnings;

/* One action to ask for. */
struct plan_step {
    struct slice action;
    struct slice params; /* a MessagePack map; empty: none */
    bool is_speech;      /* the answer has the id of a message */
};

struct plan_options {
    const struct peer *peer;
    size_t text_max;     /* characters in one message; 0: no limit */
    bool allows_unknown; /* actions that are not in the catalogue */
};

/* Zero-initialised is valid and empty. */
struct plan {
    struct catalog_name name;
    struct plan_step only;   /* the one step that most plans have */
    struct plan_step *steps; /* `only`, or owned */
    size_t count;            /* 0: there is nothing to do */
    struct buffer bytes;     /* what was made for it */
    struct buffer kept;      /* what plan_keep() has copied */
    bool is_paced;           /* others see something new */
    bool is_upload;          /* a file moves */
    /* The chat that it goes to. */
    bool is_to_group;
    int64_t chat_id; /* 0: none, or not known */
};

/* Plan the request; `plan` must be empty. Its steps may point into the request
 * and the bytes that that was read from: see plan_keep().
 * REPLY_BAD_PARAMS, REPLY_UNKNOWN_ACTION, REPLY_UNSUPPORTED_BY_PEER: `fault`
 * says what is wrong and what is allowed. */
enum reply_error plan_make(const struct request *request,
                           const struct plan_options *options,
                           struct plan *plan, struct warnings *warnings,
                           char fault[static REQUEST_FAULT_SIZE]);

/* It has to outlive the request: what points into that is copied. */
void plan_keep(struct plan *plan);

/* How many bytes of the request it points to, unless it keeps them. */
size_t plan_borrows(const struct plan *plan);

/* How many bytes it holds of its own. */
size_t plan_size(const struct plan *plan);

void plan_finish(struct plan *plan);

#endif
