/* SPDX-License-Identifier: MIT */
#include "jobs.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/brake.h"
#include "core/callers.h"
#include "core/calls.h"
#include "core/catalog.h"
#include "core/inside.h"
#include "core/job.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "core/settling.h"

static struct job *add_job(struct bridge *bridge)
{
    struct job *job = mem_zalloc(1, sizeof(*job));
    job->steps = &job->only;
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
    if (job->steps != &job->only)
        free(job->steps);
    warnings_finish(&job->warnings);
    free(job->action);
    free(job);
}

/* The one end of a job. It is gone afterwards. */
static void settle(struct bridge *bridge, struct job *job, struct reply *reply,
                   struct instant now)
{
    reply->warnings = &job->warnings;
    callers_answer(bridge, job->callers, job->account->name, reply, now);
    remove_job(bridge, job);
}

/* Other errors come of peers and links, which have lines of their own. */
static bool is_callers_fault(enum reply_error error)
{
    return error == REPLY_BAD_REQUEST || error == REPLY_TOO_LARGE;
}

static void settle_with(struct bridge *bridge, struct job *job,
                        enum reply_error error, const char *text,
                        struct instant now)
{
    struct reply reply = {.error = error, .text = text};
    if (is_callers_fault(error))
        callers_tell_refusal(bridge, job->callers->ticket, error, text, now);
    settle(bridge, job, &reply, now);
}

/* ---- to the peer ----------------------------------------------------- */

/* What is sent is said; the brake is to know. */
static void note_said(struct bridge *bridge, const struct job *job)
{
    const struct brake_pair pair = {
        .account = job->account->index,
        .is_group = job->is_to_group,
        .chat_id = job->chat_id,
    };
    if (job->is_speech && job->chat_id != 0)
        brake_on_said(bridge->brake, &pair);
}

/* It may have happened: that is to be found out. */
static void note_unsettled(struct bridge *bridge, const struct job *job,
                           const struct call *call, struct instant now)
{
    const struct settling_call unsettled = {
        .call = call,
        .action = slice_of(job->action),
        .id = buffer_slice(&job->callers->id),
        .trace = buffer_slice(&job->callers->trace),
    };
    settling_add(bridge, &unsettled, now);
}

static void on_answer(struct bridge *bridge, const struct call *call,
                      const struct reply *reply, struct instant now)
{
    struct job *job = call->ctx;
    struct reply own = *reply;
    job->call = NULL;
    settling_on_answered(bridge, call, reply, now);
    if (reply->error == REPLY_UNKNOWN)
        note_unsettled(bridge, job, call, now);
    settle(bridge, job, &own, now);
}

static void send_step(struct bridge *bridge, struct job *job,
                      struct instant now)
{
    const struct exchange exchange = {
        .account = job->account,
        .action = job->steps[job->step].action,
        .params = job->steps[job->step].params,
        .is_read = job->is_read,
        .counts = true,
        .deadline_ms = job->deadline_ms,
        .on_end = on_answer,
        .ctx = job,
    };
    struct refusal refusal;
    job->call = calls_ask(bridge, &exchange, &refusal, now);
    if (job->call == NULL)
        settle_with(bridge, job, refusal.error, refusal.text, now);
    else
        note_said(bridge, job);
}

/* ---- requests -------------------------------------------------------- */

static bool is_named(const struct account *account,
                     const struct request *request)
{
    if (account->is_leaving)
        return false;
    if (request->account.size != 0 &&
        !slice_equals(request->account, account->name))
        return false;
    return request->self_id == 0 || request->self_id == account->self_id;
}

/* The account the request names; `refusal` says why there is none. */
static struct account *choose_account(struct bridge *bridge,
                                      const struct request *request,
                                      enum reply_error *refusal,
                                      const char **text)
{
    if (request->account.size == 0 && request->self_id == 0) {
        *refusal = REPLY_ACCOUNT_REQUIRED;
        *text = "account: required, for there are several: its key in the "
                "settings, or self_id: its QQ number";
        return inside_only_account(bridge);
    }
    *refusal = REPLY_UNKNOWN_ACCOUNT;
    *text = "no account has this name and this QQ number";
    for (size_t i = 0; i < bridge->account_count; i++)
        if (is_named(bridge->accounts[i], request))
            return bridge->accounts[i];
    return NULL;
}

static int64_t id_in(struct slice params, const char *key)
{
    struct slice value, text;
    int64_t number;
    if (!mp_find(params, key, &value))
        return 0;
    if (mp_read_int(value, &number))
        return number;
    return mp_read_str(value, &text) ? onebot_id_of_text(text) : 0;
}

/* send_msg, send_group_msg, send_private_forward_msg … */
static bool is_message_action(struct slice action)
{
    static const char prefix[] = "send_", suffix[] = "_msg";
    size_t least = sizeof(prefix) - 1 + sizeof(suffix) - 2;
    return action.size >= least &&
           memcmp(action.data, prefix, sizeof(prefix) - 1) == 0 &&
           memcmp(action.data + action.size - (sizeof(suffix) - 1), suffix,
                  sizeof(suffix) - 1) == 0;
}

/* Where the bot is going to speak, if it is. */
static void note_speech(struct job *job, const struct request *request)
{
    if (!is_message_action(request->action))
        return;
    int64_t group_id = id_in(request->params, "group_id");
    job->is_speech = true;
    job->is_to_group = group_id != 0;
    job->chat_id = group_id != 0 ? group_id : id_in(request->params, "user_id");
}

/* Is it of no use to send this now? NULL: it is; else why not. */
static const char *hindrance(const struct account *account,
                             const struct request *request,
                             enum reply_error *refusal)
{
    if (account->is_stalled) {
        *refusal = REPLY_STALLED;
        return "the peer takes actions and answers none; nothing was sent";
    }
    if (account->online == ONLINE_NO && catalog_needs_qq(request->action)) {
        *refusal = REPLY_OFFLINE;
        return "QQ is offline behind the peer: log in there again; nothing "
               "was sent";
    }
    return NULL;
}

static uint64_t timeout_of(const struct bridge *bridge,
                           const struct request *request, bool is_read)
{
    if (request->timeout_ms != 0)
        return request->timeout_ms;
    return is_read ? bridge->options.read_timeout_ms
                   : bridge->options.write_timeout_ms;
}

static void begin(struct bridge *bridge, struct caller *caller,
                  struct account *account, const struct request *request,
                  struct instant now)
{
    struct job *job = add_job(bridge);
    job->account = account;
    job->callers = caller;
    job->is_read = catalog_is_read(request->action);
    job->action = mem_dup(request->action.data, request->action.size);
    job->only = (struct job_step){request->action, request->params};
    job->step_count = 1;
    job->started_ms = now.mono_ms;
    job->deadline_ms = now.mono_ms + timeout_of(bridge, request, job->is_read);
    note_speech(job, request);
    send_step(bridge, job, now);
}

void jobs_take(struct bridge *bridge, void *ticket,
               const struct request *request, struct instant now)
{
    enum reply_error refusal;
    const char *text;
    struct account *account = choose_account(bridge, request, &refusal, &text);
    if (account != NULL)
        text = hindrance(account, request, &refusal);
    if (text != NULL) {
        callers_refuse(bridge, ticket, request, refusal, text, now);
        return;
    }
    struct caller *caller = callers_add(bridge, ticket, request, now);
    if (caller == NULL)
        callers_refuse(bridge, ticket, request, REPLY_BUSY,
                       "bridge.call.maxInFlight calls wait for an answer "
                       "already",
                       now);
    else
        begin(bridge, caller, account, request, now);
}

void jobs_forget(struct bridge *bridge)
{
    while (bridge->first_job != NULL) {
        callers_forget(bridge->first_job->callers);
        remove_job(bridge, bridge->first_job);
    }
}
