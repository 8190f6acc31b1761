/* SPDX-License-Identifier: MIT */
/* Whole numbers, times and sizes as people write them.
 *
 *     times   1500  "1500ms"  "30s"  "5m"  "2h"  "7d"             in ms
 *     sizes   1500  "64KiB"  "50MiB"  "1GiB"  "64KB"  "50MB" …    in bytes
 *
 * KB, MB and GB are powers of 1000. No blanks, no fractions, no signs but a
 * minus. Any thread. */
#ifndef ONEBUS_QUANTITY_H
#define ONEBUS_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

enum { QUANTITY_TEXT_SIZE = 32 };

/* False if the text is none; what is too large for `value` becomes the largest
 * there is, for the caller's range to refuse. */
bool quantity_parse_number(const char *text, int64_t *value);
bool quantity_parse_time(const char *text, int64_t *ms);
bool quantity_parse_size(const char *text, int64_t *bytes);

/* For people, in the largest unit that leaves it whole: "30 min", "1 KiB". */
void quantity_format_time(int64_t ms, char out[static QUANTITY_TEXT_SIZE]);
void quantity_format_size(int64_t bytes, char out[static QUANTITY_TEXT_SIZE]);

#endif
