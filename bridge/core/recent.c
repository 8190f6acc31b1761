/* SPDX-License-Identifier: MIT */
#include "recent.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

/* Half empty at least, so that a search is short. */
enum { SLOTS = 2 * RECENT_ENTRIES };

struct generation {
    uint64_t hashes[SLOTS]; /* 0: free */
    size_t count;
};

struct recent {
    uint64_t seed;
    struct generation *now, *before;
};

struct recent *recent_create(uint64_t seed)
{
    struct recent *recent = mem_zalloc(1, sizeof(*recent));
    recent->seed = seed;
    recent->now = mem_zalloc(1, sizeof(struct generation));
    recent->before = mem_zalloc(1, sizeof(struct generation));
    return recent;
}

void recent_destroy(struct recent *recent)
{
    if (recent == NULL)
        return;
    free(recent->now);
    free(recent->before);
    free(recent);
}

static uint64_t hash_of(const struct recent *recent, struct slice thing)
{
    uint64_t hash = hash_bytes(thing, recent->seed);
    return hash == 0 ? 1 : hash;
}

/* Where the hash is, or would be. */
static size_t slot_of(const struct generation *generation, uint64_t hash)
{
    size_t slot = hash % SLOTS;
    while (generation->hashes[slot] != 0 && generation->hashes[slot] != hash)
        slot = (slot + 1) % SLOTS;
    return slot;
}

static bool holds(const struct generation *generation, uint64_t hash)
{
    return generation->hashes[slot_of(generation, hash)] == hash;
}

static void turn_over(struct recent *recent)
{
    struct generation *oldest = recent->before;
    recent->before = recent->now;
    recent->now = oldest;
    memset(oldest, 0, sizeof(*oldest));
}

bool recent_add(struct recent *recent, struct slice thing)
{
    uint64_t hash = hash_of(recent, thing);
    bool is_old = holds(recent->before, hash);
    if (holds(recent->now, hash))
        return false;
    if (recent->now->count == RECENT_ENTRIES)
        turn_over(recent);
    recent->now->hashes[slot_of(recent->now, hash)] = hash;
    recent->now->count++;
    return !is_old;
}

bool recent_has(const struct recent *recent, struct slice thing)
{
    uint64_t hash = hash_of(recent, thing);
    return holds(recent->now, hash) || holds(recent->before, hash);
}
