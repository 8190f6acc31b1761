/* SPDX-License-Identifier: MIT */
/* What became of calls that were answered `unknown`. Each is settled once, by
 * whichever comes first:
 *
 *   its own answer, late, over any link of the account
 *   the bot's own message: in an event, or in the history of the chat, which is
 *   read soon after, once more later, when the peer is back, and at the end
 *   the end: failed if the history reaches back and does not show it, else
 *   unknown for good
 *
 * and that is an event, action.settled. One thread. */
#ifndef ONEBUS_SETTLING_H
#define ONEBUS_SETTLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "core/unsettled.h"

struct account;
struct bridge;
struct call;
struct onebot_frame;
struct reply;
struct settling;

enum {
    /* After so long the history is read; so much later once more. */
    SETTLING_FIRST_MS = 5 * 1000,
    SETTLING_AGAIN_MS = 60 * 1000,
    /* So long it may be settled; uploads take longer. */
    SETTLING_WINDOW_MS = 10 * 60 * 1000,
    SETTLING_UPLOAD_WINDOW_MS = 30 * 60 * 1000,
    /* How many messages of a history are asked for, and how long that may
     * take. */
    SETTLING_HISTORY_COUNT = 20,
    SETTLING_HISTORY_TIMEOUT_MS = 10 * 1000,
    /* Histories that are being read at a time, of one account and of all. */
    SETTLING_READS_PER_ACCOUNT = 4,
    SETTLING_READS_MAX = 64,
};

/* A call that has ended as REPLY_UNKNOWN, and what its caller said of it. All
 * is borrowed. */
struct settling_call {
    const struct call *call;
    struct slice action;
    struct slice id, trace; /* empty: none */
    /* Is told how it ends, in the form of the reply that there would have been:
     * `ok`, the peer's refusal, or REPLY_TIMEOUT, "it did not happen", or
     * REPLY_UNKNOWN. May be NULL. */
    unsettled_end *on_settled;
};

/* `seed`: any number that peers do not know. */
struct settling *settling_create(uint64_t seed);
void settling_destroy(struct settling *settling);

/* It is settled later, not before this has returned. If there are too many the
 * oldest is given up. */
void settling_add(struct bridge *bridge, const struct settling_call *from,
                  struct instant now);

/* Say how a call has ended whose caller was told something else before:
 * action.settled. Of `call` count its action, id, trace, where it said
 * something, and when. */
void settling_tell(struct bridge *bridge, const struct account *account,
                   const struct unsettled_call *call, const struct reply *reply,
                   const char *source, struct instant now);

/* A call has been answered. If the bot has said something by it, the message
 * whose id is in the answer is its own, and settles no other. */
void settling_on_answered(struct bridge *bridge, const struct call *call,
                          const struct reply *reply, struct instant now);

/* A frame of kind ONEBOT_ANSWER. True: it is a late answer, and has settled
 * its call. */
bool settling_on_answer(struct bridge *bridge, struct account *account,
                        const struct onebot_frame *frame, struct instant now);

/* The bot's own message has come as an event. */
void settling_on_event(struct bridge *bridge, const struct account *account,
                       const struct onebot_frame *frame, struct instant now);

/* A link of the account has come. */
void settling_on_link_up(struct bridge *bridge, const struct account *account,
                         struct instant now);

/* The account is going: nothing more will be known of its calls. */
void settling_on_leave(struct bridge *bridge, const struct account *account,
                       struct instant now);

/* Calls that are still to be settled; UNSETTLED_MAX at most. */
size_t settling_count(const struct settling *settling);

/* Do what is due, and have the next moment watched. */
void settling_on_tick(struct bridge *bridge, struct instant now);

/* The bridge ends: so does all hope. */
void settling_abandon(struct bridge *bridge, struct instant now);

#endif
