/* SPDX-License-Identifier: MIT */
/* What callers ask of an account's peer: each request is a job, which leads to
 * one frame to the peer or to several, one after the other, and to exactly one
 * reply.
 *
 *     request ─▶ account? grant? sound? ─▶ steps ─▶ calls_ask() each ─▶ reply
 *                     └─ no: refused at once
 *
 * One thread. */
#ifndef ONEBUS_JOBS_H
#define ONEBUS_JOBS_H

#include "base/clock.h"

struct account;
struct bridge;
struct request;

/* Pass a request on to its account's peer. */
void jobs_take(struct bridge *bridge, void *ticket,
               const struct request *request, struct instant now);

/* Forget all of them, without a reply. */
void jobs_forget(struct bridge *bridge);

#endif
