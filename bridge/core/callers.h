/* SPDX-License-Identifier: MIT */
/* Who asks: the callers of the action socket, each of whom gets exactly one
 * reply. Several may wait for the same. One thread. */
#ifndef ONEBUS_CALLERS_H
#define ONEBUS_CALLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "core/ledger.h"
#include "core/request.h"

struct bridge;

/* What is said where callers_add() gives NULL. */
extern const char CALLERS_TOO_MANY[];

/* One that waits for a reply. */
struct caller {
    struct caller *next; /* who waits for the same */
    void *ticket;
    bool is_json;     /* the form of the reply */
    struct buffer id; /* empty if none was given */
    struct buffer trace;
    uint64_t started_ms; /* mono */
    struct ledger_call call;
};

/* Somebody waits now; they are freed by callers_answer(). NULL: as many wait
 * as bridge.call.maxInFlight. */
struct caller *callers_add(struct bridge *bridge, void *ticket,
                           const struct request *request, struct instant now);

/* The reply, to this one and all behind it; `account` was called. */
void callers_answer(struct bridge *bridge, struct caller *first,
                    const char *account, const struct reply *reply,
                    struct instant now);

/* The same, but what they asked for is still needed: free them by
 * callers_forget(). */
void callers_tell(struct bridge *bridge, const struct caller *first,
                  const char *account, const struct reply *reply,
                  struct instant now);

/* Forget them, without a reply. */
void callers_forget(struct caller *first);

/* The one reply to somebody who never waited. The log tells of it, once a
 * minute for each error, and of what is denied for each grant. */
void callers_refuse(struct bridge *bridge, void *ticket,
                    const struct request *request, enum reply_error error,
                    const char *text, struct instant now);

/* The same; `why` has the error, our text, and what else there is to say. */
void callers_refuse_as(struct bridge *bridge, void *ticket,
                       const struct request *request, const struct reply *why,
                       struct instant now);

/* Say once a minute that a caller asks for what it cannot have. */
void callers_tell_refusal(struct bridge *bridge, void *ticket,
                          enum reply_error error, const char *text,
                          struct instant now);

#endif
