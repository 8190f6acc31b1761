/* SPDX-License-Identifier: MIT */
#include "config_faults.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/mem.h"

/* Keys and values come from outside; none of them may move the cursor of the
 * terminal it is shown on. */
static char *printable(const char *text)
{
    struct buffer out = {0};
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        char escaped[5];
        snprintf(escaped, sizeof(escaped), "\\x%02x", byte);
        if (byte < 0x20 || byte == 0x7f)
            buffer_append_string(&out, escaped);
        else
            buffer_append(&out, text, 1);
    }
    buffer_append(&out, "", 1);
    return out.data;
}

void config_faults_add(struct config_faults *faults, const char *format, ...)
{
    if (config_faults_full(faults)) {
        faults->dropped++;
        return;
    }
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (faults->messages == NULL)
        faults->messages = mem_zalloc(CONFIG_FAULTS_MAX, sizeof(char *));
    faults->messages[faults->count++] = printable(text);
}

bool config_faults_full(const struct config_faults *faults)
{
    return faults->count == CONFIG_FAULTS_MAX;
}

void config_faults_finish(struct config_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        free(faults->messages[i]);
    free(faults->messages);
    *faults = (struct config_faults){0};
}
