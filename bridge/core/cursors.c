/* SPDX-License-Identifier: MIT */
#include "cursors.h"

#include <stdlib.h>

#include "base/mem.h"

struct cursors {
    struct cursor items[CURSORS_MAX];
    size_t count;
};

struct cursors *cursors_create(void)
{
    return mem_zalloc(1, sizeof(struct cursors));
}

void cursors_destroy(struct cursors *cursors)
{
    free(cursors);
}

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') ||
           (byte != '\0' && strchr("._:@/-", byte) != NULL);
}

bool cursors_is_name(struct slice consumer)
{
    if (consumer.size == 0 || consumer.size > CURSOR_CONSUMER_BYTES_MAX)
        return false;
    for (size_t i = 0; i < consumer.size; i++)
        if (!is_name_byte(consumer.data[i]))
            return false;
    return true;
}

static struct cursor *find(struct cursors *cursors, struct slice consumer)
{
    for (size_t i = 0; i < cursors->count; i++)
        if (slice_equals(consumer, cursors->items[i].consumer))
            return &cursors->items[i];
    return NULL;
}

enum status cursors_set(struct cursors *cursors, const struct cursor *cursor)
{
    struct cursor *place = find(cursors, slice_of(cursor->consumer));
    if (place == NULL && cursors->count == CURSORS_MAX)
        return STATUS_FULL;
    if (place == NULL)
        place = &cursors->items[cursors->count++];
    *place = *cursor;
    return STATUS_OK;
}

const struct cursor *cursors_find(const struct cursors *cursors,
                                  struct slice consumer)
{
    return find((struct cursors *)cursors, consumer);
}

bool cursors_drop(struct cursors *cursors, struct slice consumer)
{
    struct cursor *place = find(cursors, consumer);
    if (place == NULL)
        return false;
    *place = cursors->items[--cursors->count];
    return true;
}
