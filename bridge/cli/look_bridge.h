/* SPDX-License-Identifier: MIT */
/* The running bridge, asked through its action socket, in bounded time. */
#ifndef ONEBUS_LOOK_BRIDGE_H
#define ONEBUS_LOOK_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/caller.h"
#include "config/config.h"

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
    /* The data of bridge.status, bridge.troubles, bridge.pairing.list; empty
     * where there is none. */
    struct buffer status, troubles, pairing;
    bool was_denied; /* the token's grant does not cover all of it */
};

/* Find out whether a bridge listens at `url`. `token_file`: as token.h's. */
void look_for_bridge(struct look_bridge *look, const char *url,
                     const char *token_file, struct findings *findings);

/* What it tells of each account, or of `only`, unless that is NULL. */
void look_at_accounts(struct look_bridge *look, const struct config *config,
                      const char *only, struct findings *findings);

/* What it tells of the rest. */
void look_at_bridge(struct look_bridge *look, const struct config *config,
                    struct findings *findings);

/* Is the peer of this account connected? */
bool look_bridge_has_up(const struct look_bridge *look, const char *account);

/* When the journal's newest event came; 0: unknown. */
int64_t look_bridge_newest(struct look_bridge *look);

bool look_bridge_is_running(const struct look_bridge *look);

void look_bridge_finish(struct look_bridge *look);

#endif
