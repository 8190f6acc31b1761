/* SPDX-License-Identifier: MIT */
#include "job_id.h"

#include "core/callers.h"
#include "core/inside.h"
#include "core/job.h"
#include "core/job_end.h"
#include "core/job_run.h"
#include "core/once.h"

struct job_id job_id_of(const struct job *job, const struct request *request)
{
    struct job_id id = {.is_given = request->id.size > 0};
    if (!id.is_given)
        return id;
    struct slice account = slice_of(job->account->name);
    id.key = once_key_of(account, request->id);
    id.digest = once_digest_of(account, request->action, request->params);
    return id;
}

static void on_begun_before(struct bridge *bridge, struct job *job,
                            struct instant now)
{
    struct reply reply = {
        .error = REPLY_UNKNOWN,
        .text = "a call with this id had been begun when the bridge went down, "
                "and what came of it is not known; nothing was sent again",
    };
    reply.warnings = &job->warnings;
    job_leave_line(bridge, job, now);
    once_forget(bridge->once, &job->id.key);
    job_answer(bridge, job, &reply, now);
}

/* Callers need to tell this from other bad requests: that nothing was done does
 * not mean that nothing had been. */
static struct reply reused(void)
{
    /* {"id_reused": true} */
    static const char data[] = "\x81\xa9id_reused\xc3";
    return (struct reply){
        .error = REPLY_BAD_REQUEST,
        .text = "id: has been used for another request; allowed: one of its "
                "own for each",
        .data = slice_of(data),
    };
}

static void on_other(struct bridge *bridge, struct job *job, struct instant now)
{
    struct reply reply = reused();
    reply.warnings = &job->warnings;
    job_leave_line(bridge, job, now);
    once_forget(bridge->once, &job->id.key);
    job_answer(bridge, job, &reply, now);
}

/* There is a reply to this id: the callers get that. */
static void answer_again(struct bridge *bridge, struct caller *callers,
                         const struct account *account, struct slice kept,
                         struct instant now)
{
    struct reply reply = {0};
    struct warnings warnings = {0};
    reply_read(kept, &reply, &warnings);
    reply.warnings = &warnings;
    callers_answer(bridge, callers, account->name, &reply, now);
    warnings_finish(&warnings);
}

static void on_done_before(struct bridge *bridge, struct job *job,
                           struct slice kept, struct instant now)
{
    job_leave_line(bridge, job, now);
    once_finish(bridge->once, &job->id.key, kept);
    tally_call(&job->account->tally, job->plan.name.action, TALLY_DUPLICATE);
    answer_again(bridge, job->callers, job->account, kept, now);
    job_remove(bridge, job);
}

/* Nobody waits for it any more. */
static void on_claimed_late(struct bridge *bridge, struct job *job,
                            const struct once_found *found)
{
    once_forget(bridge->once, &job->id.key);
    if (found->state == ONCE_NEW && found->is_durable)
        bridge->ports.forget(bridge->ports.ctx, &job->id.key);
    job_remove(bridge, job);
}

void job_on_claimed(struct bridge *bridge, uint64_t cookie,
                    const struct once_found *found, struct instant now)
{
    struct job *job = job_find(bridge, cookie);
    if (job == NULL)
        return;
    job->id.is_asked = false;
    if (job->stage == JOB_OVER) {
        on_claimed_late(bridge, job, found);
        return;
    }
    job->id.is_claimed = found->is_durable;
    if (!found->is_durable)
        warnings_add(&job->warnings,
                     "the id could not be written down, and is known until the "
                     "bridge ends only: %s",
                     found->why);
    switch (found->state) {
    case ONCE_NEW:
        job_set_out(bridge, job, now);
        break;
    case ONCE_BEGUN:
        on_begun_before(bridge, job, now);
        break;
    case ONCE_DONE:
        on_done_before(bridge, job, found->reply, now);
        break;
    case ONCE_OTHER:
        on_other(bridge, job, now);
        break;
    }
}

bool job_on_kept(struct bridge *bridge, uint64_t cookie, bool is_kept,
                 const char *why, struct instant now)
{
    struct job *job = job_find(bridge, cookie);
    struct reply reply = {0};
    if (job == NULL || job->stage != JOB_KEEPING)
        return false;
    warnings_finish(&job->warnings);
    reply_read(buffer_slice(&job->reply), &reply, &job->warnings);
    if (!is_kept)
        warnings_add(&job->warnings,
                     "the reply could not be kept with its id: %s", why);
    reply.warnings = &job->warnings;
    job_answer(bridge, job, &reply, now);
    return true;
}

/* Ask the store. False: it takes nothing now. */
void job_claim(struct bridge *bridge, struct job *job, struct instant now)
{
    const struct once_found forgetful = {.state = ONCE_NEW,
                                         .why = "too much is being written"};
    job->stage = JOB_CLAIMING;
    if (once_begin(bridge->once, &job->id.key, &job->id.digest, job->cookie,
                   now.mono_ms) != STATUS_OK) {
        job->id.is_given = false; /* it is none of ours to forget */
        job_break_with(bridge, job, REPLY_BUSY,
                       "too many calls with an id wait; nothing was sent", now);
        return;
    }
    job->id.is_asked = true;
    if (bridge->ports.claim(bridge->ports.ctx, &job->id.key, &job->id.digest,
                            now.wall_ms, job->cookie) != STATUS_OK)
        job_on_claimed(bridge, job->cookie, &forgetful, now);
}

/* Who asked first stays first: what is settled later is told in its name. */
static void join(struct bridge *bridge, struct job *job, struct caller *caller,
                 struct instant now)
{
    struct caller **place = &job->callers;
    while (*place != NULL)
        place = &(*place)->next;
    *place = caller;
    if (job->told != NULL)
        job_tell_async(bridge, job, now);
}

/* Nobody is given a reply before it is written down. */
static bool is_kept_now(const struct job *job)
{
    return job != NULL && job->stage == JOB_KEEPING;
}

/* Whether the id is known to this process, and what that leads to. */
bool job_is_known(struct bridge *bridge, const struct account *account,
                  const struct job_id *id, void *ticket,
                  const struct request *request, struct instant now)
{
    struct once_found found =
        once_find(bridge->once, &id->key, &id->digest, now.mono_ms);
    if (found.state == ONCE_NEW)
        return false;
    if (found.state == ONCE_OTHER) {
        const struct reply reply = reused();
        callers_refuse_as(bridge, ticket, request, &reply, now);
        return true;
    }
    struct job *job = job_find(bridge, found.call);
    if (found.state == ONCE_BEGUN && job->stage == JOB_OVER) {
        callers_refuse(bridge, ticket, request, REPLY_BUSY,
                       "id: is still being looked up; nothing was sent", now);
        return true;
    }
    struct caller *caller = callers_add(bridge, ticket, request, now);
    if (caller == NULL) {
        callers_refuse(bridge, ticket, request, REPLY_BUSY, CALLERS_TOO_MANY,
                       now);
    } else if (found.state == ONCE_DONE && !is_kept_now(job)) {
        answer_again(bridge, caller, account, found.reply, now);
    } else {
        join(bridge, job, caller, now);
    }
    return true;
}
