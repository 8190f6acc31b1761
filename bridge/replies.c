/* SPDX-License-Identifier: MIT */
#include "replies.h"

#include <stdlib.h>

#include "base/mem.h"
#include "edge/ticket.h"
#include "outlet.h"

struct held_reply {
    struct held_reply *next;
    struct ticket *ticket;
    uint64_t seq;
    size_t size;
    char payload[];
};

void replies_init(struct replies *replies, struct outlet *outlet)
{
    *replies = (struct replies){.outlet = outlet};
    replies->last = &replies->first;
}

static void hold(struct replies *replies, struct ticket *ticket,
                 struct slice payload, uint64_t seq)
{
    struct held_reply *held = mem_alloc(sizeof(*held) + payload.size);
    *held =
        (struct held_reply){.ticket = ticket, .seq = seq, .size = payload.size};
    memcpy(held->payload, payload.data, payload.size);
    *replies->last = held;
    replies->last = &held->next;
}

void replies_send(struct replies *replies, struct ticket *ticket,
                  struct slice payload, uint64_t seq)
{
    if (replies->first == NULL && outlet_has_kept(replies->outlet, seq))
        ticket_reply(ticket, payload);
    else
        hold(replies, ticket, payload, seq);
}

static void release_first(struct replies *replies)
{
    struct held_reply *held = replies->first;
    ticket_reply(held->ticket, (struct slice){held->payload, held->size});
    replies->first = held->next;
    if (replies->first == NULL)
        replies->last = &replies->first;
    free(held);
}

void replies_on_turn(struct replies *replies)
{
    while (replies->first != NULL &&
           outlet_has_kept(replies->outlet, replies->first->seq))
        release_first(replies);
}

void replies_flush(struct replies *replies)
{
    while (replies->first != NULL)
        release_first(replies);
}
