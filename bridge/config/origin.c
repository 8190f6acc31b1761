/* SPDX-License-Identifier: MIT */
#include "origin.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "config_faults.h"
#include "document.h"

bool origin_is_given(const struct origin *origin)
{
    return origin->flag != NULL || origin->variable != NULL ||
           origin->item != NULL;
}

static int name_size(const char *assignment)
{
    size_t size = strcspn(assignment, "=");
    return size > 200 ? 200 : (int)size;
}

/* "[2]" for the element of a list, else "". */
static void format_element(const struct origin *origin, char out[static 24])
{
    out[0] = '\0';
    const cJSON *item = origin->item;
    if (item == NULL || item->string != NULL || item == origin->document->root)
        return;
    size_t index = 0;
    /* cJSON's first child points back to the last, so stop where the one
     * before has no next. */
    while (item->prev != NULL && item->prev->next != NULL) {
        item = item->prev;
        index++;
    }
    snprintf(out, 24, "[%zu]", index);
}

static void format_path(const struct origin *origin, char *out, size_t size)
{
    char element[24];
    format_element(origin, element);
    if (origin->key == NULL)
        snprintf(out, size, "%.200s", origin->place);
    else if (origin->place[0] == '\0')
        snprintf(out, size, "%.200s%s", origin->key, element);
    else
        snprintf(out, size, "%.200s.%.100s%s", origin->place, origin->key,
                 element);
}

static void format_origin(const struct origin *origin, char *out, size_t size)
{
    char path[384];
    const struct config_flag *flag = origin->flag;
    format_path(origin, path, sizeof(path));
    if (flag != NULL && flag->name != NULL)
        snprintf(out, size, "%.200s", flag->name);
    else if (flag != NULL)
        snprintf(out, size, "--set %.*s=…", name_size(flag->assignment),
                 flag->assignment);
    else if (origin->variable != NULL)
        snprintf(out, size, "%.*s", name_size(origin->variable),
                 origin->variable);
    else if (origin->item != NULL)
        snprintf(out, size, "%.300s:%zu: %s", origin->document->name,
                 document_line(origin->document, origin->item), path);
    else
        snprintf(out, size, "%s", path);
}

void origin_format(const struct origin *origin, char out[ORIGIN_TEXT_SIZE])
{
    char text[ORIGIN_TEXT_SIZE - sizeof(" (default)")];
    format_origin(origin, text, sizeof(text));
    snprintf(out, ORIGIN_TEXT_SIZE, "%s%s", text,
             origin_is_given(origin) ? "" : " (default)");
}

void origin_fault(const struct origin *origin, struct config_faults *faults,
                  const char *format, ...)
{
    if (config_faults_full(faults)) { /* spare the search for the line */
        config_faults_add(faults, "%s", "");
        return;
    }
    char where[768];
    char what[768];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    format_origin(origin, where, sizeof(where));
    config_faults_add(faults, "%s: %s", where, what);
}
