/* SPDX-License-Identifier: MIT */
/* The segment types that are known: what they are called, which parameters
 * they have and who sends them. Static tables. Any thread. */
#ifndef ONEBUS_SEGMENT_TYPE_H
#define ONEBUS_SEGMENT_TYPE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "core/peer.h"

/* What a parameter may be, and what becomes of it. */
enum param_form {
    PARAM_END, /* none: behind the last one */
    PARAM_ANY,
    PARAM_TEXT,    /* a text; a number becomes one */
    PARAM_WHO,     /* a QQ number or "all", as text */
    PARAM_INTEGER, /* an integer; its text becomes one */
    PARAM_DEGREES, /* a number; leaves as text */
    PARAM_JSON,    /* a JSON text, or a map */
    PARAM_FILE,    /* a text, or bytes */
};

struct segment_param {
    const char *name;
    const char *also; /* another name for it; NULL: none */
    enum param_form form;
    bool is_required;
    int most; /* PARAM_DEGREES: and -most the least */
};

enum { SEGMENT_PARAMS_MAX = 8 };

struct segment_type {
    const char *name;
    const char *also;    /* another name for it; NULL: none */
    unsigned senders;    /* bits of PEER_BIT() */
    const char *instead; /* the way out where it is not sent; NULL: none */
    struct segment_param params[SEGMENT_PARAMS_MAX + 1];
};

#define PEER_BIT(kind) (1U << (kind))

/* By either name; NULL: none of them. */
const struct segment_type *segment_type_find(struct slice name);

/* The parameter called so, by either name; NULL: the type has none. */
const struct segment_param *segment_type_param(const struct segment_type *type,
                                               struct slice name);

#endif
