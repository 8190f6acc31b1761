/* SPDX-License-Identifier: MIT */
/* What is asked of the journal, and the page that answers it: a slice of
 * events, and which of those asked for are not to be had. */
#ifndef ONEBUS_JOURNAL_PAGE_H
#define ONEBUS_JOURNAL_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/ring.h"

enum { JOURNAL_CHATS_MAX = 16 };

struct journal_query {
    /* Of the journal that is asked; NULL: of whichever there is. Borrowed for
     * as long as the query lives. */
    const char *epoch;
    /* Forward: events beyond `after`, and not before `since_ms` (0: any time),
     * oldest first. Backward: events below `before`, newest first. */
    bool is_backward;
    uint64_t after, before;
    uint64_t since_ms;
    /* What lies between `after` and the oldest event is missed, not just not
     * asked for. */
    bool misses_start;
    size_t events_max, bytes_max; /* one event always fits */
    /* Only events of these chats (journal_chat()); 0 of them: of all. */
    uint32_t chats[JOURNAL_CHATS_MAX];
    size_t chat_count;
    /* Only events of which this says yes; NULL: of all. Called on the reader's
     * thread. */
    bool (*wants)(void *ctx, struct slice topic);
    bool (*accepts)(void *ctx, struct slice envelope);
    void *ctx;
};

struct journal_range {
    uint64_t first, last;
};

/* What is known of an event in a page. */
struct journal_entry {
    uint64_t seq, time_ms;
    size_t end; /* of its message */
};

/* Zero-initialised is empty. */
struct journal_page {
    struct buffer messages; /* one behind the other */
    struct journal_entry *entries;
    size_t count;
    struct journal_range *lost;
    size_t lost_count;
    /* Forward: all up to here has been looked at. Backward: all down to here.
     */
    uint64_t next;
    uint64_t oldest, newest; /* that there are; 0 if there are none */
    bool is_cut;             /* there is more to look at */
    char fault[128];         /* it could not be read: why; else "" */
};

void journal_page_finish(struct journal_page *page);

/* The message with this index, borrowed from the page. */
struct slice journal_page_at(const struct journal_page *page, size_t index);

/* Whether an event that size_max bytes does not fit any more. */
bool journal_page_is_full(const struct journal_page *page,
                          const struct journal_query *query, size_t more);

/* Add an event; its message comes in two pieces: topic, and what follows its
 * NUL. */
void journal_page_add(struct journal_page *page, uint64_t seq, uint64_t time_ms,
                      struct slice topic, struct slice envelope);

/* Add a range that is lost; nothing if it is empty. */
void journal_page_lose(struct journal_page *page, uint64_t first,
                       uint64_t last);

/* Whether the chat is one of those that the query lists. */
bool journal_query_has(const struct journal_query *query, uint32_t chat);

/* Whether the query is about the topic's chat. */
bool journal_query_names(const struct journal_query *query, struct slice topic);

#endif
