/* SPDX-License-Identifier: MIT */
#include "job_end.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/callers.h"
#include "core/inside.h"
#include "core/job.h"
#include "core/once.h"
#include "core/settling.h"

/* Who stands behind it may go, at the end of this turn. */
void job_leave_line(struct bridge *bridge, struct job *job, struct instant now)
{
    if (job->place == NULL)
        return;
    pacing_leave(bridge->pacing, job->place);
    job->place = NULL;
    inside_watch_deadline(bridge, pacing_due(bridge->pacing, now.mono_ms));
}

/* Who was told `async` hears of it on the bus. */
static void tell_settled(struct bridge *bridge, const struct job *job,
                         const struct reply *reply, struct instant now)
{
    struct slice action = job->plan.name.name;
    struct unsettled_call call = {
        .action = mem_dup(action.data, action.size),
        .id = job->told->id,
        .trace = job->told->trace,
        .said = {.is_group = job->chat.is_group, .chat_id = job->chat.id},
        .sent_ms = now.wall_ms - (now.mono_ms - job->started_ms),
    };
    settling_tell(bridge, job->account, &call, reply,
                  reply->has_retcode ? "answer" : "none", now);
    free(call.action);
}

static void count(const struct job *job, const struct reply *reply,
                  struct instant now)
{
    struct tally *tally = &job->account->tally;
    tally_call(tally, job->plan.name.action, tally_result_of(reply));
    histogram_add(&tally->durations, &HISTOGRAM_OUTSIDE,
                  (now.mono_ms - job->started_ms) * 1000);
}

void job_answer(struct bridge *bridge, struct job *job,
                const struct reply *reply, struct instant now)
{
    count(job, reply, now);
    /* What is unknown is told of when it is settled. */
    if (job->told != NULL && reply->error != REPLY_UNKNOWN)
        tell_settled(bridge, job, reply, now);
    callers_answer(bridge, job->callers, job->account->name, reply, now);
    job->callers = NULL;
    if (job->id.is_asked)
        job->stage = JOB_OVER;
    else
        job_remove(bridge, job);
}

/* Nothing was sent: whoever repeats the id is to find it new. */
static void forget_id(struct bridge *bridge, const struct job *job)
{
    /* Else the store would take a repeat for one of a call that was begun. */
    if (!job->id.is_asked)
        once_forget(bridge->once, &job->id.key);
    if (job->id.is_claimed)
        bridge->ports.forget(bridge->ports.ctx, &job->id.key);
}

/* What is too large to be kept would make every repeat fail: a read is
 * forgotten, of anything else the rest is kept. */
void job_pack_to_keep(const struct reply *reply, struct warnings *warnings,
                      struct buffer *pack)
{
    struct reply kept = *reply;
    kept.warnings = warnings;
    reply_pack(&kept, false, pack);
    if (pack->size <= ONCE_REPLY_BYTES_MAX)
        return;
    warnings_add(warnings, "the data of this reply was too large to be kept "
                           "with its id");
    kept.data = kept.message = kept.wording = (struct slice){0};
    reply_pack(&kept, false, pack);
}

/* False: it cannot be now. */
static bool write_down(struct bridge *bridge, struct job *job,
                       struct slice pack)
{
    /* With its account goes the job: it cannot wait. */
    uint64_t cookie = job->account->is_leaving ? 0 : job->cookie;
    once_finish(bridge->once, &job->id.key, pack);
    if (!job->id.is_claimed)
        return false;
    if (bridge->ports.finish(bridge->ports.ctx, &job->id.key, pack, cookie) ==
        STATUS_OK)
        return true;
    warnings_add(&job->warnings, "the reply could not be kept with its id: too "
                                 "much is being written");
    return false;
}

/* The id's reply is written down. True: the answer waits for that. */
static bool keep_reply(struct bridge *bridge, struct job *job,
                       const struct reply *reply)
{
    struct buffer pack = {0};
    job_pack_to_keep(reply, &job->warnings, &pack);
    bool waits = write_down(bridge, job, buffer_slice(&pack)) &&
                 !job->account->is_leaving;
    buffer_finish(&pack);
    if (!waits)
        return false;
    reply_pack(reply, false, &job->reply); /* all of it, for who waits */
    job->stage = JOB_KEEPING;
    job->deadline_ms = UINT64_MAX;
    return true;
}

/* The one end of a job. It is gone afterwards, or waits for its reply to be
 * written down. */
void job_settle(struct bridge *bridge, struct job *job, struct reply *reply,
                struct instant now)
{
    bool is_read_too_large =
        job->plan.name.is_read && reply->data.size > ONCE_REPLY_BYTES_MAX;
    reply->warnings = &job->warnings;
    job_leave_line(bridge, job, now);
    if (job->id.is_given && (!job->is_sent || is_read_too_large))
        forget_id(bridge, job);
    else if (job->id.is_given && keep_reply(bridge, job, reply))
        return;
    job_answer(bridge, job, reply, now);
}

/* Other errors come of peers and links, which have lines of their own. */
static bool is_callers_fault(enum reply_error error)
{
    return error == REPLY_BAD_REQUEST || error == REPLY_TOO_LARGE;
}

/* It ends where it is; of several steps some may be done. */
void job_break_off(struct bridge *bridge, struct job *job, struct reply *reply,
                   struct instant now)
{
    if (job->step > 0)
        outcome_break(&job->outcome, job->step, job->plan.count, reply);
    if (job->callers != NULL && is_callers_fault(reply->error))
        callers_tell_refusal(bridge, job->callers->ticket, reply->error,
                             reply->text, now);
    job_settle(bridge, job, reply, now);
}

void job_break_with(struct bridge *bridge, struct job *job,
                    enum reply_error error, const char *text,
                    struct instant now)
{
    struct reply reply = {.error = error, .text = text};
    job_break_off(bridge, job, &reply, now);
}

void job_break_for_now(struct bridge *bridge, struct job *job,
                       enum reply_error error, const char *text,
                       uint64_t retry_after_ms, struct instant now)
{
    struct reply reply = {.error = error, .text = text};
    bool is_known = retry_after_ms > 0 || error == REPLY_RATE_LIMITED;
    if (job->step == 0 && is_known)
        outcome_retry_after(&job->outcome, retry_after_ms, &reply);
    job_break_off(bridge, job, &reply, now);
}
