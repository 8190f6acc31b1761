/* SPDX-License-Identifier: MIT */
/* A thread that does what it is given: for what must not hold up the loop.
 *
 * What has gathered while it worked it gets at once, oldest first. */
#ifndef ONEBUS_WORKER_H
#define ONEBUS_WORKER_H

#include <stdbool.h>

#include "base/mailbox.h"

struct worker {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t has_work;
    bool has_items, is_closing; /* under the mutex */
    bool runs;
    struct mailbox mailbox;
    void (*work)(void *ctx, struct mailbox_item *items);
    void *ctx;
};

/* Start it; `name`, a literal of up to 15 characters, is what it is called
 * where threads are shown. `work` is called on its thread with items linked by
 * `next`, which are then its own. False: there is no thread; worker_stop() all
 * the same. */
bool worker_start(struct worker *worker, const char *name,
                  void (*work)(void *ctx, struct mailbox_item *items),
                  void *ctx);

/* Any thread. */
void worker_put(struct worker *worker, struct mailbox_item *item);

/* Do what there still is, and end. */
void worker_stop(struct worker *worker);

#endif
