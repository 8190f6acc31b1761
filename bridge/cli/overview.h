/* SPDX-License-Identifier: MIT */
/* How the bridge is, on one screen: what `onebus status` shows of the data of
 * bridge.status. Pure. Any thread. */
#ifndef ONEBUS_OVERVIEW_H
#define ONEBUS_OVERVIEW_H

#include <stdint.h>

#include "base/buffer.h"
#include "cli/tone.h"

struct overview {
    struct slice data;   /* of bridge.status */
    struct slice before; /* the same, earlier; empty: there is none */
    uint64_t between_ms; /* how much earlier */
    int64_t pairing;     /* how many wait to be let in; -1: not known */
    struct surface surface;
};

void overview_append(const struct overview *overview, struct buffer *out);

#endif
