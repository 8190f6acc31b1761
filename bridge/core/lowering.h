/* SPDX-License-Identifier: MIT */
/* Segments that a peer drops or spoils, turned into what it does deliver.
 *
 * Which peer does what: schema/README.md, section 7. Of a peer that nothing is
 * known of everything passes. Any thread. */
#ifndef ONEBUS_LOWERING_H
#define ONEBUS_LOWERING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/request.h"

struct peer;
struct segment_form;
struct warnings;

/* Where the segment goes. */
struct lowering {
    const struct peer *peer;
    bool is_private;
    bool is_in_node;       /* in the content of a forwarded message */
    bool markdown_as_text; /* whatever the peer does with Markdown */
    int64_t user_id;       /* the private chat's other end */
    struct warnings *warnings;
};

/* Change `form`, which stands at `path` in the request, into what `to` says.
 * `poked`: 0, or whom to poke instead of sending it.
 * REPLY_BAD_PARAMS, REPLY_UNSUPPORTED_BY_PEER: `fault` says why, and what else
 * to do. */
enum reply_error lowering_apply(const struct lowering *to, const char *path,
                                struct segment_form *form, int64_t *poked,
                                char fault[static REQUEST_FAULT_SIZE]);

#endif
