/* SPDX-License-Identifier: MIT */
/* Base64 (RFC 4648, section 4), strict: the standard alphabet, padded, no line
 * ends. Any thread. */
#ifndef ONEBUS_BASE64_H
#define ONEBUS_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/status.h"

/* Characters that `size` bytes take. */
size_t base64_text_size(size_t size);

/* Bytes that `text` stands for, if it is base64: its end is all that is looked
 * at. STATUS_INVALID: its size or its padding cannot be. */
MUST_CHECK enum status base64_bytes_size(struct slice text, size_t *size);

/* Append `bytes` as text. */
void base64_append(struct buffer *out, struct slice bytes);

/* Append the bytes of `text`. STATUS_INVALID if it is no base64; `out` is then
 * as it was. */
MUST_CHECK enum status base64_decode(struct slice text, struct buffer *out);

/* Is it base64? */
bool base64_is_valid(struct slice text);

/* Does it look as the functions above want it? True for most that is no base64,
 * too. */
bool base64_is_tidy(struct slice text);

/* Append `text` as they want it, if it is what others call base64: in lines,
 * with - and _ for + and /, not padded. */
void base64_tidy(struct slice text, struct buffer *out);

#endif
