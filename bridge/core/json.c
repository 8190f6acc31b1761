/* SPDX-License-Identifier: MIT */
/* Both ways one loop, one value a turn, what is open on a stack of small
 * frames. Text to MessagePack writes straight into room reserved for the worst
 * case, so nothing is checked or moved while converting, but for this: how long
 * a string is or how many elements an array has is known at its end. Each gets
 * a head of one byte, which nearly always does, and is moved up by the bytes
 * missing where it does not.
 *
 * strtod() and printf() follow LC_NUMERIC. That is the C locale's for ever:
 * the process never calls setlocale(). */
#include "json.h"

#include <assert.h>
#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "mp.h"

/* MessagePack's formats; those of one group follow each other: the one for
 * 1 byte, for 2, for 4, for 8. */
enum {
    FORMAT_FIXMAP = 0x80,
    FORMAT_FIXARRAY = 0x90,
    FORMAT_FIXSTR = 0xa0,
    FORMAT_NIL = 0xc0,
    FORMAT_FALSE = 0xc2,
    FORMAT_TRUE = 0xc3,
    FORMAT_FLOAT64 = 0xcb,
    FORMAT_UINT8 = 0xcc,
    FORMAT_INT8 = 0xd0,
    FORMAT_STR8 = 0xd9,
    FORMAT_ARRAY16 = 0xdc,
    FORMAT_MAP16 = 0xde,
};

enum { WORD_BYTES = 8 };

/* ---- characters, for both ways ---- */

/* Eight bytes at a time: a bit is set in the lowest byte of `word` that a JSON
 * string cannot hold as it is (quote, backslash, control character) or that is
 * not ASCII. Bytes above that one may be marked wrongly, by its borrow. */
static uint64_t special_bytes(uint64_t word)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t quote = (word ^ each * '"') - each;
    uint64_t backslash = (word ^ each * '\\') - each;
    uint64_t control = word - each * 0x20;
    return (quote | backslash | control | word) & each * 0x80;
}

static bool is_special(unsigned char byte)
{
    return byte == '"' || byte == '\\' || byte < 0x20 || byte >= 0x80;
}

/* Bytes before the first special one of the eight in `word`. */
static size_t plain_bytes(uint64_t word)
{
    uint64_t special = special_bytes(le64toh(word));
    return special == 0 ? WORD_BYTES : (size_t)__builtin_ctzll(special) / 8;
}

/* Is the first character of `four` bytes a well-formed one of three bytes? Most
 * text beyond ASCII is CJK, and this asks about all its bytes at once. */
static bool is_three_wide(uint32_t four)
{
    four = le32toh(four);
    if ((four & 0xc0c0f0) != 0x8080e0)
        return false;
    /* Bit 5 of the second byte: 0xe0 without it would be overlong, 0xed with
     * it a surrogate. */
    uint32_t second = four & 0x200f;
    return second != 0x0000 && second != 0x200d;
}

/* ---- text to MessagePack ---- */

/* An array or object that is open. */
struct frame {
    unsigned char *head;
    uint32_t count;
    unsigned char closer; /* ']' or '}' */
};

struct reader {
    const unsigned char *start;
    const unsigned char *at;
    const unsigned char *end;
    unsigned char *out;
    unsigned char *marks; /* see mark_member() */
    struct frame *frames;
    unsigned depth;
    unsigned depth_max;
    struct json_error *error;
};

/* Where a string is read and written: handed around by value, so that the
 * compiler keeps both in registers. `at` is NULL when the string is refused. */
struct cursor {
    const unsigned char *at;
    unsigned char *out;
};

static bool refuse(struct reader *reader, const unsigned char *at,
                   const char *reason)
{
    *reader->error = (struct json_error){
        .offset = (size_t)(at - reader->start),
        .reason = reason,
    };
    return false;
}

static struct cursor refuse_string(struct reader *reader,
                                   const unsigned char *at, const char *reason)
{
    (void)refuse(reader, at, reason);
    return (struct cursor){NULL, NULL};
}

static unsigned char pass_space(struct reader *reader)
{
    const unsigned char *at = reader->at;
    while (at < reader->end &&
           (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    reader->at = at;
    return at < reader->end ? *at : 0;
}

/* The first byte that is no white space; 0, which begins nothing, at the end
 * of the text. */
static inline unsigned char peek(struct reader *reader)
{
    const unsigned char *at = reader->at;
    if (at < reader->end && *at >= '!')
        return *at;
    return pass_space(reader);
}

static unsigned char *put_number(unsigned char *out, uint64_t number,
                                 size_t width)
{
    for (size_t i = width; i > 0; i--) {
        out[i - 1] = (unsigned char)number;
        number >>= 8;
    }
    return out + width;
}

static unsigned char *put_natural(unsigned char *out, uint64_t natural)
{
    if (natural < 0x80) {
        *out = (unsigned char)natural;
        return out + 1;
    }
    unsigned power = natural <= UINT8_MAX    ? 0
                     : natural <= UINT16_MAX ? 1
                     : natural <= UINT32_MAX ? 2
                                             : 3;
    *out = (unsigned char)(FORMAT_UINT8 + power);
    return put_number(out + 1, natural, (size_t)1 << power);
}

static unsigned char *put_negative(unsigned char *out, int64_t integer)
{
    if (integer >= -32) {
        *out = (unsigned char)integer;
        return out + 1;
    }
    unsigned power = integer >= INT8_MIN    ? 0
                     : integer >= INT16_MIN ? 1
                     : integer >= INT32_MIN ? 2
                                            : 3;
    *out = (unsigned char)(FORMAT_INT8 + power);
    return put_number(out + 1, (uint64_t)integer, (size_t)1 << power);
}

/* Put `format` and a number of `width` bytes at `head`, where there is room for
 * one byte; what follows it, up to `out`, moves up. The new `out`. */
static unsigned char *put_long_head(unsigned char *head, unsigned char *out,
                                    unsigned format, uint32_t number,
                                    size_t width)
{
    memmove(head + 1 + width, head + 1, (size_t)(out - head - 1));
    *head = (unsigned char)format;
    put_number(head + 1, number, width);
    return out + width;
}

static unsigned char *put_string_head(unsigned char *head, unsigned char *out)
{
    uint32_t size = (uint32_t)(out - head - 1);
    if (size < 32) {
        *head = (unsigned char)(FORMAT_FIXSTR | size);
        return out;
    }
    unsigned power = size <= UINT8_MAX ? 0 : size <= UINT16_MAX ? 1 : 2;
    return put_long_head(head, out, FORMAT_STR8 + power, size,
                         (size_t)1 << power);
}

static unsigned char *put_frame_head(const struct frame *frame,
                                     unsigned char *out)
{
    bool is_array = frame->closer == ']';
    uint32_t count = frame->count;
    if (count < 16) {
        unsigned format = is_array ? FORMAT_FIXARRAY : FORMAT_FIXMAP;
        *frame->head = (unsigned char)(format | count);
        return out;
    }
    unsigned power = count <= UINT16_MAX ? 0 : 1;
    return put_long_head(frame->head, out,
                         (is_array ? FORMAT_ARRAY16 : FORMAT_MAP16) + power,
                         count, (size_t)2 << power);
}

static struct cursor copy_plain(struct cursor cursor, const unsigned char *end)
{
    while (end - cursor.at >= WORD_BYTES) {
        uint64_t word;
        memcpy(&word, cursor.at, WORD_BYTES);
        memcpy(cursor.out, &word, WORD_BYTES);
        size_t plain = plain_bytes(word);
        cursor.at += plain;
        cursor.out += plain;
        if (plain < WORD_BYTES)
            return cursor;
    }
    while (cursor.at < end && !is_special(*cursor.at))
        *cursor.out++ = *cursor.at++;
    return cursor;
}

static struct cursor copy_three_wide(struct cursor cursor,
                                     const unsigned char *end)
{
    uint32_t four;
    while (end - cursor.at >= (ptrdiff_t)sizeof(four)) {
        memcpy(&four, cursor.at, sizeof(four));
        if (!is_three_wide(four))
            break;
        memcpy(cursor.out, &four, sizeof(four));
        cursor.at += 3;
        cursor.out += 3;
    }
    return cursor;
}

static struct cursor copy_wide(struct reader *reader, struct cursor cursor)
{
    for (;;) {
        cursor = copy_three_wide(cursor, reader->end);
        if (cursor.at == reader->end || *cursor.at < 0x80)
            return cursor;
        size_t left = (size_t)(reader->end - cursor.at);
        size_t width = utf8_width((const char *)cursor.at, left);
        if (width == 0)
            return refuse_string(reader, cursor.at, "broken UTF-8");
        for (size_t i = 0; i < width; i++)
            *cursor.out++ = *cursor.at++;
    }
}

static int hex_digit(unsigned char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The number in the escape \uXXXX at `at`; -1 if there is none. */
static int32_t unit_at(const unsigned char *at, const unsigned char *end)
{
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return -1;
    int32_t unit = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static unsigned char *put_character(unsigned char *out, uint32_t character)
{
    if (character < 0x80) {
        *out++ = (unsigned char)character;
        return out;
    }
    size_t width = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = width - 1; i > 0; i--) {
        out[i] = (unsigned char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    /* As many leading ones as bytes: 110xxxxx, 1110xxxx, 11110xxx. */
    out[0] = (unsigned char)(0xf00U >> width | character);
    return out + width;
}

static struct cursor read_unicode(struct reader *reader, struct cursor cursor)
{
    int32_t unit = unit_at(cursor.at, reader->end);
    if (unit < 0)
        return refuse_string(reader, cursor.at, "\\u without four hex digits");
    cursor.at += 6;
    uint32_t character = (uint32_t)unit;
    if (unit >= 0xd800 && unit <= 0xdfff) {
        int32_t low = unit < 0xdc00 ? unit_at(cursor.at, reader->end) : -1;
        character = 0xfffd;
        if (low >= 0xdc00 && low <= 0xdfff) {
            cursor.at += 6;
            character = 0x10000U + ((uint32_t)(unit - 0xd800) << 10) +
                        (uint32_t)(low - 0xdc00);
        }
    }
    cursor.out = put_character(cursor.out, character);
    return cursor;
}

/* The byte that a backslash and `letter` stand for; 0 if they are no escape. */
static unsigned char unescaped(unsigned char letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/':
        return letter;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

static struct cursor read_escape(struct reader *reader, struct cursor cursor)
{
    if (reader->end - cursor.at < 2)
        return refuse_string(reader, reader->end, "cut off in a string");
    if (cursor.at[1] == 'u')
        return read_unicode(reader, cursor);
    unsigned char byte = unescaped(cursor.at[1]);
    if (byte == 0)
        return refuse_string(reader, cursor.at, "unknown escape");
    *cursor.out++ = byte;
    cursor.at += 2;
    return cursor;
}

/* What copy_plain() stopped at, unless it is the closing quote. */
static struct cursor read_special(struct reader *reader, struct cursor cursor)
{
    if (cursor.at == reader->end)
        return refuse_string(reader, cursor.at, "cut off in a string");
    if (*cursor.at >= 0x80)
        return copy_wide(reader, cursor);
    if (*cursor.at == '\\')
        return read_escape(reader, cursor);
    return refuse_string(reader, cursor.at, "control character in a string");
}

static bool read_string(struct reader *reader)
{
    struct cursor cursor = {reader->at + 1, reader->out + 1};
    for (;;) {
        cursor = copy_plain(cursor, reader->end);
        if (cursor.at < reader->end && *cursor.at == '"')
            break;
        cursor = read_special(reader, cursor);
        if (cursor.at == NULL)
            return false;
    }
    reader->at = cursor.at + 1;
    reader->out = put_string_head(reader->out, cursor.out);
    return true;
}

static bool is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The number from `reader->at` to `end` as a double. strtod() wants a NUL
 * behind it and the text need not have one; the room for the output is three
 * times what is left of the text, so the number is copied there first. */
static bool read_double(struct reader *reader, const unsigned char *end)
{
    size_t size = (size_t)(end - reader->at);
    memcpy(reader->out, reader->at, size);
    reader->out[size] = '\0';
    double real = strtod((const char *)reader->out, NULL);
    if (!isfinite(real))
        return refuse(reader, reader->at, "number beyond a double's range");
    uint64_t bits;
    memcpy(&bits, &real, sizeof(bits));
    *reader->out = FORMAT_FLOAT64;
    reader->out = put_number(reader->out + 1, bits, sizeof(bits));
    reader->at = end;
    return true;
}

/* Past one digit or more; NULL if there is none. */
static const unsigned char *pass_digits(struct reader *reader,
                                        const unsigned char *at)
{
    const unsigned char *first = at;
    while (at < reader->end && is_digit(*at))
        at++;
    if (at > first)
        return at;
    (void)refuse(reader, at, "digit expected");
    return NULL;
}

/* A number whose fraction or exponent begins at `at`. */
static bool read_real(struct reader *reader, const unsigned char *at)
{
    if (*at == '.') {
        at = pass_digits(reader, at + 1);
        if (at == NULL)
            return false;
    }
    if (at < reader->end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < reader->end && (*at == '+' || *at == '-'))
            at++;
        at = pass_digits(reader, at);
        if (at == NULL)
            return false;
    }
    return read_double(reader, at);
}

/* Is `natural`, summed up modulo 2^64 from `count` digits that begin with
 * `first`, their true value? Nineteen digits always fit; of twenty only those
 * below 2^64, about 1.8e19: what begins with 1 and is above wraps to less than
 * 1e19. */
static bool fits_uint64(uint64_t natural, size_t count, unsigned char first)
{
    return count < 20 || (count == 20 && first == '1' &&
                          natural >= UINT64_C(10000000000000000000));
}

static bool read_number(struct reader *reader)
{
    bool is_negative = *reader->at == '-';
    const unsigned char *first = reader->at + (is_negative ? 1 : 0);
    const unsigned char *at = first;
    uint64_t natural = 0;
    while (at < reader->end && is_digit(*at))
        natural = natural * 10 + (uint64_t)(*at++ - '0');
    if (at == first)
        return refuse(reader, at, "digit expected");
    if (*first == '0' && at - first > 1)
        return refuse(reader, first, "leading zero");
    if (at < reader->end && (*at == '.' || *at == 'e' || *at == 'E'))
        return read_real(reader, at);
    if (!fits_uint64(natural, (size_t)(at - first), *first))
        return read_double(reader, at);
    if (!is_negative)
        reader->out = put_natural(reader->out, natural);
    else if (natural > 0 && natural <= (uint64_t)INT64_MAX + 1)
        reader->out = put_negative(reader->out, (int64_t)(0 - natural));
    else /* too low, or -0, whose sign only a double has */
        return read_double(reader, at);
    reader->at = at;
    return true;
}

static bool read_literal(struct reader *reader, const char *name, size_t size,
                         unsigned char format)
{
    if ((size_t)(reader->end - reader->at) < size ||
        memcmp(reader->at, name, size) != 0)
        return refuse(reader, reader->at, "unknown literal");
    reader->at += size;
    *reader->out++ = format;
    return true;
}

static bool open_frame(struct reader *reader, unsigned char closer)
{
    if (reader->depth == reader->depth_max)
        return refuse(reader, reader->at, "nested deeper than the limit");
    reader->frames[reader->depth++] = (struct frame){
        .head = reader->out++,
        .closer = closer,
    };
    reader->at++;
    return true;
}

static void close_frame(struct reader *reader)
{
    const struct frame *frame = &reader->frames[--reader->depth];
    reader->out = put_frame_head(frame, reader->out);
    reader->at++;
}

/* Something else than `expected` is here. */
static bool refuse_token(struct reader *reader, const char *expected)
{
    if (reader->at < reader->end)
        return refuse(reader, reader->at, expected);
    if (reader->depth == 0)
        return refuse(reader, reader->at, "empty document");
    bool is_array = reader->frames[reader->depth - 1].closer == ']';
    return refuse(reader, reader->at,
                  is_array ? "cut off in an array" : "cut off in an object");
}

/* A scalar, or the bracket that opens an array or object. */
static bool read_value(struct reader *reader)
{
    unsigned char byte = peek(reader);
    switch (byte) {
    case '"':
        return read_string(reader);
    case '{':
        return open_frame(reader, '}');
    case '[':
        return open_frame(reader, ']');
    case 't':
        return read_literal(reader, "true", 4, FORMAT_TRUE);
    case 'f':
        return read_literal(reader, "false", 5, FORMAT_FALSE);
    case 'n':
        return read_literal(reader, "null", 4, FORMAT_NIL);
    default:
        if (byte == '-' || is_digit(byte))
            return read_number(reader);
        return refuse_token(reader, "value expected");
    }
}

static bool read_comma(struct reader *reader, const struct frame *frame)
{
    if (peek(reader) != ',')
        return refuse_token(reader, frame->closer == ']'
                                        ? "comma or ] expected"
                                        : "comma or } expected");
    const unsigned char *comma = reader->at++;
    if (peek(reader) == frame->closer)
        return refuse(reader, comma, "trailing comma");
    return true;
}

/* Note where a member of the outermost object begins, from the end of the room
 * downwards: while that object is open its members may still move, and the
 * text may still turn out to be no document, so they are reported later. */
static void mark_member(struct reader *reader)
{
    const unsigned char *first = reader->frames[0].head + 1;
    uint32_t mark = (uint32_t)(reader->out - first);
    reader->marks -= sizeof(mark);
    memcpy(reader->marks, &mark, sizeof(mark));
}

static bool read_key(struct reader *reader)
{
    if (peek(reader) != '"')
        return refuse_token(reader, "key expected");
    if (reader->depth == 1)
        mark_member(reader);
    if (!read_string(reader))
        return false;
    if (peek(reader) != ':')
        return refuse_token(reader, "colon expected");
    reader->at++;
    return true;
}

/* From behind a value or an opening bracket to the next value, closing what
 * ends before it; to the end of the document if there is no next. */
static bool read_to_next_value(struct reader *reader)
{
    while (reader->depth > 0) {
        struct frame *frame = &reader->frames[reader->depth - 1];
        if (peek(reader) == frame->closer) {
            close_frame(reader);
            continue;
        }
        if (frame->count > 0 && !read_comma(reader, frame))
            return false;
        frame->count++;
        return frame->closer == ']' || read_key(reader);
    }
    return true;
}

static bool read_document(struct reader *reader)
{
    if (reader->end - reader->at >= 3 &&
        memcmp(reader->at, "\xef\xbb\xbf", 3) == 0)
        reader->at += 3;
    do {
        if (!read_value(reader) || !read_to_next_value(reader))
            return false;
    } while (reader->depth > 0);
    (void)peek(reader);
    return reader->at == reader->end ||
           refuse(reader, reader->at, "bytes behind the document");
}

static struct json_value value_of(const struct mp_token *token)
{
    static const enum json_kind kinds[] = {
        [MP_NIL] = JSON_NULL,      [MP_BOOL] = JSON_BOOL,
        [MP_INT] = JSON_INT,       [MP_UINT] = JSON_NUMBER,
        [MP_DOUBLE] = JSON_NUMBER, [MP_STR] = JSON_STRING,
        [MP_ARRAY] = JSON_ARRAY,   [MP_MAP] = JSON_OBJECT,
    };
    struct json_value value = {.kind = kinds[token->kind]};
    if (token->kind == MP_BOOL)
        value.boolean = token->boolean;
    else if (token->kind == MP_INT)
        value.integer = token->integer;
    else if (token->kind == MP_STR)
        value.text = token->bytes;
    return value;
}

/* Report the member at `reader`, which ends at `end`, and go there. */
static void report_member(struct mp_reader *reader, const unsigned char *end,
                          const struct json_reader_options *options)
{
    struct mp_token key;
    struct mp_token head;
    if (!mp_next(reader, &key))
        return;
    const unsigned char *at = reader->at;
    if (!mp_next(reader, &head))
        return;
    struct json_value value = value_of(&head);
    value.pack = (struct slice){(const char *)at, (size_t)(end - at)};
    options->on_member(options->ctx, key.bytes, &value);
    reader->at = end;
}

/* `marks` is the end of the room, where the first one is. */
static void report_members(struct slice pack, const unsigned char *marks,
                           const struct json_reader_options *options)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token map;
    if (!mp_next(&reader, &map) || map.kind != MP_MAP)
        return;
    const unsigned char *first = reader.at;
    for (uint32_t i = 1; i < map.count; i++) { /* each but the last */
        uint32_t next;
        memcpy(&next, marks - (i + 1) * sizeof(next), sizeof(next));
        report_member(&reader, first + next, options);
    }
    if (map.count > 0)
        report_member(&reader, reader.end, options);
}

static unsigned depth_limit(unsigned depth_max)
{
    assert(depth_max <= JSON_DEPTH_MAX);
    return depth_max == 0 ? JSON_DEPTH_DEFAULT : depth_max;
}

/* Bytes that suffice for `size` bytes of text, and for every moment on the way:
 * a value of n bytes, and the one byte that parts it from the next, need no
 * more than 3(n + 1). The worst is `-0,`, three bytes for a double's nine. A
 * key of n bytes and its colon need at most n + 3, and 4 more for its mark. An
 * array of 65536 needs a head of 5, for its brackets and the comma that its
 * last element lacks. */
static size_t room_for(size_t size)
{
    return 3 * (size + 1);
}

enum status json_to_msgpack(struct slice text,
                            const struct json_reader_options *options,
                            struct buffer *out, struct json_error *error)
{
    if (text.size > UINT32_MAX / 3 - 1) { /* offsets and counts: 32 bits */
        *error = (struct json_error){0, "document too large"};
        return STATUS_INVALID;
    }
    size_t room = room_for(text.size);
    buffer_reserve(out, room);
    unsigned char *pack = (unsigned char *)out->data + out->size;
    struct frame frames[JSON_DEPTH_MAX];
    struct reader reader = {
        .start = (const unsigned char *)(text.size == 0 ? "" : text.data),
        .out = pack,
        .marks = pack + room,
        .frames = frames,
        .depth_max = depth_limit(options->depth_max),
        .error = error,
    };
    reader.at = reader.start;
    reader.end = reader.start + text.size;
    if (!read_document(&reader))
        return STATUS_INVALID;
    size_t size = (size_t)(reader.out - pack);
    out->size += size;
    if (options->on_member != NULL)
        report_members((struct slice){(char *)pack, size}, pack + room,
                       options);
    return STATUS_OK;
}

/* ---- MessagePack to text ---- */

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
    while (end - at >= WORD_BYTES) {
        uint64_t word;
        memcpy(&word, at, WORD_BYTES);
        size_t plain = plain_bytes(word);
        at += plain;
        if (plain < WORD_BYTES)
            return at;
    }
    while (at < end && !is_special(*at))
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
        if (is_three_wide(four))
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

static void append_base64(struct buffer *out, struct slice bytes)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *in = (const unsigned char *)bytes.data;
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        unsigned group = (unsigned)in[i] << 16;
        group |= left > 1 ? (unsigned)in[i + 1] << 8 : 0;
        group |= left > 2 ? (unsigned)in[i + 2] : 0;
        char digits[] = {
            alphabet[group >> 18],
            alphabet[group >> 12 & 63],
            left > 1 ? alphabet[group >> 6 & 63] : '=',
            left > 2 ? alphabet[group & 63] : '=',
        };
        buffer_append(out, digits, sizeof(digits));
    }
}

static bool write_bin(struct writer *writer, const unsigned char *at,
                      struct slice bytes)
{
    if (!writer->bin_as_base64)
        return refuse_pack(writer, at, "bin has no JSON form");
    append_byte(writer->out, '"');
    append_base64(writer->out, bytes);
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
        .depth_max = depth_limit(options->depth_max),
        .bin_as_base64 = options->bin_as_base64,
        .error = error,
    };
    size_t before = out->size;
    if (write_document(&writer))
        return STATUS_OK;
    out->size = before;
    return STATUS_INVALID;
}
