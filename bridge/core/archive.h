/* SPDX-License-Identifier: MIT */
/* What is asked of the journal, and the page that answers it, in the core's
 * terms. Plain data; the functions are pure and may be called by any thread.
 */
#ifndef ONEBUS_ARCHIVE_H
#define ONEBUS_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/topic.h"

enum {
    ARCHIVE_PATTERNS_MAX = 64,
    ARCHIVE_ACCOUNT_SIZE = 65,
};

/* Which events are wanted. One block of memory, freed with free(). */
struct archive_filter {
    char account[ARCHIVE_ACCOUNT_SIZE]; /* only this account's; "" any */
    size_t pattern_count;               /* 0: all topics */
    char patterns[][TOPIC_SIZE];
};

struct archive_query {
    /* Forward: events beyond `after`, and not before `since_ms` (0: any time),
     * oldest first. Backward: events below `before`, newest first. */
    bool is_backward;
    uint64_t after, before;
    uint64_t since_ms;
    /* What lies between `after` and the oldest event is missed, not just not
     * asked for. */
    bool misses_start;
    size_t events_max, bytes_max; /* one event always fits */
};

struct archive_range {
    uint64_t first, last;
};

/* Borrowed. */
struct archive_page {
    bool is_backward;
    const char *fault; /* NULL: it could be read */
    const struct slice *events;
    size_t event_count;
    const struct archive_range *lost;
    size_t lost_count;
    uint64_t next; /* all up to here (or down to) has been looked at */
    uint64_t oldest, newest;
    bool is_cut; /* there is more to look at */
};

/* How the journal is. */
struct archive_state {
    const char *mode;  /* "ok", "failing", "memory", "stopped" */
    const char *fault; /* why it fails; "" */
    uint64_t oldest, newest, bytes, lost;
    size_t queued, queue_max;
};

/* Room for so many patterns, none of them set. */
struct archive_filter *archive_filter_create(size_t pattern_count);

/* Whether an event with this topic, this envelope, is wanted. */
bool archive_filter_wants(const struct archive_filter *filter,
                          struct slice topic);
bool archive_filter_accepts(const struct archive_filter *filter,
                            struct slice envelope);

/* The one chat that the pattern with this index is about: `group.20002`. Empty
 * if it may match topics of several. Lies in the filter. */
struct slice archive_filter_chat(const struct archive_filter *filter,
                                 size_t index);

#endif
