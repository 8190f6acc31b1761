/* SPDX-License-Identifier: MIT */
/* One request of a caller on its way: what is to be asked of the peer, how far
 * that has come, and who waits for it. Plain data; jobs.c moves it. */
#ifndef ONEBUS_JOB_H
#define ONEBUS_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/warnings.h"

struct account;
struct call;
struct caller;

/* One frame to the peer. */
struct job_step {
    struct slice action;
    struct slice params; /* a MessagePack map; empty: none */
};

struct job {
    struct job *next, *previous; /* all jobs, oldest first */
    struct account *account;
    char *action; /* owned */
    struct caller *callers;
    struct job_step only;   /* where there is one step */
    struct job_step *steps; /* `only`, or owned */
    size_t step_count;
    size_t step;       /* the one that is under way */
    struct call *call; /* which has been begun; NULL: it has not */
    bool is_read;
    bool is_sent; /* a frame of it has left */
    struct warnings warnings;
    uint64_t started_ms;  /* mono */
    uint64_t deadline_ms; /* mono */

    /* The bot says something: the answer has the message's id. */
    bool is_speech;
    bool is_to_group;
    int64_t chat_id; /* where; 0: not known */
};

#endif
