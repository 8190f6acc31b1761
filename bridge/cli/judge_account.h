/* SPDX-License-Identifier: MIT */
/* An account of a running bridge, judged by what the bridge tells of it. Pure.
 * One thread. */
#ifndef ONEBUS_JUDGE_ACCOUNT_H
#define ONEBUS_JUDGE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "cli/finding.h"

/* Slices are MessagePack, as in the data of the bridge's actions, or empty
 * where nothing is known. */
struct account_facts {
    const char *name;
    bool dials;            /* it has `connect` */
    struct slice status;   /* its entry in bridge.status */
    struct slice past;     /* in bridge.troubles */
    struct slice troubles; /* all of bridge.troubles */
    struct slice why;      /* of bridge.why, about it */
    struct slice calls;    /* of bridge.calls, about it */
    int64_t now_ms;        /* since 1970 */
};

void judge_account(const struct account_facts *facts,
                   struct findings *findings);

#endif
