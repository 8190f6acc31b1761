/* SPDX-License-Identifier: MIT */
#include "backlog.h"

#include <stdlib.h>

#include "base/mem.h"

/* What is thought of a subscriber:
 *   HEALTHY  waited for              -> STILL, SLOW
 *   STILL    until it moves          -> HEALTHY
 *   SLOW     until the time is over  -> HEALTHY */
enum opinion { HEALTHY, STILL, SLOW };

struct subscriber {
    uint32_t id;
    bool is_here;
    enum opinion opinion;
    uint64_t base; /* published - sent when it was last up to date */
    uint64_t sent;
    uint64_t moved_ms;
    uint64_t slow_until_ms;
};

struct backlog {
    struct subscriber *subscribers;
    size_t count, capacity;
    uint64_t published, now_ms;
    bool is_paused, wants_pause;
    uint64_t paused_ms; /* when the pause began */
};

struct backlog *backlog_create(void)
{
    return mem_zalloc(1, sizeof(struct backlog));
}

void backlog_destroy(struct backlog *backlog)
{
    if (backlog == NULL)
        return;
    free(backlog->subscribers);
    free(backlog);
}

void backlog_begin(struct backlog *backlog, uint64_t published, uint64_t now_ms)
{
    backlog->published = published;
    backlog->now_ms = now_ms;
    backlog->wants_pause = false;
    for (size_t i = 0; i < backlog->count; i++)
        backlog->subscribers[i].is_here = false;
}

/* From here on it counts as up to date. */
static void rebase(const struct backlog *backlog, struct subscriber *subscriber)
{
    subscriber->opinion = HEALTHY;
    subscriber->base = backlog->published - subscriber->sent;
}

static struct subscriber *add_new(struct backlog *backlog, uint32_t id,
                                  uint64_t sent)
{
    if (backlog->count == backlog->capacity) {
        backlog->capacity = backlog->capacity == 0 ? 8 : 2 * backlog->capacity;
        backlog->subscribers =
            mem_realloc(backlog->subscribers,
                        backlog->capacity * sizeof(struct subscriber));
    }
    struct subscriber *subscriber = &backlog->subscribers[backlog->count++];
    *subscriber = (struct subscriber){
        .id = id,
        .sent = sent,
        .moved_ms = backlog->now_ms,
    };
    rebase(backlog, subscriber);
    return subscriber;
}

static struct subscriber *find(struct backlog *backlog, uint32_t id)
{
    for (size_t i = 0; i < backlog->count; i++)
        if (backlog->subscribers[i].id == id)
            return &backlog->subscribers[i];
    return NULL;
}

/* It sees that it moved, or that its time is over. */
static void look(const struct backlog *backlog, struct subscriber *subscriber,
                 uint64_t sent)
{
    bool has_moved = sent != subscriber->sent;
    subscriber->sent = sent;
    if (has_moved)
        subscriber->moved_ms = backlog->now_ms;
    if ((subscriber->opinion == STILL && has_moved) ||
        (subscriber->opinion == SLOW &&
         backlog->now_ms >= subscriber->slow_until_ms))
        rebase(backlog, subscriber);
}

static uint64_t behind(const struct backlog *backlog,
                       const struct subscriber *subscriber)
{
    uint64_t due = backlog->published - subscriber->base;
    return due > subscriber->sent ? due - subscriber->sent : 0;
}

/* The pause has not helped this one, so it shall not go on for its sake. */
static void give_up_if_hopeless(const struct backlog *backlog,
                                struct subscriber *subscriber)
{
    uint64_t since_ms = subscriber->moved_ms > backlog->paused_ms
                            ? subscriber->moved_ms
                            : backlog->paused_ms;
    if (backlog->now_ms - since_ms >= BACKLOG_STILL_MS) {
        subscriber->opinion = STILL;
    } else if (backlog->now_ms - backlog->paused_ms >= BACKLOG_PAUSE_MS_MAX) {
        subscriber->opinion = SLOW;
        subscriber->slow_until_ms = backlog->now_ms + BACKLOG_SLOW_MS;
    }
}

void backlog_add(struct backlog *backlog, uint32_t id, uint64_t sent)
{
    struct subscriber *subscriber = find(backlog, id);
    if (subscriber == NULL)
        subscriber = add_new(backlog, id, sent);
    look(backlog, subscriber, sent);
    subscriber->is_here = true;
    uint64_t bound = backlog->is_paused ? BACKLOG_LOW : BACKLOG_HIGH;
    if (subscriber->opinion != HEALTHY || behind(backlog, subscriber) <= bound)
        return;
    if (backlog->is_paused)
        give_up_if_hopeless(backlog, subscriber);
    if (subscriber->opinion == HEALTHY)
        backlog->wants_pause = true;
}

static void forget_gone(struct backlog *backlog)
{
    size_t kept = 0;
    for (size_t i = 0; i < backlog->count; i++)
        if (backlog->subscribers[i].is_here)
            backlog->subscribers[kept++] = backlog->subscribers[i];
    backlog->count = kept;
}

bool backlog_end(struct backlog *backlog)
{
    forget_gone(backlog);
    if (backlog->wants_pause && !backlog->is_paused)
        backlog->paused_ms = backlog->now_ms;
    backlog->is_paused = backlog->wants_pause;
    return backlog->is_paused;
}
