/* SPDX-License-Identifier: MIT */
/* One place that has settings, `bridge`, `channels.napcatqq` or one of its
 * accounts: a struct being filled by a table, and where each value in it came
 * from. One thread. */
#ifndef ONEBUS_SCOPE_H
#define ONEBUS_SCOPE_H

#include <stdbool.h>

#include "field.h"
#include "origin.h"

/* So many rows a table may have. */
enum { SCOPE_FIELDS_MAX = 64 };

struct scope {
    char *path; /* "channels.napcatqq" */
    void *base; /* the struct, all zero before */
    const struct field_table *table;
    const char *const *children; /* keys that are no row's: "accounts"; up to
                                    NULL, or NULL itself */
    struct origin self;          /* of the place itself */
    struct origin *origins;      /* of each row's value */
};

/* With the table's defaults in it; takes `path` over. */
void scope_init(struct scope *scope, char *path,
                const struct field_table *table, void *base);

/* The same with the values of `parent` instead of the defaults. */
void scope_init_below(struct scope *scope, char *path,
                      const struct scope *parent, void *base);

/* The path of a row, to be freed. */
char *scope_path_of(const struct scope *scope, const struct field *field);

/* Where the value of the row with this key came from. The row exists. */
const struct origin *scope_origin(const struct scope *scope, const char *key);

/* Where to point when the value may be a default: there, or at the place. */
const struct origin *scope_origin_or_self(const struct scope *scope,
                                          const char *key);

/* The struct stays. Finishing an all-zero one is fine. */
void scope_finish(struct scope *scope);

/* Free what the table's rows hold in a struct. */
void scope_free_values(const struct field_table *table, void *base);

#endif
