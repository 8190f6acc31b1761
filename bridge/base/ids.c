/* SPDX-License-Identifier: MIT */
#include "ids.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Where the id is, or would be. */
static size_t place_of(const struct id_list *list, int64_t id)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void ids_add(struct id_list *list, int64_t id)
{
    size_t place = place_of(list, id);
    if (place < list->count && list->ids[place] == id)
        return;
    list->ids = mem_realloc(list->ids, (list->count + 1) * sizeof(int64_t));
    memmove(list->ids + place + 1, list->ids + place,
            (list->count - place) * sizeof(int64_t));
    list->ids[place] = id;
    list->count++;
}

bool ids_names(const struct id_list *list, int64_t id)
{
    size_t place = place_of(list, id);
    return place < list->count && list->ids[place] == id;
}

bool ids_contains(const struct id_list *list, int64_t id)
{
    return list->any || ids_names(list, id);
}

bool ids_is_empty(const struct id_list *list)
{
    return list->count == 0 && !list->any;
}

void ids_copy(const struct id_list *from, struct id_list *to)
{
    to->any = from->any;
    to->count = from->count;
    if (from->count == 0)
        return;
    to->ids = mem_alloc(from->count * sizeof(int64_t));
    memcpy(to->ids, from->ids, from->count * sizeof(int64_t));
}

void ids_finish(struct id_list *list)
{
    free(list->ids);
    *list = (struct id_list){0};
}
