/* SPDX-License-Identifier: MIT */
/* Frames as NapCatQQ writes them, in three sizes: a short private message
 * (376 bytes), a group message with an at, a text and a picture (950), and one
 * of many segments (3852). Each is valid JSON as it stands.
 *
 * A sample holds one mark (mark.h) in its raw_message, and its message ids are
 * blanks of the same form: a bridge that folds repeated messages must see a
 * new one each time. */
#ifndef ONEBUS_BENCH_SAMPLE_H
#define ONEBUS_BENCH_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

enum { SAMPLE_NUMBERS_MAX = 8 };

struct sample {
    struct slice text;
    size_t time_at;
    size_t number_at[SAMPLE_NUMBERS_MAX];
    unsigned numbers;
};

/* The one called `size`: "small", "medium" or "large"; false if none is. */
bool sample_find(const char *size, struct sample *sample);

#endif
