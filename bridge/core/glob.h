/* SPDX-License-Identifier: MIT */
/* Names by a pattern: `*` is any run of bytes, also none, `?` one byte, all
 * else stands for itself.
 *
 *     send_*          send_msg, send_group_msg
 *     group.2000?     group.20002
 *
 * No recursion: a match takes at most pattern times text steps, so nobody
 * makes a pattern costly by what he is called. Pure. Any thread. */
#ifndef ONEBUS_GLOB_H
#define ONEBUS_GLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* A list of patterns, borrowed. */
struct globs {
    const char *const *items;
    size_t count;
};

/* Does the whole text fit the pattern? */
bool glob_matches(const char *glob, struct slice text);

/* Does it fit one of them? */
bool globs_match(const struct globs *globs, struct slice text);

/* Is one of them "*", so that nothing is left out? */
bool globs_are_all(const struct globs *globs);

#endif
