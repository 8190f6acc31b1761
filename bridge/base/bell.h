/* SPDX-License-Identifier: MIT */
/* What one thread waits for while others may have something for it: a ring, or
 * a moment. A ring while nobody waits is kept for the next wait; several are
 * one. */
#ifndef ONEBUS_BELL_H
#define ONEBUS_BELL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct bell {
    pthread_mutex_t mutex;
    pthread_cond_t rings;
    bool has_rung;
};

void bell_init(struct bell *bell);
void bell_finish(struct bell *bell);

/* Any thread. */
void bell_ring(struct bell *bell);

/* Until it rings, or until this moment: mono ms, UINT64_MAX never. */
void bell_wait(struct bell *bell, uint64_t until_ms);

#endif
