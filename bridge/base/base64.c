/* SPDX-License-Identifier: MIT */
#include "base64.h"

#include <stdint.h>
#include <string.h>

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* Of a character: its digit, or NONE. */
enum { NONE = 0x80, NO = NONE };
static const unsigned char VALUES[256] = {
    /* clang-format off */
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 62, NO, NO, NO, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NO, NO, NO, NO, NO, NO,
    NO, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO, NO, NO, NO, NO,
    NO, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    /* clang-format on */
};

size_t base64_text_size(size_t size)
{
    return (size / 3 + (size % 3 != 0)) * 4;
}

/* How many `=` end it. */
static size_t padding(struct slice text)
{
    if (text.size < 4 || text.data[text.size - 1] != '=')
        return 0;
    return text.data[text.size - 2] == '=' ? 2 : 1;
}

enum status base64_bytes_size(struct slice text, size_t *size)
{
    if (text.size % 4 != 0)
        return STATUS_INVALID;
    *size = text.size / 4 * 3 - padding(text);
    return STATUS_OK;
}

/* Four digits for three bytes. */
static void write_group(char *out, const unsigned char *in)
{
    uint32_t group = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
    out[0] = DIGITS[group >> 18];
    out[1] = DIGITS[group >> 12 & 63];
    out[2] = DIGITS[group >> 6 & 63];
    out[3] = DIGITS[group & 63];
}

/* The last group, of one byte or two. */
static void write_rest(char *out, const unsigned char *in, size_t size)
{
    const unsigned char group[3] = {in[0], size > 1 ? in[1] : 0, 0};
    write_group(out, group);
    out[3] = '=';
    if (size == 1)
        out[2] = '=';
}

void base64_append(struct buffer *out, struct slice bytes)
{
    size_t wanted = base64_text_size(bytes.size);
    if (wanted == 0)
        return;
    buffer_reserve(out, wanted);
    const unsigned char *in = (const unsigned char *)bytes.data;
    char *text = out->data + out->size;
    size_t whole = bytes.size - bytes.size % 3;
    for (size_t i = 0; i < whole; i += 3, text += 4)
        write_group(text, in + i);
    if (whole < bytes.size)
        write_rest(text, in + whole, bytes.size - whole);
    out->size += wanted;
}

/* Three bytes of four digits. */
static bool read_group(const unsigned char *in, uint32_t *group)
{
    uint32_t a = VALUES[in[0]];
    uint32_t b = VALUES[in[1]];
    uint32_t c = VALUES[in[2]];
    uint32_t d = VALUES[in[3]];
    *group = a << 18 | b << 12 | c << 6 | d;
    return ((a | b | c | d) & NONE) == 0;
}

/* The last four characters, padded: the bits that no byte takes are zero, or
 * two texts would stand for the same bytes. */
static bool read_last(const unsigned char *in, size_t padding_size,
                      uint32_t *group)
{
    const unsigned char digits[4] = {
        in[0],
        in[1],
        padding_size == 2 ? 'A' : in[2],
        'A',
    };
    uint32_t unused = padding_size == 2 ? 0xffff : 0xff;
    return read_group(digits, group) && (*group & unused) == 0;
}

static void write_bytes(char *out, uint32_t group, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (char)(group >> (16 - 8 * i) & 0xff);
}

/* Write the bytes of `text`, which has room for all, to `out`. */
static bool read_text(struct slice text, char *out)
{
    const unsigned char *in = (const unsigned char *)text.data;
    size_t padded = padding(text);
    size_t whole = padded > 0 ? text.size - 4 : text.size;
    uint32_t group;
    for (size_t i = 0; i < whole; i += 4, out += 3) {
        if (!read_group(in + i, &group))
            return false;
        write_bytes(out, group, 3);
    }
    if (padded == 0)
        return true;
    if (!read_last(in + whole, padded, &group))
        return false;
    write_bytes(out, group, 3 - padded);
    return true;
}

enum status base64_decode(struct slice text, struct buffer *out)
{
    size_t size;
    if (base64_bytes_size(text, &size) != STATUS_OK)
        return STATUS_INVALID;
    if (size == 0)
        return STATUS_OK;
    buffer_reserve(out, size);
    if (!read_text(text, out->data + out->size))
        return STATUS_INVALID;
    out->size += size;
    return STATUS_OK;
}

bool base64_is_valid(struct slice text)
{
    const unsigned char *in = (const unsigned char *)text.data;
    size_t padded = padding(text);
    size_t whole = padded > 0 ? text.size - 4 : text.size;
    uint32_t group;
    bool is_valid = text.size % 4 == 0;
    for (size_t i = 0; is_valid && i < whole; i += 4)
        is_valid = read_group(in + i, &group);
    return is_valid && (padded == 0 || read_last(in + whole, padded, &group));
}

/* ---- what others write -------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t run_of_digits(struct slice text)
{
    size_t i = 0;
    while (i < text.size && !is_blank(text.data[i]))
        i++;
    return i;
}

bool base64_is_tidy(struct slice text)
{
    /* Whoever breaks lines does so before this. */
    enum { LINE_MAX = 128 };
    struct slice first = {text.data,
                          text.size < LINE_MAX ? text.size : LINE_MAX};
    return text.size % 4 == 0 &&
           (text.size == 0 || (run_of_digits(first) == first.size &&
                               memchr(text.data, '-', text.size) == NULL &&
                               memchr(text.data, '_', text.size) == NULL));
}

void base64_tidy(struct slice text, struct buffer *out)
{
    size_t before = out->size;
    while (text.size > 0) {
        size_t run = run_of_digits(text);
        buffer_append(out, text.data, run);
        run += run < text.size; /* the blank */
        text = (struct slice){text.data + run, text.size - run};
    }
    for (size_t i = before; i < out->size; i++)
        if (out->data[i] == '-' || out->data[i] == '_')
            out->data[i] = out->data[i] == '-' ? '+' : '/';
    size_t rest = (out->size - before) % 4;
    if (rest > 1)
        buffer_append(out, "==", 4 - rest);
}
