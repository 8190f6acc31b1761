/* SPDX-License-Identifier: MIT */
/* What callers ask of an account's peer: each request is a job, which leads to
 * one frame to the peer or to several, one after the other, and to exactly one
 * reply.
 *
 *     request ─▶ account? plan ─▶ id new? ─▶ media ─▶ its turn ─▶ calls_ask()
 *                  └─ no: refused   └─ no: joined, or its reply      each
 *                                                       reply ◀─ kept ◀─┘
 *
 * A job that has an id is written down before its first frame leaves, and its
 * reply before that is given: whatever happens to the bridge, no second frame
 * leaves for the same id. One thread. */
#ifndef ONEBUS_JOBS_H
#define ONEBUS_JOBS_H

#include <stdbool.h>

#include "base/clock.h"

struct account;
struct bridge;
struct request;

/* Pass a request on to its account's peer. */
void jobs_take(struct bridge *bridge, void *ticket,
               const struct request *request, struct instant now);

/* The account is leaving: what has not been sent for it will not be. */
void jobs_on_leave(struct bridge *bridge, const struct account *account,
                   struct instant now);

/* Do what is due, and have the next deadline watched. */
void jobs_on_tick(struct bridge *bridge, struct instant now);

/* Nothing more is sent: settle those of which nothing has been. */
void jobs_stop(struct bridge *bridge, struct instant now);

/* Is the store still to be told of one that its id may be used again? */
bool jobs_have_ids_to_give_back(const struct bridge *bridge);

/* Settle those that still wait for something else than a peer. */
void jobs_abandon(struct bridge *bridge, struct instant now);

/* Forget all of them, without a reply. */
void jobs_forget(struct bridge *bridge);

#endif
