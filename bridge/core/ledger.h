/* SPDX-License-Identifier: MIT */
/* The last calls and how they ended, for whoever asks. A ring of fixed size,
 * without a word of what was said and without any token. Pure. One thread. */
#ifndef ONEBUS_LEDGER_H
#define ONEBUS_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "core/request.h"

enum {
    LEDGER_KEPT = 200,
    /* A refusal that is the same as one of so many last ones is counted there:
     * a caller that asks in vain for ever is to leave something of the others.
     */
    LEDGER_FOLDED = 8,
    LEDGER_NAME_SIZE = 65,
    LEDGER_ID_SIZE = REQUEST_ID_BYTES_MAX + 1,
    LEDGER_ACTION_SIZE = REQUEST_ACTION_BYTES_MAX + 1,
};

/* What a request says of itself, kept until its reply. Names are as the caller
 * sent them: any bytes, a longer one is cut. */
struct ledger_call {
    char action[LEDGER_ACTION_SIZE];
    char account[LEDGER_NAME_SIZE]; /* the one that is named, if any is */
    char grant[LEDGER_NAME_SIZE];   /* "": no grants are set, or none fits */
    char id[LEDGER_ID_SIZE];
    int64_t group_id, user_id; /* among its parameters; 0: none */
};

struct ledger_note {
    struct ledger_call call; /* its account is the one that was called */
    uint64_t time_ms;        /* of the reply, since 1970 */
    const char *status;      /* a literal, as in the reply */
    enum reply_error error;
    int64_t retcode;
    uint64_t ms; /* from the request to the reply */
    size_t warnings;
    uint64_t count; /* 1, or of refusals that were all the same */
};

struct ledger;

struct ledger *ledger_create(void);
void ledger_destroy(struct ledger *ledger);

struct ledger_call ledger_call_of(const struct request *request);

/* A call has been replied to. */
void ledger_add(struct ledger *ledger, const struct ledger_call *call,
                const struct reply *reply, uint64_t wall_ms);

/* A request has been refused, and nothing was done for it. */
void ledger_refuse(struct ledger *ledger, const struct ledger_call *call,
                   const struct reply *reply, uint64_t wall_ms);

/* The one that is `age` back: 0 is the newest. NULL: there are not so many. */
const struct ledger_note *ledger_at(const struct ledger *ledger, size_t age);

#endif
