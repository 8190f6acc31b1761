/* SPDX-License-Identifier: MIT */
/* Saying a thing once a minute instead of once each time, without losing
 * count. Whoever has some that were not said asks complaint_due() when to call
 * complaint_overdue(): what does not come again is told then.
 *
 * Complaints are told apart by their reason, a string literal: by its address,
 * so the same literal should be used for the same thing. One thread. */
#ifndef ONEBUS_COMPLAINT_H
#define ONEBUS_COMPLAINT_H

#include <stdint.h>

enum {
    COMPLAINT_EVERY_MS = 60 * 1000,
    /* A thing that goes on tells the count by itself, with all there is to say
     * about it; only for one that has ended somebody else has to. */
    COMPLAINT_OVERDUE_MS = COMPLAINT_EVERY_MS + 30 * 1000,
    /* More reasons than there are; were there more still, the last row would
     * serve them all. */
    COMPLAINT_ROWS = 48,
};

/* Of one reason. Zero-initialised: it has not come yet. */
struct complaint_row {
    const char *reason;
    uint64_t unsaid;
    uint64_t said_ms; /* when its minute began */
    uint32_t said;    /* lines within it */
    uint64_t count;   /* of all */
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

/* The same where the first `few` of a minute are said one by one. Once some
 * were not, that is one line a minute until a minute has none. */
uint64_t complaint_count_few(struct complaint_row *row, const char *reason,
                             uint32_t few, uint64_t now_ms);

/* The row of this reason, for complaint_count_own(). */
struct complaint_row *complaint_row_of(struct complaints *complaints,
                                       const char *reason);

/* When complaint_overdue() may have something; UINT64_MAX if never. */
uint64_t complaint_due(const struct complaint_row *row);

/* How many were not said, if that is to be done now; else 0. */
uint64_t complaint_overdue(struct complaint_row *row, uint64_t now_ms);

#endif
