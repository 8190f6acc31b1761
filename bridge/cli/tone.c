/* SPDX-License-Identifier: MIT */
#include "tone.h"

/* ECMA-48, section 8.3.117; only the eight colours that each terminal sets to
 * what can be read on its ground. */
static const char *const STARTS[] = {
    [TONE_PLAIN] = "",       [TONE_GOOD] = "\033[32m", [TONE_WARN] = "\033[33m",
    [TONE_BAD] = "\033[31m", [TONE_DIM] = "\033[2m",   [TONE_BOLD] = "\033[1m",
};

void tone_append(struct buffer *out, const struct surface *surface,
                 enum tone tone, struct slice text)
{
    bool is_coloured = surface->has_colours && tone != TONE_PLAIN;
    if (is_coloured)
        buffer_append_string(out, STARTS[tone]);
    buffer_append(out, text.data, text.size);
    if (is_coloured)
        buffer_append_string(out, "\033[0m");
}
