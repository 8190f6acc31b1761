/* SPDX-License-Identifier: MIT */
/* Who knocked and was not let in, for whoever asks why a peer cannot connect:
 * for each account and reason how often, and what came last. A wrong peer
 * knocks every few seconds, a scanner from everywhere; neither washes the
 * others out. Not a token is kept. Pure. One thread. */
#ifndef ONEBUS_KNOCKS_H
#define ONEBUS_KNOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/account.h"

enum {
    /* Of so many kinds; then that which has been quiet longest goes. */
    KNOCKS_KEPT = 64,
    KNOCK_REMOTE_SIZE = 64,
    KNOCK_TEXT_SIZE = 128,
    KNOCK_WHY_SIZE = 512,
};

/* Strings are borrowed, and as the peer sent them: any bytes. */
struct knock_info {
    const char *account;     /* ""; none has the path that was asked for */
    const char *reason;      /* a literal: "token_wrong" */
    enum tally_refusal kind; /* the same, to be counted */
    int status;              /* of HTTP */
    const char *remote;
    struct slice path, role, self_id, user_agent;
    const char *token; /* a literal: "none", "wrong", "right", "unchecked" */
    const char *why;   /* as it was told; up to a line feed */
};

struct knock {
    char account[ACCOUNT_NAME_SIZE];
    const char *reason;
    uint64_t count;
    uint64_t first_ms, last_ms; /* since 1970 */
    /* Of the last one. */
    int status;
    const char *token;
    char remote[KNOCK_REMOTE_SIZE];
    char path[KNOCK_TEXT_SIZE], role[KNOCK_TEXT_SIZE];
    char self_id[KNOCK_TEXT_SIZE], user_agent[KNOCK_TEXT_SIZE];
    char why[KNOCK_WHY_SIZE];
};

struct knocks;

struct knocks *knocks_create(void);
void knocks_destroy(struct knocks *knocks);

void knocks_add(struct knocks *knocks, const struct knock_info *info,
                uint64_t wall_ms);

/* The newest first, in the order of their last ones; NULL: no more. */
const struct knock *knocks_at(const struct knocks *knocks, size_t index);

#endif
