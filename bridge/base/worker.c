/* SPDX-License-Identifier: MIT */
#include "worker.h"

#include <stddef.h>

/* False: it is the end. */
static bool wait_for_items(struct worker *worker)
{
    pthread_mutex_lock(&worker->mutex);
    while (!worker->has_items && !worker->is_closing)
        pthread_cond_wait(&worker->has_work, &worker->mutex);
    bool goes_on = worker->has_items;
    worker->has_items = false;
    pthread_mutex_unlock(&worker->mutex);
    return goes_on;
}

static void *run(void *ctx)
{
    struct worker *worker = ctx;
    while (wait_for_items(worker)) {
        struct mailbox_item *items = mailbox_take_all(&worker->mailbox);
        if (items != NULL)
            worker->work(worker->ctx, items);
    }
    return NULL;
}

static void wake(void *ctx)
{
    struct worker *worker = ctx;
    pthread_mutex_lock(&worker->mutex);
    worker->has_items = true;
    pthread_cond_signal(&worker->has_work);
    pthread_mutex_unlock(&worker->mutex);
}

bool worker_start(struct worker *worker, const char *name,
                  void (*work)(void *ctx, struct mailbox_item *items),
                  void *ctx)
{
    *worker = (struct worker){.work = work, .ctx = ctx};
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->has_work, NULL);
    mailbox_init(&worker->mailbox, wake, worker);
    worker->runs = pthread_create(&worker->thread, NULL, run, worker) == 0;
    if (worker->runs)
        (void)pthread_setname_np(worker->thread, name);
    return worker->runs;
}

void worker_put(struct worker *worker, struct mailbox_item *item)
{
    mailbox_put(&worker->mailbox, item);
}

void worker_stop(struct worker *worker)
{
    pthread_mutex_lock(&worker->mutex);
    worker->is_closing = true;
    pthread_cond_signal(&worker->has_work);
    pthread_mutex_unlock(&worker->mutex);
    if (worker->runs)
        pthread_join(worker->thread, NULL);
    mailbox_finish(&worker->mailbox);
    pthread_cond_destroy(&worker->has_work);
    pthread_mutex_destroy(&worker->mutex);
}
