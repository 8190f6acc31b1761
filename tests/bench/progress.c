/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

void progress_tell(int fd, uint64_t events)
{
    /* An eventfd refuses to stay as it is: 0 is nothing to tell. */
    if (events != 0 && write(fd, &events, sizeof(events)) != sizeof(events))
        err(EXIT_FAILURE, "--progress %d", fd);
}

uint64_t progress_take(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    uint64_t events = 0;
    if (poll(&wait, 1, 0) != 1)
        return 0;
    if (read(fd, &events, sizeof(events)) != sizeof(events))
        err(EXIT_FAILURE, "--progress %d", fd);
    return events;
}
