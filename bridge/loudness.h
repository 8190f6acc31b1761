/* SPDX-License-Identifier: MIT */
/* How much the log says: what the settings have of it, and what somebody wants
 * otherwise for a while. Loop thread. */
#ifndef ONEBUS_LOUDNESS_H
#define ONEBUS_LOUDNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log_level.h"

struct config;

struct loudness {
    struct log_options settings, now;
    uint64_t until_ms; /* mono; UINT64_MAX: there is no end to it */
};

/* The settings are these now, and count. */
void loudness_settle(struct loudness *loudness, const struct config *config);

/* Somebody wants it otherwise. */
void loudness_change(struct loudness *loudness, const struct log_change *change,
                     uint64_t now_ms);

/* True: what was wanted for a while has ended, and the settings count. */
bool loudness_tick(struct loudness *loudness, uint64_t now_ms);

#endif
