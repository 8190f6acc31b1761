/* SPDX-License-Identifier: MIT */
/* A list of strings, owned. Zero-initialised is a valid empty one. One
 * thread. */
#ifndef ONEBUS_FIELD_LIST_H
#define ONEBUS_FIELD_LIST_H

#include <stddef.h>

struct field_list {
    char **items;
    size_t count;
};

/* One more item, NULL until the caller puts a string of its own there. The
 * place is valid until the list is next changed. */
char **field_list_push(struct field_list *list);

/* Append copies of the items. */
void field_list_copy(const struct field_list *from, struct field_list *to);

/* Free the items; the list is empty and usable again. */
void field_list_finish(struct field_list *list);

#endif
