/* SPDX-License-Identifier: MIT */
/* How much room text takes on a terminal: a Chinese character takes two
 * columns, an accent none. The text is well-formed and has no control
 * characters (visible.h). Any thread. */
#ifndef ONEBUS_WIDTH_H
#define ONEBUS_WIDTH_H

#include "base/buffer.h"

size_t width_of(struct slice text);

/* As much from the front of `text` as fits into so many columns. */
struct slice width_cut(struct slice text, size_t columns);

/* Append `text` in lines of at most `columns`, broken at blanks, each but the
 * first behind `indent` blanks; the first begins in column `at`. No line feed
 * at the end. A word that does not fit has a line to itself. */
void width_wrap(struct buffer *out, struct slice text, size_t at, size_t indent,
                size_t columns);

void width_pad(struct buffer *out, size_t columns);

#endif
