/* SPDX-License-Identifier: MIT */
#include "scope.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/mem.h"

static void init_bare(struct scope *scope, char *path,
                      const struct field_table *table, void *base)
{
    assert(table->count <= SCOPE_FIELDS_MAX);
    *scope = (struct scope){
        .path = path,
        .base = base,
        .table = table,
        .self = {.place = path},
        .origins = mem_zalloc(table->count, sizeof(struct origin)),
    };
}

void scope_init(struct scope *scope, char *path,
                const struct field_table *table, void *base)
{
    init_bare(scope, path, table, base);
    for (size_t i = 0; i < table->count; i++) {
        scope->origins[i] =
            (struct origin){.place = path, .key = table->fields[i].key};
        field_init(&table->fields[i], base);
    }
}

void scope_init_below(struct scope *scope, char *path,
                      const struct scope *parent, void *base)
{
    const struct field_table *table = parent->table;
    init_bare(scope, path, table, base);
    for (size_t i = 0; i < table->count; i++) {
        scope->origins[i] = parent->origins[i];
        field_copy(&table->fields[i], parent->base, base);
    }
}

char *scope_path_of(const struct scope *scope, const struct field *field)
{
    struct buffer path = {0};
    buffer_append_string(&path, scope->path);
    buffer_append_string(&path, ".");
    buffer_append(&path, field->key, strlen(field->key) + 1);
    return path.data;
}

const struct origin *scope_origin(const struct scope *scope, const char *key)
{
    size_t row = 0;
    while (strcmp(scope->table->fields[row].key, key) != 0) {
        row++;
        assert(row < scope->table->count);
    }
    return &scope->origins[row];
}

const struct origin *scope_origin_or_self(const struct scope *scope,
                                          const char *key)
{
    const struct origin *origin = scope_origin(scope, key);
    return origin_is_given(origin) ? origin : &scope->self;
}

void scope_finish(struct scope *scope)
{
    free(scope->path);
    free(scope->origins);
    *scope = (struct scope){0};
}

void scope_free_values(const struct field_table *table, void *base)
{
    for (size_t i = 0; i < table->count; i++)
        field_finish(&table->fields[i], base);
}
