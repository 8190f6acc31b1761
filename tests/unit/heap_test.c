/* SPDX-License-Identifier: MIT */
#include "base/heap.h"

#include "check.h"

enum { THINGS = 200, STEPS = 20000 };

static size_t random_below(uint64_t *state, size_t count)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (size_t)(*state >> 33) % count;
}

static const struct heap_node *least_of(const struct heap_node *nodes)
{
    const struct heap_node *least = NULL;
    for (size_t i = 0; i < THINGS; i++)
        if (nodes[i].place != 0 &&
            (least == NULL || nodes[i].key < least->key ||
             (nodes[i].key == least->key && nodes[i].order < least->order)))
            least = &nodes[i];
    return least;
}

TEST(the_least_comes_first_whatever_was_moved_or_taken_out)
{
    static struct heap_node nodes[THINGS];
    struct heap heap = {0};
    uint64_t state = 7;
    for (size_t i = 0; i < STEPS; i++) {
        struct heap_node *node = &nodes[random_below(&state, THINGS)];
        if (random_below(&state, 3) == 0)
            heap_remove(&heap, node);
        else
            heap_put(&heap, node, random_below(&state, 500), i);
        CHECK(heap_first(&heap) == least_of(nodes));
    }
    while (heap_first(&heap) != NULL) {
        CHECK(heap_first(&heap) == least_of(nodes));
        heap_remove(&heap, heap_first(&heap));
    }
    CHECK_EQ(heap.count, 0);
    heap_finish(&heap);
}

SUITE(heap, the_least_comes_first_whatever_was_moved_or_taken_out)
