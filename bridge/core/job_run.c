/* SPDX-License-Identifier: MIT */
#include "job_run.h"

#include <stdio.h>
#include <string.h>

#include "core/admission.h"
#include "core/brake.h"
#include "core/callers.h"
#include "core/calls.h"
#include "core/inside.h"
#include "core/job.h"
#include "core/job_end.h"
#include "core/once.h"
#include "core/preparing.h"
#include "core/settling.h"
#include "core/standing.h"

enum {
    /* How long the next of a chat waits for the answer to the one before. */
    HOLD_LINE_MS = 2000,
};

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
    job_pack_to_keep(reply, &warnings, &pack);
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

/* NapCat's words for what it could not make a message of. It has one retcode,
 * 1200, for these and for what QQ refuses. */
static bool is_of_content(struct slice message)
{
    static const char *const WORDS[] = {
        "\u5904\u7406\u5931\u8d25",    /* a file: processing failed */
        "\u8bc6\u522bURL\u5931\u8d25", /* the same: no URL */
        "\u65e0\u6cd5\u89e3\u6790",    /* segments: not understood */
        "\u8282\u70b9\u4e3a\u7a7a",    /* a forward: its nodes are empty */
        "\u7f3a\u5c11\u53c2\u6570",    /* a segment: parameters missing */
        "ENOENT",
    };
    if (message.size == 0)
        return false;
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (memmem(message.data, message.size, WORDS[i], strlen(WORDS[i])) !=
            NULL)
            return true;
    return false;
}

/* A peer that finds the parameters wrong (1400), or what is in the message,
 * says nothing of the chat. */
static enum reply_error outcome_of(const struct reply *reply)
{
    if (reply->error == REPLY_PEER_ERROR &&
        (reply->retcode == 1400 || is_of_content(reply->message)))
        return REPLY_BAD_PARAMS;
    return reply->error;
}

static void note_outcome(struct bridge *bridge, const struct job *job,
                         enum reply_error outcome, uint64_t asked_ms,
                         struct instant now)
{
    if (job->plan.is_paced)
        standing_on_sent(bridge, job->account, &job->chat, outcome, asked_ms,
                         now);
}

static void go_on(struct bridge *bridge, struct job *job, struct instant now);

/* It ends the peer, or restarts it: that it falls silent is the answer. */
static bool is_last_word(const struct job *job, const struct reply *reply)
{
    const struct catalog_action *action = job->plan.name.action;
    if (reply->error != REPLY_UNKNOWN || action == NULL)
        return false;
    return action->answer == CATALOG_NEVER_ANSWERS ||
           (action->answer == CATALOG_MAY_NOT_ANSWER &&
            account_call_link(job->account) == NULL);
}

static void settle_last_word(struct bridge *bridge, struct job *job,
                             struct instant now)
{
    struct reply reply = {.status = "async", .has_retcode = true, .retcode = 1};
    warnings_add(&job->warnings,
                 "action: %.*s has no answer, for the peer ends "
                 "before it could give one",
                 (int)job->plan.name.name.size, job->plan.name.name.data);
    job_settle(bridge, job, &reply, now);
}

/* The step is done: on to the next, or to the end. */
static void finish_step(struct bridge *bridge, struct job *job,
                        struct reply *reply, struct instant now)
{
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
        outcome_complete(&job->outcome, reply);
    job_settle(bridge, job, reply, now);
}

static void on_answer(struct bridge *bridge, const struct call *call,
                      const struct reply *reply, struct instant now)
{
    struct job *job = call->ctx;
    struct reply own = *reply;
    job->call = NULL;
    job->is_sent |= call->is_sent;
    note_outcome(bridge, job, outcome_of(reply), call->started_ms, now);
    settling_on_answered(bridge, call, reply, now);
    if (is_last_word(job, reply)) {
        settle_last_word(bridge, job, now);
        return;
    }
    if (reply->error == REPLY_UNKNOWN)
        note_unsettled(bridge, job, call, now);
    if (reply->error != REPLY_FINE)
        job_break_off(bridge, job, &own, now);
    else
        finish_step(bridge, job, &own, now);
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
        job_leave_line(bridge, job, now);
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
        note_outcome(bridge, job, refusal.error, now.mono_ms, now);
        job_break_with(bridge, job, refusal.error, refusal.text, now);
        return;
    }
    note_said(bridge, job);
    if (job->step + 1 == job->plan.count)
        hold_line(bridge, job, now);
}

/* ---- its turn -------------------------------------------------------- */

/* The account's peer is of no use now; the job has ended. */
static bool is_hindered(struct bridge *bridge, struct job *job,
                        struct instant now)
{
    enum reply_error error;
    const char *text =
        admission_hindrance(job->account, &job->plan.name, &error);
    if (text != NULL)
        job_break_with(bridge, job, error, text, now);
    return text != NULL;
}

/* What has changed while it waited. */
static void ask_in_turn(struct bridge *bridge, struct job *job,
                        struct instant now)
{
    char why[STANDING_TEXT_SIZE];
    uint64_t retry_after_ms = 0;
    enum reply_error error = REPLY_FINE;
    histogram_add(&job->account->tally.waits, &HISTOGRAM_OUTSIDE,
                  (now.mono_ms - job->lined_ms) * 1000);
    if (is_hindered(bridge, job, now))
        return;
    if (job->plan.is_paced)
        error =
            standing_hindrance(bridge, &job->chat, why, &retry_after_ms, now);
    if (error != REPLY_FINE)
        job_break_for_now(bridge, job, error, why, retry_after_ms, now);
    else
        ask(bridge, job, now);
}

/* Let all go whose turn it is. */
void job_take_turns(struct bridge *bridge, struct instant now)
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
        job_break_with(bridge, job, REPLY_SHUTTING_DOWN,
                       "the bridge is shutting down", now);
        return;
    }
    if (job->place == NULL) {
        ask(bridge, job, now);
        return;
    }
    job->stage = JOB_LINING;
    job->lined_ms = now.mono_ms;
    pacing_make_ready(bridge->pacing, job->place, now.mono_ms);
    job_take_turns(bridge, now);
}

static bool is_paced(const struct job *job)
{
    return job->plan.is_paced || job->plan.name.manner == CATALOG_RATE_LIMITED;
}

/* When its turn would come, if it took a place now. */
static uint64_t turn_ms(const struct bridge *bridge, const struct job *job,
                        struct instant now)
{
    return now.mono_ms +
           pacing_wait_ms(bridge->pacing, &job->chat, now.mono_ms);
}

bool job_join_line(struct bridge *bridge, struct job *job, struct instant now)
{
    if (!is_paced(job) || job->place != NULL)
        return true;
    if (turn_ms(bridge, job, now) < job->deadline_ms)
        job->place = pacing_join(bridge->pacing, &job->chat, job, now.mono_ms);
    return job->place != NULL;
}

static void break_without_place(struct bridge *bridge, struct job *job,
                                struct instant now)
{
    uint64_t then_ms = turn_ms(bridge, job, now);
    if (then_ms >= job->deadline_ms)
        job_break_for_now(bridge, job, REPLY_RATE_LIMITED,
                          "its turn would come after the deadline; nothing was "
                          "sent",
                          then_ms - job->deadline_ms + 1, now);
    else
        job_break_with(bridge, job, REPLY_BUSY,
                       "too many sends wait for their turn; nothing was sent",
                       now);
}

/* ---- its media ------------------------------------------------------- */

static void on_prepared(struct bridge *bridge, void *ctx,
                        enum reply_error error, const char *text,
                        struct instant now)
{
    struct job *job = ctx;
    if (error != REPLY_FINE)
        job_break_with(bridge, job, error, text, now);
    else
        go_on(bridge, job, now);
}

void job_on_fetched(struct bridge *bridge, uint64_t cookie,
                    enum reply_error error, struct buffer *bytes,
                    const char *fault, struct instant now)
{
    struct job *job = job_find(bridge, cookie);
    if (job != NULL && job->stage == JOB_PREPARING)
        preparing_on_fetched(bridge, job->preparing, error, bytes, fault, now);
}

enum reply_error job_find_media(struct bridge *bridge, struct job *job,
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

/* ---- the beginning --------------------------------------------------- */

void job_tell_async(struct bridge *bridge, struct job *job, struct instant now)
{
    static const char nil = (char)0xc0;
    const struct reply reply = {
        .status = "async",
        .has_retcode = true,
        .retcode = 1,
        .data = {&nil, 1},
        .warnings = &job->warnings,
    };
    callers_tell(bridge, job->callers, job->account->name, &reply, now);
    if (job->told == NULL)
        job->told = job->callers;
    else
        callers_forget(job->callers);
    job->callers = NULL;
}

/* What was asked for is sound, and under way: with `_async` and
 * `_rate_limited` OneBot 11 has callers told no more than that. */
void job_set_out(struct bridge *bridge, struct job *job, struct instant now)
{
    if (is_hindered(bridge, job, now))
        return;
    if (!job_join_line(bridge, job, now)) {
        break_without_place(bridge, job, now);
        return;
    }
    if (job->plan.name.manner != CATALOG_PLAIN)
        job_tell_async(bridge, job, now);
    if (job->preparing == NULL) {
        go_on(bridge, job, now);
        return;
    }
    job->stage = JOB_PREPARING;
    preparing_begin(bridge, job->preparing, job->deadline_ms, now);
}
