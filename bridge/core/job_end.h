/* SPDX-License-Identifier: MIT */
/* How jobs end: with exactly one reply, which is kept first if the job has an
 * id. The job is gone when these return, or waits for its reply to be written
 * down. One thread. */
#ifndef ONEBUS_JOB_END_H
#define ONEBUS_JOB_END_H

#include <stdint.h>

#include "base/clock.h"
#include "core/request.h"

struct bridge;
struct buffer;
struct job;
struct warnings;

/* It holds the others of its chat back no more: who stands behind it may go, at
 * the end of this turn. */
void job_leave_line(struct bridge *bridge, struct job *job, struct instant now);

/* Reply; the id keeps nothing of it. */
void job_answer(struct bridge *bridge, struct job *job,
                const struct reply *reply, struct instant now);

/* This is what came of it. */
void job_settle(struct bridge *bridge, struct job *job, struct reply *reply,
                struct instant now);

/* What is kept of a reply for its id, as MessagePack, appended to `pack`; a
 * line of `warnings` tells what is left out. */
void job_pack_to_keep(const struct reply *reply, struct warnings *warnings,
                      struct buffer *pack);

/* It ends where it is; of several steps some may be done. */
void job_break_off(struct bridge *bridge, struct job *job, struct reply *reply,
                   struct instant now);
void job_break_with(struct bridge *bridge, struct job *job,
                    enum reply_error error, const char *text,
                    struct instant now);

/* The same; it may be asked for again, a while later; 0: nobody knows when. */
void job_break_for_now(struct bridge *bridge, struct job *job,
                       enum reply_error error, const char *text,
                       uint64_t retry_after_ms, struct instant now);

#endif
