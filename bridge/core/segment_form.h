/* SPDX-License-Identifier: MIT */
/* A segment on its way out: read from what a caller wrote, put into the form
 * that peers take, changed, and packed again.
 *
 * Reading renames what has another name (`voice`, `user_id` of an `at`), turns
 * numbers into the text that OneBot 11 wants, and checks what is required of
 * the type. Of a type that is not known it takes anything. Any thread. */
#ifndef ONEBUS_SEGMENT_FORM_H
#define ONEBUS_SEGMENT_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/request.h"

struct segment_type;

enum {
    SEGMENT_ENTRIES_MAX = 32,
    SEGMENT_NUMBERS_MAX = SEGMENT_ENTRIES_MAX + 4,
    SEGMENT_NUMBER_SIZE = 32, /* of a number as text, and as MessagePack */
};

struct segment_entry {
    struct slice key;
    struct slice value;
    bool is_text; /* `value` is the text itself, not MessagePack */
};

/* All slices point into what was read, into `numbers` and into `text`. */
struct segment_form {
    const struct segment_type *type; /* NULL: not known */
    struct slice name;
    struct segment_entry entries[SEGMENT_ENTRIES_MAX]; /* of `data` */
    size_t count;
    bool is_changed; /* against what was read */
    char numbers[SEGMENT_NUMBERS_MAX][SEGMENT_NUMBER_SIZE];
    size_t number_count;
    struct buffer text; /* room for one long text */
};

/* Read `segment`, a MessagePack map, which stands at `path` in the request
 * ("params.message[2]"). False: `fault` says where, and what is allowed; the
 * form must be finished all the same. */
bool segment_form_read(struct segment_form *form, struct slice segment,
                       const char *path, char fault[static REQUEST_FAULT_SIZE]);

void segment_form_finish(struct segment_form *form);

/* The text of a parameter. False if it is missing or no text. */
bool segment_form_text(const struct segment_form *form, const char *key,
                       struct slice *text);

/* The MessagePack of a parameter as it was read or set. False if it is missing
 * or has been made a text. */
bool segment_form_value(const struct segment_form *form, const char *key,
                        struct slice *value);

/* The whole number, from 0 on, that a parameter is, or that its text says. */
bool segment_form_number(const struct segment_form *form, const char *key,
                         int64_t *number);

bool segment_form_has(const struct segment_form *form, const char *key);

/* `key` is static text; what is set must live as long as the form. */
void segment_form_set_text(struct segment_form *form, const char *key,
                           struct slice text);
void segment_form_set_number(struct segment_form *form, const char *key,
                             int64_t number); /* as text */
void segment_form_set_value(struct segment_form *form, const char *key,
                            struct slice pack);

/* Call a parameter otherwise, or take it away. */
void segment_form_rename(struct segment_form *form, const char *key,
                         const char *name);
void segment_form_remove(struct segment_form *form, const char *key);

/* Make it one of another type, without parameters. */
void segment_form_become(struct segment_form *form, const char *type);

/* Append it to `out`: {"type": …, "data": {…}}. */
void segment_form_pack(const struct segment_form *form, struct buffer *out);

/* Write a fault: "<path>: <what>". Returns false. */
bool segment_fault(char fault[static REQUEST_FAULT_SIZE], const char *path,
                   const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
