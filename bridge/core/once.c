/* SPDX-License-Identifier: MIT */
#include "once.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

enum { BUCKETS = ONCE_ENTRIES_MAX };

struct entry {
    struct entry *next;          /* in its bucket */
    struct entry *older, *newer; /* of those that are done, as they ended */
    struct once_key key;
    struct once_digest digest;
    bool is_done;
    char *reply;
    size_t reply_bytes;
    uint64_t call;
    uint64_t begun_ms;
};

struct once {
    uint64_t seed;
    size_t count, bytes;
    struct entry *oldest, *newest; /* that is done */
    struct entry *buckets[BUCKETS];
};

struct once *once_create(uint64_t seed)
{
    struct once *once = mem_zalloc(1, sizeof(*once));
    once->seed = seed;
    return once;
}

static void free_entry(struct entry *entry)
{
    free(entry->reply);
    free(entry);
}

void once_destroy(struct once *once)
{
    struct entry *next;
    if (once == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct entry *entry = once->buckets[i]; entry != NULL;
             entry = next) {
            next = entry->next;
            free_entry(entry);
        }
    free(once);
}

static bool is_key(const struct entry *entry, const struct once_key *key)
{
    return entry->key.size == key->size &&
           memcmp(entry->key.bytes, key->bytes, key->size) == 0;
}

/* What points to the entry of the key, or would. */
static struct entry **place_of(struct once *once, const struct once_key *key)
{
    struct slice bytes = {key->bytes, key->size};
    struct entry **place =
        &once->buckets[hash_bytes(bytes, once->seed) % BUCKETS];
    while (*place != NULL && !is_key(*place, key))
        place = &(*place)->next;
    return place;
}

/* Is it from too long ago? What is begun is still under way. */
static bool is_over(const struct entry *entry, uint64_t now_ms)
{
    return entry->is_done && now_ms - entry->begun_ms >= ONCE_KEEP_MS;
}

/* ---- those that are done ------------------------------------------------ */

static void link_done(struct once *once, struct entry *entry)
{
    entry->older = once->newest;
    entry->newer = NULL;
    if (once->newest != NULL)
        once->newest->newer = entry;
    else
        once->oldest = entry;
    once->newest = entry;
}

static void unlink_done(struct once *once, struct entry *entry)
{
    if (entry->older != NULL)
        entry->older->newer = entry->newer;
    else
        once->oldest = entry->newer;
    if (entry->newer != NULL)
        entry->newer->older = entry->older;
    else
        once->newest = entry->older;
}

static void drop_reply(struct once *once, struct entry *entry)
{
    if (!entry->is_done)
        return;
    unlink_done(once, entry);
    once->bytes -= entry->reply_bytes;
    free(entry->reply);
    entry->reply = NULL;
    entry->is_done = false;
}

static void drop(struct once *once, struct entry **place)
{
    struct entry *entry = *place;
    drop_reply(once, entry);
    *place = entry->next;
    once->count--;
    free_entry(entry);
}

static void make_room(struct once *once, size_t entries, size_t bytes)
{
    while (once->oldest != NULL && (once->count + entries > ONCE_ENTRIES_MAX ||
                                    once->bytes + bytes > ONCE_BYTES_MAX))
        drop(once, place_of(once, &once->oldest->key));
}

/* ---- from outside -------------------------------------------------------- */

struct once_found once_find(const struct once *once, const struct once_key *key,
                            const struct once_digest *digest, uint64_t now_ms)
{
    const struct entry *entry = *place_of((struct once *)once, key);
    struct once_found found = {.state = ONCE_NEW, .why = ""};
    if (entry == NULL || is_over(entry, now_ms))
        return found;
    found.state = entry->is_done ? ONCE_DONE : ONCE_BEGUN;
    if (memcmp(&entry->digest, digest, sizeof(*digest)) != 0) {
        found.state = ONCE_OTHER;
        return found;
    }
    found.call = entry->call;
    found.reply = (struct slice){entry->reply, entry->reply_bytes};
    return found;
}

enum status once_begin(struct once *once, const struct once_key *key,
                       const struct once_digest *digest, uint64_t call,
                       uint64_t now_ms)
{
    struct entry **place = place_of(once, key);
    if (*place != NULL) {
        assert(is_over(*place, now_ms));
        drop(once, place);
    }
    make_room(once, 1, 0);
    if (once->count == ONCE_ENTRIES_MAX)
        return STATUS_FULL;
    struct entry *entry = mem_zalloc(1, sizeof(*entry));
    *entry = (struct entry){
        .key = *key, .digest = *digest, .call = call, .begun_ms = now_ms};
    *place_of(once, key) = entry; /* it may be another one by now */
    once->count++;
    return STATUS_OK;
}

void once_finish(struct once *once, const struct once_key *key,
                 struct slice reply)
{
    struct entry *entry = *place_of(once, key);
    assert(reply.size <= ONCE_REPLY_BYTES_MAX);
    if (entry == NULL)
        return;
    drop_reply(once, entry);
    make_room(once, 0, reply.size);
    entry->reply = mem_dup(reply.data, reply.size);
    entry->reply_bytes = reply.size;
    entry->is_done = true;
    once->bytes += reply.size;
    link_done(once, entry);
}

void once_forget(struct once *once, const struct once_key *key)
{
    struct entry **place = place_of(once, key);
    if (*place != NULL)
        drop(once, place);
}

size_t once_count(const struct once *once)
{
    return once->count;
}

size_t once_bytes(const struct once *once)
{
    return once->bytes;
}
