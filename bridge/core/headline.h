/* SPDX-License-Identifier: MIT */
/* What goes on in a bridge, in one line, for people who look from outside:
 *
 *     QQ online on 2 of 3 accounts, not on bot2; 12.4 events/s, seq 104212
 *
 * One thread. */
#ifndef ONEBUS_HEADLINE_H
#define ONEBUS_HEADLINE_H

#include "base/buffer.h"
#include "base/clock.h"

struct bridge;

/* How far the events were at the last line. */
struct headline {
    uint64_t seq;
    uint64_t mono_ms; /* 0: there was none */
};

/* Append the next line; rates are since the one before. */
void headline_append(struct headline *headline, const struct bridge *bridge,
                     struct instant now, struct buffer *out);

#endif
