/* SPDX-License-Identifier: MIT */
#include "document.h"

#include <stdbool.h>

#include "config_faults.h"
#include "file.h"
#include "jsonc.h"

static void fault_at(const struct document *document, size_t offset,
                     struct config_faults *faults, const char *reason)
{
    size_t line = jsonc_line(buffer_slice(&document->text), offset);
    config_faults_add(faults, "%s:%zu: %s", document->name, line, reason);
}

static size_t skip_blanks(const struct buffer *text, size_t at)
{
    while (at < text->size && strchr(" \t\r\n", text->data[at]) != NULL)
        at++;
    return at;
}

/* What cJSON stumbled over is not shown: it may be half a token. */
static bool parse(struct document *document, struct config_faults *faults)
{
    const struct buffer *text = &document->text;
    if (skip_blanks(text, 0) == text->size) {
        fault_at(document, 0, faults,
                 "the file is empty; allowed: one JSON object");
        return false;
    }
    const char *end = text->data;
    document->root =
        cJSON_ParseWithLengthOpts(text->data, text->size, &end, false);
    size_t stop = skip_blanks(text, (size_t)(end - text->data));
    if (document->root == NULL) {
        fault_at(document, stop, faults,
                 "this is not JSON, or nested too deeply");
        return false;
    }
    if (stop != text->size)
        fault_at(document, stop, faults, "there is text behind the document");
    else if (!cJSON_IsObject(document->root))
        fault_at(document, skip_blanks(text, 0), faults,
                 "the document is no object");
    return stop == text->size && cJSON_IsObject(document->root);
}

static bool read_and_blank(struct document *document,
                           struct config_faults *faults)
{
    int error = file_read(document->name, DOCUMENT_BYTES_MAX, &document->text);
    if (error != 0) {
        config_faults_add(faults, "%s: cannot be read: %s", document->name,
                          strerror(error));
        return false;
    }
    struct jsonc_error refused;
    if (jsonc_blank(document->text.data, document->text.size, &refused) ==
        STATUS_OK)
        return true;
    fault_at(document, refused.offset, faults, refused.reason);
    return false;
}

enum status document_read(const char *name, struct document *document,
                          struct config_faults *faults)
{
    *document = (struct document){.name = name};
    if (read_and_blank(document, faults) && parse(document, faults))
        return STATUS_OK;
    document_finish(document);
    return STATUS_INVALID;
}

/* Count the values from `item` on, up to `wanted`. No deeper than cJSON's own
 * recursion, which built the tree. */
static bool count_until(const cJSON *item, const cJSON *wanted, size_t *count)
{
    if (item == wanted)
        return true;
    ++*count;
    const cJSON *child;
    cJSON_ArrayForEach(child, item)
    {
        if (count_until(child, wanted, count))
            return true;
    }
    return false;
}

/* cJSON keeps no offsets, and a path of keys would not tell duplicates apart;
 * so the item is found by its place in the order of all values. */
size_t document_line(const struct document *document, const cJSON *item)
{
    size_t number = 0;
    count_until(document->root, item, &number);
    struct slice text = buffer_slice(&document->text);
    return jsonc_line(text, jsonc_offset(text, number));
}

void document_finish(struct document *document)
{
    cJSON_Delete(document->root);
    buffer_finish(&document->text);
    *document = (struct document){0};
}
