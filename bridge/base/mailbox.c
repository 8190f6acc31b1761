/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include <stdbool.h>
#include <stddef.h>

void mailbox_init(struct mailbox *mailbox, void (*wake)(void *ctx), void *ctx)
{
    pthread_mutex_init(&mailbox->mutex, NULL);
    mailbox->first = NULL;
    mailbox->last = &mailbox->first;
    mailbox->wake = wake;
    mailbox->wake_ctx = ctx;
}

void mailbox_put(struct mailbox *mailbox, struct mailbox_item *item)
{
    item->next = NULL;
    pthread_mutex_lock(&mailbox->mutex);
    bool was_empty = mailbox->first == NULL;
    *mailbox->last = item;
    mailbox->last = &item->next;
    pthread_mutex_unlock(&mailbox->mutex);
    if (was_empty)
        mailbox->wake(mailbox->wake_ctx);
}

struct mailbox_item *mailbox_take_all(struct mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->mutex);
    struct mailbox_item *items = mailbox->first;
    mailbox->first = NULL;
    mailbox->last = &mailbox->first;
    pthread_mutex_unlock(&mailbox->mutex);
    return items;
}

void mailbox_finish(struct mailbox *mailbox)
{
    pthread_mutex_destroy(&mailbox->mutex);
}
