/* SPDX-License-Identifier: MIT */
#include "chat_table.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

struct chat_table *chat_table_create(uint64_t seed)
{
    struct chat_table *table = mem_zalloc(1, sizeof(*table));
    table->seed = seed;
    return table;
}

void chat_table_destroy(struct chat_table *table)
{
    free(table);
}

static uint64_t hash_of(const struct chat_table *table,
                        const struct pacing_chat *chat)
{
    const uint64_t numbers[] = {chat->account, chat->is_group,
                                (uint64_t)chat->id};
    return hash_bytes((struct slice){(const char *)numbers, sizeof(numbers)},
                      table->seed);
}

static bool is_same(const struct pacing_chat *one,
                    const struct pacing_chat *other)
{
    return one->id == other->id && one->account == other->account &&
           one->is_group == other->is_group;
}

void *chat_table_find(const struct chat_table *table,
                      const struct pacing_chat *chat)
{
    uint64_t hash = hash_of(table, chat);
    const struct chat_node *node = table->places[hash % CHAT_TABLE_PLACES];
    while (node != NULL && !is_same(&node->chat, chat))
        node = node->next;
    return node == NULL ? NULL : node->thing;
}

void chat_table_add(struct chat_table *table, struct chat_node *node,
                    const struct pacing_chat *chat, void *thing)
{
    uint64_t hash = hash_of(table, chat);
    struct chat_node **place = &table->places[hash % CHAT_TABLE_PLACES];
    *node = (struct chat_node){
        .chat = *chat, .thing = thing, .hash = hash, .next = *place};
    *place = node;
    table->count++;
}

void chat_table_remove(struct chat_table *table, struct chat_node *node)
{
    struct chat_node **link = &table->places[node->hash % CHAT_TABLE_PLACES];
    while (*link != node)
        link = &(*link)->next;
    *link = node->next;
    table->count--;
}
