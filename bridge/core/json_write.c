/* SPDX-License-Identifier: MIT */
/* One loop, one value a turn, what is open on a stack of small frames.
 *
 * strtod() and printf() follow LC_NUMERIC. That is the C locale's for ever:
 * the process never calls setlocale(). */
#include "json_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "json_scan.h"
#include "mp.h"

/* An array or map that is open. */
struct level {
    uint32_t count;
    uint32_t begun; /* elements or pairs so far */
    bool is_map;
};

struct writer {
    const unsigned char *start;
    struct mp_reader reader;
    struct buffer *out;
    struct level *levels;
    unsigned depth;
    unsigned depth_max;
    bool bin_as_base64;
    struct json_error *error;
};

static bool refuse_pack(struct writer *writer, const unsigned char *at,
                        const char *reason)
{
    *writer->error = (struct json_error){
        .offset = (size_t)(at - writer->start),
        .reason = reason,
    };
    return false;
}

/* The first byte from `at` on that a JSON string cannot hold as it is. */
static const unsigned char *pass_plain(const unsigned char *at,
                                       const unsigned char *end)
{
    while (end - at >= JSON_STRIDE) {
        size_t plain = json_plain_bytes(at);
        at += plain;
        if (plain < JSON_STRIDE)
            return at;
    }
    while (at < end && !json_is_special(*at))
        at++;
    return at;
}

/* The end of the well-formed character beyond ASCII at `at`; `at` if there is
 * none. */
static const unsigned char *pass_wide(const unsigned char *at,
                                      const unsigned char *end)
{
    uint32_t four;
    if (end - at >= (ptrdiff_t)sizeof(four)) {
        memcpy(&four, at, sizeof(four));
        if (json_is_three_wide(four))
            return at + 3;
    }
    return at + utf8_width((const char *)at, (size_t)(end - at));
}

/* The first byte from `at` on that needs an escape or is not UTF-8. */
static const unsigned char *pass_text(const unsigned char *at,
                                      const unsigned char *end)
{
    for (;;) {
        at = pass_plain(at, end);
        if (at == end || *at < 0x80)
            return at;
        const unsigned char *behind = pass_wide(at, end);
        if (behind == at)
            return at;
        at = behind;
    }
}

static inline void append_byte(struct buffer *out, char byte)
{
    if (out->size == out->capacity)
        buffer_reserve(out, 1);
    out->data[out->size++] = byte;
}

static void append_escape(struct buffer *out, unsigned char byte)
{
    static const char letters[] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n',  ['\r'] = 'r',
        ['\t'] = 't', ['"'] = '"',  ['\\'] = '\\',
    };
    if (letters[byte] != 0) {
        append_byte(out, '\\');
        append_byte(out, letters[byte]);
        return;
    }
    char escape[8];
    snprintf(escape, sizeof(escape), "\\u%04x", byte);
    buffer_append_string(out, escape);
}

/* Append what is between the quotes. Where it stopped: at `end` or at bytes
 * that are not UTF-8. */
static const unsigned char *append_text(struct buffer *out,
                                        const unsigned char *at,
                                        const unsigned char *end)
{
    for (;;) {
        const unsigned char *run = at;
        at = pass_text(at, end);
        buffer_append(out, run, (size_t)(at - run));
        if (at == end || *at >= 0x80)
            return at;
        append_escape(out, *at++);
    }
}

void json_append_string(struct buffer *out, struct slice text)
{
    /* `data` may be NULL if there is none: nothing to count from. */
    const unsigned char *at =
        (const unsigned char *)(text.size == 0 ? "" : text.data);
    const unsigned char *end = at + text.size;
    append_byte(out, '"');
    while ((at = append_text(out, at, end)) < end) {
        buffer_append_string(out, "\xef\xbf\xbd"); /* U+FFFD */
        at++;
    }
    append_byte(out, '"');
}

static bool write_string(struct writer *writer, struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.data;
    const unsigned char *end = at + text.size;
    append_byte(writer->out, '"');
    at = append_text(writer->out, at, end);
    append_byte(writer->out, '"');
    return at == end || refuse_pack(writer, at, "broken UTF-8");
}

static bool write_literal(struct writer *writer, const char *name)
{
    buffer_append_string(writer->out, name);
    return true;
}

static bool write_natural(struct writer *writer, uint64_t natural)
{
    char digits[20]; /* UINT64_MAX has 20 */
    size_t first = sizeof(digits);
    do {
        digits[--first] = (char)('0' + natural % 10);
        natural /= 10;
    } while (natural > 0);
    buffer_append(writer->out, digits + first, sizeof(digits) - first);
    return true;
}

static bool write_integer(struct writer *writer, int64_t integer)
{
    if (integer >= 0)
        return write_natural(writer, (uint64_t)integer);
    append_byte(writer->out, '-');
    return write_natural(writer, 0 - (uint64_t)integer);
}

/* The fewest digits, from 15 on, that read back as the same double: 17 always
 * do, and up to 15 a decimal number comes back as it was written. */
static bool write_double(struct writer *writer, const unsigned char *at,
                         double real)
{
    if (!isfinite(real))
        return refuse_pack(writer, at, "NaN and infinity have no JSON form");
    char text[32]; /* -1.2345678901234567e-308 and NUL have 25 */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    buffer_append_string(writer->out, text);
    if (strpbrk(text, ".e") == NULL) /* or it would read back as an integer */
        buffer_append_string(writer->out, ".0");
    return true;
}

static bool write_bin(struct writer *writer, const unsigned char *at,
                      struct slice bytes)
{
    if (!writer->bin_as_base64)
        return refuse_pack(writer, at, "bin has no JSON form");
    append_byte(writer->out, '"');
    base64_append(writer->out, bytes);
    append_byte(writer->out, '"');
    return true;
}

static bool open_level(struct writer *writer, const unsigned char *at,
                       const struct mp_token *token)
{
    if (writer->depth == writer->depth_max)
        return refuse_pack(writer, at, "nested deeper than the limit");
    bool is_map = token->kind == MP_MAP;
    writer->levels[writer->depth++] = (struct level){
        .count = token->count,
        .is_map = is_map,
    };
    append_byte(writer->out, is_map ? '{' : '[');
    return true;
}

static bool next_token(struct writer *writer, struct mp_token *token)
{
    const struct mp_reader *reader = &writer->reader;
    if (mp_next(&writer->reader, token))
        return true;
    if (reader->at < reader->end && *reader->at == 0xc1)
        return refuse_pack(writer, reader->at, "0xc1 is no MessagePack");
    return refuse_pack(writer, reader->at, "cut off");
}

/* A scalar, or the bracket that opens an array or map. */
static bool write_value(struct writer *writer)
{
    const unsigned char *at = writer->reader.at;
    struct mp_token token;
    if (!next_token(writer, &token))
        return false;
    switch (token.kind) {
    case MP_NIL:
        return write_literal(writer, "null");
    case MP_BOOL:
        return write_literal(writer, token.boolean ? "true" : "false");
    case MP_INT:
        return write_integer(writer, token.integer);
    case MP_UINT:
        return write_natural(writer, token.natural);
    case MP_DOUBLE:
        return write_double(writer, at, token.real);
    case MP_STR:
        return write_string(writer, token.bytes);
    case MP_BIN:
        return write_bin(writer, at, token.bytes);
    case MP_EXT:
        return refuse_pack(writer, at, "ext has no JSON form");
    case MP_ARRAY:
    case MP_MAP:
        break;
    }
    return open_level(writer, at, &token);
}

static bool write_key(struct writer *writer)
{
    const unsigned char *at = writer->reader.at;
    struct mp_token key;
    if (!next_token(writer, &key))
        return false;
    if (key.kind != MP_STR)
        return refuse_pack(writer, at, "key is no string");
    if (!write_string(writer, key.bytes))
        return false;
    append_byte(writer->out, ':');
    return true;
}

/* From behind a value or an opening bracket to the next value, closing what
 * ends before it; to the end of the document if there is no next. */
static bool write_to_next_value(struct writer *writer)
{
    while (writer->depth > 0) {
        struct level *level = &writer->levels[writer->depth - 1];
        if (level->begun == level->count) {
            append_byte(writer->out, level->is_map ? '}' : ']');
            writer->depth--;
            continue;
        }
        if (level->begun++ > 0)
            append_byte(writer->out, ',');
        return !level->is_map || write_key(writer);
    }
    return true;
}

static bool write_document(struct writer *writer)
{
    do {
        if (!write_value(writer) || !write_to_next_value(writer))
            return false;
    } while (writer->depth > 0);
    const struct mp_reader *reader = &writer->reader;
    return reader->at == reader->end ||
           refuse_pack(writer, reader->at, "bytes behind the value");
}

enum status json_from_msgpack(struct slice pack,
                              const struct json_writer_options *options,
                              struct buffer *out, struct json_error *error)
{
    struct level levels[JSON_DEPTH_MAX];
    struct mp_reader reader = mp_reader_of(pack);
    struct writer writer = {
        .start = reader.at,
        .reader = reader,
        .out = out,
        .levels = levels,
        .depth_max = json_depth_limit(options->depth_max),
        .bin_as_base64 = options->bin_as_base64,
        .error = error,
    };
    size_t before = out->size;
    if (write_document(&writer))
        return STATUS_OK;
    out->size = before;
    return STATUS_INVALID;
}
