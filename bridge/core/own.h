/* SPDX-License-Identifier: MIT */
/* What the bridge answers about itself: bridge.ping, bridge.status. Fields:
 * schema/README.md. Pure. */
#ifndef ONEBUS_OWN_H
#define ONEBUS_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/account.h"

struct archive_state;
struct breaker;
struct nats_state;
struct pacing;
struct grants;

struct own_state {
    const char *version;
    const char *epoch;
    uint64_t seq;
    struct account *const *accounts;
    size_t account_count;
    size_t calls_waiting;
    size_t calls_max;
    const struct archive_state *archive;
    const struct nats_state *nats;
    const struct pacing *pacing;
    const struct breaker *breaker;
    const struct grants *grants; /* NULL: none */
    uint64_t unauthorized;
    bool enforces;   /* the gate drops what it refuses; else it only marks it */
    uint64_t now_ms; /* mono */
};

/* Whether the action is addressed to the bridge itself. */
bool own_is(struct slice action);

/* Append the action's data as MessagePack; false if there is no such one. */
bool own_answer(struct slice action, const struct own_state *state,
                struct buffer *out);

#endif
