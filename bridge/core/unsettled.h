/* SPDX-License-Identifier: MIT */
/* Calls that had no answer and may have happened all the same, until it is
 * known, or known that it never will be.
 *
 * Beside them the table remembers the bot's own messages of late, for one can
 * come before anybody knows that a call will have no answer; and which messages
 * are spoken for, so that one message settles one call. Bounded: when it is
 * full its user has to take one out, and of the messages the oldest is
 * forgotten. Pure. One thread. */
#ifndef ONEBUS_UNSETTLED_H
#define ONEBUS_UNSETTLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/pending.h"
#include "core/utterance.h"

enum {
    UNSETTLED_MAX = 1024,
    UNSETTLED_SEEN_MAX = 1024, /* messages that are remembered */
    UNSETTLED_DOUBTS_MAX = 256,
    /* Peers tell whole seconds, by clocks of their own. */
    UNSETTLED_SKEW_MS = 5 * 1000,
    UNSETTLED_ID_BYTES_MAX = 72, /* of a message's, as MessagePack */
};

/* The outcome is handed on to this; the call goes when it returns. */
struct unsettled_call;
typedef void unsettled_end(struct bridge *bridge,
                           const struct unsettled_call *call,
                           const struct reply *reply, struct instant now);

/* Plain data; what is owned is freed by unsettled_remove(). */
struct unsettled_call {
    struct unsettled_call *next, *previous; /* all, oldest first */
    size_t account;                         /* its index */
    char *action;
    struct buffer id, trace; /* empty: none */
    char echo[PENDING_ECHO_SIZE];
    struct utterance said; /* chat_id 0: nothing to know it by */
    uint64_t sent_ms;      /* ms since 1970 */
    unsettled_end *on_settled;

    /* What its user does about it. */
    uint64_t ask_ms;   /* mono: when to look for it next */
    uint64_t hope_ms;  /* mono: until then its answer may well come */
    uint64_t end_ms;   /* mono: when to give up */
    unsigned asked;    /* how often the history was asked for */
    const void *read;  /* what reads it just now; NULL: nothing */
    bool is_last;      /* for the last time */
    bool is_not_there; /* the last that was read should show it, and does not */
};

/* One of the bot's own messages. `id` is MessagePack, a number or text. */
struct unsettled_message {
    size_t account;
    struct utterance said;
    uint64_t time_ms; /* since 1970, by the peer */
    struct slice id;
};

struct unsettled;

/* `seed`: any number that peers do not know. */
struct unsettled *unsettled_create(uint64_t seed);
void unsettled_destroy(struct unsettled *unsettled);

/* A new call with nothing in it; NULL when full. */
struct unsettled_call *unsettled_add(struct unsettled *unsettled);

/* Forget the call and free what it owns. */
void unsettled_remove(struct unsettled *unsettled, struct unsettled_call *call);

struct unsettled_call *unsettled_first(const struct unsettled *unsettled);
size_t unsettled_count(const struct unsettled *unsettled);

/* The account's call with this echo; NULL if there is none. */
struct unsettled_call *unsettled_find(const struct unsettled *unsettled,
                                      size_t account, struct slice echo);

/* A call that says this, sent at this time, has been answered without the id
 * of its message. Whose a message like that is can no longer be told. */
void unsettled_doubt(struct unsettled *unsettled, size_t account,
                     const struct utterance *said, uint64_t sent_ms);

/* Can it not be told whose a message like this call's is? */
bool unsettled_is_doubtful(const struct unsettled *unsettled,
                           const struct unsettled_call *call);

/* May this message be what the call said? By account, chat, content and time;
 * it is nobody's yet, and there is no doubt. */
bool unsettled_fits(const struct unsettled *unsettled,
                    const struct unsettled_call *call,
                    const struct unsettled_message *message);

/* The oldest call that the message fits; NULL if there is none. */
struct unsettled_call *unsettled_match(const struct unsettled *unsettled,
                                       const struct unsettled_message *message);

/* The message with this id is a call's: no other's from now on. */
void unsettled_claim(struct unsettled *unsettled, size_t account,
                     struct slice id);

/* Remember a message that is nobody's yet. */
void unsettled_see(struct unsettled *unsettled,
                   const struct unsettled_message *message);

/* The oldest one remembered that fits the call. False if there is none; `id`
 * is valid until the next unsettled_see(). */
bool unsettled_recall(const struct unsettled *unsettled,
                      const struct unsettled_call *call, struct slice *id);

#endif
