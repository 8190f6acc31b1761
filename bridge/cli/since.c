/* SPDX-License-Identifier: MIT */
#include "since.h"

#include <stdio.h>

#include "config/quantity.h"

enum { SHOWN_BYTES_MAX = 80 };

bool since_parse(const char *text, struct since *since)
{
    int64_t value;
    enum since_kind kind = SINCE_SEQ;
    bool is_good = quantity_parse_number(text, &value) && value >= 0;
    if (!is_good) {
        kind = SINCE_AGE;
        is_good = quantity_parse_time(text, &value) && value > 0;
    }
    /* The largest stands for whatever is larger. */
    if (is_good && value < INT64_MAX) {
        *since = (struct since){kind, (uint64_t)value};
        return true;
    }
    fprintf(stderr,
            "onebus: --since %.*s: allowed: the seq of an event, e.g. 1042, "
            "or how far back, e.g. 30s, 10m, 2h or 7d\n",
            SHOWN_BYTES_MAX, text);
    return false;
}
