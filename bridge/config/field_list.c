/* SPDX-License-Identifier: MIT */
#include "field_list.h"

#include <stdlib.h>

#include "base/mem.h"

char **field_list_push(struct field_list *list)
{
    list->items =
        mem_realloc(list->items, (list->count + 1) * sizeof(*list->items));
    list->items[list->count] = NULL;
    return &list->items[list->count++];
}

void field_list_copy(const struct field_list *from, struct field_list *to)
{
    for (size_t i = 0; i < from->count; i++)
        *field_list_push(to) = mem_strdup(from->items[i]);
}

void field_list_finish(struct field_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct field_list){0};
}
