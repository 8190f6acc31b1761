/* SPDX-License-Identifier: MIT */
#include "edge/supervisor.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "check.h"

enum { TEXT_SIZE = 1024 };

/* Where the supervisor listens: an abstract address, which leaves no file. */
static int listen_as_supervisor(const char *watchdog_usec)
{
    char name[64], pid[16];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    snprintf(name, sizeof(name), "@onebus-supervisor-test-%d", (int)getpid());
    memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
    CHECK_EQ(bind(fd, (const struct sockaddr *)&address,
                  (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
                              strlen(name))),
             0);
    snprintf(pid, sizeof(pid), "%d", (int)getpid());
    setenv("NOTIFY_SOCKET", name, 1);
    if (watchdog_usec != NULL) {
        setenv("WATCHDOG_USEC", watchdog_usec, 1);
        setenv("WATCHDOG_PID", pid, 1);
    }
    return fd;
}

static void leave(int fd)
{
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    if (fd >= 0)
        close(fd);
}

/* What it was told next; empty: nothing. */
static struct slice told(int fd, char text[static TEXT_SIZE])
{
    ssize_t size = recv(fd, text, TEXT_SIZE, 0);
    return (struct slice){text, size < 0 ? 0 : (size_t)size};
}

TEST(without_a_supervisor_nothing_is_due)
{
    struct supervisor supervisor;
    setenv("WATCHDOG_USEC", "1000000",
           1); /* without a socket it means nothing */
    supervisor_init(&supervisor, 1000);
    CHECK(supervisor_due(&supervisor) == UINT64_MAX);
    supervisor_ready(&supervisor);
    supervisor_stopping(&supervisor);
    leave(-1);
}

TEST(one_that_only_listens_is_told_every_ten_seconds)
{
    char text[TEXT_SIZE];
    struct supervisor supervisor;
    int fd = listen_as_supervisor(NULL);
    supervisor_init(&supervisor, 1000);
    CHECK_EQ(supervisor_due(&supervisor), 1000);
    supervisor_tell(&supervisor, slice_of("all is well"), 1000);
    CHECK_EQ(supervisor_due(&supervisor), 11000);
    CHECK_SLICE(told(fd, text), slice_of("STATUS=all is well"));
    leave(fd);
}

TEST(one_that_watches_hears_at_half_of_its_time)
{
    char text[TEXT_SIZE];
    struct supervisor supervisor;
    int fd = listen_as_supervisor("3000000");
    supervisor_init(&supervisor, 1000);
    supervisor_tell(&supervisor, slice_of("well"), 1000);
    CHECK_EQ(supervisor_due(&supervisor), 2500);
    CHECK_SLICE(told(fd, text), slice_of("WATCHDOG=1\nSTATUS=well"));
    leave(fd);
}

TEST(one_that_watches_slowly_is_told_what_goes_on_all_the_same)
{
    struct supervisor supervisor;
    int fd = listen_as_supervisor("600000000");
    supervisor_init(&supervisor, 1000);
    supervisor_tell(&supervisor, slice_of("well"), 1000);
    CHECK_EQ(supervisor_due(&supervisor), 11000);
    leave(fd);
}

TEST(one_that_watches_another_process_is_only_told)
{
    char text[TEXT_SIZE];
    struct supervisor supervisor;
    int fd = listen_as_supervisor("3000000");
    setenv("WATCHDOG_PID", "1", 1);
    supervisor_init(&supervisor, 1000);
    supervisor_tell(&supervisor, slice_of("well"), 1000);
    CHECK_SLICE(told(fd, text), slice_of("STATUS=well"));
    leave(fd);
}

TEST(once_it_stops_it_is_not_ready_any_more)
{
    char text[TEXT_SIZE];
    struct supervisor supervisor;
    int fd = listen_as_supervisor(NULL);
    supervisor_init(&supervisor, 1000);
    supervisor_ready(&supervisor);
    CHECK_SLICE(told(fd, text), slice_of("READY=1"));
    supervisor_stopping(&supervisor);
    CHECK_SLICE(told(fd, text), slice_of("STOPPING=1"));
    supervisor_reloading(&supervisor);
    supervisor_ready(&supervisor);
    supervisor_stopping(&supervisor);
    CHECK_EQ(told(fd, text).size, 0);
    supervisor_tell(&supervisor, slice_of("ending"), 2000);
    CHECK_SLICE(told(fd, text), slice_of("STATUS=ending"));
    leave(fd);
}

SUITE(supervisor, without_a_supervisor_nothing_is_due,
      one_that_only_listens_is_told_every_ten_seconds,
      one_that_watches_hears_at_half_of_its_time,
      one_that_watches_slowly_is_told_what_goes_on_all_the_same,
      one_that_watches_another_process_is_only_told,
      once_it_stops_it_is_not_ready_any_more)
