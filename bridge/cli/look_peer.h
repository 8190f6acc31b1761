/* SPDX-License-Identifier: MIT */
/* Knocking at the peers that the bridge is to dial: each is asked once for a
 * WebSocket, all at the same time, and left again. They see one more client for
 * a moment. */
#ifndef ONEBUS_LOOK_PEER_H
#define ONEBUS_LOOK_PEER_H

#include <stdbool.h>

#include "config/config.h"

struct findings;

struct look_peer {
    const struct config *config;
    bool is_in_container;
    /* Is it of no use to knock for this account? */
    bool (*skips)(void *ctx, const char *account);
    void *ctx;
};

void look_at_peers(const struct look_peer *look, struct findings *findings);

#endif
