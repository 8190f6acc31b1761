/* SPDX-License-Identifier: MIT */
#include "edge/process.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "check.h"

TEST(it_sees_what_this_process_takes)
{
    struct process_state state;
    process_look(&state);
    CHECK(state.resident_bytes > 1 << 20);
    CHECK(state.virtual_bytes > state.resident_bytes);
    CHECK(state.threads >= 1);
    CHECK(state.cpu_us > 0);
    CHECK(state.max_fds >= state.open_fds);
    /* Booted and begun before now, and this very test not an hour ago. */
    uint64_t now_ms = clock_now().wall_ms;
    CHECK(state.start_ms < now_ms + 2000);
    CHECK(state.start_ms > now_ms - 60 * 60 * 1000);
}

TEST(it_counts_open_files_but_for_its_own)
{
    struct process_state before, with;
    process_look(&before);
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    process_look(&with);
    close(fd);
    CHECK(before.open_fds >= 3);
    CHECK_EQ(with.open_fds, before.open_fds + 1);
}

SUITE(process, it_sees_what_this_process_takes,
      it_counts_open_files_but_for_its_own)
