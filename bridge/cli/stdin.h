/* SPDX-License-Identifier: MIT */
/* What comes on standard input, for what an argument has no room for. One
 * thread. */
#ifndef ONEBUS_STDIN_H
#define ONEBUS_STDIN_H

#include "base/buffer.h"

/* Append all of it. */
void stdin_read(struct buffer *text);

#endif
