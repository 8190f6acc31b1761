/* SPDX-License-Identifier: MIT */
#include "stdin.h"

#include <stdio.h>

void stdin_read(struct buffer *text)
{
    enum { STEP_BYTES = 64 * 1024 };
    size_t size;
    do {
        buffer_reserve(text, STEP_BYTES);
        size = fread(text->data + text->size, 1, STEP_BYTES, stdin);
        text->size += size;
    } while (size > 0);
}
