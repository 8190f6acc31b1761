/* SPDX-License-Identifier: MIT */
/* RFC 8259 once more, written to be read and not to be quick: what the bridge
 * must take, and what it must refuse. It shares no code with bridge/. */
#ifndef ONEBUS_STRICT_JSON_H
#define ONEBUS_STRICT_JSON_H

#include <stdbool.h>

#include "base/buffer.h"

/* What is nested deeper is not looked at any more. */
enum { STRICT_JSON_DEPTH_MAX = 2000 };

struct strict_json {
    bool is_good;   /* in the grammar, UTF-8, all numbers finite */
    unsigned depth; /* 0: a scalar */
    /* An escape \ud800 to \udfff without its other half. */
    bool has_lone_surrogate;
    bool has_long_number;  /* above what cJSON takes */
    struct buffer numbers; /* a `struct slice` each, in their order */
};

/* `numbers` points into `text`. A byte order mark before it is passed over. */
struct strict_json strict_json_read(struct slice text);

void strict_json_finish(struct strict_json *json);

#endif
