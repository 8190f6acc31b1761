/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share: checks that hold in every build, and a way to
 * take an input apart.
 *
 * A target is one function that gets bytes and ends the process if a promise
 * of the code under test does not hold for them. It keeps nothing from one
 * input to the next. */
#ifndef ONEBUS_FUZZ_H
#define ONEBUS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As assert(), but whatever NDEBUG says. */
#define ENSURE(condition)                                                      \
    do {                                                                       \
        if (!(condition))                                                      \
            fuzz_violated(__FILE__, __LINE__, #condition);                     \
    } while (0)

_Noreturn void fuzz_violated(const char *file, int line, const char *what);

/* What is left of an input. Past its end there are zeros. */
struct fuzz_input {
    const char *at;
    size_t left;
};

struct fuzz_input fuzz_input_of(const uint8_t *data, size_t size);

unsigned fuzz_byte(struct fuzz_input *input);

/* A run of bytes whose size, at most `most`, the next byte tells. */
struct slice fuzz_run(struct fuzz_input *input, size_t most);

/* The bytes up to `separator`, which is passed over, or to the end. */
struct slice fuzz_until(struct fuzz_input *input, char separator);

bool fuzz_same(struct slice a, struct slice b);

bool fuzz_holds(struct slice text, struct slice part);

/* Does `part` lie within the memory of `whole`? An empty one always does. */
bool fuzz_is_inside(struct slice part, struct slice whole);

/* Bytes (1 to 4) of the character at `text`, 0 if it is not UTF-8. Written
 * anew from RFC 3629, to have something to compare with. */
size_t fuzz_utf8_width(const char *text, size_t size);

bool fuzz_is_utf8(struct slice text);

/* Is it one MessagePack value and nothing behind it? */
bool fuzz_is_whole(struct slice pack);

/* The same, and msgpack-c unpacks it, where it is not nested too deep for
 * that; with `utf8` all strings in it are UTF-8. */
void fuzz_ensure_pack(struct slice pack, bool utf8);

#endif
