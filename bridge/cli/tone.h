/* SPDX-License-Identifier: MIT */
/* What a word on the terminal is to look like. Pure. Any thread. */
#ifndef ONEBUS_TONE_H
#define ONEBUS_TONE_H

#include <stdbool.h>

#include "base/buffer.h"

enum tone {
    TONE_PLAIN,
    TONE_GOOD,
    TONE_WARN,
    TONE_BAD,
    TONE_DIM,
    TONE_BOLD,
};

/* What it is shown on. */
struct surface {
    size_t columns; /* 0: as many as it takes */
    bool has_colours;
};

/* Append the text in that tone. */
void tone_append(struct buffer *out, const struct surface *surface,
                 enum tone tone, struct slice text);

#endif
