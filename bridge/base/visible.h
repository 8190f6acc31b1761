/* SPDX-License-Identifier: MIT */
/* Text from strangers, safe to show: control characters and broken UTF-8 are
 * written as \n, \t or \xNN, so that nobody forges a line or drives a
 * terminal. Any thread. */
#ifndef ONEBUS_VISIBLE_H
#define ONEBUS_VISIBLE_H

#include "base/buffer.h"

/* Append `text`, made visible. */
void visible_append(struct buffer *out, struct slice text);

/* The same, to stand inside the quotes of a JSON string. */
void visible_append_json(struct buffer *out, struct slice text);

/* Write `text`, made visible and without a double quote in it, to stand in
 * quotes in a line of log: as much as fits into `size` bytes with the NUL.
 * Gives `out`. */
const char *visible_quote(char *out, size_t size, struct slice text);

#endif
