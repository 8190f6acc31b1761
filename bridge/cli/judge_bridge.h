/* SPDX-License-Identifier: MIT */
/* A running bridge as a whole, judged by what it tells of itself. Pure. One
 * thread. */
#ifndef ONEBUS_JUDGE_BRIDGE_H
#define ONEBUS_JUDGE_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "cli/finding.h"

/* Slices are MessagePack: the data of the bridge's actions, empty where nothing
 * is known. */
struct bridge_facts {
    struct slice status;
    struct slice troubles;
    struct slice pairing;
    int64_t subscribers; /* -1: unknown */
    int64_t behind;      /* how many messages wait for the slowest of them */
    int64_t behind_max;  /* beyond, it loses some; 0: unknown */
    bool is_http_off;
    bool was_denied; /* the token's grant does not cover all that was asked */
    int64_t now_ms;
};

void judge_bridge(const struct bridge_facts *facts, struct findings *findings);

#endif
