/* SPDX-License-Identifier: MIT */
#include "replayer.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "base/worker.h"
#include "edge/journal_view.h"

enum { NICENESS = 10 };

/* A query on its way, and the page on its way back. */
struct inquiry {
    struct mailbox_item item; /* first: the item is the inquiry */
    struct journal_query query;
    uint64_t cookie;
    struct journal_page page;
};

struct replayer {
    struct journal_view *view; /* the worker's */
    struct worker worker;
    struct mailbox back;
    size_t waiting;        /* the loop's */
    bool has_stepped_back; /* the worker's */
};

static void free_inquiry(struct inquiry *inquiry)
{
    free(inquiry->query.ctx);
    journal_page_finish(&inquiry->page);
    free(inquiry);
}

/* ---- the thread --------------------------------------------------------- */

static void serve(struct replayer *replayer, struct inquiry *inquiry)
{
    journal_view_read(replayer->view, &inquiry->query, &inquiry->page);
    mailbox_put(&replayer->back, &inquiry->item);
}

/* Who asks for old events can wait; new ones cannot. On Linux this is about
 * the calling thread. */
static void step_back(struct replayer *replayer)
{
    if (!replayer->has_stepped_back)
        (void)setpriority(PRIO_PROCESS, 0, NICENESS);
    replayer->has_stepped_back = true;
}

static void serve_all(void *ctx, struct mailbox_item *items)
{
    struct mailbox_item *next;
    step_back(ctx);
    for (struct mailbox_item *item = items; item != NULL; item = next) {
        next = item->next;
        serve(ctx, (struct inquiry *)item);
    }
}

/* ---- the loop's side ----------------------------------------------------- */

struct replayer *replayer_create(const char *folder, struct journal_tail *tail,
                                 void (*wake)(void *ctx), void *ctx)
{
    struct replayer *replayer = mem_zalloc(1, sizeof(*replayer));
    replayer->view = journal_view_create(folder, tail);
    mailbox_init(&replayer->back, wake, ctx);
    if (worker_start(&replayer->worker, "replayer", serve_all, replayer))
        return replayer;
    replayer_destroy(replayer);
    return NULL;
}

void replayer_destroy(struct replayer *replayer)
{
    if (replayer == NULL)
        return;
    worker_stop(&replayer->worker);
    journal_view_destroy(replayer->view);
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&replayer->back);
         item != NULL; item = next) {
        next = item->next;
        free_inquiry((struct inquiry *)item);
    }
    mailbox_finish(&replayer->back);
    free(replayer);
}

enum status replayer_ask(struct replayer *replayer,
                         const struct journal_query *query, uint64_t cookie)
{
    if (replayer->waiting == REPLAYER_QUEUE_MAX)
        return STATUS_FULL;
    struct inquiry *inquiry = mem_zalloc(1, sizeof(*inquiry));
    inquiry->query = *query;
    inquiry->cookie = cookie;
    replayer->waiting++;
    worker_put(&replayer->worker, &inquiry->item);
    return STATUS_OK;
}

size_t replayer_waiting(const struct replayer *replayer)
{
    return replayer->waiting;
}

void replayer_take(struct replayer *replayer,
                   void (*on_page)(void *ctx, uint64_t cookie,
                                   const struct journal_query *query,
                                   const struct journal_page *page),
                   void *ctx)
{
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&replayer->back);
         item != NULL; item = next) {
        struct inquiry *inquiry = (struct inquiry *)item;
        next = item->next;
        replayer->waiting--;
        on_page(ctx, inquiry->cookie, &inquiry->query, &inquiry->page);
        free_inquiry(inquiry);
    }
}
