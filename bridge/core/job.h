/* SPDX-License-Identifier: MIT */
/* One request of a caller on its way: what is to be asked of the peer, how far
 * that has come, and who waits for it. All of them are in one list, oldest
 * first. One thread. */
#ifndef ONEBUS_JOB_H
#define ONEBUS_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/once_key.h"
#include "core/outcome.h"
#include "core/pacing.h"
#include "core/plan.h"
#include "core/warnings.h"

struct account;
struct bridge;
struct call;
struct caller;
struct preparing;

enum {
    /* Of jobs that wait for their turn, the store or a peer, all together. */
    JOB_BYTES_MAX = 128 << 20,
};

enum job_stage {
    JOB_CLAIMING,  /* the store looks whether its id is new */
    JOB_PREPARING, /* its media are on their way */
    JOB_LINING,    /* it waits for its turn */
    JOB_ASKING,    /* the peer has been asked, or is to be once it is back */
    JOB_KEEPING,   /* the reply is being written down */
    JOB_OVER,      /* it has ended before the store said whether its id is new,
                      and if it is, the store is to forget it */
};

/* The idempotency key that the caller gave. */
struct job_id {
    bool is_given;
    struct once_key key;
    struct once_digest digest;
    bool is_asked;   /* the store has yet to say whether it is new */
    bool is_claimed; /* the store has it */
};

struct job {
    struct job *next, *previous; /* all jobs, oldest first */
    enum job_stage stage;
    struct account *account;
    struct caller *callers; /* who wait for the reply */
    struct caller *told;    /* who were told `async` first, and wait no more */
    struct plan plan;
    size_t step;                 /* of the plan, the next or under way */
    struct call *call;           /* of the step under way */
    struct pacing_chat chat;     /* that it goes to */
    struct pacing_item *place;   /* in that chat's line; NULL: in none */
    bool is_sent;                /* a frame of it has left */
    size_t held_bytes;           /* what its plan counts for */
    struct preparing *preparing; /* its media; NULL: there are none */
    struct job_id id;
    uint64_t cookie; /* what the store answers with */
    struct outcome outcome;
    struct buffer reply; /* MessagePack, while JOB_KEEPING */
    struct warnings warnings;
    uint64_t patience_ms; /* until it is to have left, or to be answered */
    bool has_timeout;     /* the caller gave it: for all of it together */
    uint64_t leave_ms;    /* mono: when it holds the others of its chat back no
                             more; 0: that is not to be seen to */
    uint64_t started_ms;  /* mono */
    uint64_t lined_ms;    /* mono: since when it waits for its turn */
    uint64_t deadline_ms; /* mono: until it has to have left, then until it has
                             to be answered */
};

/* A new one, with nothing in it but a cookie. */
struct job *job_add(struct bridge *bridge);

/* Whoever waits for it is forgotten. */
void job_remove(struct bridge *bridge, struct job *job);

/* NULL if there is none. */
struct job *job_find(const struct bridge *bridge, uint64_t cookie);

/* What its plan points to stays from here on. False: the jobs that wait hold
 * too much already. */
bool job_keep(struct bridge *bridge, struct job *job, void *ticket,
              const struct request *request);

/* Is it for something else than a peer's answer or the store that it waits? */
bool job_is_waiting(const struct job *job);

#endif
