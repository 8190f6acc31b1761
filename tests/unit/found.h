/* SPDX-License-Identifier: MIT */
/* What a judgement has found, as one text to compare:
 * "fault:port-taken note:loopback-in-container". */
#ifndef ONEBUS_FOUND_H
#define ONEBUS_FOUND_H

#include "base/buffer.h"
#include "check.h"
#include "cli/finding.h"

/* Compare, and empty the list. */
static inline void check_found(struct findings *findings, const char *expected,
                               const char *label)
{
    struct buffer text = {0};
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        if (i > 0)
            buffer_append_string(&text, " ");
        buffer_append_string(&text, finding_severity_name(finding->severity));
        buffer_append_string(&text, ":");
        buffer_append_string(&text, finding->code);
        /* Whoever is told of a trouble is told what to do. */
        if (finding->severity >= FINDING_WARN)
            CHECK(finding->remedy != NULL);
    }
    CHECK_ROW(buffer_slice(&text), slice_of(expected), label);
    buffer_finish(&text);
    findings_finish(findings);
}

/* Has the finding this in one of its texts? */
static inline bool is_told(const struct finding *finding, const char *part)
{
    return strstr(finding->seen, part) != NULL ||
           (finding->why != NULL && strstr(finding->why, part) != NULL) ||
           (finding->remedy != NULL && strstr(finding->remedy, part) != NULL);
}

#endif
