/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/visible.h"
#include "cli/width.h"

enum { GAP = 2 };

static const char CUT_MARK[] = "…"; /* one column */

/* Its text lies in the table's. */
struct table_cell {
    size_t at, size;
    enum tone tone;
};

void table_put(struct table *table, enum tone tone, struct slice text)
{
    if (table->cell_count == table->cell_room) {
        table->cell_room = table->cell_room == 0 ? 64 : table->cell_room * 2;
        table->cells =
            mem_realloc(table->cells, table->cell_room * sizeof(*table->cells));
    }
    size_t at = table->text.size;
    visible_append(&table->text, text);
    table->cells[table->cell_count++] =
        (struct table_cell){at, table->text.size - at, tone};
}

void table_put_number(struct table *table, enum tone tone, long long number)
{
    char text[32];
    snprintf(text, sizeof(text), "%lld", number);
    table_put(table, tone, slice_of(text));
}

static struct slice text_of(const struct table *table, size_t i)
{
    return (struct slice){table->text.data + table->cells[i].at,
                          table->cells[i].size};
}

/* ---- how wide ------------------------------------------------------------ */

static void measure(const struct table *table, size_t *widths)
{
    for (size_t i = 0; i < table->column_count; i++)
        widths[i] = width_of(slice_of(table->columns[i].title));
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t wide = width_of(text_of(table, i));
        size_t *column = &widths[i % table->column_count];
        *column = wide > *column ? wide : *column;
    }
}

/* The widest column that can give a column away; NULL: none can. */
static size_t *find_widest(const struct table *table, size_t *widths)
{
    size_t *widest = NULL;
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].is_cut &&
            widths[i] > width_of(slice_of(table->columns[i].title)) &&
            (widest == NULL || widths[i] > *widest))
            widest = &widths[i];
    return widest;
}

static void fit(const struct table *table, const struct surface *surface,
                size_t *widths)
{
    size_t sum = GAP * (table->column_count - 1);
    for (size_t i = 0; i < table->column_count; i++)
        sum += widths[i];
    for (; surface->columns > 0 && sum > surface->columns; sum--) {
        size_t *widest = find_widest(table, widths);
        if (widest == NULL)
            return;
        --*widest;
    }
}

/* ---- what it looks like -------------------------------------------------- */

/* Append `text` so that it takes `wide` columns. */
static void append_cell(struct buffer *out, const struct table_column *column,
                        const struct surface *surface, enum tone tone,
                        struct slice text, size_t wide)
{
    struct buffer shown = {0};
    bool is_cut = width_of(text) > wide;
    struct slice fits = is_cut ? width_cut(text, wide - 1) : text;
    buffer_append(&shown, fits.data, fits.size);
    if (is_cut)
        buffer_append_string(&shown, CUT_MARK);
    size_t blanks = wide - width_of(buffer_slice(&shown));
    if (column->is_right)
        width_pad(out, blanks);
    tone_append(out, surface, tone, buffer_slice(&shown));
    if (!column->is_right)
        width_pad(out, blanks);
    buffer_finish(&shown);
}

static void end_line(struct buffer *out)
{
    while (out->size > 0 && out->data[out->size - 1] == ' ')
        out->size--;
    buffer_append(out, "\n", 1);
}

static void append_titles(const struct table *table,
                          const struct surface *surface, const size_t *widths,
                          struct buffer *out)
{
    for (size_t i = 0; i < table->column_count; i++) {
        width_pad(out, i == 0 ? 0 : GAP);
        append_cell(out, &table->columns[i], surface, TONE_BOLD,
                    slice_of(table->columns[i].title), widths[i]);
    }
    end_line(out);
}

static void append_row(const struct table *table, const struct surface *surface,
                       const size_t *widths, size_t first, struct buffer *out)
{
    for (size_t i = 0; i < table->column_count; i++) {
        width_pad(out, i == 0 ? 0 : GAP);
        append_cell(out, &table->columns[i], surface,
                    table->cells[first + i].tone, text_of(table, first + i),
                    widths[i]);
    }
    end_line(out);
}

void table_append(const struct table *table, const struct surface *surface,
                  struct buffer *out)
{
    size_t widths[TABLE_COLUMNS_MAX];
    size_t count = table->column_count;
    assert(count > 0 && count <= TABLE_COLUMNS_MAX);
    measure(table, widths);
    fit(table, surface, widths);
    append_titles(table, surface, widths, out);
    for (size_t i = 0; i + count <= table->cell_count; i += count)
        append_row(table, surface, widths, i, out);
}

void table_finish(struct table *table)
{
    free(table->cells);
    buffer_finish(&table->text);
    table->cells = NULL;
    table->cell_count = table->cell_room = 0;
}
