/* SPDX-License-Identifier: MIT */
/* What was done differently than a caller asked, or will do other than it may
 * expect: lines for the reply's `warnings`. Bounded: WARNINGS_MAX lines, what
 * is more is counted in the last. Any thread. */
#ifndef ONEBUS_WARNINGS_H
#define ONEBUS_WARNINGS_H

#include <stddef.h>

#include "base/buffer.h"

enum { WARNINGS_MAX = 16 };

/* Zero-initialised is valid and empty. */
struct warnings {
    struct buffer lines; /* MessagePack strings, one after the other */
    size_t count;        /* how many have been added */
};

/* A line that is there already is not added again. */
void warnings_add(struct warnings *warnings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Append them to `out` as one MessagePack array. */
void warnings_pack(const struct warnings *warnings, struct buffer *out);

void warnings_finish(struct warnings *warnings);

#endif
