/* SPDX-License-Identifier: MIT */
#include "finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/visible.h"

/* Longer ones are cut: nobody reads them. */
enum { TEXT_SIZE = 1024 };

static char *line_of(const char *format, va_list arguments)
{
    char text[TEXT_SIZE];
    struct buffer line = {0};
    vsnprintf(text, sizeof(text), format, arguments);
    visible_append(&line, slice_of(text));
    buffer_append(&line, "", 1);
    return line.data;
}

static struct finding *make_room(struct findings *findings)
{
    if (findings->count == findings->capacity) {
        findings->capacity = findings->capacity * 2 + 16;
        findings->items = mem_realloc(
            findings->items, findings->capacity * sizeof(struct finding));
    }
    return &findings->items[findings->count++];
}

struct finding *findings_add(struct findings *findings,
                             enum finding_severity severity, const char *code,
                             const char *account, const char *seen, ...)
{
    struct finding *finding = make_room(findings);
    va_list arguments;
    *finding = (struct finding){
        .severity = severity,
        .subject = findings->subject,
        .code = code,
        .account = mem_strdup(account),
    };
    va_start(arguments, seen);
    finding->seen = line_of(seen, arguments);
    va_end(arguments);
    return finding;
}

void finding_why(struct finding *finding, const char *why, ...)
{
    va_list arguments;
    va_start(arguments, why);
    finding->why = line_of(why, arguments);
    va_end(arguments);
}

void finding_remedy(struct finding *finding, const char *remedy, ...)
{
    va_list arguments;
    va_start(arguments, remedy);
    finding->remedy = line_of(remedy, arguments);
    va_end(arguments);
}

size_t findings_of(const struct findings *findings,
                   enum finding_severity severity)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++)
        count += findings->items[i].severity == severity;
    return count;
}

const char *finding_severity_name(enum finding_severity severity)
{
    static const char *const names[] = {"ok", "note", "warn", "fault"};
    return names[severity];
}

void findings_finish(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        free(findings->items[i].account);
        free(findings->items[i].seen);
        free(findings->items[i].why);
        free(findings->items[i].remedy);
    }
    free(findings->items);
    *findings = (struct findings){0};
}
