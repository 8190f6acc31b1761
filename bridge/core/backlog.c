/* SPDX-License-Identifier: MIT */
#include "backlog.h"

#include <stdlib.h>

#include "base/mem.h"

/* Waited for, unless it is passed over: until it has moved and the time is
 * over. */
struct subscriber {
    uint32_t id;
    bool is_here;
    bool is_passed_over;
    uint64_t base; /* published - sent when it was last up to date */
    uint64_t sent;
    uint64_t moved_ms;
    uint64_t given_up_ms, passed_until_ms;
};

struct backlog {
    struct subscriber *subscribers;
    size_t count, capacity;
    uint64_t published, now_ms;
    bool is_paused, wants_pause;
    uint64_t paused_ms; /* when the pause began */
    size_t given_up;
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
    backlog->given_up = 0;
    for (size_t i = 0; i < backlog->count; i++)
        backlog->subscribers[i].is_here = false;
}

/* From here on it counts as up to date. */
static void rebase(const struct backlog *backlog, struct subscriber *subscriber)
{
    subscriber->is_passed_over = false;
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

static void look(const struct backlog *backlog, struct subscriber *subscriber,
                 uint64_t sent)
{
    if (sent != subscriber->sent)
        subscriber->moved_ms = backlog->now_ms;
    subscriber->sent = sent;
    if (subscriber->is_passed_over &&
        subscriber->moved_ms > subscriber->given_up_ms &&
        backlog->now_ms >= subscriber->passed_until_ms)
        rebase(backlog, subscriber);
}

static uint64_t behind(const struct backlog *backlog,
                       const struct subscriber *subscriber)
{
    uint64_t due = backlog->published - subscriber->base;
    return due > subscriber->sent ? due - subscriber->sent : 0;
}

/* Has the pause not helped this one, so that it shall not go on for its
 * sake? */
static bool is_hopeless(const struct backlog *backlog,
                        const struct subscriber *subscriber)
{
    uint64_t since_ms = subscriber->moved_ms > backlog->paused_ms
                            ? subscriber->moved_ms
                            : backlog->paused_ms;
    return backlog->now_ms - since_ms >= BACKLOG_STILL_MS ||
           backlog->now_ms - backlog->paused_ms >= BACKLOG_PAUSE_MS_MAX;
}

static void give_up(struct backlog *backlog, struct subscriber *subscriber)
{
    uint64_t waited_ms = backlog->now_ms - backlog->paused_ms;
    subscriber->is_passed_over = true;
    subscriber->given_up_ms = backlog->now_ms;
    subscriber->passed_until_ms =
        backlog->now_ms + BACKLOG_PASSED_OVER * waited_ms;
    backlog->given_up++;
}

void backlog_add(struct backlog *backlog, uint32_t id, uint64_t sent)
{
    struct subscriber *subscriber = find(backlog, id);
    if (subscriber == NULL)
        subscriber = add_new(backlog, id, sent);
    look(backlog, subscriber, sent);
    subscriber->is_here = true;
    uint64_t bound = backlog->is_paused ? BACKLOG_LOW : BACKLOG_HIGH;
    if (subscriber->is_passed_over || behind(backlog, subscriber) <= bound)
        return;
    if (backlog->is_paused && is_hopeless(backlog, subscriber))
        give_up(backlog, subscriber);
    else
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

size_t backlog_given_up(const struct backlog *backlog)
{
    return backlog->given_up;
}

uint64_t backlog_furthest(const struct backlog *backlog)
{
    uint64_t furthest = 0;
    for (size_t i = 0; i < backlog->count; i++) {
        uint64_t messages = behind(backlog, &backlog->subscribers[i]);
        if (messages > furthest)
            furthest = messages;
    }
    return furthest;
}

size_t backlog_subscribers(const struct backlog *backlog)
{
    return backlog->count;
}
