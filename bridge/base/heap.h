/* SPDX-License-Identifier: MIT */
/* A heap: of things with a number each, a time or an age, it gives the least.
 * A thing has its node inside it, so that it can be moved and taken out from
 * wherever it is. One thread. */
#ifndef ONEBUS_HEAP_H
#define ONEBUS_HEAP_H

#include <stddef.h>
#include <stdint.h>

/* Before its first use: all zero but for `thing`. In one heap at a time. */
struct heap_node {
    void *thing;
    uint64_t key;
    uint64_t order; /* among equal keys */
    size_t place;   /* 1, 2, 3 …; 0: in no heap */
};

struct heap {
    struct heap_node **nodes; /* the one with the place 1 first */
    size_t count, room;
};

/* Its things are others'. An all-zero one is fine, and empty. */
void heap_finish(struct heap *heap);

/* Put it in, or move it if it is in there. */
void heap_put(struct heap *heap, struct heap_node *node, uint64_t key,
              uint64_t order);

/* Take it out, if it is in there. */
void heap_remove(struct heap *heap, struct heap_node *node);

/* The least; NULL if it is empty. */
struct heap_node *heap_first(const struct heap *heap);

#endif
