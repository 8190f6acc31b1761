/* SPDX-License-Identifier: MIT */
/* The journal's events one after the other, from any seq on, and again if need
 * be: a page is read ahead. One thread. */
#ifndef ONEBUS_JOURNAL_FEED_H
#define ONEBUS_JOURNAL_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct journal_feed;
struct journal;

enum journal_feed_kind {
    JOURNAL_FEED_NOTHING, /* for now */
    JOURNAL_FEED_EVENT,
    JOURNAL_FEED_LOST,  /* a range that the journal has not, or no more */
    JOURNAL_FEED_FAULT, /* the journal cannot be read now */
};

/* What comes next; good until the feed is next asked. */
struct journal_feed_item {
    uint64_t first, last; /* seq; of an event both are the same */
    uint64_t time_ms;     /* JOURNAL_FEED_EVENT */
    struct slice message; /* JOURNAL_FEED_EVENT: topic NUL envelope */
    char fault[128];      /* JOURNAL_FEED_FAULT */
};

/* `folder`: of the journal's file; NULL: there is none. */
struct journal_feed *journal_feed_create(struct journal *journal,
                                         const char *folder);
/* NULL is fine. */
void journal_feed_destroy(struct journal_feed *feed);

/* Go on with what is behind `after`; if the journal begins later, what is
 * between is lost. Or, unless `since_ms` (wall) is 0, with the first behind it
 * from then on. */
void journal_feed_seek(struct journal_feed *feed, uint64_t after,
                       uint64_t since_ms);

/* The same for some that were passed already, to be passed again. */
void journal_feed_rewind(struct journal_feed *feed, uint64_t after);

/* What comes next. `now_ms`: mono. */
enum journal_feed_kind journal_feed_peek(struct journal_feed *feed,
                                         uint64_t now_ms,
                                         struct journal_feed_item *item);

/* Pass what journal_feed_peek() has told of. */
void journal_feed_pass(struct journal_feed *feed);

/* All up to this seq has been read. */
uint64_t journal_feed_read(const struct journal_feed *feed);

/* After JOURNAL_FEED_NOTHING, when to ask again: mono ms; 0: there is more by
 * now; UINT64_MAX: when there is more. */
uint64_t journal_feed_due_ms(const struct journal_feed *feed);

#endif
