/* SPDX-License-Identifier: MIT */
#include "nats_actions.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "base/worker.h"
#include "edge/ticket.h"

enum {
    /* Longer than libnats' threads are busy with one request, which may be to
     * write a refusal. */
    END_SECONDS = 3,
    SCRATCH_KEEP_BYTES = 1 << 20,
};

/* Bridges that have the same accounts share the requests. */
static const char QUEUE[] = "onebus";

/* Who has the ticket, and so who may touch it: the pile, until a request comes;
 * the mailbox; the loop, until the reply; the worker. */
struct nats_ticket {
    struct mailbox_item item; /* first: the mailboxes hand this out */
    struct ticket ticket;     /* what others know of it */
    struct nats_actions *actions;
    struct nats_ticket *next_idle;
    natsMsg *msg;   /* the request, in the mailbox */
    natsMsg *held;  /* the same, until it is replied to; the loop's */
    char *subject;  /* that it came on */
    char *reply_to; /* where the reply goes */
    char *reply;
    size_t reply_bytes;
};

struct nats_actions {
    struct nats_actions_options options;
    char *prefix;
    struct nats_ticket *tickets;
    struct mailbox mailbox; /* for the loop */
    struct worker worker;   /* replies */
    struct buffer shrunk;   /* the worker's */
    natsMsg *taken;         /* the request that is being handed out */
    /* For the next four: the pile, and what libnats' threads tell. */
    pthread_mutex_t mutex;
    pthread_cond_t has_ended; /* a subscription */
    struct nats_ticket *idle;
    size_t open; /* subscriptions that libnats may call back for */
    struct complaints complaints;
    pthread_mutex_t wire;       /* for the next one: held while it is used */
    natsConnection *connection; /* replies go by it; NULL: none */
    natsSubscription **subscriptions; /* the link's owner's */
    size_t subscription_count;
    _Atomic uint64_t requests;
    _Atomic size_t unsent;
    _Atomic bool is_over;
};

/* Once a minute. */
static void complain(struct nats_actions *actions, const char *reason,
                     const char *subject, const char *hint)
{
    pthread_mutex_lock(&actions->mutex);
    uint64_t count =
        complaint_count(&actions->complaints, reason, clock_now().mono_ms);
    pthread_mutex_unlock(&actions->mutex);
    if (count > 0)
        log_warn("actions: %s subject=%s count=%" PRIu64 " hint=\"%s\"", reason,
                 subject, count, hint);
}

/* ---- the pile --------------------------------------------------------- */

static struct nats_ticket *take_idle(struct nats_actions *actions)
{
    pthread_mutex_lock(&actions->mutex);
    struct nats_ticket *ticket = actions->idle;
    if (ticket != NULL)
        actions->idle = ticket->next_idle;
    pthread_mutex_unlock(&actions->mutex);
    return ticket;
}

static void clear(struct nats_ticket *ticket)
{
    natsMsg_Destroy(ticket->msg);
    natsMsg_Destroy(ticket->held);
    free(ticket->subject);
    free(ticket->reply_to);
    free(ticket->reply);
    ticket->msg = NULL;
    ticket->held = NULL;
    ticket->subject = NULL;
    ticket->reply_to = NULL;
    ticket->reply = NULL;
}

static void put_back(struct nats_ticket *ticket)
{
    struct nats_actions *actions = ticket->actions;
    clear(ticket);
    pthread_mutex_lock(&actions->mutex);
    ticket->next_idle = actions->idle;
    actions->idle = ticket;
    pthread_mutex_unlock(&actions->mutex);
}

/* ---- requests: libnats' thread ---------------------------------------- */

static struct slice bytes_of(natsMsg *msg)
{
    return (struct slice){natsMsg_GetData(msg),
                          (size_t)natsMsg_GetDataLength(msg)};
}

/* Here and not by the worker: so what is refused has no queue, and callers who
 * ask too much are as slow as what they are told. */
static void refuse(struct nats_actions *actions, natsConnection *connection,
                   natsMsg *msg)
{
    struct buffer reply = {0};
    bool is_over = actions->is_over;
    actions->options.refuse(bytes_of(msg), is_over, &reply);
    (void)natsConnection_Publish(connection, natsMsg_GetReply(msg), reply.data,
                                 (int)reply.size);
    buffer_finish(&reply);
    if (is_over)
        return;
    complain(actions, "refused a request, for there are too many",
             natsMsg_GetSubject(msg),
             "bridge.call.maxInFlight calls wait for an answer already");
}

static bool has_reply(natsMsg *msg)
{
    const char *reply_to = natsMsg_GetReply(msg);
    return reply_to != NULL && reply_to[0] != '\0';
}

static void on_message(natsConnection *connection,
                       natsSubscription *subscription, natsMsg *msg, void *ctx)
{
    struct nats_actions *actions = ctx;
    (void)subscription;
    actions->requests++;
    if (!has_reply(msg)) {
        complain(
            actions, "dropped a request that wants no reply",
            natsMsg_GetSubject(msg),
            "nobody could be told how it ended: ask for it with a request, "
            "not with a publish");
        natsMsg_Destroy(msg);
        return;
    }
    struct nats_ticket *ticket = actions->is_over ? NULL : take_idle(actions);
    if (ticket == NULL) {
        refuse(actions, connection, msg);
        natsMsg_Destroy(msg);
        return;
    }
    ticket->msg = msg;
    ticket->subject = mem_strdup(natsMsg_GetSubject(msg));
    ticket->reply_to = mem_strdup(natsMsg_GetReply(msg));
    mailbox_put(&actions->mailbox, &ticket->item);
}

static void on_end(void *ctx)
{
    struct nats_actions *actions = ctx;
    pthread_mutex_lock(&actions->mutex);
    actions->open--;
    pthread_cond_broadcast(&actions->has_ended);
    pthread_mutex_unlock(&actions->mutex);
}

/* ---- what a ticket can do: the loop ----------------------------------- */

static struct nats_ticket *own(struct ticket *ticket)
{
    return (struct nats_ticket *)((char *)ticket -
                                  offsetof(struct nats_ticket, ticket));
}

static void hold(struct ticket *taken)
{
    struct nats_ticket *ticket = own(taken);
    assert(ticket->actions->taken != NULL && ticket->held == NULL);
    ticket->held = ticket->actions->taken;
    ticket->actions->taken = NULL;
}

static void reply_to(struct ticket *taken, struct slice reply)
{
    struct nats_ticket *ticket = own(taken);
    assert(ticket->reply == NULL);
    ticket->reply = mem_dup(reply.data, reply.size);
    ticket->reply_bytes = reply.size;
    ticket->actions->unsent++;
    worker_put(&ticket->actions->worker, &ticket->item);
}

static const char *caller(struct ticket *ticket)
{
    return own(ticket)->subject;
}

static const struct ticket_way NATS = {
    .reply = reply_to,
    .hold = hold,
    .caller = caller,
};

void nats_actions_take(struct nats_actions *actions,
                       void (*on_request)(void *ctx, struct ticket *ticket,
                                          struct slice token,
                                          struct slice request),
                       void *ctx)
{
    const size_t prefix = strlen(actions->prefix);
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&actions->mailbox);
         item != NULL; item = next) {
        struct nats_ticket *ticket = (struct nats_ticket *)item;
        natsMsg *msg = ticket->msg;
        /* Once replied to, the ticket may be in the mailbox again. */
        next = item->next;
        ticket->msg = NULL;
        actions->taken = msg;
        on_request(ctx, &ticket->ticket,
                   slice_of(natsMsg_GetSubject(msg) + prefix), bytes_of(msg));
        /* Not kept until the reply by itself: large ones that wait would add
         * up. */
        natsMsg_Destroy(actions->taken);
        actions->taken = NULL;
    }
}

/* ---- replies: the worker ---------------------------------------------- */

/* What the server would not take is told to the caller instead. */
static struct slice fit(struct nats_actions *actions, struct slice reply)
{
    size_t bytes_max =
        (size_t)natsConnection_GetMaxPayload(actions->connection);
    if (reply.size <= bytes_max)
        return reply;
    buffer_clear(&actions->shrunk, SCRATCH_KEEP_BYTES);
    actions->options.shrink(reply, bytes_max, &actions->shrunk);
    return buffer_slice(&actions->shrunk);
}

static natsStatus send_by_connection(struct nats_ticket *ticket)
{
    struct nats_actions *actions = ticket->actions;
    if (actions->connection == NULL)
        return NATS_CONNECTION_CLOSED;
    struct slice reply =
        fit(actions, (struct slice){ticket->reply, ticket->reply_bytes});
    return natsConnection_Publish(actions->connection, ticket->reply_to,
                                  reply.data, (int)reply.size);
}

static void send_reply(struct nats_ticket *ticket)
{
    struct nats_actions *actions = ticket->actions;
    pthread_mutex_lock(&actions->wire);
    natsStatus status = send_by_connection(ticket);
    pthread_mutex_unlock(&actions->wire);
    if (status != NATS_OK)
        complain(actions, "lost a reply with the connection to NATS",
                 ticket->subject,
                 "asked again with the same id it is answered from memory");
    put_back(ticket);
    actions->unsent--;
}

static void send_replies(void *ctx, struct mailbox_item *items)
{
    struct mailbox_item *next;
    (void)ctx;
    for (struct mailbox_item *item = items; item != NULL; item = next) {
        next = item->next;
        send_reply((struct nats_ticket *)item);
    }
}

/* ---- subscriptions: the link's owner ---------------------------------- */

static void destroy_all(natsSubscription **subscriptions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        natsSubscription_Destroy(subscriptions[i]);
    free(subscriptions);
}

static natsStatus subscribe(struct nats_actions *actions,
                            natsConnection *connection, const char *token,
                            natsSubscription **subscription)
{
    size_t size = strlen(actions->prefix) + strlen(token) + 1;
    char *subject = mem_alloc(size);
    snprintf(subject, size, "%s%s", actions->prefix, token);
    natsStatus status = natsConnection_QueueSubscribe(
        subscription, connection, subject, QUEUE, on_message, actions);
    free(subject);
    if (status != NATS_OK)
        return status;
    pthread_mutex_lock(&actions->mutex);
    actions->open++;
    pthread_mutex_unlock(&actions->mutex);
    status = natsSubscription_SetOnCompleteCB(*subscription, on_end, actions);
    if (status != NATS_OK) /* it is closed again, with the connection */
        on_end(actions);
    return status;
}

static void set_connection(struct nats_actions *actions,
                           natsConnection *connection)
{
    pthread_mutex_lock(&actions->wire);
    actions->connection = connection;
    pthread_mutex_unlock(&actions->wire);
}

/* What is subscribed goes on as it is: what the server gives to one that has
 * just ended is lost. */
static natsSubscription *take_subscribed(struct nats_actions *actions,
                                         const char *token)
{
    const size_t prefix = strlen(actions->prefix);
    for (size_t i = 0; i < actions->subscription_count; i++) {
        natsSubscription *subscription = actions->subscriptions[i];
        /* NULL: taken before, or closed. */
        const char *subject = natsSubscription_GetSubject(subscription);
        if (subject == NULL || strcmp(subject + prefix, token) != 0)
            continue;
        actions->subscriptions[i] = NULL;
        return subscription;
    }
    return NULL;
}

bool nats_actions_serve(struct nats_actions *actions,
                        natsConnection *connection, const char *const *tokens,
                        size_t count, char *fault, size_t fault_size)
{
    natsSubscription **made = mem_zalloc(count + 1, sizeof(natsSubscription *));
    natsStatus status = NATS_OK;
    if (actions->connection != connection)
        nats_actions_leave(actions);
    set_connection(actions, connection);
    for (size_t i = 0; i < count && status == NATS_OK; i++) {
        made[i] = take_subscribed(actions, tokens[i]);
        if (made[i] == NULL)
            status = subscribe(actions, connection, tokens[i], &made[i]);
    }
    nats_actions_rest(actions);
    actions->subscriptions = made;
    actions->subscription_count = count;
    if (status == NATS_OK)
        return true;
    nats_actions_rest(actions);
    snprintf(fault, fault_size, "cannot subscribe to the actions: %s",
             natsStatus_GetText(status));
    return false;
}

void nats_actions_rest(struct nats_actions *actions)
{
    destroy_all(actions->subscriptions, actions->subscription_count);
    actions->subscriptions = NULL;
    actions->subscription_count = 0;
}

void nats_actions_leave(struct nats_actions *actions)
{
    nats_actions_rest(actions);
    set_connection(actions, NULL);
}

/* ---- life ------------------------------------------------------------- */

struct nats_actions *
nats_actions_create(const struct nats_actions_options *options)
{
    struct nats_actions *actions = mem_zalloc(1, sizeof(*actions));
    actions->options = *options;
    actions->prefix = mem_strdup(options->prefix);
    pthread_mutex_init(&actions->mutex, NULL);
    pthread_mutex_init(&actions->wire, NULL);
    pthread_cond_init(&actions->has_ended, NULL);
    mailbox_init(&actions->mailbox, options->wake, options->ctx);
    actions->tickets =
        mem_zalloc(options->contexts, sizeof(struct nats_ticket));
    for (size_t i = 0; i < options->contexts; i++) {
        actions->tickets[i].actions = actions;
        actions->tickets[i].ticket.way = &NATS;
        put_back(&actions->tickets[i]);
    }
    if (worker_start(&actions->worker, "nats replies", send_replies, actions))
        return actions;
    nats_actions_stop(actions);
    nats_actions_destroy(actions);
    return NULL;
}

static void refuse_waiting(void *ctx, struct ticket *ticket, struct slice token,
                           struct slice request)
{
    struct nats_actions *actions = ctx;
    struct buffer reply = {0};
    (void)token;
    actions->options.refuse(request, true, &reply);
    ticket_reply(ticket, buffer_slice(&reply));
    buffer_finish(&reply);
}

void nats_actions_stop(struct nats_actions *actions)
{
    actions->is_over = true;
    nats_actions_take(actions, refuse_waiting, actions);
    worker_stop(&actions->worker);
}

/* Those that do not end, of a connection that hangs, keep what they need until
 * the process ends. */
static bool wait_for_subscriptions(struct nats_actions *actions)
{
    struct timespec until;
    int error = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += END_SECONDS;
    pthread_mutex_lock(&actions->mutex);
    while (actions->open > 0 && error == 0)
        error = pthread_cond_timedwait(&actions->has_ended, &actions->mutex,
                                       &until);
    bool has_ended = actions->open == 0;
    pthread_mutex_unlock(&actions->mutex);
    return has_ended;
}

void nats_actions_destroy(struct nats_actions *actions)
{
    if (actions == NULL || !wait_for_subscriptions(actions))
        return;
    for (size_t i = 0; i < actions->options.contexts; i++)
        clear(&actions->tickets[i]);
    mailbox_finish(&actions->mailbox);
    pthread_cond_destroy(&actions->has_ended);
    pthread_mutex_destroy(&actions->wire);
    pthread_mutex_destroy(&actions->mutex);
    buffer_finish(&actions->shrunk);
    free(actions->tickets);
    free(actions->prefix);
    free(actions);
}

size_t nats_actions_unsent(const struct nats_actions *actions)
{
    return actions->unsent;
}

uint64_t nats_actions_requests(const struct nats_actions *actions)
{
    return actions->requests;
}
