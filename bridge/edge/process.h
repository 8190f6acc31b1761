/* SPDX-License-Identifier: MIT */
/* What the process takes of the machine, by /proc/self. It reads files: for a
 * thread that may wait. */
#ifndef ONEBUS_PROCESS_H
#define ONEBUS_PROCESS_H

#include <stdint.h>

/* What cannot be read is 0. */
struct process_state {
    uint64_t cpu_us; /* user and system */
    uint64_t resident_bytes, virtual_bytes;
    uint64_t open_fds, max_fds;
    uint64_t start_ms; /* since 1970 */
    uint64_t threads;
};

void process_look(struct process_state *state);

#endif
