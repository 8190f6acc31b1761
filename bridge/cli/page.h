/* SPDX-License-Identifier: MIT */
/* Pages of the journal: what is asked with bridge.replay, and what comes
 * back. Pure. Any thread. */
#ifndef ONEBUS_PAGE_H
#define ONEBUS_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "cli/since.h"

enum {
    PAGE_TOPICS_MAX = 64,   /* the bridge's */
    PAGE_EVENTS_MAX = 1000, /* what it gives unasked */
    PAGE_EPOCH_SIZE = 64,   /* with its NUL; the bridge's have 16 digits */
};

struct page_query {
    struct since since;
    const char *const *patterns;
    size_t pattern_count; /* 0: every event */
    uint64_t limit; /* so many events at most; 0: the bridge's own limit */
};

/* A reply's `data`. Slices lie in it. */
struct page {
    struct slice data;
    struct slice epoch;
    uint64_t next;   /* looked at up to here */
    uint64_t newest; /* 0: the journal is empty */
    bool truncated;  /* there is more to look at */
};

/* Append the request. */
void page_pack_request(const struct page_query *query, struct buffer *request);

/* False: it is no page. */
bool page_read(struct slice data, struct page *page);

/* Call `on_event` for each message, as it was published, until it says false;
 * false if it has. */
bool page_each_event(const struct page *page,
                     bool (*on_event)(void *ctx, struct slice message),
                     void *ctx);

/* Call `on_lost` for each range that the journal cannot give. */
void page_each_lost(const struct page *page,
                    void (*on_lost)(void *ctx, uint64_t first, uint64_t last),
                    void *ctx);

#endif
