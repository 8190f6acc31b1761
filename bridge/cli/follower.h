/* SPDX-License-Identifier: MIT */
/* Following a bridge from its journal to its live events: follow.h decides,
 * here are the sockets and the clock. One thread. */
#ifndef ONEBUS_FOLLOWER_H
#define ONEBUS_FOLLOWER_H

#include <nng/nng.h>

struct printer;
struct since;

/* Where the journal is asked for, and with which token: see caller_open(). */
struct follower_way {
    const char *actions_url;
    const char *token_file;
};

/* Print the events from `since` on until the printer has enough or nobody
 * reads. `events` is dialled and subscribed to everything; it stays the
 * caller's. Gives the exit status; on failure stderr says why. */
int follower_run(nng_socket events, const struct follower_way *way,
                 const struct since *since, struct printer *printer);

#endif
