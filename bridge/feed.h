/* SPDX-License-Identifier: MIT */
/* The journal's events one after the other, from any seq on, and again if need
 * be: a page is read ahead. One thread. */
#ifndef ONEBUS_FEED_H
#define ONEBUS_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct feed;
struct journal;

enum feed_kind {
    FEED_NOTHING, /* for now */
    FEED_EVENT,
    FEED_LOST,  /* a range that the journal has not, or no more */
    FEED_FAULT, /* the journal cannot be read now */
};

/* What comes next; good until the feed is next asked. */
struct feed_item {
    uint64_t first, last; /* seq; of an event both are the same */
    uint64_t time_ms;     /* FEED_EVENT */
    struct slice message; /* FEED_EVENT: topic NUL envelope */
    char fault[128];      /* FEED_FAULT */
};

/* `folder`: of the journal's file; NULL: there is none. */
struct feed *feed_create(struct journal *journal, const char *folder);
/* NULL is fine. */
void feed_destroy(struct feed *feed);

/* Go on with what is behind `after`; if the journal begins later, what is
 * between is lost. Or, unless `since_ms` (wall) is 0, with the first behind it
 * from then on. */
void feed_seek(struct feed *feed, uint64_t after, uint64_t since_ms);

/* The same for some that were passed already, to be passed again. */
void feed_rewind(struct feed *feed, uint64_t after);

/* What comes next. `now_ms`: mono. */
enum feed_kind feed_peek(struct feed *feed, uint64_t now_ms,
                         struct feed_item *item);

/* Pass what feed_peek() has told of. */
void feed_pass(struct feed *feed);

/* All up to this seq has been read. */
uint64_t feed_read(const struct feed *feed);

/* After FEED_NOTHING, when to ask again: mono ms; 0: there is more by now;
 * UINT64_MAX: when there is more. */
uint64_t feed_due_ms(const struct feed *feed);

#endif
