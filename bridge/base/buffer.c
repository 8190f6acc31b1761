/* SPDX-License-Identifier: MIT */
#include "buffer.h"

#include <stdlib.h>

#include "mem.h"

enum { FIRST_CAPACITY = 256 };

void buffer_reserve(struct buffer *buffer, size_t more)
{
    size_t need = buffer->size + more;
    if (need <= buffer->capacity)
        return;
    size_t capacity = buffer->capacity * 2;
    if (capacity < FIRST_CAPACITY)
        capacity = FIRST_CAPACITY;
    if (capacity < need)
        capacity = need;
    buffer->data = mem_realloc(buffer->data, capacity);
    buffer->capacity = capacity;
}

void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    if (size == 0)
        return;
    buffer_reserve(buffer, size);
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
}

void buffer_append_string(struct buffer *buffer, const char *string)
{
    buffer_append(buffer, string, strlen(string));
}

void buffer_clear(struct buffer *buffer, size_t keep)
{
    buffer->size = 0;
    if (buffer->capacity > keep)
        buffer_finish(buffer);
}

void buffer_finish(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}
