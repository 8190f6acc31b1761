/* SPDX-License-Identifier: MIT */
/* A table for people:
 *
 *     ACCOUNT  LINK      QQ NUMBER  PEER
 *     bot1     up       3889001741  NapCat.Onebot/4.…
 *
 * Each column is as wide as its widest cell; where that is too much for the
 * surface, those that may be cut are, the widest first. Cells may hold what
 * strangers wrote. Pure. Any thread. */
#ifndef ONEBUS_TABLE_H
#define ONEBUS_TABLE_H

#include "base/buffer.h"
#include "cli/tone.h"

enum { TABLE_COLUMNS_MAX = 16 };

struct table_column {
    const char *title;
    bool is_right; /* of numbers */
    bool is_cut;   /* may be, down to its title */
};

struct table_cell;

/* Zero-initialised but for the first two, which stay the caller's. */
struct table {
    const struct table_column *columns;
    size_t column_count;
    struct table_cell *cells; /* row after row */
    size_t cell_count, cell_room;
    struct buffer text;
};

/* Put one cell behind those there are. */
void table_put(struct table *table, enum tone tone, struct slice text);

void table_put_number(struct table *table, enum tone tone, long long number);

/* Append the titles and all whole rows. */
void table_append(const struct table *table, const struct surface *surface,
                  struct buffer *out);

void table_finish(struct table *table);

#endif
