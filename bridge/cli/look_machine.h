/* SPDX-License-Identifier: MIT */
/* What the kernel tells of this machine: its clock, the limits of a process,
 * whether this is a container. Reads only. */
#ifndef ONEBUS_LOOK_MACHINE_H
#define ONEBUS_LOOK_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct findings;

bool look_is_in_container(void);

/* `newest_ms`: when the journal's newest event was received; 0: unknown. */
void look_at_clock(int64_t newest_ms, struct findings *findings);

/* Of the process `pid`, or of this one if that is 0 or not to be seen. `config`
 * NULL: there are no settings. */
void look_at_limits(const struct config *config, long pid,
                    struct findings *findings);

#endif
