/* SPDX-License-Identifier: MIT */
/* Finding the addresses of a host without waiting for the resolver.
 *
 * Each look-up runs on a thread of its own, which may outlive whoever asked.
 * The loop's thread, but for the waking. */
#ifndef ONEBUS_LOOKUP_H
#define ONEBUS_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

struct lookup;

enum { LOOKUP_ADDRESSES_MAX = 8, LOOKUP_ADDRESS_SIZE = 64 };

/* What was found. */
struct lookup_result {
    char addresses[LOOKUP_ADDRESSES_MAX][LOOKUP_ADDRESS_SIZE]; /* numeric */
    size_t count;
    const char *fault; /* why there is none; static text */
};

/* Begin. `wake` is called, from the other thread, when there is a result, but
 * not after lookup_drop(). NULL: there can be no thread now. */
struct lookup *lookup_start(const char *host, void (*wake)(void *ctx),
                            void *ctx);

/* True once there is a result. */
bool lookup_take(struct lookup *lookup, struct lookup_result *result);

/* Nobody is interested any more; must be called once. NULL is fine. */
void lookup_drop(struct lookup *lookup);

#endif
