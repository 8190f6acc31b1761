/* SPDX-License-Identifier: MIT */
#include "width.h"

#include <utf8proc.h>

#include "base/utf8.h"

/* Bytes of the character at the front of `text`, and its columns. */
static size_t take(struct slice text, size_t *columns)
{
    utf8proc_int32_t point;
    size_t bytes = utf8_width(text.data, text.size);
    if (bytes == 0) {
        *columns = 1;
        return 1;
    }
    (void)utf8proc_iterate((const utf8proc_uint8_t *)text.data,
                           (utf8proc_ssize_t)bytes, &point);
    *columns = (size_t)utf8proc_charwidth(point);
    return bytes;
}

static struct slice rest_of(struct slice text, size_t bytes)
{
    return (struct slice){text.data + bytes, text.size - bytes};
}

size_t width_of(struct slice text)
{
    size_t sum = 0;
    while (text.size > 0) {
        size_t columns;
        text = rest_of(text, take(text, &columns));
        sum += columns;
    }
    return sum;
}

struct slice width_cut(struct slice text, size_t columns)
{
    struct slice rest = text;
    while (rest.size > 0) {
        size_t wide;
        size_t bytes = take(rest, &wide);
        if (wide > columns)
            break;
        columns -= wide;
        rest = rest_of(rest, bytes);
    }
    return (struct slice){text.data, text.size - rest.size};
}

void width_pad(struct buffer *out, size_t columns)
{
    while (columns-- > 0)
        buffer_append(out, " ", 1);
}

/* The word at the front of `text`, blanks before it skipped. */
static struct slice word_of(struct slice *text)
{
    while (text->size > 0 && text->data[0] == ' ')
        *text = rest_of(*text, 1);
    const char *blank =
        text->size == 0 ? NULL : memchr(text->data, ' ', text->size);
    size_t size = blank == NULL ? text->size : (size_t)(blank - text->data);
    struct slice word = {text->data, size};
    *text = rest_of(*text, size);
    return word;
}

void width_wrap(struct buffer *out, struct slice text, size_t at, size_t indent,
                size_t columns)
{
    bool is_first = true;
    for (;;) {
        struct slice word = word_of(&text);
        size_t wide = width_of(word);
        if (word.size == 0)
            return;
        if (!is_first && at + 1 + wide > columns) {
            buffer_append(out, "\n", 1);
            width_pad(out, indent);
            at = indent;
        } else if (!is_first) {
            buffer_append(out, " ", 1);
            at++;
        }
        buffer_append(out, word.data, word.size);
        at += wide;
        is_first = false;
    }
}
