/* SPDX-License-Identifier: MIT */
#include "ids.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Where the id is, or would be. */
static size_t place_of(const struct id_set *set, int64_t id)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void id_set_add(struct id_set *set, int64_t id)
{
    size_t place = place_of(set, id);
    if (place < set->count && set->ids[place] == id)
        return;
    set->ids = mem_realloc(set->ids, (set->count + 1) * sizeof(int64_t));
    memmove(set->ids + place + 1, set->ids + place,
            (set->count - place) * sizeof(int64_t));
    set->ids[place] = id;
    set->count++;
}

bool id_set_has(const struct id_set *set, int64_t id)
{
    size_t place = place_of(set, id);
    return place < set->count && set->ids[place] == id;
}

static void copy_set(const struct id_set *from, struct id_set *to)
{
    to->count = from->count;
    if (from->count == 0)
        return;
    to->ids = mem_alloc(from->count * sizeof(int64_t));
    memcpy(to->ids, from->ids, from->count * sizeof(int64_t));
}

/* ---- lists ------------------------------------------------------------- */

void ids_add(struct id_list *list, int64_t id)
{
    id_set_add(&list->bare, id);
}

bool ids_names(const struct id_list *list, int64_t id)
{
    return id_set_has(&list->bare, id);
}

bool ids_contains(const struct id_list *list, int64_t id)
{
    return list->any || ids_names(list, id);
}

bool ids_is_empty(const struct id_list *list)
{
    return list->bare.count == 0 && !list->any;
}

void ids_copy(const struct id_list *from, struct id_list *to)
{
    to->any = from->any;
    copy_set(&from->bare, &to->bare);
    copy_set(&from->users, &to->users);
    copy_set(&from->groups, &to->groups);
}

void ids_finish(struct id_list *list)
{
    free(list->bare.ids);
    free(list->users.ids);
    free(list->groups.ids);
    *list = (struct id_list){0};
}
