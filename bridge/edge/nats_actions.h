/* SPDX-License-Identifier: MIT */
/* The actions' way by NATS: requests on the subjects of our accounts, each with
 * a reply to the subject that it names.
 *
 *     libnats' thread ── ticket, mailbox, wake ──▶ loop ── ticket_reply() ──▶
 *         worker ──▶ the caller
 *
 * There are so many tickets; a request beyond them is refused at once. Which
 * connection it is by and whether there are subscriptions at all is another
 * thread's to say: the link's owner. A reply that finds no connection is lost,
 * and its caller has to ask again, as after a connection of his own broke. */
#ifndef ONEBUS_NATS_ACTIONS_H
#define ONEBUS_NATS_ACTIONS_H

#include <nats/nats.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct nats_actions;
struct ticket;

struct nats_actions_options {
    const char *prefix; /* of the subjects; an account's token ends them */
    size_t contexts;    /* requests at a time */
    /* Called from another thread when requests wait to be taken. */
    void (*wake)(void *ctx);
    void *ctx;
    /* Any thread. Replace `out` by the reply to a request that finds no ticket,
     * or, if it `is_over`, comes after nats_actions_stop(). */
    void (*refuse)(struct slice request, bool is_over, struct buffer *out);
    /* Any thread. Replace `out` by what is told instead of a reply above what
     * the server passes on. */
    void (*shrink)(struct slice reply, size_t bytes_max, struct buffer *out);
};

/* NULL: there is no thread. */
struct nats_actions *
nats_actions_create(const struct nats_actions_options *options);

/* After nats_actions_stop() and nats_actions_leave(): waits for libnats'
 * threads, so that nothing wakes afterwards. Tickets that are out are void.
 * NULL is fine. */
void nats_actions_destroy(struct nats_actions *actions);

/* ---- the link's owner -------------------------------------------------- */

/* Requests on the subjects of these accounts, and of no others, are taken from
 * now on, over this connection, until nats_actions_leave(). False: `fault` says
 * why they are not. */
bool nats_actions_serve(struct nats_actions *actions,
                        natsConnection *connection, const char *const *tokens,
                        size_t count, char *fault, size_t fault_size);

/* No requests are taken any more; replies still leave. */
void nats_actions_rest(struct nats_actions *actions);

/* The same, and the connection is not used any more once this returns, which a
 * reply on its way may hold up as long as a write may take. */
void nats_actions_leave(struct nats_actions *actions);

/* ---- the loop ---------------------------------------------------------- */

/* Hand every waiting request to `on_request`, with the token of the subject
 * that it came on. It owes each ticket one ticket_reply(), now or later. */
void nats_actions_take(struct nats_actions *actions,
                       void (*on_request)(void *ctx, struct ticket *ticket,
                                          struct slice token,
                                          struct slice request),
                       void *ctx);

/* No more replies come: those there are leave first. Requests that have not
 * been taken, and those that come after them, are refused. */
void nats_actions_stop(struct nats_actions *actions);

/* Replies that have not left yet. Any thread. */
size_t nats_actions_unsent(const struct nats_actions *actions);

/* Requests that have come. Any thread. */
uint64_t nats_actions_requests(const struct nats_actions *actions);

#endif
