/* SPDX-License-Identifier: MIT */
/* What `onebus doctor` prints: its findings for people, or as JSON.
 *
 *     addresses
 *       fault  127.0.0.1:3001 is taken by napcat (pid 42)
 *              why  NapCat's own server usually listens there
 *              do   "channels": {"napcatqq": {"wsPort": 3002}}
 *
 * The subject with the worst finding comes last, next to the prompt. Pure. One
 * thread. */
#ifndef ONEBUS_REPORT_H
#define ONEBUS_REPORT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "cli/finding.h"
#include "cli/tone.h"

struct report {
    const struct findings *findings;
    const char *version;
    const char *file; /* the settings'; NULL: there is none */
    bool are_settings_usable;
    bool is_running; /* a bridge has answered */
};

/* Append it as lines, each with its line feed. */
void report_append_text(const struct report *report,
                        const struct surface *surface, struct buffer *out);

/* Append it as one JSON object. */
void report_append_json(const struct report *report, struct buffer *out);

#endif
