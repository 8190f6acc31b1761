/* SPDX-License-Identifier: MIT */
/* Which known name did they mean? The one a slip of the finger or two away:
 * letters left out, put in, changed or swapped, upper or lower case.
 *
 *     struct nearmiss miss = nearmiss_of(slice_of("wsPrt"));
 *     nearmiss_offer(&miss, slice_of("wsPort"));      for each known name
 *     miss.best                                       empty: none is near
 *
 * Any thread. */
#ifndef ONEBUS_NEARMISS_H
#define ONEBUS_NEARMISS_H

#include "base/buffer.h"

struct nearmiss {
    struct slice word;
    struct slice best; /* borrowed from the offers; `size` 0: none */
    size_t distance;   /* of the best; that far away none is taken */
};

/* `word` must stay as long as the nearmiss is used. */
struct nearmiss nearmiss_of(struct slice word);

/* Of two equally near the first stays. */
void nearmiss_offer(struct nearmiss *miss, struct slice candidate);

enum { NEARMISS_HINT_SIZE = 192 };

/* ", did you mean wsPort?", to go behind a fault; empty if none is near. */
void nearmiss_hint(const struct nearmiss *miss,
                   char out[static NEARMISS_HINT_SIZE]);

#endif
