/* SPDX-License-Identifier: MIT */
/* Named cursors: up to which event each consumer has come, for those that have
 * no disk of their own. Pure. One thread. */
#ifndef ONEBUS_CURSORS_H
#define ONEBUS_CURSORS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"

enum {
    CURSOR_CONSUMER_BYTES_MAX = 128,
    CURSOR_EPOCH_BYTES_MAX = 32,
    CURSORS_MAX = 1024,
};

struct cursor {
    char consumer[CURSOR_CONSUMER_BYTES_MAX + 1];
    char epoch[CURSOR_EPOCH_BYTES_MAX + 1]; /* of the journal it is in */
    uint64_t seq;
};

struct cursors;

struct cursors *cursors_create(void);
void cursors_destroy(struct cursors *cursors);

/* Letters, digits and ._:@/- only, and not too many of them. */
bool cursors_is_name(struct slice consumer);

/* STATUS_FULL: there are CURSORS_MAX of others. */
MUST_CHECK enum status cursors_set(struct cursors *cursors,
                                   const struct cursor *cursor);

/* NULL if there is none. Until the next change. */
const struct cursor *cursors_find(const struct cursors *cursors,
                                  struct slice consumer);

/* False if there is none. */
bool cursors_drop(struct cursors *cursors, struct slice consumer);

#endif
