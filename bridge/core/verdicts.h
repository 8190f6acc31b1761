/* SPDX-License-Identifier: MIT */
/* The last decisions of the gate, for whoever asks why. A ring of fixed size.
 * Pure. One thread. */
#ifndef ONEBUS_VERDICTS_H
#define ONEBUS_VERDICTS_H

#include <stddef.h>
#include <stdint.h>

#include "core/access.h"

enum { VERDICTS_KEPT = 1024 };

struct verdict_note {
    uint64_t seq;     /* 0: it was not published */
    uint64_t time_ms; /* since 1970 */
    size_t account;   /* struct account.index */
    struct access_subject subject;
    /* The group's settings may have gone since: not to be looked into. */
    struct access_verdict verdict;
};

struct verdicts;

struct verdicts *verdicts_create(void);
void verdicts_destroy(struct verdicts *verdicts);

/* Room for one more, to be filled in: each event comes through here. */
struct verdict_note *verdicts_add(struct verdicts *verdicts);

/* The one that is `age` back: 0 is the newest. NULL: there are not so many. */
const struct verdict_note *verdicts_at(const struct verdicts *verdicts,
                                       size_t age);

#endif
