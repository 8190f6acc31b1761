/* SPDX-License-Identifier: MIT */
/* A set of QQ numbers, of users or groups, that may hold all of them: "*". Some
 * say which of both they are. One thread while it changes. */
#ifndef ONEBUS_IDS_H
#define ONEBUS_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_set {
    int64_t *ids; /* ascending, each once */
    size_t count;
};

/* Zero-initialised is empty. */
struct id_list {
    struct id_set bare;
    bool any; /* "*" is in it */
    /* Those that say what they are, "user:1" and "group:1". What is asked of
     * the list passes them over. */
    struct id_set users, groups;
};

void id_set_add(struct id_set *set, int64_t id);
bool id_set_has(const struct id_set *set, int64_t id);

void ids_add(struct id_list *list, int64_t id);

/* Is the id in it, by itself or by "*"? */
bool ids_contains(const struct id_list *list, int64_t id);

/* Is the id in it by itself? */
bool ids_names(const struct id_list *list, int64_t id);

bool ids_is_empty(const struct id_list *list);

/* Make `to`, which is empty, as `from`, with all that is in it. */
void ids_copy(const struct id_list *from, struct id_list *to);

void ids_finish(struct id_list *list);

#endif
