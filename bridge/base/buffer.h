/* SPDX-License-Identifier: MIT */
/* Bytes: a borrowed run of them (`slice`) and an owned one that grows
 * (`buffer`). */
#ifndef ONEBUS_BUFFER_H
#define ONEBUS_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Borrowed: valid until the call it was given to returns, unless the function
 * says otherwise. Not NUL-terminated; `data` may be NULL when `size` is 0. */
struct slice {
    const char *data;
    size_t size;
};

/* Owned. Zero-initialised is a valid empty buffer. Never shrinks by itself. */
struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

static inline struct slice slice_of(const char *string)
{
    return (struct slice){string, strlen(string)};
}

static inline bool slice_equals(struct slice slice, const char *string)
{
    size_t size = strlen(string);
    return slice.size == size &&
           (size == 0 || memcmp(slice.data, string, size) == 0);
}

static inline bool slice_is_same(struct slice one, struct slice other)
{
    return one.size == other.size &&
           (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

/* The bytes in `buffer`, valid until it is next changed. */
static inline struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->size};
}

/* Make room for `more` bytes behind the present ones. */
void buffer_reserve(struct buffer *buffer, size_t more);

void buffer_append(struct buffer *buffer, const void *data, size_t size);

void buffer_append_string(struct buffer *buffer, const char *string);

/* Forget the bytes and keep the room, unless that is above `keep` bytes: one
 * huge frame must not hold its memory for ever. */
void buffer_clear(struct buffer *buffer, size_t keep);

/* Free the bytes; the buffer is empty and usable again. */
void buffer_finish(struct buffer *buffer);

#endif
