/* SPDX-License-Identifier: MIT */
/* Things by the chat that they are about. Each has its node inside it. One
 * thread. */
#ifndef ONEBUS_CHAT_TABLE_H
#define ONEBUS_CHAT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "core/pacing.h"

struct chat_node {
    struct pacing_chat chat;
    void *thing;
    uint64_t hash;
    struct chat_node *next; /* in the same place */
};

enum { CHAT_TABLE_PLACES = 1 << 14 };

struct chat_table {
    uint64_t seed;
    size_t count;
    struct chat_node *places[CHAT_TABLE_PLACES];
};

/* `seed`: any number that peers do not know. */
struct chat_table *chat_table_create(uint64_t seed);
/* Its things are others'. */
void chat_table_destroy(struct chat_table *table);

/* The thing of this chat; NULL if there is none. */
void *chat_table_find(const struct chat_table *table,
                      const struct pacing_chat *chat);

/* There is none of this chat. `thing` is what is found from now on. */
void chat_table_add(struct chat_table *table, struct chat_node *node,
                    const struct pacing_chat *chat, void *thing);

void chat_table_remove(struct chat_table *table, struct chat_node *node);

#endif
