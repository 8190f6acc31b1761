/* SPDX-License-Identifier: MIT */
#include "jsonc.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/utf8.h"

static const size_t NOWHERE = SIZE_MAX;

/* The state of one blanking. */
struct blanker {
    char *text;
    size_t size;
    size_t at;
    char last;    /* the last byte that is JSON; NUL at first */
    size_t comma; /* where it is, if it is a comma behind a value */
    struct jsonc_error *error;
};

static enum status refuse(struct blanker *blanker, size_t offset,
                          const char *reason)
{
    *blanker->error = (struct jsonc_error){offset, reason};
    return STATUS_INVALID;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_control(char byte)
{
    return (unsigned char)byte < 0x20;
}

static bool starts(const struct blanker *blanker, const char *word)
{
    size_t size = strlen(word);
    return size <= blanker->size - blanker->at &&
           memcmp(blanker->text + blanker->at, word, size) == 0;
}

static enum status skip_character(struct blanker *blanker)
{
    size_t width =
        utf8_width(blanker->text + blanker->at, blanker->size - blanker->at);
    if (width == 0)
        return refuse(blanker, blanker->at, "this is not UTF-8");
    blanker->at += width;
    return STATUS_OK;
}

static enum status skip_in_string(struct blanker *blanker, size_t start)
{
    char byte = blanker->text[blanker->at];
    if (byte == '\n' || byte == '\r')
        return refuse(blanker, start, "this string does not end on its line");
    if (is_control(byte) && byte != '\t')
        return refuse(blanker, blanker->at, "a control character in a string");
    if (starts(blanker, "\\u0000"))
        return refuse(blanker, blanker->at, "a NUL in a string");
    size_t next = blanker->at + 1;
    if (byte == '\\' && next < blanker->size &&
        !is_control(blanker->text[next]))
        blanker->at = next;
    return skip_character(blanker);
}

static enum status skip_string(struct blanker *blanker)
{
    size_t start = blanker->at++;
    while (blanker->at < blanker->size && blanker->text[blanker->at] != '"') {
        enum status status = skip_in_string(blanker, start);
        if (status != STATUS_OK)
            return status;
    }
    if (blanker->at == blanker->size)
        return refuse(blanker, start, "this string does not end");
    blanker->at++;
    blanker->last = '"';
    blanker->comma = NOWHERE;
    return STATUS_OK;
}

static void blank_line_comment(struct blanker *blanker)
{
    while (blanker->at < blanker->size && blanker->text[blanker->at] != '\n')
        blanker->text[blanker->at++] = ' ';
}

static enum status blank_block_comment(struct blanker *blanker)
{
    size_t start = blanker->at;
    memset(blanker->text + blanker->at, ' ', 2);
    for (blanker->at += 2; !starts(blanker, "*/"); blanker->at++) {
        if (blanker->at == blanker->size)
            return refuse(blanker, start, "this comment does not end");
        if (blanker->text[blanker->at] != '\n')
            blanker->text[blanker->at] = ' ';
    }
    memset(blanker->text + blanker->at, ' ', 2);
    blanker->at += 2;
    return STATUS_OK;
}

static enum status pass_mark(struct blanker *blanker)
{
    size_t here = blanker->at;
    char byte = blanker->text[here];
    if (is_control(byte))
        return refuse(blanker, here, "a control character");
    if ((byte == '}' || byte == ']') && blanker->comma != NOWHERE)
        blanker->text[blanker->comma] = ' ';
    /* `[,]` and `1,,` are no trailing commas: the parser shall see them. */
    bool trails = byte == ',' && blanker->last != '\0' &&
                  strchr("{[,:", blanker->last) == NULL;
    blanker->comma = trails ? here : NOWHERE;
    blanker->last = byte;
    return skip_character(blanker);
}

static enum status blank_next(struct blanker *blanker)
{
    if (is_blank(blanker->text[blanker->at])) {
        blanker->at++;
        return STATUS_OK;
    }
    if (starts(blanker, "//")) {
        blank_line_comment(blanker);
        return STATUS_OK;
    }
    if (starts(blanker, "/*"))
        return blank_block_comment(blanker);
    if (starts(blanker, "\""))
        return skip_string(blanker);
    return pass_mark(blanker);
}

enum status jsonc_blank(char *text, size_t size, struct jsonc_error *error)
{
    struct blanker blanker = {
        .text = text, .size = size, .comma = NOWHERE, .error = error};
    if (starts(&blanker, "\xef\xbb\xbf"))
        memset(text, ' ', 3);
    while (blanker.at < size) {
        enum status status = blank_next(&blanker);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

size_t jsonc_line(struct slice text, size_t offset)
{
    size_t line = 1;
    for (size_t i = 0; i < offset && i < text.size; i++)
        if (text.data[i] == '\n')
            line++;
    return line;
}

static size_t string_end(struct slice text, size_t at)
{
    for (at++; at < text.size && text.data[at] != '"'; at++)
        if (text.data[at] == '\\')
            at++;
    return at + 1;
}

static size_t scalar_end(struct slice text, size_t at)
{
    while (at < text.size && !is_blank(text.data[at]) &&
           strchr(",:[]{}", text.data[at]) == NULL)
        at++;
    return at;
}

static size_t token_end(struct slice text, size_t at)
{
    if (text.data[at] == '"')
        return string_end(text, at);
    if (strchr(",:[]{}", text.data[at]) != NULL)
        return at + 1;
    return scalar_end(text, at);
}

static bool is_key(struct slice text, size_t end)
{
    while (end < text.size && is_blank(text.data[end]))
        end++;
    return end < text.size && text.data[end] == ':';
}

size_t jsonc_next(struct slice text, size_t *at)
{
    size_t key = NOWHERE;
    while (*at < text.size) {
        size_t start = (*at)++;
        if (is_blank(text.data[start]) ||
            strchr(",:]}", text.data[start]) != NULL)
            continue;
        *at = token_end(text, start);
        if (text.data[start] != '"' || !is_key(text, *at))
            return key != NOWHERE ? key : start;
        key = start;
    }
    return text.size;
}
