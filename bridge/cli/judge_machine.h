/* SPDX-License-Identifier: MIT */
/* The machine that a bridge is to run on, judged: its clock and its limits.
 * Pure. One thread. */
#ifndef ONEBUS_JUDGE_MACHINE_H
#define ONEBUS_JUDGE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/finding.h"

struct clock_facts {
    int64_t now_ms;    /* since 1970 */
    int64_t newest_ms; /* of the journal's newest event; 0: unknown */
    bool is_known;     /* what the kernel says of it: */
    bool is_unsynchronised;
};

void judge_clock(const struct clock_facts *facts, struct findings *findings);

struct limit_facts {
    uint64_t files_max; /* RLIMIT_NOFILE, of the bridge if it runs */
    size_t account_count;
    uint64_t memory_max; /* of the control group; UINT64_MAX: none */
    uint64_t frame_bytes_max;
    bool is_in_container;
};

void judge_limits(const struct limit_facts *facts, struct findings *findings);

#endif
