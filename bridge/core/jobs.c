/* SPDX-License-Identifier: MIT */
#include "jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/admission.h"
#include "core/brake.h"
#include "core/callers.h"
#include "core/calls.h"
#include "core/inside.h"
#include "core/job.h"
#include "core/once.h"
#include "core/permit.h"
#include "core/preparing.h"
#include "core/settling.h"
#include "core/standing.h"

enum {
    /* Of jobs that wait for their turn, the store or a peer, all together. */
    KEPT_BYTES_MAX = 128 << 20,
    /* How long the next of a chat waits for the answer to the one before. */
    HOLD_LINE_MS = 2000,
    /* A peer takes files at this rate at least, and for no longer. */
    UPLOAD_BYTES_PER_SECOND = 256 << 10,
    UPLOAD_LEAST_MS = 10 * 1000,
};

static const char TOO_MANY[] =
    "bridge.call.maxInFlight calls wait for an answer already";

/* ---- the list -------------------------------------------------------- */

static struct job *add_job(struct bridge *bridge)
{
    struct job *job = mem_zalloc(1, sizeof(*job));
    job->previous = bridge->last_job;
    if (bridge->last_job != NULL)
        bridge->last_job->next = job;
    else
        bridge->first_job = job;
    bridge->last_job = job;
    return job;
}

static void remove_job(struct bridge *bridge, struct job *job)
{
    if (job->previous != NULL)
        job->previous->next = job->next;
    else
        bridge->first_job = job->next;
    if (job->next != NULL)
        job->next->previous = job->previous;
    else
        bridge->last_job = job->previous;
    bridge->job_bytes -= job->held_bytes;
    callers_forget(job->told);
    preparing_destroy(job->preparing);
    plan_finish(&job->plan);
    outcome_finish(&job->outcome);
    warnings_finish(&job->warnings);
    buffer_finish(&job->reply);
    free(job);
}

static struct job *find_job(const struct bridge *bridge, uint64_t cookie)
{
    struct job *job = bridge->first_job;
    while (job != NULL && job->cookie != cookie)
        job = job->next;
    return job;
}

/* What it points to stays from here on. False: the jobs that wait hold too
 * much already. */
static bool keep_job(struct bridge *bridge, struct job *job)
{
    plan_keep(&job->plan);
    job->held_bytes = plan_size(&job->plan);
    bridge->job_bytes += job->held_bytes;
    return bridge->job_bytes <= KEPT_BYTES_MAX;
}

/* ---- the end --------------------------------------------------------- */

/* Who stands behind it may go, at the end of this turn. */
static void leave_line(struct bridge *bridge, struct job *job,
                       struct instant now)
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

static void answer(struct bridge *bridge, struct job *job,
                   const struct reply *reply, struct instant now)
{
    /* What is unknown is told of when it is settled. */
    if (job->told != NULL && reply->error != REPLY_UNKNOWN)
        tell_settled(bridge, job, reply, now);
    callers_answer(bridge, job->callers, job->account->name, reply, now);
    job->callers = NULL;
    if (job->id.is_asked)
        job->stage = JOB_OVER;
    else
        remove_job(bridge, job);
}

/* Nothing was sent: whoever repeats the id is to find it new. */
static void forget_id(struct bridge *bridge, const struct job *job)
{
    once_forget(bridge->once, &job->id.key);
    if (job->id.is_claimed)
        bridge->ports.forget(bridge->ports.ctx, &job->id.key);
}

/* What is too large to be kept would make every repeat fail: a read is
 * forgotten, of anything else the rest is kept. */
static void pack_to_keep(const struct reply *reply, struct warnings *warnings,
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
    pack_to_keep(reply, &job->warnings, &pack);
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
static void settle(struct bridge *bridge, struct job *job, struct reply *reply,
                   struct instant now)
{
    bool is_read_too_large =
        job->plan.name.is_read && reply->data.size > ONCE_REPLY_BYTES_MAX;
    reply->warnings = &job->warnings;
    leave_line(bridge, job, now);
    if (job->id.is_given && (!job->is_sent || is_read_too_large))
        forget_id(bridge, job);
    else if (job->id.is_given && keep_reply(bridge, job, reply))
        return;
    answer(bridge, job, reply, now);
}

/* Other errors come of peers and links, which have lines of their own. */
static bool is_callers_fault(enum reply_error error)
{
    return error == REPLY_BAD_REQUEST || error == REPLY_TOO_LARGE;
}

/* It ends where it is; of several steps some may be done. */
static void break_off(struct bridge *bridge, struct job *job,
                      struct reply *reply, struct instant now)
{
    if (job->step > 0)
        outcome_break(&job->outcome, job->step, job->plan.count, reply);
    if (job->callers != NULL && is_callers_fault(reply->error))
        callers_tell_refusal(bridge, job->callers->ticket, reply->error,
                             reply->text, now);
    settle(bridge, job, reply, now);
}

static void break_with(struct bridge *bridge, struct job *job,
                       enum reply_error error, const char *text,
                       struct instant now)
{
    struct reply reply = {.error = error, .text = text};
    break_off(bridge, job, &reply, now);
}

/* It may be asked for again, a while later. */
static void break_for_now(struct bridge *bridge, struct job *job,
                          enum reply_error error, const char *text,
                          uint64_t retry_after_ms, struct instant now)
{
    struct reply reply = {.error = error, .text = text};
    if (job->step == 0)
        outcome_retry_after(&job->outcome, retry_after_ms, &reply);
    break_off(bridge, job, &reply, now);
}

/* ---- to the peer ----------------------------------------------------- */

/* What is sent is said; the brake is to know. */
static void note_said(struct bridge *bridge, const struct job *job)
{
    const struct brake_pair pair = {
        .account = job->account->index,
        .is_group = job->chat.is_group,
        .chat_id = job->chat.id,
    };
    if (job->plan.steps[job->step].is_speech && job->chat.id != 0)
        brake_on_said(bridge->brake, &pair);
}

/* What the store has for the id was `unknown`. */
static void on_settled(struct bridge *bridge, const struct unsettled_call *call,
                       const struct reply *reply, struct instant now)
{
    struct buffer pack = {0};
    struct warnings warnings = {0};
    const struct account *account = inside_account_at(bridge, call->account);
    struct once_key key =
        once_key_of(slice_of(account->name), buffer_slice(&call->id));
    (void)now;
    pack_to_keep(reply, &warnings, &pack);
    once_finish(bridge->once, &key, buffer_slice(&pack));
    (void)bridge->ports.finish(bridge->ports.ctx, &key, buffer_slice(&pack), 0);
    warnings_finish(&warnings);
    buffer_finish(&pack);
}

static const struct caller *asker_of(const struct job *job)
{
    return job->told != NULL ? job->told : job->callers;
}

/* It may have happened: that is to be found out. What comes of one of several
 * steps is not what comes of the id. */
static void note_unsettled(struct bridge *bridge, const struct job *job,
                           const struct call *call, struct instant now)
{
    const struct caller *asker = asker_of(job);
    const struct settling_call unsettled = {
        .call = call,
        .action = job->plan.steps[job->step].action,
        .id = buffer_slice(&asker->id),
        .trace = buffer_slice(&asker->trace),
        .on_settled =
            job->id.is_given && job->plan.count == 1 ? on_settled : NULL,
    };
    settling_add(bridge, &unsettled, now);
}

/* A peer that finds the parameters wrong (1400) says nothing of the chat. */
static enum reply_error outcome_of(const struct reply *reply)
{
    return reply->error == REPLY_PEER_ERROR && reply->retcode == 1400
               ? REPLY_BAD_PARAMS
               : reply->error;
}

static void note_outcome(struct bridge *bridge, const struct job *job,
                         enum reply_error outcome, struct instant now)
{
    if (job->plan.is_paced)
        standing_on_sent(bridge, job->account, &job->chat, outcome, now);
}

static void go_on(struct bridge *bridge, struct job *job, struct instant now);

static void on_answer(struct bridge *bridge, const struct call *call,
                      const struct reply *reply, struct instant now)
{
    struct job *job = call->ctx;
    struct reply own = *reply;
    job->call = NULL;
    job->is_sent |= call->is_sent;
    note_outcome(bridge, job, outcome_of(reply), now);
    settling_on_answered(bridge, call, reply, now);
    if (reply->error == REPLY_UNKNOWN)
        note_unsettled(bridge, job, call, now);
    if (reply->error != REPLY_FINE) {
        break_off(bridge, job, &own, now);
        return;
    }
    if (job->plan.count > 1 && job->plan.steps[job->step].is_speech)
        outcome_add_message(&job->outcome, reply->data);
    job->step++;
    if (!job->has_timeout)
        job->deadline_ms = now.mono_ms + job->patience_ms;
    if (job->step < job->plan.count) {
        go_on(bridge, job, now);
        return;
    }
    if (job->plan.count > 1)
        outcome_complete(&job->outcome, &own);
    settle(bridge, job, &own, now);
}

/* Who gave no time of its own has it anew for each answer. */
static uint64_t answer_deadline(const struct job *job, struct instant now)
{
    return job->has_timeout ? job->deadline_ms : now.mono_ms + job->patience_ms;
}

static bool is_stream(const struct job *job)
{
    const struct catalog_action *action = job->plan.name.action;
    return action != NULL && action->is_stream;
}

/* Its last frame is with the peer. Those behind it wait until that has been
 * answered, for peers work on several at a time; but not for long. */
static void hold_line(struct bridge *bridge, struct job *job,
                      struct instant now)
{
    if (job->place == NULL)
        return;
    if (bridge->options.pacing.chat_per_second == 0) {
        leave_line(bridge, job, now);
        return;
    }
    job->leave_ms = now.mono_ms + HOLD_LINE_MS;
    inside_watch_deadline(bridge, job->leave_ms);
}

/* The step is due: ask the peer. */
static void ask(struct bridge *bridge, struct job *job, struct instant now)
{
    const struct exchange exchange = {
        .account = job->account,
        .action = job->plan.steps[job->step].action,
        .params = job->plan.steps[job->step].params,
        .is_read = job->plan.name.is_read,
        .is_stream = is_stream(job),
        .counts = true,
        .deadline_ms = answer_deadline(job, now),
        .on_end = on_answer,
        .ctx = job,
    };
    struct refusal refusal;
    job->stage = JOB_ASKING;
    job->call = calls_ask(bridge, &exchange, &refusal, now);
    if (job->call == NULL) {
        note_outcome(bridge, job, refusal.error, now);
        break_with(bridge, job, refusal.error, refusal.text, now);
        return;
    }
    note_said(bridge, job);
    if (job->step + 1 == job->plan.count)
        hold_line(bridge, job, now);
}

/* ---- its turn -------------------------------------------------------- */

/* What has changed while it waited. */
static void ask_in_turn(struct bridge *bridge, struct job *job,
                        struct instant now)
{
    char why[STANDING_TEXT_SIZE];
    uint64_t retry_after_ms = 0;
    enum reply_error error;
    const char *text =
        admission_hindrance(job->account, &job->plan.name, &error);
    if (text != NULL) {
        break_with(bridge, job, error, text, now);
        return;
    }
    error = standing_hindrance(bridge, &job->chat, why, &retry_after_ms, now);
    if (error != REPLY_FINE)
        break_for_now(bridge, job, error, why, retry_after_ms, now);
    else
        ask(bridge, job, now);
}

/* Let all go whose turn it is. */
static void take_turns(struct bridge *bridge, struct instant now)
{
    struct pacing_item *item;
    while ((item = pacing_next(bridge->pacing, now.mono_ms)) != NULL)
        ask_in_turn(bridge, pacing_ctx(item), now);
    inside_watch_deadline(bridge, pacing_due(bridge->pacing, now.mono_ms));
}

/* Nothing but its turn is between the next step and the peer. */
static void go_on(struct bridge *bridge, struct job *job, struct instant now)
{
    if (bridge->is_stopping && job->step > 0) {
        break_with(bridge, job, REPLY_SHUTTING_DOWN,
                   "the bridge is shutting down", now);
        return;
    }
    if (job->place == NULL) {
        ask(bridge, job, now);
        return;
    }
    job->stage = JOB_LINING;
    pacing_make_ready(bridge->pacing, job->place, now.mono_ms);
    take_turns(bridge, now);
}

/* Take a place in the chat's line, in which it keeps its order from here on.
 * False: there is no room, or the turn would come too late. */
static bool join_line(struct bridge *bridge, struct job *job,
                      struct instant now)
{
    uint64_t wait_ms = pacing_wait_ms(bridge->pacing, &job->chat, now.mono_ms);
    if (now.mono_ms + wait_ms >= job->deadline_ms) {
        break_for_now(bridge, job, REPLY_RATE_LIMITED,
                      "its turn would come after the deadline; nothing was "
                      "sent",
                      now.mono_ms + wait_ms - job->deadline_ms + 1, now);
        return false;
    }
    job->place = pacing_join(bridge->pacing, &job->chat, job, now.mono_ms);
    if (job->place != NULL)
        return true;
    break_with(bridge, job, REPLY_BUSY,
               "too many sends wait for their turn; nothing was sent", now);
    return false;
}

/* ---- its media ------------------------------------------------------- */

static void on_prepared(struct bridge *bridge, void *ctx,
                        enum reply_error error, const char *text,
                        struct instant now)
{
    struct job *job = ctx;
    if (error != REPLY_FINE)
        break_with(bridge, job, error, text, now);
    else
        go_on(bridge, job, now);
}

void jobs_on_fetched(struct bridge *bridge, uint64_t cookie,
                     enum reply_error error, struct buffer *bytes,
                     const char *fault, struct instant now)
{
    struct job *job = find_job(bridge, cookie);
    if (job != NULL && job->stage == JOB_PREPARING)
        preparing_on_fetched(bridge, job->preparing, error, bytes, fault, now);
}

static enum reply_error find_media(struct bridge *bridge, struct job *job,
                                   char fault[REQUEST_FAULT_SIZE])
{
    char text[MEDIA_FAULT_SIZE];
    const struct preparing_order order = {
        .account = job->account,
        .plan = &job->plan,
        .warnings = &job->warnings,
        .cookie = job->cookie,
        .on_end = on_prepared,
        .ctx = job,
    };
    enum reply_error error =
        preparing_create(bridge, &order, &job->preparing, text);
    if (error != REPLY_FINE)
        snprintf(fault, REQUEST_FAULT_SIZE, "%s", text);
    return error;
}

/* ---- its id ---------------------------------------------------------- */

/* What was asked for is sound, and under way: with `_async` and
 * `_rate_limited` OneBot 11 has callers told no more than that. */
static void set_out(struct bridge *bridge, struct job *job, struct instant now)
{
    static const char nil = (char)0xc0;
    const struct reply reply = {
        .status = "async",
        .has_retcode = true,
        .retcode = 1,
        .data = {&nil, 1},
        .warnings = &job->warnings,
    };
    if (job->plan.name.manner != CATALOG_PLAIN) {
        callers_tell(bridge, job->callers, job->account->name, &reply, now);
        job->told = job->callers;
        job->callers = NULL;
    }
    if (job->preparing == NULL) {
        go_on(bridge, job, now);
        return;
    }
    job->stage = JOB_PREPARING;
    preparing_begin(bridge, job->preparing, job->deadline_ms, now);
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
    leave_line(bridge, job, now);
    once_forget(bridge->once, &job->id.key);
    answer(bridge, job, &reply, now);
}

static void on_other(struct bridge *bridge, struct job *job, struct instant now)
{
    struct reply reply = {
        .error = REPLY_BAD_REQUEST,
        .text = "id: has been used for another request; allowed: one of its "
                "own for each",
    };
    reply.warnings = &job->warnings;
    leave_line(bridge, job, now);
    once_forget(bridge->once, &job->id.key);
    answer(bridge, job, &reply, now);
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
    leave_line(bridge, job, now);
    once_finish(bridge->once, &job->id.key, kept);
    answer_again(bridge, job->callers, job->account, kept, now);
    remove_job(bridge, job);
}

/* Nobody waits for it any more. */
static void on_claimed_late(struct bridge *bridge, struct job *job,
                            const struct once_found *found)
{
    if (found->state == ONCE_NEW && found->is_durable)
        bridge->ports.forget(bridge->ports.ctx, &job->id.key);
    remove_job(bridge, job);
}

void jobs_on_claimed(struct bridge *bridge, uint64_t cookie,
                     const struct once_found *found, struct instant now)
{
    struct job *job = find_job(bridge, cookie);
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
        set_out(bridge, job, now);
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

bool jobs_on_kept(struct bridge *bridge, uint64_t cookie, bool is_kept,
                  const char *why, struct instant now)
{
    struct job *job = find_job(bridge, cookie);
    struct reply reply = {0};
    if (job == NULL || job->stage != JOB_KEEPING)
        return false;
    warnings_finish(&job->warnings);
    reply_read(buffer_slice(&job->reply), &reply, &job->warnings);
    if (!is_kept)
        warnings_add(&job->warnings,
                     "the reply could not be kept with its id: %s", why);
    reply.warnings = &job->warnings;
    answer(bridge, job, &reply, now);
    return true;
}

/* Ask the store. False: it takes nothing now. */
static void claim(struct bridge *bridge, struct job *job, struct instant now)
{
    const struct once_found forgetful = {.state = ONCE_NEW,
                                         .why = "too much is being written"};
    job->stage = JOB_CLAIMING;
    if (once_begin(bridge->once, &job->id.key, &job->id.digest, job->cookie,
                   now.mono_ms) != STATUS_OK) {
        job->id.is_given = false; /* it is none of ours to forget */
        break_with(bridge, job, REPLY_BUSY,
                   "too many calls with an id wait; nothing was sent", now);
        return;
    }
    job->id.is_asked = true;
    if (bridge->ports.claim(bridge->ports.ctx, &job->id.key, &job->id.digest,
                            now.wall_ms, job->cookie) != STATUS_OK)
        jobs_on_claimed(bridge, job->cookie, &forgetful, now);
}

/* Who asked first stays first: what is settled later is told in its name. */
static void join(struct job *job, struct caller *caller)
{
    struct caller **place = &job->callers;
    while (*place != NULL)
        place = &(*place)->next;
    *place = caller;
}

/* Whether the id is known to this process, and what that leads to. */
static bool is_known(struct bridge *bridge, const struct account *account,
                     const struct job_id *id, void *ticket,
                     const struct request *request, struct instant now)
{
    struct once_found found =
        once_find(bridge->once, &id->key, &id->digest, now.mono_ms);
    if (found.state == ONCE_NEW)
        return false;
    if (found.state == ONCE_OTHER) {
        callers_refuse(bridge, ticket, request, REPLY_BAD_REQUEST,
                       "id: has been used for another request; allowed: one "
                       "of its own for each",
                       now);
        return true;
    }
    struct caller *caller = callers_add(bridge, ticket, request, now);
    struct job *job = find_job(bridge, found.call);
    if (caller == NULL) {
        callers_refuse(bridge, ticket, request, REPLY_BUSY, TOO_MANY, now);
    } else if (found.state == ONCE_DONE) {
        answer_again(bridge, caller, account, found.reply, now);
    } else {
        join(job, caller);
    }
    return true;
}

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
    settle(bridge, job, &reply, now);
}

static bool is_paced(const struct job *job)
{
    return job->plan.is_paced || job->plan.name.manner == CATALOG_RATE_LIMITED;
}

static void begin(struct bridge *bridge, struct job *job, struct instant now)
{
    if (job->plan.count == 0) {
        answer_empty(bridge, job, now);
        return;
    }
    if (is_paced(job) && !join_line(bridge, job, now))
        return;
    if (job->id.is_given)
        claim(bridge, job, now);
    else
        set_out(bridge, job, now);
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

static struct job_id id_of(const struct job *job, const struct request *request)
{
    struct job_id id = {.is_given = request->id.size > 0};
    if (!id.is_given)
        return id;
    struct slice account = slice_of(job->account->name);
    id.key = once_key_of(account, request->id);
    id.digest = once_digest_of(account, request->action, request->params);
    return id;
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
        error = permit_call(bridge, &step, job->account, fault);
    }
    return error;
}

/* What the request comes to, and whether that may be now. */
static enum reply_error judge(struct bridge *bridge, struct job *job,
                              const struct request *request,
                              char fault[REQUEST_FAULT_SIZE])
{
    const struct plan_options options = {
        .peer = &job->account->kind,
        .text_max = job->account->options.text_max,
        .allows_unknown = bridge->options.allows_unknown,
    };
    enum reply_error error = permit_call(bridge, request, job->account, fault);
    if (error == REPLY_FINE)
        error = plan_make(request, &options, &job->plan, &job->warnings, fault);
    if (error == REPLY_FINE && job->plan.count > 1)
        error = permit_steps(bridge, job, request, fault);
    if (error != REPLY_FINE)
        return error;
    const char *text =
        admission_hindrance(job->account, &job->plan.name, &error);
    if (text != NULL) {
        snprintf(fault, REQUEST_FAULT_SIZE, "%s", text);
        return error;
    }
    if (!keep_job(bridge, job)) {
        snprintf(fault, REQUEST_FAULT_SIZE,
                 "the calls that wait are too large to keep one more; nothing "
                 "was sent");
        return REPLY_BUSY;
    }
    return find_media(bridge, job, fault);
}

static void set_times(const struct bridge *bridge, struct job *job,
                      const struct request *request, struct instant now)
{
    job->has_timeout = request->timeout_ms != 0;
    job->patience_ms = patience_of(bridge, job, request);
    job->started_ms = now.mono_ms;
    job->deadline_ms = now.mono_ms + job->patience_ms;
}

/* It is sound: whoever asked waits from here on. */
static void admit(struct bridge *bridge, struct job *job, void *ticket,
                  const struct request *request, struct instant now)
{
    job->id = id_of(job, request);
    if (job->id.is_given &&
        is_known(bridge, job->account, &job->id, ticket, request, now)) {
        remove_job(bridge, job);
        return;
    }
    job->callers = callers_add(bridge, ticket, request, now);
    if (job->callers == NULL) {
        callers_refuse(bridge, ticket, request, REPLY_BUSY, TOO_MANY, now);
        remove_job(bridge, job);
        return;
    }
    job->chat = chat_of(job);
    set_times(bridge, job, request, now);
    begin(bridge, job, now);
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
    struct job *job = add_job(bridge);
    job->account = account;
    job->cookie = ++bridge->cookies;
    error = judge(bridge, job, request, fault);
    if (error == REPLY_FINE) {
        admit(bridge, job, ticket, request, now);
        return;
    }
    callers_refuse(bridge, ticket, request, error, fault, now);
    remove_job(bridge, job);
}

/* ---- time, and the end ----------------------------------------------- */

static void expire(struct bridge *bridge, struct job *job, struct instant now)
{
    if (job->stage == JOB_LINING)
        break_for_now(bridge, job, REPLY_RATE_LIMITED,
                      "its turn did not come before the deadline; nothing was "
                      "sent",
                      pacing_wait_ms(bridge->pacing, &job->chat, now.mono_ms),
                      now);
    else if (job->stage == JOB_PREPARING)
        break_with(bridge, job, REPLY_TIMEOUT,
                   "the files did not reach the peer before the deadline; "
                   "nothing was sent",
                   now);
    else
        break_with(bridge, job, REPLY_BUSY,
                   "the id could not be looked up before the deadline; "
                   "nothing was sent",
                   now);
}

/* Those that wait for a peer have a deadline of their own: calls.h. */
static bool is_waiting(const struct job *job)
{
    return job->stage == JOB_LINING || job->stage == JOB_CLAIMING ||
           job->stage == JOB_PREPARING;
}

static void tick(struct bridge *bridge, struct job *job, struct instant now)
{
    if (job->place != NULL && job->leave_ms != 0) {
        if (now.mono_ms >= job->leave_ms)
            leave_line(bridge, job, now);
        else
            inside_watch_deadline(bridge, job->leave_ms);
    }
    if (!is_waiting(job))
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
    take_turns(bridge, now);
}

void jobs_on_leave(struct bridge *bridge, const struct account *account,
                   struct instant now)
{
    struct job *next;
    for (struct job *job = bridge->first_job; job != NULL; job = next) {
        next = job->next;
        if (job->account != account)
            continue;
        if (is_waiting(job))
            break_with(bridge, job, REPLY_UNKNOWN_ACCOUNT,
                       "the settings have this account no longer; nothing was "
                       "sent",
                       now);
        else if (job->stage == JOB_KEEPING)
            (void)jobs_on_kept(bridge, job->cookie, true, "", now);
    }
}

void jobs_stop(struct bridge *bridge, struct instant now)
{
    struct job *next;
    for (struct job *job = bridge->first_job; job != NULL; job = next) {
        next = job->next;
        if (is_waiting(job))
            break_with(bridge, job, REPLY_SHUTTING_DOWN,
                       "the bridge is shutting down; nothing was sent", now);
    }
}

void jobs_abandon(struct bridge *bridge, struct instant now)
{
    while (bridge->first_job != NULL)
        if (bridge->first_job->stage == JOB_KEEPING)
            (void)jobs_on_kept(bridge, bridge->first_job->cookie, true, "",
                               now);
        else if (bridge->first_job->stage == JOB_OVER)
            remove_job(bridge, bridge->first_job);
        else
            break_with(bridge, bridge->first_job, REPLY_SHUTTING_DOWN,
                       "the bridge stops before this was done", now);
}

void jobs_forget(struct bridge *bridge)
{
    while (bridge->first_job != NULL) {
        callers_forget(bridge->first_job->callers);
        remove_job(bridge, bridge->first_job);
    }
}
