/* SPDX-License-Identifier: MIT */
/* Saying a thing once a minute instead of once each time, without losing
 * count.
 *
 * Complaints are told apart by their reason, a string literal: by its address,
 * so the same literal should be used for the same thing. One thread. */
#ifndef ONEBUS_COMPLAINT_H
#define ONEBUS_COMPLAINT_H

#include <stdint.h>

enum {
    COMPLAINT_EVERY_MS = 60 * 1000,
    /* More reasons than there are; were there more still, the last row would
     * serve them all. */
    COMPLAINT_ROWS = 48,
};

/* Of one reason. Zero-initialised: it has not come yet. */
struct complaint_row {
    const char *reason;
    uint64_t unsaid;
    uint64_t said_ms;
    uint64_t count; /* of all */
    uint64_t last_ms;
};

/* Zero-initialised is empty. */
struct complaints {
    struct complaint_row rows[COMPLAINT_ROWS];
    uint64_t total;
};

/* Count one. If it is to be said now, how many have come since it was last
 * said, this one included; else 0. */
uint64_t complaint_count(struct complaints *complaints, const char *reason,
                         uint64_t now_ms);

/* The same in a row that is somebody's own. */
uint64_t complaint_count_own(struct complaint_row *row, const char *reason,
                             uint64_t now_ms);

#endif
