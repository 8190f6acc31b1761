/* SPDX-License-Identifier: MIT */
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above
 * U+10FFFF. Any thread. */
#ifndef ONEBUS_UTF8_H
#define ONEBUS_UTF8_H

#include <stddef.h>

/* Bytes (1 to 4) of the well-formed character at `text`, 0 if there is none
 * within `size` bytes. */
size_t utf8_width(const char *text, size_t size);

#endif
