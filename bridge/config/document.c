/* SPDX-License-Identifier: MIT */
#include "document.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "config_faults.h"
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

/* Where one value is. */
struct document_place {
    const cJSON *item;
    size_t line;
};

/* cJSON keeps no offsets, and a path of keys would not tell duplicates apart;
 * so the values of the tree and those of the text are walked side by side. */
struct walk {
    struct document *document;
    size_t at;      /* in the text */
    size_t counted; /* up to here, for `line` */
    size_t line;
};

static size_t count_values(const cJSON *item)
{
    size_t count = 1;
    const cJSON *child;
    cJSON_ArrayForEach(child, item) count += count_values(child);
    return count;
}

static size_t next_line(struct walk *walk)
{
    struct slice text = buffer_slice(&walk->document->text);
    size_t offset = jsonc_next(text, &walk->at);
    struct slice between = {text.data + walk->counted, offset - walk->counted};
    walk->line += jsonc_line(between, between.size) - 1;
    walk->counted = offset;
    return walk->line;
}

/* No deeper than cJSON's own recursion, which built the tree. */
static void note_places(struct walk *walk, const cJSON *item)
{
    struct document *document = walk->document;
    document->places[document->place_count++] =
        (struct document_place){item, next_line(walk)};
    const cJSON *child;
    cJSON_ArrayForEach(child, item) note_places(walk, child);
}

static int by_item(const void *one, const void *other)
{
    uintptr_t a = (uintptr_t)((const struct document_place *)one)->item;
    uintptr_t b = (uintptr_t)((const struct document_place *)other)->item;
    return (a > b) - (a < b);
}

/* Once for all: thousands of groups ask for their lines. */
static void find_places(struct document *document)
{
    struct walk walk = {.document = document, .line = 1};
    document->places =
        mem_zalloc(count_values(document->root), sizeof(struct document_place));
    note_places(&walk, document->root);
    qsort(document->places, document->place_count,
          sizeof(struct document_place), by_item);
}

enum status document_read(const char *name, struct document *document,
                          struct config_faults *faults)
{
    *document = (struct document){.name = name};
    if (read_and_blank(document, faults) && parse(document, faults)) {
        find_places(document);
        return STATUS_OK;
    }
    document_finish(document);
    return STATUS_INVALID;
}

size_t document_line(const struct document *document, const cJSON *item)
{
    const struct document_place key = {.item = item};
    const struct document_place *place =
        bsearch(&key, document->places, document->place_count,
                sizeof(struct document_place), by_item);
    assert(place != NULL);
    return place->line;
}

void document_finish(struct document *document)
{
    cJSON_Delete(document->root);
    free(document->places);
    buffer_finish(&document->text);
    *document = (struct document){0};
}
