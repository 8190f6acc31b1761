/* SPDX-License-Identifier: MIT */
#include "visible.h"

#include <stdbool.h>
#include <stdio.h>

#include "utf8.h"

/* C1 controls (U+0080 to U+009F) drive terminals as much as C0 does. */
static bool is_control(const unsigned char *at, size_t width)
{
    return at[0] < 0x20 || at[0] == 0x7f ||
           (width == 2 && at[0] == 0xc2 && at[1] < 0xa0);
}

static void append_escape(struct buffer *out, unsigned char byte,
                          const char *backslash)
{
    char escape[8];
    if (byte == '\n' || byte == '\t')
        snprintf(escape, sizeof(escape), "%s%c", backslash,
                 byte == '\n' ? 'n' : 't');
    else
        snprintf(escape, sizeof(escape), "%sx%02x", backslash, byte);
    buffer_append_string(out, escape);
}

static void append(struct buffer *out, struct slice text, bool json)
{
    for (size_t i = 0; i < text.size;) {
        const unsigned char *at = (const unsigned char *)text.data + i;
        size_t width = utf8_width(text.data + i, text.size - i);
        if (width == 0 || is_control(at, width)) {
            append_escape(out, at[0], json ? "\\\\" : "\\");
            i++;
            continue;
        }
        if (json && (at[0] == '"' || at[0] == '\\'))
            buffer_append(out, "\\", 1);
        buffer_append(out, at, width);
        i += width;
    }
}

void visible_append(struct buffer *out, struct slice text)
{
    append(out, text, false);
}

void visible_append_json(struct buffer *out, struct slice text)
{
    append(out, text, true);
}

const char *visible_quote(char *out, size_t size, struct slice text)
{
    struct buffer shown = {0};
    struct slice head = {text.data, text.size < size ? text.size : size};
    visible_append(&shown, head);
    size_t fits = shown.data == NULL  ? 0
                  : shown.size < size ? shown.size
                                      : size - 1;
    while (fits < shown.size && fits > 0 &&
           ((unsigned char)shown.data[fits] & 0xc0) == 0x80)
        fits--; /* not within a character */
    for (size_t i = 0; i < fits; i++)
        out[i] = shown.data[i] == '"' ? '\'' : shown.data[i];
    out[fits] = '\0';
    buffer_finish(&shown);
    return out;
}
