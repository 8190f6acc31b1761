/* SPDX-License-Identifier: MIT */
/* Where threads meet: many put, one takes.
 *
 * The items are the callers' own structs with a `mailbox_item` in them, so a
 * put never allocates and cannot fail. An item is in one mailbox at a time;
 * from put to take it is nobody's to touch. */
#ifndef ONEBUS_MAILBOX_H
#define ONEBUS_MAILBOX_H

#include <pthread.h>

struct mailbox_item {
    struct mailbox_item *next;
};

struct mailbox {
    pthread_mutex_t mutex;
    struct mailbox_item *first;
    struct mailbox_item **last;
    /* Called by the putting thread when the mailbox was empty: once for each
     * burst, however long. */
    void (*wake)(void *ctx);
    void *wake_ctx;
};

void mailbox_init(struct mailbox *mailbox, void (*wake)(void *ctx), void *ctx);

/* Any thread. */
void mailbox_put(struct mailbox *mailbox, struct mailbox_item *item);

/* Everything put so far, oldest first, linked by `next`; NULL when empty. */
struct mailbox_item *mailbox_take_all(struct mailbox *mailbox);

/* The items inside, if any, stay their owners'. */
void mailbox_finish(struct mailbox *mailbox);

#endif
