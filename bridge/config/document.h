/* SPDX-License-Identifier: MIT */
/* A settings file, read and parsed, that still knows its lines. One thread. */
#ifndef ONEBUS_DOCUMENT_H
#define ONEBUS_DOCUMENT_H

#include <cjson/cJSON.h>

#include "base/buffer.h"
#include "base/status.h"

struct config_faults;

/* The largest settings file. An openclaw.json has some 10 KiB. */
enum { DOCUMENT_BYTES_MAX = 4 * 1024 * 1024 };

struct document {
    const char *name;              /* as the user gave it; borrowed */
    struct buffer text;            /* blanked, see jsonc.h */
    cJSON *root;                   /* an object */
    struct document_place *places; /* of each value, by its address */
    size_t place_count;
};

/* STATUS_INVALID: a fault says what is wrong with the file; `document` is then
 * empty. */
MUST_CHECK enum status document_read(const char *name,
                                     struct document *document,
                                     struct config_faults *faults);

/* The line of the item, or of its key if it has one. */
size_t document_line(const struct document *document, const cJSON *item);

/* Finishing an empty one is fine. */
void document_finish(struct document *document);

#endif
