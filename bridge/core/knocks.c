/* SPDX-License-Identifier: MIT */
#include "knocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct knocks {
    struct knock *items[KNOCKS_KEPT]; /* newest first */
    size_t count;
};

struct knocks *knocks_create(void)
{
    return mem_zalloc(1, sizeof(struct knocks));
}

void knocks_destroy(struct knocks *knocks)
{
    if (knocks == NULL)
        return;
    for (size_t i = 0; i < knocks->count; i++)
        free(knocks->items[i]);
    free(knocks);
}

static void copy(char *to, size_t room, struct slice from)
{
    snprintf(to, room, "%.*s", (int)(from.size < room ? from.size : room),
             from.size == 0 ? "" : from.data);
}

static size_t find(const struct knocks *knocks, const struct knock_info *info)
{
    size_t i = 0;
    while (i < knocks->count &&
           (strcmp(knocks->items[i]->reason, info->reason) != 0 ||
            strcmp(knocks->items[i]->account, info->account) != 0))
        i++;
    return i;
}

/* The knock at `index` comes to the front; behind the last one it is a new one,
 * or that which has been quiet longest, emptied. */
static struct knock *bring_to_front(struct knocks *knocks, size_t index)
{
    struct knock *knock;
    if (index == KNOCKS_KEPT) {
        index--;
        knock = knocks->items[index];
        *knock = (struct knock){0};
    } else if (index == knocks->count) {
        knock = mem_zalloc(1, sizeof(*knock));
        knocks->count++;
    } else {
        knock = knocks->items[index];
    }
    memmove(knocks->items + 1, knocks->items, index * sizeof(struct knock *));
    knocks->items[0] = knock;
    return knock;
}

void knocks_add(struct knocks *knocks, const struct knock_info *info,
                uint64_t wall_ms)
{
    struct knock *knock = bring_to_front(knocks, find(knocks, info));
    if (knock->count++ == 0)
        knock->first_ms = wall_ms;
    knock->last_ms = wall_ms;
    knock->reason = info->reason;
    knock->status = info->status;
    knock->token = info->token;
    snprintf(knock->account, sizeof(knock->account), "%s", info->account);
    snprintf(knock->remote, sizeof(knock->remote), "%s", info->remote);
    copy(knock->path, sizeof(knock->path), info->path);
    copy(knock->role, sizeof(knock->role), info->role);
    copy(knock->self_id, sizeof(knock->self_id), info->self_id);
    copy(knock->user_agent, sizeof(knock->user_agent), info->user_agent);
    copy(knock->why, sizeof(knock->why),
         (struct slice){info->why, strcspn(info->why, "\n")});
}

const struct knock *knocks_at(const struct knocks *knocks, size_t index)
{
    return index < knocks->count ? knocks->items[index] : NULL;
}
