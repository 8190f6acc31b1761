/* SPDX-License-Identifier: MIT */
/* What an event carries through the bridge to be known again on the other
 * side: when it was sent and which number it has.
 *
 *   #bench:<20 digits of nanoseconds>:<10 digits of number>#
 *
 * It lies in a string of the frame, in plain ASCII of fixed width: any
 * re-encoding of the frame keeps it as it is, and it can be written over in
 * place. Digits begin with a 1, so that the same ones may serve as a number in
 * JSON, which knows no leading zeros. */
#ifndef ONEBUS_BENCH_MARK_H
#define ONEBUS_BENCH_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

#define MARK_HEAD         "#bench:"
#define MARK_TIME_BLANK   "10000000000000000000"
#define MARK_NUMBER_BLANK "1000000000"
#define MARK_BLANK        MARK_HEAD MARK_TIME_BLANK ":" MARK_NUMBER_BLANK "#"

enum {
    MARK_HEAD_SIZE = sizeof(MARK_HEAD) - 1,
    MARK_TIME_DIGITS = sizeof(MARK_TIME_BLANK) - 1,
    MARK_NUMBER_DIGITS = sizeof(MARK_NUMBER_BLANK) - 1,
    MARK_SIZE = sizeof(MARK_BLANK) - 1,
};

struct mark {
    uint64_t sent_ns;
    uint64_t number;
};

/* The first mark in `message`, wherever it is; false if there is none. */
bool mark_find(struct slice message, struct mark *mark);

/* Write `value` over a blank of `digits` digits, its leading 1 kept. */
void mark_write(char *blank, unsigned digits, uint64_t value);

#endif
