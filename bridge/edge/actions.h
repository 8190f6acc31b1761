/* SPDX-License-Identifier: MIT */
/* The actions' side of the bus: an NNG REP socket with many contexts.
 *
 * Each context holds one ticket: NNG's while it receives or sends, the loop's
 * from the mailbox to ticket_reply(). They receive one after the other, so the
 * requests of a caller are taken in their order. When all tickets are out, NNG
 * holds further callers back. So that nobody can hold them all by not reading
 * the replies, such a caller is cut off once they are short. All of it but for
 * `wake`: the loop's thread. */
#ifndef ONEBUS_ACTIONS_H
#define ONEBUS_ACTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "edge/listener.h"

struct actions;
struct ticket;

struct actions_options {
    struct listener_options listener;
    size_t contexts;          /* requests at a time */
    size_t request_bytes_max; /* the sender of a larger one is cut off */
    /* Called from NNG's threads when requests wait to be taken. */
    void (*wake)(void *ctx);
    void *wake_ctx;
};

/* NULL: the log says why. */
struct actions *actions_create(const struct actions_options *options);

/* Waits for NNG's callbacks: nothing wakes afterwards. Tickets that are out
 * are void. */
void actions_destroy(struct actions *actions);

const char *actions_url(const struct actions *actions, size_t index);

/* Hand every waiting request to `on_request`, which owes each ticket one
 * ticket_reply(), now or later. */
void actions_take(struct actions *actions,
                  void (*on_request)(void *ctx, struct ticket *ticket,
                                     struct slice request),
                  void *ctx);

/* Look after callers that do not read, if it is time to: actions_due(), mono
 * ms, UINT64_MAX if never. */
void actions_look(struct actions *actions, uint64_t now_ms);
uint64_t actions_due(const struct actions *actions);

/* Requests of the callers there are whose reply has not left yet: a large one
 * takes its time. */
size_t actions_unsent(struct actions *actions);

#endif
