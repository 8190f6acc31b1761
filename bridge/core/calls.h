/* SPDX-License-Identifier: MIT */
/* Exchanges with the peers: a call is sent, or held while the peer is away,
 * and comes to exactly one end: its answer, or what is known without one.
 *
 *     calls_ask() ─▶ held ─▶ sent ─▶ answered ─┐
 *                      └───────┴──▶ given up ──┴▶ on_end
 *
 * One thread. */
#ifndef ONEBUS_CALLS_H
#define ONEBUS_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "core/pending.h"
#include "core/request.h"

struct account;
struct bridge;
struct link;
struct onebot_frame;

enum {
    /* Frames of calls that wait for a peer to come back, all together. */
    CALLS_HELD_BYTES_MAX = 64 << 20,
    /* What comes in several answers may be as large as what leaves in one
     * frame, and so many times that of all calls together. */
    CALLS_STREAMS_MAX = 5,
};

/* What to ask, and of whom. All is borrowed until calls_ask() returns. */
struct exchange {
    struct account *account;
    const struct link *link; /* over this one and no other; NULL: over whichever
                                takes calls, be it not here before the account's
                                grace is over */
    struct slice action;
    struct slice params;  /* a MessagePack map; empty: none */
    bool is_read;         /* may be asked again where no answer comes */
    bool is_stream;       /* several answers may come: they are gathered */
    bool counts;          /* no answer speaks against the peer */
    uint64_t deadline_ms; /* mono */
    call_end *on_end;     /* not called before calls_ask() has returned */
    void *ctx;
};

/* Why a call was not begun: nothing has been sent, and nothing will be. */
struct refusal {
    enum reply_error error;
    char text[REQUEST_FAULT_SIZE];
};

/* Begin it. NULL: `refusal` says why not.
 *
 * How it ends is told to on_end: with a retcode (`has_retcode`) the peer has
 * answered; several answers to one call are told as one, gathering.h. Each of
 * them gives the next as much time as the first had. Else, while call->is_sent
 * is false, nothing was sent; and if it is true REPLY_UNKNOWN means that it may
 * have happened. */
struct call *calls_ask(struct bridge *bridge, const struct exchange *exchange,
                       struct refusal *refusal, struct instant now);

/* Nobody wants to know how it ends any more. */
void calls_disown(struct call *call);

/* A frame of kind ONEBOT_ANSWER has come for the account. Gives the serial of
 * the link that the call was sent on; 0 if nobody waits for it. */
uint64_t calls_take_answer(struct bridge *bridge, struct account *account,
                           const struct onebot_frame *frame,
                           struct instant now);

/* A link of the account has come, or gone. */
void calls_on_link_up(struct bridge *bridge, const struct account *account,
                      struct instant now);
void calls_on_link_down(struct bridge *bridge, const struct account *account,
                        struct instant now);

/* The account is leaving: what waits for its peer to come waits in vain. */
void calls_on_leave(struct bridge *bridge, const struct account *account,
                    struct instant now);

/* End what is overdue, and have the next deadline watched. */
void calls_on_tick(struct bridge *bridge, struct instant now);

/* Nothing more is sent: end what has not been. */
void calls_stop(struct bridge *bridge, struct instant now);

/* End all of them, whatever is known. */
void calls_abandon(struct bridge *bridge, struct instant now);

#endif
