/* SPDX-License-Identifier: MIT */
#include "asks.h"

#include <stdlib.h>

#include "base/mailbox.h"
#include "base/mem.h"
#include "edge/ticket.h"

/* Who has it, and so who may touch what is in it:
 *   the HTTP thread   until it is put into `asked`, and again from `answered`
 *   the loop's        from `asked` to `answered`
 * but for what says whose it is, which is always the HTTP thread's. */
struct ask {
    struct mailbox_item item; /* first: the mailboxes hand this out */
    struct ticket ticket;
    struct asks *asks;
    enum ask_kind kind;
    struct buffer request, reply;
    struct measures *measures;
    bool is_stopping;
    /* The HTTP thread's: */
    struct ask *next; /* of those on their way, oldest first */
    ask_done *done;   /* NULL: it has been told that this is late */
    void *ctx;
    uint64_t late_ms;
};

struct asks {
    struct asks_options options;
    struct mailbox asked, answered;
    struct ask *first, **last; /* on their way; the HTTP thread's */
    size_t count;
    bool is_over;
};

/* The loop answers a pulse in its next turn; a call may wait for the disk. */
static const uint64_t PATIENCE_MS[ASK_KIND_COUNT] = {
    [ASK_PULSE] = 2000,
    [ASK_STATUS] = 2000,
    [ASK_METRICS] = 5000,
    [ASK_CALL] = 10000,
};

struct asks *asks_create(const struct asks_options *options)
{
    struct asks *asks = mem_zalloc(1, sizeof(*asks));
    asks->options = *options;
    asks->last = &asks->first;
    mailbox_init(&asks->asked, options->wake_loop, options->loop);
    mailbox_init(&asks->answered, options->wake_http, options->http);
    return asks;
}

static void free_ask(struct ask *ask)
{
    const struct asks_options *options = &ask->asks->options;
    if (ask->measures != NULL)
        options->give_measures(options->measures_ctx, ask->measures);
    buffer_finish(&ask->request);
    buffer_finish(&ask->reply);
    free(ask);
}

void asks_destroy(struct asks *asks)
{
    if (asks == NULL)
        return;
    (void)mailbox_take_all(&asks->asked);
    (void)mailbox_take_all(&asks->answered);
    while (asks->first != NULL) {
        struct ask *ask = asks->first;
        asks->first = ask->next;
        free_ask(ask);
    }
    mailbox_finish(&asks->asked);
    mailbox_finish(&asks->answered);
    free(asks);
}

/* ---- tickets ------------------------------------------------------------ */

static void put_answer(struct ask *ask)
{
    mailbox_put(&ask->asks->answered, &ask->item);
}

static void on_reply(struct ticket *ticket, struct slice reply)
{
    struct ask *ask =
        (struct ask *)((char *)ticket - offsetof(struct ask, ticket));
    buffer_append(&ask->reply, reply.data, reply.size);
    put_answer(ask);
}

/* The bytes stay anyway. */
static void on_hold(struct ticket *ticket)
{
    (void)ticket;
}

static const char *name_caller(struct ticket *ticket)
{
    (void)ticket;
    return "http";
}

static const struct ticket_way HTTP = {
    .reply = on_reply,
    .hold = on_hold,
    .caller = name_caller,
};

/* ---- the HTTP thread ---------------------------------------------------- */

void asks_ask(struct asks *asks, enum ask_kind kind, struct slice request,
              ask_done *done, void *ctx, uint64_t now_ms)
{
    if (asks->is_over || asks->count == ASKS_MAX) {
        const struct ask_answer none = {.end = asks->is_over ? ASK_OVER
                                                             : ASK_BUSY};
        done(ctx, &none);
        return;
    }
    struct ask *ask = mem_zalloc(1, sizeof(*ask));
    ask->ticket.way = &HTTP;
    ask->asks = asks;
    ask->kind = kind;
    if (kind == ASK_METRICS)
        ask->measures = asks->options.take_measures(asks->options.measures_ctx);
    buffer_append(&ask->request, request.data, request.size);
    ask->done = done;
    ask->ctx = ctx;
    ask->late_ms = now_ms + PATIENCE_MS[kind];
    *asks->last = ask;
    asks->last = &ask->next;
    asks->count++;
    mailbox_put(&asks->asked, &ask->item);
}

static void unlink_ask(struct asks *asks, struct ask *ask)
{
    struct ask **at = &asks->first;
    while (*at != ask)
        at = &(*at)->next;
    *at = ask->next;
    if (asks->last == &ask->next)
        asks->last = at;
    asks->count--;
}

static void tell(struct ask *ask, enum ask_end end)
{
    const struct ask_answer answer = {
        .end = end,
        .reply =
            end == ASK_ANSWERED ? buffer_slice(&ask->reply) : (struct slice){0},
        .is_stopping = end == ASK_ANSWERED && ask->is_stopping,
        .measures = end == ASK_ANSWERED ? ask->measures : NULL,
    };
    ask_done *done = ask->done;
    ask->done = NULL;
    if (done != NULL)
        done(ask->ctx, &answer);
}

/* What is told may ask again, at the end of the list. */
static void tell_late(struct asks *asks, uint64_t now_ms)
{
    for (struct ask *ask = asks->first; ask != NULL; ask = ask->next)
        if (ask->late_ms <= now_ms)
            tell(ask, ASK_LATE);
}

void asks_take(struct asks *asks, uint64_t now_ms)
{
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&asks->answered);
         item != NULL; item = next) {
        struct ask *ask = (struct ask *)item;
        next = item->next;
        unlink_ask(asks, ask);
        tell(ask, ASK_ANSWERED);
        free_ask(ask);
    }
    tell_late(asks, now_ms);
}

uint64_t asks_due(const struct asks *asks)
{
    uint64_t due_ms = UINT64_MAX;
    for (const struct ask *ask = asks->first; ask != NULL; ask = ask->next)
        if (ask->done != NULL && ask->late_ms < due_ms)
            due_ms = ask->late_ms;
    return due_ms;
}

void asks_abandon(struct asks *asks)
{
    asks->is_over = true;
    for (struct ask *ask = asks->first; ask != NULL; ask = ask->next)
        tell(ask, ASK_OVER);
}

/* ---- the loop's thread -------------------------------------------------- */

static void serve(struct ask *ask, const struct asks_service *service)
{
    ask->is_stopping = service->is_stopping(service->ctx);
    switch (ask->kind) {
    case ASK_CALL:
        service->call(service->ctx, &ask->ticket, buffer_slice(&ask->request));
        return;
    case ASK_STATUS:
        service->status(service->ctx, &ask->reply);
        break;
    case ASK_METRICS:
        service->measure(service->ctx, ask->measures);
        break;
    case ASK_PULSE:
    case ASK_KIND_COUNT:
        break;
    }
    put_answer(ask);
}

void asks_serve(struct asks *asks, const struct asks_service *service)
{
    struct mailbox_item *next;
    for (struct mailbox_item *item = mailbox_take_all(&asks->asked);
         item != NULL; item = next) {
        /* Once answered, it is not ours any more. */
        next = item->next;
        serve((struct ask *)item, service);
    }
}
