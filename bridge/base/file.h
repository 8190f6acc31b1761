/* SPDX-License-Identifier: MIT */
/* A whole file at once. Any thread. */
#ifndef ONEBUS_FILE_H
#define ONEBUS_FILE_H

#include "base/buffer.h"

/* Append the file's content to `out`. 0, or the errno value that says why not
 * (EFBIG above `bytes_max`); `out` is then as it was. */
int file_read(const char *path, size_t bytes_max, struct buffer *out);

#endif
