/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <msgpack.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mp.h"

void fuzz_violated(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

struct fuzz_input fuzz_input_of(const uint8_t *data, size_t size)
{
    return (struct fuzz_input){(const char *)data, size};
}

unsigned fuzz_byte(struct fuzz_input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return (unsigned char)*input->at++;
}

static struct slice take(struct fuzz_input *input, size_t size)
{
    struct slice run = {input->at, size < input->left ? size : input->left};
    if (run.size == 0) /* `at` may be NULL: nothing to count from */
        return (struct slice){"", 0};
    input->at += run.size;
    input->left -= run.size;
    return run;
}

struct slice fuzz_run(struct fuzz_input *input, size_t most)
{
    return take(input, fuzz_byte(input) % (most + 1));
}

struct slice fuzz_until(struct fuzz_input *input, char separator)
{
    size_t size = 0;
    while (size < input->left && input->at[size] != separator)
        size++;
    struct slice run = take(input, size);
    fuzz_byte(input);
    return run;
}

bool fuzz_same(struct slice a, struct slice b)
{
    return a.size == b.size &&
           (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool fuzz_holds(struct slice text, struct slice part)
{
    return text.size > 0 && part.size > 0 &&
           memmem(text.data, text.size, part.data, part.size) != NULL;
}

bool fuzz_is_inside(struct slice part, struct slice whole)
{
    if (part.size == 0)
        return true;
    uintptr_t begin = (uintptr_t)part.data;
    uintptr_t whole_begin = (uintptr_t)whole.data;
    return begin >= whole_begin && part.size <= whole.size &&
           begin - whole_begin <= whole.size - part.size;
}

/* The number in the `width` bytes at `text`; 0, which takes one byte, if those
 * behind the first do not continue it. */
static uint32_t decode(const char *text, size_t width)
{
    static const uint32_t FIRST_BITS[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t character = (unsigned char)text[0] & FIRST_BITS[width];
    for (size_t i = 1; i < width; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
        character = character << 6 | ((unsigned char)text[i] & 0x3f);
    }
    return character;
}

static size_t width_of(uint32_t character)
{
    if (character >= 0xd800 && character <= 0xdfff)
        return 0;
    if (character > 0x10ffff)
        return 0;
    return character < 0x80      ? 1
           : character < 0x800   ? 2
           : character < 0x10000 ? 3
                                 : 4;
}

size_t fuzz_utf8_width(const char *text, size_t size)
{
    for (size_t width = 1; width <= 4 && width <= size; width++) {
        static const unsigned MASKS[] = {0, 0x80, 0xe0, 0xf0, 0xf8};
        static const unsigned MARKS[] = {0, 0x00, 0xc0, 0xe0, 0xf0};
        if (((unsigned char)text[0] & MASKS[width]) == MARKS[width])
            return width_of(decode(text, width)) == width ? width : 0;
    }
    return 0;
}

bool fuzz_is_utf8(struct slice text)
{
    for (size_t i = 0, width; i < text.size; i += width) {
        width = fuzz_utf8_width(text.data + i, text.size - i);
        if (width == 0)
            return false;
    }
    return true;
}

bool fuzz_is_whole(struct slice pack)
{
    struct mp_reader reader = mp_reader_of(pack);
    return mp_skip(&reader, NULL) && reader.at == reader.end;
}

/* msgpack-c's own limit is 32; it answers what is deeper with
 * MSGPACK_UNPACK_NOMEM_ERROR. */
static void ensure_unpacks(struct slice pack)
{
    msgpack_zone *zone = msgpack_zone_new(4096);
    msgpack_object object;
    size_t offset = 0;
    msgpack_unpack_return result =
        msgpack_unpack(pack.data, pack.size, &offset, zone, &object);
    ENSURE(result == MSGPACK_UNPACK_SUCCESS ||
           result == MSGPACK_UNPACK_NOMEM_ERROR);
    ENSURE(result != MSGPACK_UNPACK_SUCCESS || offset == pack.size);
    msgpack_zone_free(zone);
}

void fuzz_ensure_pack(struct slice pack, bool utf8)
{
    struct mp_reader reader = mp_reader_of(pack);
    struct mp_token token;
    ENSURE(fuzz_is_whole(pack));
    while (mp_next(&reader, &token))
        ENSURE(!utf8 || token.kind != MP_STR || fuzz_is_utf8(token.bytes));
    ENSURE(reader.at == reader.end);
    ensure_unpacks(pack);
}
