/* SPDX-License-Identifier: MIT */
/* A look at bridge.stateDir and at the journal in it: nothing is written, no
 * lock is taken. */
#ifndef ONEBUS_LOOK_STATE_H
#define ONEBUS_LOOK_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/occupant.h"
#include "config/config.h"

struct findings;

/* What others want to know of it. */
struct look_state {
    struct occupant holder; /* who has the journal open */
    int64_t newest_ms;      /* of its newest event; 0: unknown */
};

void look_at_state(const struct config *config, bool is_running,
                   struct look_state *state, struct findings *findings);

#endif
