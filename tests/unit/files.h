/* SPDX-License-Identifier: MIT */
/* Examples and fixtures that tests read from the source tree. */
#ifndef ONEBUS_FILES_H
#define ONEBUS_FILES_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "check.h"

/* Append the file's bytes; a check fails if it cannot be read. */
static inline void file_read(const char *directory, const char *name,
                             struct buffer *out)
{
    enum { STEP = 65536 };
    char path[1024];
    size_t size = 0;
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    CHECK_ROW(slice_of(file == NULL ? "missing" : "there"), slice_of("there"),
              path);
    if (file == NULL)
        return;
    do {
        buffer_reserve(out, STEP);
        size = fread(out->data + out->size, 1, STEP, file);
        out->size += size;
    } while (size > 0);
    fclose(file);
}

/* The file as a document, NULL if it is none. */
static inline cJSON *file_parse(const char *directory, const char *name)
{
    struct buffer text = {0};
    file_read(directory, name, &text);
    cJSON *document = cJSON_ParseWithLength(text.data, text.size);
    CHECK_ROW(slice_of(document == NULL ? "no JSON" : "JSON"), slice_of("JSON"),
              name);
    buffer_finish(&text);
    return document;
}

static inline const char *file_string(const cJSON *object, const char *key)
{
    const char *string =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return string == NULL ? "" : string;
}

#endif
