/* SPDX-License-Identifier: MIT */
#include "heap.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

enum { ROOM_MIN = 16 };

void heap_finish(struct heap *heap)
{
    free(heap->nodes);
    *heap = (struct heap){0};
}

static bool is_before(const struct heap_node *one,
                      const struct heap_node *other)
{
    return one->key < other->key ||
           (one->key == other->key && one->order < other->order);
}

static struct heap_node *at(const struct heap *heap, size_t place)
{
    return heap->nodes[place - 1];
}

static void set(struct heap *heap, size_t place, struct heap_node *node)
{
    heap->nodes[place - 1] = node;
    node->place = place;
}

/* `node` has its place there or above. */
static void rise(struct heap *heap, size_t place, struct heap_node *node)
{
    while (place > 1 && is_before(node, at(heap, place / 2))) {
        set(heap, place, at(heap, place / 2));
        place /= 2;
    }
    set(heap, place, node);
}

/* `node` has its place there or below. */
static void sink(struct heap *heap, size_t place, struct heap_node *node)
{
    for (;;) {
        size_t child = 2 * place;
        if (child < heap->count &&
            is_before(at(heap, child + 1), at(heap, child)))
            child++;
        if (child > heap->count || !is_before(at(heap, child), node))
            break;
        set(heap, place, at(heap, child));
        place = child;
    }
    set(heap, place, node);
}

static void settle(struct heap *heap, size_t place, struct heap_node *node)
{
    if (place > 1 && is_before(node, at(heap, place / 2)))
        rise(heap, place, node);
    else
        sink(heap, place, node);
}

static void make_room(struct heap *heap)
{
    if (heap->count < heap->room)
        return;
    heap->room = heap->room == 0 ? ROOM_MIN : 2 * heap->room;
    heap->nodes =
        mem_realloc(heap->nodes, heap->room * sizeof(struct heap_node *));
}

void heap_put(struct heap *heap, struct heap_node *node, uint64_t key,
              uint64_t order)
{
    node->key = key;
    node->order = order;
    if (node->place != 0) {
        settle(heap, node->place, node);
        return;
    }
    make_room(heap);
    rise(heap, ++heap->count, node);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    size_t place = node->place;
    if (place == 0)
        return;
    struct heap_node *last = at(heap, heap->count--);
    node->place = 0;
    if (last != node)
        settle(heap, place, last);
}

struct heap_node *heap_first(const struct heap *heap)
{
    return heap->count == 0 ? NULL : heap->nodes[0];
}
