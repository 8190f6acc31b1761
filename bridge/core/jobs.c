/* SPDX-License-Identifier: MIT */
#include "jobs.h"

#include <stdio.h>
#include <string.h>

#include "core/admission.h"
#include "core/callers.h"
#include "core/inside.h"
#include "core/job.h"
#include "core/job_end.h"
#include "core/job_id.h"
#include "core/job_run.h"
#include "core/permit.h"
#include "core/preparing.h"
#include "core/standing.h"

enum {
    /* A peer takes files at this rate at least, and for no longer. */
    UPLOAD_BYTES_PER_SECOND = 256 << 10,
    UPLOAD_LEAST_MS = 10 * 1000,
};

/* ---- requests -------------------------------------------------------- */

/* A file takes its time: NapCat gives itself 10 s and 256 KiB a second. */
static uint64_t upload_ms(const struct job *job)
{
    bool all_known = false;
    size_t size = 0;
    if (job->preparing != NULL)
        size = preparing_size(job->preparing, &all_known);
    if (!all_known)
        size += job->account->options.media_bytes_max;
    uint64_t time_ms =
        UPLOAD_LEAST_MS + (uint64_t)size * 1000 / UPLOAD_BYTES_PER_SECOND;
    return time_ms < REQUEST_TIMEOUT_MS_MAX ? time_ms : REQUEST_TIMEOUT_MS_MAX;
}

static uint64_t patience_of(const struct bridge *bridge, const struct job *job,
                            const struct request *request)
{
    uint64_t time_ms = job->plan.name.is_read
                           ? bridge->options.read_timeout_ms
                           : bridge->options.write_timeout_ms;
    if (request->timeout_ms != 0)
        return request->timeout_ms;
    if (job->preparing == NULL && !job->plan.is_upload)
        return time_ms;
    uint64_t needed_ms = upload_ms(job);
    return needed_ms > time_ms ? needed_ms : time_ms;
}

/* Nothing to do is done. */
static void answer_empty(struct bridge *bridge, struct job *job,
                         struct instant now)
{
    static const char nil = (char)0xc0;
    struct reply reply = {.data = {&nil, 1}};
    job_settle(bridge, job, &reply, now);
}

/* Who would be refused in turn need not wait for it, nor take it from others.
 * What an id has come to is for the store to say first. */
static bool is_hopeless(struct bridge *bridge, struct job *job,
                        struct instant now)
{
    char why[STANDING_TEXT_SIZE];
    uint64_t retry_after_ms;
    if (!job->plan.is_paced || job->id.is_given)
        return false;
    enum reply_error error =
        standing_outlook(bridge, &job->chat, why, &retry_after_ms, now);
    if (error != REPLY_FINE)
        job_break_for_now(bridge, job, error, why, retry_after_ms, now);
    return error != REPLY_FINE;
}

static void begin(struct bridge *bridge, struct job *job, struct instant now)
{
    if (job->plan.count == 0) {
        answer_empty(bridge, job, now);
        return;
    }
    if (is_hopeless(bridge, job, now))
        return;
    if (!job->id.is_given) {
        job_set_out(bridge, job, now);
        return;
    }
    /* Its place is from before the store was asked, if there is one. */
    (void)job_join_line(bridge, job, now);
    job_claim(bridge, job, now);
}

/* Where it goes, by what the plan says of it. */
static struct pacing_chat chat_of(const struct job *job)
{
    bool is_paced_by_chat =
        job->plan.name.manner != CATALOG_RATE_LIMITED || job->plan.is_paced;
    return (struct pacing_chat){
        .account = job->account->index,
        .is_group = job->plan.is_to_group,
        .id = is_paced_by_chat ? job->plan.chat_id : 0,
    };
}

/* What was asked for is allowed: and what that has become? */
static enum reply_error permit_steps(struct bridge *bridge,
                                     const struct job *job,
                                     const struct request *request,
                                     char fault[REQUEST_FAULT_SIZE])
{
    enum reply_error error = REPLY_FINE;
    for (size_t i = 0; error == REPLY_FINE && i < job->plan.count; i++) {
        struct request step = *request;
        step.action = job->plan.steps[i].action;
        step.params = job->plan.steps[i].params;
        if (!slice_is_same(step.action, job->plan.name.name))
            error = permit_step(bridge, &step, job->account, fault);
    }
    return error;
}

/* May it be now? Where there is an id that is asked once that is known to be
 * new: what has been done has its reply, come what may. */
static enum reply_error find_hindrance(const struct job *job,
                                       char fault[REQUEST_FAULT_SIZE])
{
    enum reply_error error = REPLY_FINE;
    const char *text =
        job->id.is_given
            ? NULL
            : admission_hindrance(job->account, &job->plan.name, &error);
    if (text != NULL)
        snprintf(fault, REQUEST_FAULT_SIZE, "%s", text);
    return error;
}

/* What the request comes to, and whether that may be now. */
static enum reply_error judge(struct bridge *bridge, struct job *job,
                              void *ticket, const struct request *request,
                              char fault[REQUEST_FAULT_SIZE])
{
    const struct plan_options options = {
        .peer = &job->account->kind,
        .text_max = job->account->options.text_max,
        .allows_unknown = bridge->options.allows_unknown,
    };
    enum reply_error error =
        plan_make(request, &options, &job->plan, &job->warnings, fault);
    if (error == REPLY_FINE)
        error = permit_steps(bridge, job, request, fault);
    if (error == REPLY_FINE)
        error = find_hindrance(job, fault);
    if (error != REPLY_FINE)
        return error;
    if (!job_keep(bridge, job, ticket, request)) {
        snprintf(fault, REQUEST_FAULT_SIZE,
                 "the calls that wait are too large to keep one more; nothing "
                 "was sent");
        return REPLY_BUSY;
    }
    return job_find_media(bridge, job, fault);
}

static void set_times(const struct bridge *bridge, struct job *job,
                      const struct request *request, struct instant now)
{
    job->has_timeout = request->timeout_ms != 0;
    job->patience_ms = patience_of(bridge, job, request);
    job->started_ms = now.mono_ms;
    job->deadline_ms = now.mono_ms + job->patience_ms;
}

/* Nothing has been begun: the one reply to who asked. */
static void refuse(struct bridge *bridge, const struct job *job, void *ticket,
                   const struct request *request, enum reply_error error,
                   const char *text, struct instant now)
{
    const struct reply reply = {
        .error = error,
        .text = text,
        .warnings = &job->warnings,
    };
    tally_call(&job->account->tally, catalog_resolve(request->action).action,
               tally_result_of(&reply));
    callers_refuse_as(bridge, ticket, request, &reply, now);
}

/* It is sound: whoever asked waits from here on. */
static void admit(struct bridge *bridge, struct job *job, void *ticket,
                  const struct request *request, struct instant now)
{
    job->callers = callers_add(bridge, ticket, request, now);
    if (job->callers == NULL) {
        refuse(bridge, job, ticket, request, REPLY_BUSY, CALLERS_TOO_MANY, now);
        job_remove(bridge, job);
        return;
    }
    job->chat = chat_of(job);
    set_times(bridge, job, request, now);
    begin(bridge, job, now);
}

/* Is it asked for again? Whoever asks has then been seen to. */
static bool has_come(struct bridge *bridge, struct job *job, void *ticket,
                     const struct request *request, struct instant now)
{
    job->id = job_id_of(job, request);
    if (!job->id.is_given ||
        !job_is_known(bridge, job->account, &job->id, ticket, request, now))
        return false;
    tally_call(&job->account->tally, catalog_resolve(request->action).action,
               TALLY_DUPLICATE);
    return true;
}

void jobs_take(struct bridge *bridge, void *ticket,
               const struct request *request, struct instant now)
{
    char fault[REQUEST_FAULT_SIZE];
    enum reply_error error;
    const char *text;
    struct account *account = admission_account(bridge, request, &error, &text);
    if (account == NULL) {
        callers_refuse(bridge, ticket, request, error, text, now);
        return;
    }
    struct job *job = job_add(bridge);
    job->account = account;
    error = permit_call(bridge, request, account, fault);
    if (error == REPLY_FINE && has_come(bridge, job, ticket, request, now)) {
        job_remove(bridge, job);
        return;
    }
    if (error == REPLY_FINE)
        error = judge(bridge, job, ticket, request, fault);
    if (error == REPLY_FINE) {
        admit(bridge, job, ticket, request, now);
        return;
    }
    refuse(bridge, job, ticket, request, error, fault, now);
    job_remove(bridge, job);
}

/* ---- time, and the end ----------------------------------------------- */

static void expire(struct bridge *bridge, struct job *job, struct instant now)
{
    if (job->stage == JOB_LINING)
        job_break_for_now(
            bridge, job, REPLY_RATE_LIMITED,
            "its turn did not come before the deadline; nothing was "
            "sent",
            pacing_wait_ms(bridge->pacing, &job->chat, now.mono_ms) + 1, now);
    else if (job->stage == JOB_PREPARING)
        job_break_with(bridge, job, REPLY_TIMEOUT,
                       "the files did not reach the peer before the deadline; "
                       "nothing was sent",
                       now);
    else
        job_break_with(bridge, job, REPLY_BUSY,
                       "the id could not be looked up before the deadline; "
                       "nothing was sent",
                       now);
}

static void tick(struct bridge *bridge, struct job *job, struct instant now)
{
    if (job->place != NULL && job->leave_ms != 0) {
        if (now.mono_ms >= job->leave_ms)
            job_leave_line(bridge, job, now);
        else
            inside_watch_deadline(bridge, job->leave_ms);
    }
    if (!job_is_waiting(job))
        return;
    if (now.mono_ms >= job->deadline_ms) {
        expire(bridge, job, now);
        return;
    }
    inside_watch_deadline(bridge, job->deadline_ms);
    if (job->stage == JOB_PREPARING)
        preparing_on_tick(bridge, job->preparing, now);
}

void jobs_on_tick(struct bridge *bridge, struct instant now)
{
    struct job *next;
    for (struct job *job = bridge->first_job; job != NULL; job = next) {
        next = job->next;
        tick(bridge, job, now);
    }
    job_take_turns(bridge, now);
}

void jobs_on_leave(struct bridge *bridge, const struct account *account,
                   struct instant now)
{
    struct job *next;
    for (struct job *job = bridge->first_job; job != NULL; job = next) {
        next = job->next;
        if (job->account != account)
            continue;
        if (job_is_waiting(job))
            job_break_with(
                bridge, job, REPLY_UNKNOWN_ACCOUNT,
                "the settings have this account no longer; nothing was "
                "sent",
                now);
        else if (job->stage == JOB_KEEPING)
            (void)job_on_kept(bridge, job->cookie, true, "", now);
    }
}

void jobs_stop(struct bridge *bridge, struct instant now)
{
    struct job *next;
    for (struct job *job = bridge->first_job; job != NULL; job = next) {
        next = job->next;
        if (job_is_waiting(job))
            job_break_with(bridge, job, REPLY_SHUTTING_DOWN,
                           "the bridge is shutting down; nothing was sent",
                           now);
    }
}

bool jobs_have_ids_to_give_back(const struct bridge *bridge)
{
    const struct job *job = bridge->first_job;
    while (job != NULL && job->stage != JOB_OVER)
        job = job->next;
    return job != NULL;
}

void jobs_abandon(struct bridge *bridge, struct instant now)
{
    while (bridge->first_job != NULL)
        if (bridge->first_job->stage == JOB_KEEPING)
            (void)job_on_kept(bridge, bridge->first_job->cookie, true, "", now);
        else if (bridge->first_job->stage == JOB_OVER)
            job_remove(bridge, bridge->first_job);
        else
            job_break_with(bridge, bridge->first_job, REPLY_SHUTTING_DOWN,
                           "the bridge stops before this was done", now);
}

void jobs_forget(struct bridge *bridge)
{
    while (bridge->first_job != NULL) {
        callers_forget(bridge->first_job->callers);
        job_remove(bridge, bridge->first_job);
    }
}
