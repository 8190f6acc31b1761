/* SPDX-License-Identifier: MIT */
#include "journal_feed.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "edge/journal.h"
#include "edge/journal_view.h"

enum {
    PAGE_EVENTS = 1000,
    PAGE_BYTES = 256 << 10,
    /* What should be there and cannot be read now. */
    AGAIN_MS = 200,
};

struct journal_feed {
    struct journal *journal;
    struct journal_view *view;
    struct journal_page page;
    uint64_t after;     /* what the page is behind of */
    size_t at, lost_at; /* in it: what comes next */
    uint64_t since_ms;
    uint64_t due_ms; /* mono; UINT64_MAX: it is not to be read again */
};

struct journal_feed *journal_feed_create(struct journal *journal,
                                         const char *folder)
{
    struct journal_feed *feed = mem_zalloc(1, sizeof(*feed));
    feed->journal = journal;
    feed->view = journal_view_create(folder, journal_tail(journal));
    feed->due_ms = UINT64_MAX;
    return feed;
}

void journal_feed_destroy(struct journal_feed *feed)
{
    if (feed == NULL)
        return;
    journal_page_finish(&feed->page);
    journal_view_destroy(feed->view);
    free(feed);
}

static void drop_page(struct journal_feed *feed, uint64_t after)
{
    journal_page_finish(&feed->page);
    feed->page.next = feed->after = after;
    feed->at = feed->lost_at = 0;
    feed->due_ms = UINT64_MAX;
}

void journal_feed_seek(struct journal_feed *feed, uint64_t after,
                       uint64_t since_ms)
{
    drop_page(feed, after);
    feed->since_ms = since_ms;
}

void journal_feed_rewind(struct journal_feed *feed, uint64_t after)
{
    const struct journal_page *page = &feed->page;
    if (after < feed->after || after > page->next) {
        drop_page(feed, after);
        return;
    }
    feed->at = feed->lost_at = 0;
    while (feed->at < page->count && page->entries[feed->at].seq <= after)
        feed->at++;
    while (feed->lost_at < page->lost_count &&
           page->lost[feed->lost_at].last <= after)
        feed->lost_at++;
}

/* ---- reading --------------------------------------------------------------
 */

static bool is_at_end(const struct journal_feed *feed)
{
    return feed->at == feed->page.count &&
           feed->lost_at == feed->page.lost_count;
}

/* The next page, which begins where this one ends. */
static void read_page(struct journal_feed *feed, uint64_t now_ms)
{
    const struct journal_query query = {
        .epoch = journal_epoch(feed->journal),
        .after = feed->page.next,
        .since_ms = feed->since_ms,
        .misses_start = feed->since_ms == 0,
        .events_max = PAGE_EVENTS,
        .bytes_max = PAGE_BYTES,
    };
    drop_page(feed, query.after);
    journal_view_read(feed->view, &query, &feed->page);
    if (feed->page.fault[0] != '\0' || feed->page.next == query.after) {
        feed->page.next = query.after;
        feed->due_ms = now_ms + AGAIN_MS;
        return;
    }
    if (feed->page.count > 0 || !feed->page.is_cut)
        feed->since_ms = 0;
}

static bool is_due(const struct journal_feed *feed, uint64_t now_ms)
{
    return feed->page.next < journal_kept(feed->journal) &&
           (feed->due_ms == UINT64_MAX || now_ms >= feed->due_ms);
}

/* False: there is nothing. */
static bool find(struct journal_feed *feed, uint64_t now_ms)
{
    while (is_at_end(feed)) {
        if (!is_due(feed, now_ms))
            return false;
        read_page(feed, now_ms);
    }
    return true;
}

static bool is_lost_next(const struct journal_feed *feed)
{
    const struct journal_page *page = &feed->page;
    return feed->lost_at < page->lost_count &&
           (feed->at == page->count ||
            page->lost[feed->lost_at].first < page->entries[feed->at].seq);
}

enum journal_feed_kind journal_feed_peek(struct journal_feed *feed,
                                         uint64_t now_ms,
                                         struct journal_feed_item *item)
{
    const struct journal_page *page = &feed->page;
    *item = (struct journal_feed_item){0};
    if (!find(feed, now_ms)) {
        memcpy(item->fault, page->fault, sizeof(item->fault));
        return page->fault[0] == '\0' ? JOURNAL_FEED_NOTHING
                                      : JOURNAL_FEED_FAULT;
    }
    if (is_lost_next(feed)) {
        item->first = page->lost[feed->lost_at].first;
        item->last = page->lost[feed->lost_at].last;
        return JOURNAL_FEED_LOST;
    }
    item->first = item->last = page->entries[feed->at].seq;
    item->time_ms = page->entries[feed->at].time_ms;
    item->message = journal_page_at(page, feed->at);
    return JOURNAL_FEED_EVENT;
}

void journal_feed_pass(struct journal_feed *feed)
{
    if (is_lost_next(feed))
        feed->lost_at++;
    else
        feed->at++;
}

uint64_t journal_feed_read(const struct journal_feed *feed)
{
    return feed->page.next;
}

uint64_t journal_feed_due_ms(const struct journal_feed *feed)
{
    bool has_more = feed->page.next < journal_kept(feed->journal);
    return has_more && feed->due_ms == UINT64_MAX ? 0 : feed->due_ms;
}
