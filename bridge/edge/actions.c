/* SPDX-License-Identifier: MIT */
#include "actions.h"

#include <assert.h>
#include <inttypes.h>
#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "edge/listener.h"
#include "edge/pipe_name.h"
#include "edge/ticket.h"
#include "edge/traffic.h"

enum {
    /* A caller that takes no reply for so long has stopped to read. */
    PATIENCE_MS = 2000,
    LOOK_AGAIN_MS = 200,
};

/* Who has the ticket, and so who may touch it:
 *   IDLE       the pile, until it is its turn -> RECEIVING
 *   RECEIVING  NNG, until a request is there  -> TAKEN
 *   TAKEN      the mailbox, then the loop     -> REPLYING
 *   REPLYING   NNG, until the reply is gone   -> IDLE
 *
 * One is RECEIVING at a time, and the next one not before the request is in the
 * mailbox. NNG reads a caller's next request before it hands out this one, and
 * calls back from several threads: with two receiving, the second request could
 * get into the mailbox before the first. */
enum ticket_state {
    TICKET_IDLE,
    TICKET_RECEIVING,
    TICKET_TAKEN,
    TICKET_REPLYING,
};

struct rep_ticket {
    struct mailbox_item item; /* first: the mailbox hands this out */
    struct ticket ticket;     /* what others know of it */
    struct actions *actions;
    struct rep_ticket *next_idle;
    nng_ctx context;
    nng_aio *aio;
    nng_msg *msg;        /* the request, in the mailbox */
    nng_msg *held;       /* the same, until it is replied to; the loop's */
    nng_pipe pipe;       /* the caller; the loop's, from TAKEN on */
    uint64_t replied_ms; /* mono; the loop's, while REPLYING */
    _Atomic enum ticket_state state;
};

struct actions {
    nng_socket socket;
    struct mailbox mailbox;
    struct rep_ticket *tickets;
    size_t ticket_count;
    nng_msg *taken;        /* the request that is being handed out */
    pthread_mutex_t mutex; /* for the three below: NNG's threads meet here */
    struct rep_ticket *idle;
    bool is_receiving;
    bool is_over;
    char (*bound)[LISTENER_URL_SIZE];
    uint64_t look_ms; /* mono; when to look for callers that hang */
    struct complaints complaints;
    char caller[PIPE_NAME_SIZE];
};

/* With the mutex held, so that nothing starts to receive once it is over. NNG
 * calls nobody back from within nng_ctx_recv(). */
static void receive_next(struct actions *actions)
{
    struct rep_ticket *ticket = actions->idle;
    if (ticket == NULL || actions->is_receiving || actions->is_over)
        return;
    actions->idle = ticket->next_idle;
    actions->is_receiving = true;
    ticket->state = TICKET_RECEIVING;
    nng_ctx_recv(ticket->context, ticket->aio);
}

static void end_turn(struct actions *actions)
{
    pthread_mutex_lock(&actions->mutex);
    actions->is_receiving = false;
    receive_next(actions);
    pthread_mutex_unlock(&actions->mutex);
}

static void put_back(struct rep_ticket *ticket)
{
    struct actions *actions = ticket->actions;
    pthread_mutex_lock(&actions->mutex);
    ticket->state = TICKET_IDLE;
    ticket->next_idle = actions->idle;
    actions->idle = ticket;
    receive_next(actions);
    pthread_mutex_unlock(&actions->mutex);
}

static void on_received(struct rep_ticket *ticket)
{
    struct actions *actions = ticket->actions;
    int error = nng_aio_result(ticket->aio);
    if (error == NNG_ECLOSED || error == NNG_ECANCELED)
        return;
    if (error == 0) {
        ticket->state = TICKET_TAKEN;
        ticket->msg = nng_aio_get_msg(ticket->aio);
        mailbox_put(&actions->mailbox, &ticket->item);
    } else {
        put_back(ticket);
    }
    end_turn(actions);
}

static void on_replied(struct rep_ticket *ticket)
{
    int error = nng_aio_result(ticket->aio);
    if (error != 0) {
        nng_msg_free(nng_aio_get_msg(ticket->aio));
        nng_aio_set_msg(ticket->aio, NULL);
    }
    /* A caller that is gone is no reason to lose the context. */
    if (error != NNG_ECLOSED && error != NNG_ECANCELED)
        put_back(ticket);
}

/* NNG's thread. */
static void on_aio(void *arg)
{
    struct rep_ticket *ticket = arg;
    if (ticket->state == TICKET_RECEIVING)
        on_received(ticket);
    else
        on_replied(ticket);
}

static void let_go(struct rep_ticket *ticket)
{
    if (ticket->held != NULL)
        nng_msg_free(ticket->held);
    ticket->held = NULL;
}

/* ---- what a ticket can do ----------------------------------------------- */

static struct rep_ticket *own(struct ticket *ticket)
{
    return (struct rep_ticket *)((char *)ticket -
                                 offsetof(struct rep_ticket, ticket));
}

static void hold(struct ticket *taken)
{
    struct rep_ticket *ticket = own(taken);
    assert(ticket->actions->taken != NULL && ticket->held == NULL);
    ticket->held = ticket->actions->taken;
    ticket->actions->taken = NULL;
}

/* The exact size: growing a message costs far more than making one. What NNG
 * itself loses of these is known by this function's name: tests/e2e/lsan.supp.
 */
static nng_msg *make_reply(struct slice reply)
{
    nng_msg *msg;
    if (nng_msg_alloc(&msg, reply.size) != 0)
        mem_exhausted(reply.size);
    memcpy(nng_msg_body(msg), reply.data, reply.size);
    return msg;
}

static void reply_to(struct ticket *taken, struct slice reply)
{
    struct rep_ticket *ticket = own(taken);
    struct actions *actions = ticket->actions;
    assert(ticket->state == TICKET_TAKEN);
    nng_msg *msg = make_reply(reply);
    ticket->replied_ms = clock_now().mono_ms;
    if (actions->look_ms == UINT64_MAX)
        actions->look_ms = ticket->replied_ms + PATIENCE_MS;
    let_go(ticket);
    ticket->state = TICKET_REPLYING;
    nng_aio_set_msg(ticket->aio, msg);
    nng_ctx_send(ticket->context, ticket->aio);
}

static const char *name_caller(struct rep_ticket *ticket)
{
    pipe_name(ticket->pipe, ticket->actions->caller);
    return ticket->actions->caller;
}

static const char *caller(struct ticket *ticket)
{
    return name_caller(own(ticket));
}

static const struct ticket_way REP = {
    .reply = reply_to,
    .hold = hold,
    .caller = caller,
};

/* ---- the socket ---------------------------------------------------------- */

static int open_tickets(struct actions *actions, size_t count)
{
    int error = 0;
    actions->tickets = mem_zalloc(count, sizeof(struct rep_ticket));
    for (size_t i = 0; i < count && error == 0; i++) {
        struct rep_ticket *ticket = &actions->tickets[i];
        ticket->actions = actions;
        ticket->ticket.way = &REP;
        error = nng_ctx_open(&ticket->context, actions->socket);
        if (error != 0)
            break;
        error = nng_aio_alloc(&ticket->aio, on_aio, ticket);
        actions->ticket_count++;
    }
    return error;
}

struct actions *actions_create(const struct actions_options *options)
{
    struct actions *actions = mem_zalloc(1, sizeof(*actions));
    actions->bound =
        mem_zalloc(options->listener.url_count, sizeof(*actions->bound));
    actions->look_ms = UINT64_MAX;
    mailbox_init(&actions->mailbox, options->wake, options->wake_ctx);
    pthread_mutex_init(&actions->mutex, NULL);
    int error = nng_rep0_open(&actions->socket);
    if (error == 0)
        error = nng_socket_set_size(actions->socket, NNG_OPT_RECVMAXSZ,
                                    options->request_bytes_max);
    if (error == 0)
        error = open_tickets(actions, options->contexts);
    if (error != 0)
        log_error("actions: cannot open: %s", nng_strerror(error));
    if (error != 0 || !listener_open_all(actions->socket, "actions",
                                         &options->listener, actions->bound)) {
        actions_destroy(actions);
        return NULL;
    }
    for (size_t i = 0; i < actions->ticket_count; i++)
        put_back(&actions->tickets[i]);
    return actions;
}

/* A ticket's callback may make another one receive: all have to stand still
 * before the first is freed. */
static void stop_tickets(struct actions *actions)
{
    pthread_mutex_lock(&actions->mutex);
    actions->is_over = true;
    pthread_mutex_unlock(&actions->mutex);
    nng_close(actions->socket);
    for (size_t i = 0; i < actions->ticket_count; i++)
        nng_aio_stop(actions->tickets[i].aio);
}

void actions_destroy(struct actions *actions)
{
    if (actions == NULL)
        return;
    stop_tickets(actions);
    for (size_t i = 0; i < actions->ticket_count; i++) {
        struct rep_ticket *ticket = &actions->tickets[i];
        nng_aio_free(ticket->aio);
        let_go(ticket);
        if (ticket->msg != NULL)
            nng_msg_free(ticket->msg);
    }
    mailbox_finish(&actions->mailbox);
    pthread_mutex_destroy(&actions->mutex);
    free(actions->tickets);
    free(actions->bound);
    free(actions);
}

const char *actions_url(const struct actions *actions, size_t index)
{
    return actions->bound[index];
}

void actions_take(struct actions *actions,
                  void (*on_request)(void *ctx, struct ticket *ticket,
                                     struct slice request),
                  void *ctx)
{
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&actions->mailbox);
         item != NULL; item = next) {
        struct rep_ticket *ticket = (struct rep_ticket *)item;
        nng_msg *msg = ticket->msg;
        /* Once replied to, the ticket may be in the mailbox again. */
        next = item->next;
        ticket->msg = NULL;
        ticket->pipe = nng_msg_get_pipe(msg);
        actions->taken = msg;
        on_request(ctx, &ticket->ticket,
                   (struct slice){nng_msg_body(msg), nng_msg_len(msg)});
        /* Not kept until the reply by itself: large ones that wait would add
         * up. */
        if (actions->taken != NULL)
            nng_msg_free(msg);
    }
}

/* ---- callers that do not read ------------------------------------------ */

static size_t count_tickets(const struct actions *actions,
                            enum ticket_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < actions->ticket_count; i++)
        count += actions->tickets[i].state == state;
    return count;
}

static bool is_stuck(const struct rep_ticket *ticket, uint64_t now_ms)
{
    return ticket->state == TICKET_REPLYING &&
           now_ms - ticket->replied_ms >= PATIENCE_MS;
}

/* Its replies are lost; its tickets come back in a moment, and are not to be
 * counted as stuck until then. */
static void cut_off(struct actions *actions, struct rep_ticket *stuck,
                    uint64_t now_ms)
{
    static const char reason[] = "the caller does not read its replies";
    uint64_t count = complaint_count(&actions->complaints, reason, now_ms);
    if (count > 0)
        log_warn("actions: cut off caller=%s reason=\"%s\" ms=%" PRIu64
                 " count=%" PRIu64
                 " hint=\"it is to receive the reply to each request\"",
                 name_caller(stuck), reason, now_ms - stuck->replied_ms, count);
    nng_pipe_close(stuck->pipe);
    for (size_t i = 0; i < actions->ticket_count; i++)
        if (actions->tickets[i].pipe.id == stuck->pipe.id)
            actions->tickets[i].replied_ms = now_ms;
}

void actions_look(struct actions *actions, uint64_t now_ms)
{
    if (now_ms < actions->look_ms)
        return;
    bool is_replying = count_tickets(actions, TICKET_REPLYING) > 0;
    actions->look_ms = is_replying ? now_ms + LOOK_AGAIN_MS : UINT64_MAX;
    if (count_tickets(actions, TICKET_IDLE) > 0 ||
        count_tickets(actions, TICKET_RECEIVING) > 0)
        return;
    for (size_t i = 0; i < actions->ticket_count; i++)
        if (is_stuck(&actions->tickets[i], now_ms))
            cut_off(actions, &actions->tickets[i], now_ms);
}

uint64_t actions_due(const struct actions *actions)
{
    return actions->look_ms;
}

/* ---- the end ------------------------------------------------------------ */

static void add_unsent(void *ctx, const struct traffic *traffic)
{
    if (traffic->received > traffic->sent)
        *(size_t *)ctx += (size_t)(traffic->received - traffic->sent);
}

size_t actions_unsent(struct actions *actions)
{
    size_t unsent = 0;
    traffic_each(actions->socket, add_unsent, &unsent);
    return unsent;
}
