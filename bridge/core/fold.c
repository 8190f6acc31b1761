/* SPDX-License-Identifier: MIT */
#include "fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "core/account.h"
#include "core/event_key.h"
#include "core/onebot.h"

enum {
    /* Half empty at least, so that a search is short. A power of two. */
    SLOTS = 2 * FOLD_ENTRIES,
    /* What one event may add. */
    ENTRIES_AN_EVENT = 2,
};

/* Small, for each event touches two of them that are in no cache. */
struct entry {
    uint64_t hash; /* of the event's key; 0: the slot is free */
    union {
        struct {
            uint32_t link; /* the serial of the link it came over */
            uint32_t text; /* the frame's hash */
        } named;
        uint64_t count; /* of others: how many have come */
    };
};

struct generation {
    struct entry slots[SLOTS];
    size_t count;
    uint64_t begun_ms;
};

struct fold {
    uint64_t seed;
    struct generation *now, *before;
};

struct fold *fold_create(uint64_t seed)
{
    struct fold *fold = mem_zalloc(1, sizeof(*fold));
    fold->seed = seed;
    fold->now = mem_zalloc(1, sizeof(struct generation));
    fold->before = mem_zalloc(1, sizeof(struct generation));
    return fold;
}

void fold_destroy(struct fold *fold)
{
    if (fold == NULL)
        return;
    free(fold->now);
    free(fold->before);
    free(fold);
}

/* Begin a new generation when it is time; the oldest is forgotten. */
static void turn_over(struct fold *fold, uint64_t now_ms)
{
    if (fold->now->count + ENTRIES_AN_EVENT <= FOLD_ENTRIES &&
        now_ms - fold->now->begun_ms < FOLD_MS)
        return;
    struct generation *oldest = fold->before;
    fold->before = fold->now;
    fold->now = oldest;
    memset(oldest, 0, sizeof(*oldest));
    oldest->begun_ms = now_ms;
}

/* Where the hash is in the generation, or would be. */
static struct entry *slot_of(struct generation *generation, uint64_t hash)
{
    size_t slot = hash % SLOTS;
    while (generation->slots[slot].hash != 0 &&
           generation->slots[slot].hash != hash)
        slot = (slot + 1) % SLOTS;
    return &generation->slots[slot];
}

/* The entry of the hash; if there was none, a new one that is all 0 otherwise.
 */
static struct entry *entry_of(struct fold *fold, uint64_t hash)
{
    struct entry *entry = slot_of(fold->now, hash);
    if (entry->hash != 0)
        return entry;
    struct entry *old = slot_of(fold->before, hash);
    if (old->hash != 0)
        return old;
    entry->hash = hash;
    fold->now->count++;
    return entry;
}

/* 0 is no hash: it marks what is free. */
static uint64_t hash_of(struct slice bytes, uint64_t seed)
{
    uint64_t hash = hash_bytes(bytes, seed);
    return hash == 0 ? 1 : hash;
}

static bool is_named_repeat(struct entry *entry, const struct link *link,
                            uint32_t text)
{
    bool is_new = entry->named.link == 0;
    bool is_other_link = entry->named.link != (uint32_t)link->serial &&
                         account_has_link(link->account, entry->named.link);
    if (!is_new && (entry->named.text == text || is_other_link))
        return true;
    entry->named.text = text;
    entry->named.link = (uint32_t)link->serial;
    return false;
}

static bool is_counted_repeat(struct entry *all, struct entry *own)
{
    if (++own->count <= all->count)
        return true;
    all->count = own->count;
    return false;
}

bool fold_is_repeat(struct fold *fold, const struct onebot_frame *event,
                    struct slice key, const struct link *link,
                    struct slice text, uint64_t now_ms)
{
    const struct account *account = link->account;
    bool is_named = event_key_is_named(event);
    if (event->post == ONEBOT_POST_META_EVENT ||
        (!is_named && account->link_count < 2))
        return false;
    turn_over(fold, now_ms);
    uint64_t account_seed = fold->seed + (uint64_t)(uintptr_t)account;
    uint64_t hash = hash_of(key, account_seed + event->post);
    struct entry *entry = entry_of(fold, hash);
    if (is_named)
        return is_named_repeat(entry, link,
                               (uint32_t)hash_bytes(text, fold->seed));
    return is_counted_repeat(entry,
                             entry_of(fold, hash_of(key, hash + link->serial)));
}
