/* SPDX-License-Identifier: MIT */
/* One request to a running bridge and its reply: what a command is about that
 * asks the bridge something. */
#ifndef ONEBUS_EXCHANGE_H
#define ONEBUS_EXCHANGE_H

#include "base/buffer.h"
#include "cli/flags.h"

struct exchange {
    const char *command; /* "onebus call", for messages */
    const struct flags *flags;
    const char *url;        /* an action address; NULL: the settings' first */
    const char *token_file; /* NULL: see token.h */
    long wait_ms;           /* for the reply; 0: the usual time */
    /* What to do with the reply; gives the exit status. */
    int (*show)(void *ctx, struct slice reply);
    void *ctx;
};

/* Find the bridge by its settings, send it the request, show its reply. Gives
 * the exit status; where there is no reply, stderr says why. */
int exchange_run(const struct exchange *exchange, struct slice request);

#endif
