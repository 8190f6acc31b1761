/* SPDX-License-Identifier: MIT */
/* Loads what http and https addresses name, with libcurl, on a thread of its
 * own: the loop waits for no name server and no stranger's web server.
 *
 *     loop ── fetcher_get() ──▶ queue ──▶ thread, a few at a time
 *          ◀── fetcher_take() ── mailbox ◀── bytes, or why there are none
 *
 * Addresses come from strangers: each one that is connected to, also after a
 * redirection, must pass guard.h. Proxies of the environment are not used:
 * they would connect where we must not. */
#ifndef ONEBUS_FETCHER_H
#define ONEBUS_FETCHER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"

enum {
    FETCHER_QUEUE_MAX = 64,
    FETCHER_AT_ONCE = 4,
    FETCHER_REDIRECTS_MAX = 5,
    FETCHER_FAULT_SIZE = 256,
};

struct fetcher;

enum fetch_end {
    FETCH_DONE,
    FETCH_FAILED,
    FETCH_DENIED,    /* it leads where nobody may be led */
    FETCH_TOO_LARGE, /* above `bytes_max` */
};

struct fetch_result {
    enum fetch_end end;
    struct buffer bytes; /* may be taken over: leave an empty one */
    const char *fault;   /* for people, without the address; "" if done */
};

struct fetcher_options {
    uint64_t timeout_ms; /* for each; 0: a minute */
    /* `wake` is called by the thread when fetcher_take() has something. */
    void (*wake)(void *ctx);
    void *ctx;
};

/* NULL: there can be no thread; the log says why. The loop's thread, as is all
 * that follows. */
struct fetcher *fetcher_create(const struct fetcher_options *options);

/* What is not done is given up. NULL is fine. */
void fetcher_destroy(struct fetcher *fetcher);

/* The private addresses that may be connected to from now on (guard.h). */
void fetcher_open(struct fetcher *fetcher, const char *const *open,
                  size_t count);

/* STATUS_FULL: too many wait. */
MUST_CHECK enum status fetcher_get(struct fetcher *fetcher, struct slice url,
                                   size_t bytes_max, uint64_t cookie);

/* Those that are waiting or under way; FETCHER_QUEUE_MAX at most. */
size_t fetcher_count(const struct fetcher *fetcher);

/* Hand over what is ready. */
void fetcher_take(struct fetcher *fetcher,
                  void (*on_result)(void *ctx, uint64_t cookie,
                                    struct fetch_result *result),
                  void *ctx);

#endif
