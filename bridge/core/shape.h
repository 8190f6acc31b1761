/* SPDX-License-Identifier: MIT */
/* One value as a parameter of an action: whether it is allowed, and the form
 * in which the peer takes it. "12" is an integer where one is wanted, 12 is
 * text where that is, "true" and 1 are true; what says something else than it
 * could mean is wrong. Pure. Any thread. */
#ifndef ONEBUS_SHAPE_H
#define ONEBUS_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct catalog_param;
struct peer;

enum shape_form {
    SHAPE_WRONG,
    SHAPE_MISSING, /* null where that is none of the types */
    SHAPE_AS_IS,
    SHAPE_INTEGER,
    SHAPE_DIGITS, /* the integer as text */
    SHAPE_BOOLEAN,
};

struct shape {
    enum shape_form form;
    bool is_negative;   /* SHAPE_INTEGER, SHAPE_DIGITS */
    uint64_t magnitude; /* likewise; SHAPE_BOOLEAN: 0 or 1 */
};

/* `value` is one whole MessagePack value. */
struct shape shape_of(const struct catalog_param *param, struct slice value,
                      const struct peer *peer);

/* Append the value `given` in that form; it is neither wrong nor missing. */
void shape_pack(const struct shape *shape, struct slice given,
                struct buffer *out);

enum { SHAPE_WORDS_SIZE = 160 };

/* What is allowed, for people: "an integer or a string of digits". */
void shape_describe(const struct catalog_param *param,
                    char words[static SHAPE_WORDS_SIZE]);

#endif
