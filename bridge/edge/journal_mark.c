/* SPDX-License-Identifier: MIT */
#include "journal_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/mem.h"

enum { PATH_SIZE = 512, EPOCH_SIZE = 33, LINE_SIZE = 64 };

/* `epoch seq`, a line feed, blanks. */
struct journal_mark {
    int fd;
    char line[LINE_SIZE + 1];
};

static bool write_line(struct journal_mark *mark)
{
    bool is_written = pwrite(mark->fd, mark->line, LINE_SIZE, 0) == LINE_SIZE;
    /* Only a power cut asks for this, and a failing disk may refuse it. */
    (void)fdatasync(mark->fd);
    return is_written;
}

/* The room is taken now, while there is some. */
static bool read_line(struct journal_mark *mark)
{
    ssize_t size = pread(mark->fd, mark->line, LINE_SIZE, 0);
    if (size == LINE_SIZE)
        return true;
    memset(mark->line, ' ', LINE_SIZE);
    return size >= 0 && write_line(mark);
}

struct journal_mark *journal_mark_open(const char *folder, char *fault,
                                       size_t size)
{
    struct journal_mark *mark = mem_zalloc(1, sizeof(*mark));
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%.400s/journal.mark", folder);
    mark->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool is_locked = mark->fd >= 0 && flock(mark->fd, LOCK_EX | LOCK_NB) == 0;
    if (is_locked && read_line(mark))
        return mark;
    if (mark->fd >= 0 && !is_locked && errno == EWOULDBLOCK)
        snprintf(fault, size,
                 "%.400s: another onebus keeps its journal there: give each "
                 "its own bridge.stateDir",
                 folder);
    else
        snprintf(fault, size,
                 "%.380s: %s; the bridge's user must be able to write it and "
                 "its folder",
                 path, strerror(errno));
    journal_mark_close(mark);
    return NULL;
}

void journal_mark_close(struct journal_mark *mark)
{
    if (mark == NULL)
        return;
    if (mark->fd >= 0)
        close(mark->fd);
    free(mark);
}

uint64_t journal_mark_read(const struct journal_mark *mark, const char *epoch)
{
    char marked[EPOCH_SIZE];
    uint64_t seq;
    if (sscanf(mark->line, "%32s %" SCNu64, marked, &seq) != 2 ||
        strcmp(marked, epoch) != 0)
        return 0;
    return seq;
}

bool journal_mark_write(struct journal_mark *mark, const char *epoch,
                        uint64_t seq)
{
    int size = snprintf(mark->line, sizeof(mark->line), "%s %" PRIu64 "\n",
                        epoch, seq);
    if (size < LINE_SIZE)
        memset(mark->line + size, ' ', LINE_SIZE - (size_t)size);
    return write_line(mark);
}
