/* SPDX-License-Identifier: MIT */
#include "ring.h"

#include <stdlib.h>

#include "base/mem.h"

enum { CAPACITY_MIN = 64 };

struct entry {
    uint64_t time_ms;
    size_t size;
    char message[];
};

/* The slot of an event is its seq modulo the capacity, a power of two. */
struct ring {
    struct entry **slots;
    size_t capacity;
    uint64_t first; /* the oldest's seq, if there are any */
    size_t count;
    size_t bytes, bytes_max;
};

struct ring *ring_create(size_t bytes_max)
{
    struct ring *ring = mem_zalloc(1, sizeof(*ring));
    ring->capacity = CAPACITY_MIN;
    ring->slots = mem_zalloc(ring->capacity, sizeof(struct entry *));
    ring->bytes_max = bytes_max;
    return ring;
}

static struct entry **slot_of(const struct ring *ring, uint64_t seq)
{
    return &ring->slots[seq & (ring->capacity - 1)];
}

static size_t size_of(const struct entry *entry)
{
    return sizeof(*entry) + entry->size;
}

static void drop_oldest(struct ring *ring)
{
    struct entry **slot = slot_of(ring, ring->first);
    ring->bytes -= size_of(*slot);
    free(*slot);
    *slot = NULL;
    ring->first++;
    ring->count--;
}

void ring_drop_before(struct ring *ring, uint64_t seq)
{
    while (ring->count > 0 && ring->first < seq)
        drop_oldest(ring);
}

void ring_clear(struct ring *ring)
{
    ring_drop_before(ring, UINT64_MAX);
}

void ring_destroy(struct ring *ring)
{
    if (ring == NULL)
        return;
    ring_clear(ring);
    free(ring->slots);
    free(ring);
}

static void grow(struct ring *ring)
{
    struct ring larger = *ring;
    larger.capacity *= 2;
    larger.slots = mem_zalloc(larger.capacity, sizeof(struct entry *));
    for (size_t i = 0; i < ring->count; i++)
        *slot_of(&larger, ring->first + i) = *slot_of(ring, ring->first + i);
    free(ring->slots);
    *ring = larger;
}

static struct entry *copy_of(const struct ring_event *event)
{
    struct entry *entry = mem_alloc(sizeof(*entry) + event->message.size);
    entry->time_ms = event->time_ms;
    entry->size = event->message.size;
    memcpy(entry->message, event->message.data, event->message.size);
    return entry;
}

void ring_add(struct ring *ring, const struct ring_event *event)
{
    if (ring->count > 0 && event->seq != ring->first + ring->count)
        ring_clear(ring);
    if (ring->count == ring->capacity)
        grow(ring);
    if (ring->count == 0)
        ring->first = event->seq;
    struct entry *entry = copy_of(event);
    *slot_of(ring, event->seq) = entry;
    ring->count++;
    ring->bytes += size_of(entry);
    while (ring->bytes > ring->bytes_max && ring->count > 1)
        drop_oldest(ring);
}

uint64_t ring_oldest(const struct ring *ring)
{
    return ring->count == 0 ? 0 : ring->first;
}

uint64_t ring_newest(const struct ring *ring)
{
    return ring->count == 0 ? 0 : ring->first + ring->count - 1;
}

bool ring_find(const struct ring *ring, uint64_t seq, struct ring_event *event)
{
    if (ring->count == 0 || seq < ring->first ||
        seq - ring->first >= ring->count)
        return false;
    const struct entry *entry = *slot_of(ring, seq);
    *event = (struct ring_event){
        .seq = seq,
        .time_ms = entry->time_ms,
        .message = {entry->message, entry->size},
    };
    return true;
}

size_t ring_bytes(const struct ring *ring)
{
    return ring->bytes;
}
