/* SPDX-License-Identifier: MIT */
/* The media of a plan on their way to the peer, before the plan itself is:
 *
 *     in the parameters, small    written into them at once
 *     large                       uploaded: upload.h
 *     a URL, where we load        fetched, then as bytes
 *
 * One after the other, in the order in which they stand. Nothing that others
 * see happens here. One thread. */
#ifndef ONEBUS_PREPARING_H
#define ONEBUS_PREPARING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "core/media.h"

struct account;
struct bridge;
struct plan;
struct preparing;
struct warnings;

/* All are where the peer can take them, REPLY_FINE, or why they are not. */
typedef void preparing_end(struct bridge *bridge, void *ctx,
                           enum reply_error error, const char *text,
                           struct instant now);

struct preparing_order {
    struct account *account;
    struct plan *plan; /* its parameters are replaced; it outlives this */
    struct warnings *warnings;
    uint64_t cookie; /* of what is fetched */
    preparing_end *on_end;
    void *ctx;
};

/* Find what media there are. REPLY_FINE: `*preparing` is NULL if there are
 * none. Else `fault` says what is wrong. */
enum reply_error preparing_create(struct bridge *bridge,
                                  const struct preparing_order *order,
                                  struct preparing **preparing,
                                  char fault[static MEDIA_FAULT_SIZE]);

/* In the middle, too: nothing is told then. NULL is fine. */
void preparing_destroy(struct preparing *preparing);

/* The bytes that are to move, as far as they are known; `all_known` is false if
 * some are behind a URL or a path. */
size_t preparing_size(const struct preparing *preparing, bool *all_known);

/* Go; on_end may be called before this returns. What has not ended at the
 * deadline, mono ms, is given up. */
void preparing_begin(struct bridge *bridge, struct preparing *preparing,
                     uint64_t deadline_ms, struct instant now);

/* bridge_on_fetched(), of its cookie. */
void preparing_on_fetched(struct bridge *bridge, struct preparing *preparing,
                          enum reply_error error, struct buffer *bytes,
                          const char *fault, struct instant now);

/* Go on with what is done in steps. */
void preparing_on_tick(struct bridge *bridge, struct preparing *preparing,
                       struct instant now);

#endif
