/* SPDX-License-Identifier: MIT */
/* The running bridge, asked through its action socket, in bounded time. */
#ifndef ONEBUS_LOOK_BRIDGE_H
#define ONEBUS_LOOK_BRIDGE_H

#include <stdbool.h>

#include "cli/caller.h"

struct findings;

enum bridge_presence {
    BRIDGE_ABSENT,       /* nobody listens there */
    BRIDGE_MUTE,         /* somebody does, and gives no reply */
    BRIDGE_UNAUTHORIZED, /* it answers, and wants a token */
    BRIDGE_ANSWERS,
};

/* Zero-initialised before, to be finished after. */
struct look_bridge {
    const char *url; /* as it listens; borrowed */
    struct caller caller;
    enum bridge_presence presence;
    struct buffer status; /* the data of bridge.status; empty: none */
};

/* Find out whether a bridge listens at `url`. `token_file`: as token.h's. */
void look_for_bridge(struct look_bridge *look, const char *url,
                     const char *token_file, struct findings *findings);

bool look_bridge_is_running(const struct look_bridge *look);

void look_bridge_finish(struct look_bridge *look);

#endif
