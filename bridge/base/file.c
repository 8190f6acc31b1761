/* SPDX-License-Identifier: MIT */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { CHUNK = 16 * 1024 };

/* Until the end, not until the size that stat tells: that is 0 for a pipe. */
static int read_all(int fd, size_t bytes_max, struct buffer *out)
{
    size_t start = out->size;
    for (;;) {
        buffer_reserve(out, CHUNK);
        ssize_t got = read(fd, out->data + out->size, CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            return 0;
        out->size += (size_t)got;
        if (out->size - start > bytes_max)
            return EFBIG;
    }
}

int file_read(const char *path, size_t bytes_max, struct buffer *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return errno;
    size_t start = out->size;
    int error = read_all(fd, bytes_max, out);
    if (error != 0)
        out->size = start;
    close(fd);
    return error;
}
