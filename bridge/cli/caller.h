/* SPDX-License-Identifier: MIT */
/* A connection to a bridge's action socket, for one request after the other.
 * It comes back by itself when the bridge does, and is there until the end of
 * the process. One thread. */
#ifndef ONEBUS_CALLER_H
#define ONEBUS_CALLER_H

#include <nng/nng.h>
#include <stdbool.h>

#include "base/buffer.h"

enum { CALLER_WAIT_MS = 60 * 1000 }; /* the usual time for a reply */

/* Zero-initialised. */
struct caller {
    nng_socket socket;
    struct buffer token; /* goes with each request; empty: none */
    struct buffer signed_request;
};

/* Dial what listens on `listen_url`, which `option` could name, with the token
 * that `token_file`, or NULL, and the environment give (token.h). False, with a
 * line on stderr: nobody there, or no token to be had. */
bool caller_open(struct caller *caller, const char *listen_url,
                 const char *option, const char *token_file);

/* Free what it holds; the connection stays to the end of the process. */
void caller_finish(struct caller *caller);

/* Send the request, a MessagePack map, and wait for its reply, which replaces
 * what is in `reply`. 0, or NNG's error: there is none, and the request may
 * have been served. */
int caller_ask(struct caller *caller, long wait_ms, struct slice request,
               struct buffer *reply);

#endif
