/* SPDX-License-Identifier: MIT */
#include "replayer.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "base/worker.h"
#include "edge/journal_reader.h"
#include "edge/journal_tail.h"

enum { NICENESS = 10 };

/* A query on its way, and the page on its way back. */
struct inquiry {
    struct mailbox_item item; /* first: the item is the inquiry */
    struct journal_query query;
    uint64_t cookie;
    struct journal_page page;
};

struct replayer {
    char *folder;
    struct journal_tail *tail;
    struct worker worker;
    struct mailbox back;
    size_t waiting; /* the loop's */
    /* The worker's own. */
    bool has_stepped_back;
    struct journal_reader *reader;
    unsigned generation; /* of the file that it reads */
};

static void free_inquiry(struct inquiry *inquiry)
{
    free(inquiry->query.ctx);
    journal_page_finish(&inquiry->page);
    free(inquiry);
}

/* ---- the thread --------------------------------------------------------- */

static void close_reader(struct replayer *replayer)
{
    journal_reader_close(replayer->reader);
    replayer->reader = NULL;
}

static bool open_reader(struct replayer *replayer, unsigned generation,
                        struct journal_page *page)
{
    if (replayer->generation != generation)
        close_reader(replayer);
    if (replayer->reader == NULL)
        replayer->reader = journal_reader_open(replayer->folder);
    replayer->generation = generation;
    if (replayer->reader == NULL)
        snprintf(page->fault, sizeof(page->fault), "it cannot be opened");
    return replayer->reader != NULL;
}

/* False: there is a file, and it cannot be read. */
static bool read_file(struct replayer *replayer,
                      const struct journal_query *query,
                      struct journal_page *page)
{
    unsigned generation = journal_tail_generation(replayer->tail);
    if (generation == 0 && !journal_tail_needs_file(replayer->tail, query))
        return true;
    if (generation == 0) {
        snprintf(page->fault, sizeof(page->fault), "it cannot be opened now");
        return false;
    }
    if (!open_reader(replayer, generation, page))
        return false;
    if (journal_reader_read(replayer->reader, query, page))
        return true;
    close_reader(replayer);
    return false;
}

static void read_forward(struct replayer *replayer,
                         const struct journal_query *query,
                         struct journal_page *page)
{
    page->next = query->after;
    if (read_file(replayer, query, page) && !page->is_cut)
        journal_tail_read(replayer->tail, query, page);
}

static void read_backward(struct replayer *replayer,
                          const struct journal_query *query,
                          struct journal_page *page)
{
    struct journal_query rest = *query;
    journal_tail_read(replayer->tail, query, page);
    rest.before = page->next;
    if (!page->is_cut)
        (void)read_file(replayer, &rest, page);
}

static void serve(struct replayer *replayer, struct inquiry *inquiry)
{
    const struct journal_query *query = &inquiry->query;
    (query->is_backward ? read_backward : read_forward)(replayer, query,
                                                        &inquiry->page);
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
    replayer->folder = mem_strdup(folder);
    replayer->tail = tail;
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
    close_reader(replayer);
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&replayer->back);
         item != NULL; item = next) {
        next = item->next;
        free_inquiry((struct inquiry *)item);
    }
    mailbox_finish(&replayer->back);
    free(replayer->folder);
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
