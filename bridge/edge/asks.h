/* SPDX-License-Identifier: MIT */
/* What the HTTP thread asks of the loop's thread, and gets.
 *
 *     asks_ask() ── mailbox, wake ──▶ asks_serve()      the loop's thread
 *     done() ◀── asks_take() ◀── mailbox, wake ──┘
 *
 * Nobody waits for ever: what is not answered in time is told so, and its
 * answer thrown away when it comes. At most ASKS_MAX are on their way. */
#ifndef ONEBUS_ASKS_H
#define ONEBUS_ASKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct asks;
struct measures;
struct ticket;

enum { ASKS_MAX = 256 };

enum ask_kind {
    ASK_PULSE,   /* is there anybody? */
    ASK_STATUS,  /* what bridge.status answers, whatever is granted */
    ASK_METRICS, /* what has been counted */
    ASK_CALL,    /* what the bridge answers to a request of request.h */
    ASK_KIND_COUNT,
};

enum ask_end {
    ASK_ANSWERED,
    ASK_LATE, /* the loop has not answered in time */
    ASK_BUSY, /* too many are on their way */
    ASK_OVER, /* the bridge ends */
};

/* Borrowed. */
struct ask_answer {
    enum ask_end end;
    struct slice reply;        /* MessagePack; of ASK_PULSE nothing */
    bool is_stopping;          /* the bridge takes no new calls */
    struct measures *measures; /* of ASK_METRICS; else NULL. To be added to */
};

/* Called on the HTTP thread, once, perhaps before asks_ask() returns. */
typedef void ask_done(void *ctx, const struct ask_answer *answer);

/* On the loop's thread. */
struct asks_service {
    void *ctx;
    bool (*is_stopping)(void *ctx);
    /* Append the status. */
    void (*status)(void *ctx, struct buffer *reply);
    /* Fill them. */
    void (*measure)(void *ctx, struct measures *measures);
    /* The ticket is owed its reply. */
    void (*call)(void *ctx, struct ticket *ticket, struct slice request);
};

/* Each `wake` wakes the loop of a thread. */
struct asks_options {
    void (*wake_loop)(void *ctx);
    void *loop;
    void (*wake_http)(void *ctx);
    void *http;
    /* On the HTTP thread: empty ones, perhaps with room from the last time; and
     * they are done with. */
    struct measures *(*take_measures)(void *ctx);
    void (*give_measures)(void *ctx, struct measures *measures);
    void *measures_ctx;
};

struct asks *asks_create(const struct asks_options *options);

/* When both threads have done with it, and no ticket is out any more. */
void asks_destroy(struct asks *asks);

/* ---- the HTTP thread --------------------------------------------------- */

/* `request`: of ASK_CALL; it is copied. */
void asks_ask(struct asks *asks, enum ask_kind kind, struct slice request,
              ask_done *done, void *ctx, uint64_t now_ms);

/* Tell of what has been answered, or is late. */
void asks_take(struct asks *asks, uint64_t now_ms);

/* When the next is late: mono ms; UINT64_MAX: never. */
uint64_t asks_due(const struct asks *asks);

/* Tell those who wait that it is over; nothing is asked any more. */
void asks_abandon(struct asks *asks);

/* ---- the loop's thread -------------------------------------------------- */

void asks_serve(struct asks *asks, const struct asks_service *service);

#endif
