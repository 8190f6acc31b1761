/* SPDX-License-Identifier: MIT */
/* One loop, one value a turn, what is open on a stack of small frames. The
 * output is written straight into room reserved for the worst case, so nothing
 * is checked or moved while converting, but for this: how long a string is or
 * how many elements an array has is known at its end. Each gets a head of one
 * byte, which nearly always does, and is moved up by the bytes missing where it
 * does not.
 *
 * strtod() follows LC_NUMERIC. That is the C locale's for ever: the process
 * never calls setlocale(). */
#include "json_read.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "json_scan.h"
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

/* An array or object that is open. */
struct frame {
    unsigned char *head;
    uint32_t count;
    unsigned char closer; /* ']' or '}' */
};

/* Where a member's value lies: bytes from the outermost object's first key on,
 * for what is before that may still move. */
struct place {
    uint32_t begin, end;
};

enum { NO_MEMBER = -1 };

struct reader {
    const unsigned char *start;
    const unsigned char *at;
    const unsigned char *end;
    unsigned char *out;
    struct frame *frames;
    unsigned depth;
    unsigned depth_max;
    json_member_of *member_of;
    int member; /* the one whose value is being read */
    uint32_t found;
    struct place places[JSON_MEMBERS_MAX]; /* of those found */
    struct json_error *error;
};

static_assert(JSON_MEMBERS_MAX <= 32, "a bit each in `found`");

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

/* The format byte and the number in 2^power bytes. Eight are written: there is
 * room for three times as many as the number has digits, and more. */
static unsigned char *put_formatted(unsigned char *out, unsigned format,
                                    uint64_t number, unsigned power)
{
    unsigned bits = 8U << power;
    uint64_t bytes = htobe64(number << (64 - bits));
    *out = (unsigned char)(format + power);
    memcpy(out + 1, &bytes, sizeof(bytes));
    return out + 1 + bits / 8;
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
    return put_formatted(out, FORMAT_UINT8, natural, power);
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
    return put_formatted(out, FORMAT_INT8, (uint64_t)integer, power);
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
    while (end - cursor.at >= JSON_STRIDE) {
        size_t plain = json_plain_bytes(cursor.at);
        memcpy(cursor.out, cursor.at, JSON_STRIDE);
        cursor.at += plain;
        cursor.out += plain;
        if (plain < JSON_STRIDE)
            return cursor;
    }
    while (cursor.at < end && !json_is_special(*cursor.at))
        *cursor.out++ = *cursor.at++;
    return cursor;
}

static struct cursor copy_three_wide(struct cursor cursor,
                                     const unsigned char *end)
{
    uint32_t four;
    while (end - cursor.at >= (ptrdiff_t)sizeof(four)) {
        memcpy(&four, cursor.at, sizeof(four));
        if (!json_is_three_wide(four))
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

/* Any string. */
static bool read_long_string(struct reader *reader)
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

/* Nearly all keys and most values end within a stride and have nothing special
 * in them: one look, one move. */
static inline bool read_string(struct reader *reader)
{
    const unsigned char *at = reader->at + 1;
    if (reader->end - at < JSON_STRIDE)
        return read_long_string(reader);
    size_t plain = json_plain_bytes(at);
    if (plain == JSON_STRIDE || at[plain] != '"')
        return read_long_string(reader);
    *reader->out = (unsigned char)(FORMAT_FIXSTR | plain);
    memcpy(reader->out + 1, at, JSON_STRIDE);
    reader->at = at + plain + 1;
    reader->out += plain + 1;
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

/* The number that eight digits make; UINT64_MAX if they are not all digits.
 * Ids, which have ten, are most of the numbers there are. Neighbours are
 * joined to pairs, these to fours and these to the whole. */
static uint64_t eight_digits(const unsigned char *at)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030);
    const uint64_t high_halves = UINT64_C(0xf0f0f0f0f0f0f0f0);
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    word = le64toh(word);
    uint64_t carried = word + UINT64_C(0x0606060606060606); /* above 9: 0x40 */
    if ((word & high_halves) != zeros || (carried & high_halves) != zeros)
        return UINT64_MAX;
    word -= zeros;
    word = (word * 10 + (word >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    word = (word * 100 + (word >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (word * 10000 + (word >> 32)) & UINT64_C(0xffffffff);
}

static bool read_number(struct reader *reader)
{
    bool is_negative = *reader->at == '-';
    const unsigned char *first = reader->at + (is_negative ? 1 : 0);
    const unsigned char *at = first;
    uint64_t natural = 0;
    if (reader->end - at >= 8 && eight_digits(at) != UINT64_MAX) {
        natural = eight_digits(at);
        at += 8;
    }
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

/* Bytes written of the outermost object so far. */
static uint32_t member_offset(const struct reader *reader)
{
    return (uint32_t)(reader->out - (reader->frames[0].head + 1));
}

/* The value of a member of the outermost object may have ended here. */
static void end_member(struct reader *reader)
{
    if (reader->member == NO_MEMBER)
        return;
    reader->places[reader->member].end = member_offset(reader);
    reader->found |= UINT32_C(1) << reader->member;
    reader->member = NO_MEMBER;
}

/* The key at `key` has been written, its value comes next. Keys of 32 bytes
 * and more, which have a longer head, are asked for by nobody. */
static void begin_member(struct reader *reader, const unsigned char *key)
{
    if ((*key & 0xe0) != FORMAT_FIXSTR || reader->member_of == NULL)
        return;
    reader->member =
        reader->member_of((struct slice){(const char *)key + 1, *key & 0x1f});
    if (reader->member != NO_MEMBER)
        reader->places[reader->member].begin = member_offset(reader);
}

static void close_frame(struct reader *reader)
{
    const struct frame *frame = &reader->frames[--reader->depth];
    if (reader->depth == 0)
        end_member(reader);
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

/* `comma` is the one before, NULL for the first key. */
static bool read_key(struct reader *reader, const unsigned char *comma)
{
    if (peek(reader) != '"') {
        if (comma != NULL && peek(reader) == '}')
            return refuse(reader, comma, "trailing comma");
        return refuse_token(reader, "key expected");
    }
    const unsigned char *key = reader->out;
    bool is_member = reader->depth == 1;
    if (is_member)
        end_member(reader);
    if (!read_string(reader))
        return false;
    if (is_member)
        begin_member(reader, key);
    if (peek(reader) != ':')
        return refuse_token(reader, "colon expected");
    reader->at++;
    return true;
}

/* From the comma to the next value. */
static bool pass_comma(struct reader *reader, const struct frame *frame)
{
    const unsigned char *comma = reader->at++;
    if (frame->closer == '}')
        return read_key(reader, comma);
    if (peek(reader) == ']')
        return refuse(reader, comma, "trailing comma");
    return true;
}

/* From behind a value or an opening bracket to the next value, closing what
 * ends before it; to the end of the document if there is no next. */
static bool read_to_next_value(struct reader *reader)
{
    while (reader->depth > 0) {
        struct frame *frame = &reader->frames[reader->depth - 1];
        unsigned char byte = peek(reader);
        if (byte == frame->closer) {
            close_frame(reader);
            continue;
        }
        if (frame->count++ == 0)
            return frame->closer == ']' || read_key(reader, NULL);
        if (byte == ',')
            return pass_comma(reader, frame);
        return refuse_token(reader, frame->closer == ']'
                                        ? "comma or ] expected"
                                        : "comma or } expected");
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

/* The value that is all of `pack`. */
static struct json_value value_of(struct slice pack)
{
    static const enum json_kind kinds[] = {
        [MP_NIL] = JSON_NULL,      [MP_BOOL] = JSON_BOOL,
        [MP_INT] = JSON_INT,       [MP_UINT] = JSON_NUMBER,
        [MP_DOUBLE] = JSON_NUMBER, [MP_STR] = JSON_STRING,
        [MP_ARRAY] = JSON_ARRAY,   [MP_MAP] = JSON_OBJECT,
    };
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token = {.kind = MP_NIL};
    (void)mp_next(&reader, &token);
    struct json_value value = {.kind = kinds[token.kind], .pack = pack};
    if (token.kind == MP_BOOL)
        value.boolean = token.boolean;
    else if (token.kind == MP_INT)
        value.integer = token.integer;
    else if (token.kind == MP_STR)
        value.text = token.bytes;
    return value;
}

/* The document in `pack` is whole, so all is where it stays. */
static void set_members(const struct reader *reader, struct slice pack,
                        struct json_value *members)
{
    struct mp_reader inside = mp_reader_of(pack);
    struct mp_token head;
    (void)mp_next(&inside, &head);
    const char *first = (const char *)inside.at;
    for (uint32_t left = reader->found; left != 0; left &= left - 1) {
        unsigned member = (unsigned)__builtin_ctz(left);
        const struct place *place = &reader->places[member];
        members[member] = value_of((struct slice){
            first + place->begin,
            place->end - place->begin,
        });
    }
}

/* Bytes that suffice for `size` bytes of text, and for every moment on the way:
 * a value of n bytes, and the one byte that parts it from the next, need no
 * more than 3(n + 1). The worst is `-0,`, three bytes for a double's nine. A
 * key of n bytes and its colon need at most n + 3. An array of 65536 needs a
 * head of 5, for its brackets and the comma that its last element lacks. A
 * string is written JSON_STRIDE bytes at a time only while as much text is
 * left. */
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
    buffer_reserve(out, room_for(text.size));
    unsigned char *pack = (unsigned char *)out->data + out->size;
    struct frame frames[JSON_DEPTH_MAX];
    struct reader reader = {
        .start = (const unsigned char *)(text.size == 0 ? "" : text.data),
        .out = pack,
        .frames = frames,
        .depth_max = json_depth_limit(options->depth_max),
        .member_of = options->member_of,
        .member = NO_MEMBER,
        .error = error,
    };
    reader.at = reader.start;
    reader.end = reader.start + text.size;
    if (!read_document(&reader))
        return STATUS_INVALID;
    size_t size = (size_t)(reader.out - pack);
    out->size += size;
    set_members(&reader, (struct slice){(char *)pack, size}, options->members);
    return STATUS_OK;
}
