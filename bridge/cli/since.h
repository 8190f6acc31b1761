/* SPDX-License-Identifier: MIT */
/* Where to begin in the journal, as people write it.
 *
 *     1042            behind the event with this seq
 *     30s 10m 2h 7d   with the events of so far back
 *
 * Any thread. */
#ifndef ONEBUS_SINCE_H
#define ONEBUS_SINCE_H

#include <stdbool.h>
#include <stdint.h>

enum since_kind {
    SINCE_OLDEST, /* not said: with the oldest there is */
    SINCE_SEQ,
    SINCE_AGE,
};

struct since {
    enum since_kind kind;
    uint64_t value; /* the seq; the ms */
};

/* False, with a line on stderr that says what is allowed: it is neither. */
bool since_parse(const char *text, struct since *since);

#endif
