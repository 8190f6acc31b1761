/* SPDX-License-Identifier: MIT */
/* A set of QQ numbers, of users or groups, that may hold all of them: "*".
 * One thread while it changes. */
#ifndef ONEBUS_IDS_H
#define ONEBUS_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialised is empty. */
struct id_list {
    int64_t *ids; /* ascending, each once */
    size_t count;
    bool any; /* "*" is in it */
};

void ids_add(struct id_list *list, int64_t id);

/* Is the id in it, by itself or by "*"? */
bool ids_contains(const struct id_list *list, int64_t id);

/* Is the id in it by itself? */
bool ids_names(const struct id_list *list, int64_t id);

bool ids_is_empty(const struct id_list *list);

/* Make `to`, which is empty, as `from`. */
void ids_copy(const struct id_list *from, struct id_list *to);

void ids_finish(struct id_list *list);

#endif
