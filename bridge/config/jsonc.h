/* SPDX-License-Identifier: MIT */
/* JSON as people write it: with comments and trailing commas.
 *
 * What is not JSON is blanked out in place, so all that stays keeps its offset
 * and its line, and a plain JSON parser reads the rest:
 *
 *     {"a": 1, // one          {"a": 1
 *      "b": [2,],}      ->      "b": [2 ] }
 *
 * Any thread. */
#ifndef ONEBUS_JSONC_H
#define ONEBUS_JSONC_H

#include "base/buffer.h"
#include "base/status.h"

struct jsonc_error {
    size_t offset;
    const char *reason; /* static text */
};

/* Blank out comments, trailing commas and one byte order mark. Refuses what
 * cJSON would take or cut short without a word: control characters, NULs as
 * such or as \u0000, bytes that are not UTF-8 (comments may hold any).
 * STATUS_INVALID: `error` says where and why; `text` is blanked in part. */
MUST_CHECK enum status jsonc_blank(char *text, size_t size,
                                   struct jsonc_error *error);

/* The line that `offset` is in, the first being 1. */
size_t jsonc_line(struct slice text, size_t offset);

/* Where the next value from `at` on begins, or its key if it has one; `at` is
 * then behind it, or, of an object or a list, behind its bracket. So all values
 * come in the order they are written in, the whole document first. `text` is
 * blanked and well formed; its size if there are no more. */
size_t jsonc_next(struct slice text, size_t *at);

#endif
