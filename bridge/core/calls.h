/* SPDX-License-Identifier: MIT */
/* The crossing's way in: calls from the bus, sent to a peer, held while it is
 * away, and settled by exactly one reply each. One thread. */
#ifndef ONEBUS_CALLS_H
#define ONEBUS_CALLS_H

#include "base/buffer.h"
#include <stdbool.h>

#include "base/clock.h"
#include "core/pending.h"
#include "core/request.h"

struct account;
struct bridge;
struct link;
struct once_found;
struct onebot_frame;

/* A call of the bridge's own. */
struct own_call {
    const char *action;
    struct slice params; /* a MessagePack map; empty: none */
    uint64_t timeout_ms;
    call_end *on_end;
};

/* Pass a request on to its account's peer. */
void calls_forward(struct bridge *bridge, void *ticket,
                   const struct request *request, struct instant now);

/* Ask the peer something for the bridge itself, over this link and no other.
 * False: the link takes nothing, or too many such calls wait. */
bool calls_ask(struct bridge *bridge, const struct link *link,
               const struct own_call *ask, struct instant now);

/* The one reply to a call that never waited. */
void calls_refuse(struct bridge *bridge, void *ticket,
                  const struct request *request, enum reply_error error,
                  const char *text, struct instant now);

/* A frame of kind ONEBOT_ANSWER has come for the account. Gives the serial of
 * the link that the call was sent on; 0 if nobody waits for it. */
uint64_t calls_take_answer(struct bridge *bridge, struct account *account,
                           const struct onebot_frame *frame,
                           struct instant now);

/* What was found where a call's id was claimed. */
void calls_on_claimed(struct bridge *bridge, uint64_t cookie,
                      const struct once_found *found, struct instant now);

/* A link of the account has come, or gone. */
void calls_on_link_up(struct bridge *bridge, const struct account *account,
                      struct instant now);
void calls_on_link_down(struct bridge *bridge, const struct account *account,
                        struct instant now);

/* The account is leaving: what waits for its peer to come waits in vain. */
void calls_on_leave(struct bridge *bridge, const struct account *account,
                    struct instant now);

/* Settle what is overdue, and have the next deadline watched. */
void calls_on_tick(struct bridge *bridge, struct instant now);

/* Nothing more is sent: settle what has not been. */
void calls_stop(struct bridge *bridge, struct instant now);

/* Settle all that wait, whatever is known of them. */
void calls_abandon(struct bridge *bridge, struct instant now);

#endif
