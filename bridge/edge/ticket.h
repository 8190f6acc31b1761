/* SPDX-License-Identifier: MIT */
/* A request that is owed exactly one reply, whatever way it came. The loop's
 * thread. */
#ifndef ONEBUS_TICKET_H
#define ONEBUS_TICKET_H

#include "base/buffer.h"

struct ticket;

struct ticket_way {
    /* The ticket is done with. */
    void (*reply)(struct ticket *ticket, struct slice reply);
    /* While the request is handed out: its bytes stay until its reply. */
    void (*hold)(struct ticket *ticket);
    /* Where the request came from, for the log. Good until the next one is
     * asked for. */
    const char *(*caller)(struct ticket *ticket);
};

struct ticket {
    const struct ticket_way *way;
};

static inline void ticket_reply(struct ticket *ticket, struct slice reply)
{
    ticket->way->reply(ticket, reply);
}

static inline void ticket_hold(struct ticket *ticket)
{
    ticket->way->hold(ticket);
}

static inline const char *ticket_caller(struct ticket *ticket)
{
    return ticket->way->caller(ticket);
}

#endif
