/* SPDX-License-Identifier: MIT */
/* Folding: an event that comes a second time is not published again.
 *
 * Peers deliver events twice after they have logged in again, and two links of
 * an account may both carry what happens. What an event says is never enough:
 * people say the same thing twice.
 *
 *   - An event that its peer has named (a message's number or id, a request's
 *     flag) is a repeat if it came under that name before and the frame is the
 *     same to the last byte, or came over another link that is still open: two
 *     links may have different forms of it. A name that comes again over the
 *     same link with another content is doubtful, and what is doubtful is
 *     published.
 *   - Anything else but a meta event is a repeat if another open link has
 *     brought more of the same than this one: of two pokes within a second
 *     over two links, two are published. Over a single link each counts.
 *
 * It remembers some thousand events of all accounts for some minutes, in two
 * generations of fixed size. Pure. One thread. */
#ifndef ONEBUS_FOLD_H
#define ONEBUS_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct link;
struct onebot_frame;

enum {
    /* A generation ends with so many entries, or after so long. */
    FOLD_ENTRIES = 4096,
    FOLD_MS = 5 * 60 * 1000,
};

struct fold;

/* `seed`: any number that peers do not know. */
struct fold *fold_create(uint64_t seed);
void fold_destroy(struct fold *fold);

/* Has the event come before? If not it is remembered. `key` is its key
 * (event_key.h), `text` the frame as it came over `link`. */
bool fold_is_repeat(struct fold *fold, const struct onebot_frame *event,
                    struct slice key, const struct link *link,
                    struct slice text, uint64_t now_ms);

#endif
