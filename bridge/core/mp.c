/* SPDX-License-Identifier: MIT */
#include "mp.h"

#include <endian.h>
#include <string.h>

struct mp_reader mp_reader_of(struct slice pack)
{
    if (pack.size == 0) /* `data` may be NULL: nothing to count from */
        return (struct mp_reader){NULL, NULL};
    const unsigned char *at = (const unsigned char *)pack.data;
    return (struct mp_reader){at, at + pack.size};
}

static size_t left(const struct mp_reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

/* The next `width` bytes, most significant first. */
static bool read_number(struct mp_reader *reader, size_t width,
                        uint64_t *number)
{
    if (left(reader) < width)
        return false;
    if (left(reader) >= sizeof(*number)) { /* read more, and drop it */
        memcpy(number, reader->at, sizeof(*number));
        *number = be64toh(*number) >> (64 - 8 * width);
        reader->at += width;
        return true;
    }
    *number = 0;
    for (size_t i = 0; i < width; i++)
        *number = *number << 8 | *reader->at++;
    return true;
}

static bool set_integer(struct mp_token *token, int64_t integer)
{
    token->kind = MP_INT;
    token->integer = integer;
    return true;
}

static bool read_natural(struct mp_reader *reader, size_t width,
                         struct mp_token *token)
{
    uint64_t number;
    if (!read_number(reader, width, &number))
        return false;
    if (number <= INT64_MAX)
        return set_integer(token, (int64_t)number);
    token->kind = MP_UINT;
    token->natural = number;
    return true;
}

static bool read_integer(struct mp_reader *reader, size_t width,
                         struct mp_token *token)
{
    uint64_t number;
    if (!read_number(reader, width, &number))
        return false;
    uint64_t sign = UINT64_C(1) << (8 * width - 1);
    /* Two's complement of `width` bytes to that of eight. */
    return set_integer(token, (int64_t)((number ^ sign) - sign));
}

static bool read_float32(struct mp_reader *reader, struct mp_token *token)
{
    uint64_t number;
    float real;
    if (!read_number(reader, sizeof(real), &number))
        return false;
    uint32_t bits = (uint32_t)number;
    memcpy(&real, &bits, sizeof(real));
    token->kind = MP_DOUBLE;
    token->real = real;
    return true;
}

static bool read_float64(struct mp_reader *reader, struct mp_token *token)
{
    uint64_t bits;
    double real;
    if (!read_number(reader, sizeof(real), &bits))
        return false;
    memcpy(&real, &bits, sizeof(real));
    token->kind = MP_DOUBLE;
    token->real = real;
    return true;
}

static bool take_bytes(struct mp_reader *reader, enum mp_kind kind,
                       uint64_t size, struct mp_token *token)
{
    if (left(reader) < size)
        return false;
    token->kind = kind;
    token->bytes = (struct slice){(const char *)reader->at, (size_t)size};
    reader->at += size;
    return true;
}

static bool read_bytes(struct mp_reader *reader, enum mp_kind kind,
                       size_t width, struct mp_token *token)
{
    uint64_t size;
    return read_number(reader, width, &size) &&
           take_bytes(reader, kind, size, token);
}

/* The type lies between the length and the bytes it does not count in. */
static bool take_ext(struct mp_reader *reader, uint64_t size,
                     struct mp_token *token)
{
    uint64_t type;
    return read_number(reader, 1, &type) &&
           take_bytes(reader, MP_EXT, size, token);
}

static bool read_ext(struct mp_reader *reader, size_t width,
                     struct mp_token *token)
{
    uint64_t size;
    return read_number(reader, width, &size) && take_ext(reader, size, token);
}

static bool set_count(struct mp_token *token, enum mp_kind kind, uint64_t count)
{
    token->kind = kind;
    token->count = (uint32_t)count;
    return true;
}

static bool read_count(struct mp_reader *reader, enum mp_kind kind,
                       size_t width, struct mp_token *token)
{
    uint64_t count;
    return read_number(reader, width, &count) && set_count(token, kind, count);
}

/* The formats that are told by their whole first byte, 0xc0 to 0xdf. */
static bool read_long(struct mp_reader *reader, unsigned char first,
                      struct mp_token *token)
{
    switch (first) {
    case 0xc0: /* nil */
        token->kind = MP_NIL;
        return true;
    case 0xc2: /* false */
    case 0xc3: /* true */
        token->kind = MP_BOOL;
        token->boolean = first == 0xc3;
        return true;
    case 0xc4: /* bin 8, 16, 32 */
    case 0xc5:
    case 0xc6:
        return read_bytes(reader, MP_BIN, 1U << (first - 0xc4), token);
    case 0xc7: /* ext 8, 16, 32 */
    case 0xc8:
    case 0xc9:
        return read_ext(reader, 1U << (first - 0xc7), token);
    case 0xca:
        return read_float32(reader, token);
    case 0xcb:
        return read_float64(reader, token);
    case 0xcc: /* uint 8, 16, 32, 64 */
    case 0xcd:
    case 0xce:
    case 0xcf:
        return read_natural(reader, 1U << (first - 0xcc), token);
    case 0xd0: /* int 8, 16, 32, 64 */
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return read_integer(reader, 1U << (first - 0xd0), token);
    case 0xd4: /* fixext 1, 2, 4, 8, 16 */
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
        return take_ext(reader, 1U << (first - 0xd4), token);
    case 0xd9: /* str 8, 16, 32 */
    case 0xda:
    case 0xdb:
        return read_bytes(reader, MP_STR, 1U << (first - 0xd9), token);
    case 0xdc: /* array 16, 32 */
    case 0xdd:
        return read_count(reader, MP_ARRAY, 2U << (first - 0xdc), token);
    case 0xde: /* map 16, 32 */
    case 0xdf:
        return read_count(reader, MP_MAP, 2U << (first - 0xde), token);
    default: /* 0xc1 is never used */
        return false;
    }
}

static bool read_token(struct mp_reader *reader, struct mp_token *token)
{
    unsigned char first = *reader->at++;
    if (first <= 0x7f)
        return set_integer(token, first);
    if (first <= 0x8f)
        return set_count(token, MP_MAP, first & 0x0f);
    if (first <= 0x9f)
        return set_count(token, MP_ARRAY, first & 0x0f);
    if (first <= 0xbf)
        return take_bytes(reader, MP_STR, first & 0x1f, token);
    if (first <= 0xdf)
        return read_long(reader, first, token);
    return set_integer(token, first - 0x100);
}

bool mp_next(struct mp_reader *reader, struct mp_token *token)
{
    const unsigned char *start = reader->at;
    if (start != reader->end && read_token(reader, token))
        return true;
    reader->at = start;
    return false;
}

/* Values directly inside the one that `token` begins. */
static uint64_t inside(const struct mp_token *token)
{
    if (token->kind == MP_ARRAY)
        return token->count;
    return token->kind == MP_MAP ? UINT64_C(2) * token->count : 0;
}

/* Pass over one token; `more` is how many values are inside. There is a byte at
 * least. Short strings, which most of them are, are passed without a look at
 * what else they could be. */
static inline bool pass_token(struct mp_reader *reader, uint64_t *more)
{
    struct mp_token token;
    size_t short_size = 1 + (*reader->at & 0x1fU);
    *more = 0;
    if ((*reader->at & 0xe0) == 0xa0 && short_size <= left(reader)) {
        reader->at += short_size;
        return true;
    }
    if (!read_token(reader, &token))
        return false;
    *more = inside(&token);
    return true;
}

bool mp_skip(struct mp_reader *reader, struct slice *value)
{
    const unsigned char *start = reader->at;
    uint64_t more;
    for (uint64_t wanted = 1; wanted > 0; wanted += more - 1) {
        /* A value takes a byte at least. Asking here, not at the end, bounds
         * `wanted`, so that it cannot overflow, and spares a walk that is
         * bound to fail. */
        if (wanted > left(reader) || !pass_token(reader, &more)) {
            reader->at = start;
            return false;
        }
    }
    if (value != NULL)
        *value =
            (struct slice){(const char *)start, (size_t)(reader->at - start)};
    return true;
}

/* Is the value this text? In a short string it is all but the first byte. */
static bool is_text(struct slice pack, struct slice wanted)
{
    struct slice text = {pack.data + 1, pack.size - 1};
    bool is_short = ((unsigned char)pack.data[0] & 0xe0) == 0xa0;
    return (is_short || mp_read_str(pack, &text)) && text.size == wanted.size &&
           memcmp(text.data, wanted.data, wanted.size) == 0;
}

/* Set the value of the key that this is, if it is one of them. */
static void note_value(struct slice name, struct slice value,
                       const char *const *keys, size_t count,
                       struct slice *values)
{
    for (size_t i = 0; i < count; i++)
        if (is_text(name, slice_of(keys[i]))) {
            values[i] = value;
            return;
        }
}

static bool read_values(struct slice map, const char *const *keys, size_t count,
                        struct slice *values)
{
    struct mp_reader reader = mp_reader_of(map);
    struct mp_token head;
    struct slice name, value;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return false;
    for (uint32_t i = 0; i < head.count; i++) {
        if (!mp_skip(&reader, &name) || !mp_skip(&reader, &value))
            return false;
        note_value(name, value, keys, count, values);
    }
    return reader.at == reader.end;
}

bool mp_find_all(struct slice map, const char *const *keys, size_t count,
                 struct slice *values)
{
    memset(values, 0, count * sizeof(*values));
    if (read_values(map, keys, count, values))
        return true;
    memset(values, 0, count * sizeof(*values));
    return false;
}

bool mp_find(struct slice map, const char *key, struct slice *value)
{
    struct mp_reader reader = mp_reader_of(map);
    struct slice wanted = slice_of(key);
    struct mp_token head;
    struct slice found = {NULL, 0};
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return false;
    for (uint32_t i = 0; i < head.count; i++) {
        struct slice name;
        struct slice item;
        if (!mp_skip(&reader, &name) || !mp_skip(&reader, &item))
            return false;
        if (is_text(name, wanted))
            found = item;
    }
    if (found.size == 0 || reader.at != reader.end)
        return false;
    *value = found;
    return true;
}

/* The token that is all of `pack`. */
static bool read_whole(struct slice pack, enum mp_kind kind,
                       struct mp_token *token)
{
    struct mp_reader reader = mp_reader_of(pack);
    return mp_next(&reader, token) && token->kind == kind &&
           reader.at == reader.end;
}

bool mp_read_str(struct slice pack, struct slice *text)
{
    struct mp_token token;
    if (!read_whole(pack, MP_STR, &token))
        return false;
    *text = token.bytes;
    return true;
}

bool mp_read_int(struct slice pack, int64_t *integer)
{
    struct mp_token token;
    if (!read_whole(pack, MP_INT, &token))
        return false;
    *integer = token.integer;
    return true;
}
