/* SPDX-License-Identifier: MIT */
#include "journal_view.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "edge/journal_reader.h"
#include "edge/journal_tail.h"

struct journal_view {
    char *folder;
    struct journal_tail *tail;
    struct journal_reader *reader;
    unsigned generation; /* of the file that it reads */
};

struct journal_view *journal_view_create(const char *folder,
                                         struct journal_tail *tail)
{
    struct journal_view *view = mem_zalloc(1, sizeof(*view));
    view->folder = mem_strdup(folder);
    view->tail = tail;
    return view;
}

static void close_reader(struct journal_view *view)
{
    journal_reader_close(view->reader);
    view->reader = NULL;
}

void journal_view_destroy(struct journal_view *view)
{
    if (view == NULL)
        return;
    close_reader(view);
    free(view->folder);
    free(view);
}

static bool open_reader(struct journal_view *view, unsigned generation,
                        struct journal_page *page)
{
    if (view->generation != generation)
        close_reader(view);
    if (view->reader == NULL)
        view->reader = journal_reader_open(view->folder);
    view->generation = generation;
    if (view->reader == NULL)
        snprintf(page->fault, sizeof(page->fault), "it cannot be opened");
    return view->reader != NULL;
}

/* False: there is a file, and it cannot be read. */
static bool read_file(struct journal_view *view,
                      const struct journal_query *query,
                      struct journal_page *page)
{
    unsigned generation = journal_tail_generation(view->tail);
    if (generation == 0 && !journal_tail_needs_file(view->tail, query))
        return true;
    if (generation == 0) {
        snprintf(page->fault, sizeof(page->fault), "it cannot be opened now");
        return false;
    }
    if (!open_reader(view, generation, page))
        return false;
    if (journal_reader_read(view->reader, query, page))
        return true;
    close_reader(view);
    return false;
}

static void read_forward(struct journal_view *view,
                         const struct journal_query *query,
                         struct journal_page *page)
{
    page->next = query->after;
    if (read_file(view, query, page) && !page->is_cut)
        journal_tail_read(view->tail, query, page);
}

static void read_backward(struct journal_view *view,
                          const struct journal_query *query,
                          struct journal_page *page)
{
    struct journal_query rest = *query;
    journal_tail_read(view->tail, query, page);
    rest.before = page->next;
    if (!page->is_cut)
        (void)read_file(view, &rest, page);
}

void journal_view_read(struct journal_view *view,
                       const struct journal_query *query,
                       struct journal_page *page)
{
    (query->is_backward ? read_backward : read_forward)(view, query, page);
}
