/* SPDX-License-Identifier: MIT */
#include "callers.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/visible.h"
#include "core/grants.h"
#include "core/inside.h"
#include "core/narrator.h"

const char CALLERS_TOO_MANY[] =
    "bridge.call.maxInFlight calls wait for an answer already";

static void destroy(struct caller *caller)
{
    buffer_finish(&caller->id);
    buffer_finish(&caller->trace);
    free(caller);
}

struct caller *callers_add(struct bridge *bridge, void *ticket,
                           const struct request *request, struct instant now)
{
    if (bridge->callers_waiting == bridge->options.calls_max)
        return NULL;
    struct caller *caller = mem_zalloc(1, sizeof(*caller));
    bridge->callers_waiting++;
    caller->ticket = ticket;
    caller->is_json = request->is_json;
    caller->started_ms = now.mono_ms;
    caller->call = ledger_call_of(request);
    buffer_append(&caller->id, request->id.data, request->id.size);
    buffer_append(&caller->trace, request->trace.data, request->trace.size);
    if (bridge->narrates_calls)
        narrator_on_call(bridge, &caller->call, request);
    return caller;
}

static const char *outcome_of(const struct reply *reply)
{
    return reply->error == REPLY_FINE ? "none" : reply_error_name(reply->error);
}

static void answer(struct bridge *bridge, const struct caller *caller,
                   struct reply *reply, struct instant now)
{
    reply->id = buffer_slice(&caller->id);
    reply->trace = buffer_slice(&caller->trace);
    reply->ms = now.mono_ms - caller->started_ms;
    reply_pack(reply, caller->is_json, &bridge->out);
    ledger_add(bridge->ledger, &caller->call, reply, now.wall_ms);
    if (bridge->narrates_calls)
        narrator_on_reply(bridge, &caller->call, reply);
    if (caller->trace.size > 0)
        inside_say(bridge, LOG_INFO,
                   "call: answered account=%s trace=%.*s error=%s ms=%" PRIu64,
                   reply->account, (int)caller->trace.size, caller->trace.data,
                   outcome_of(reply), reply->ms);
    bridge->ports.reply(bridge->ports.ctx, caller->ticket,
                        buffer_slice(&bridge->out));
    bridge->callers_waiting--;
}

void callers_tell(struct bridge *bridge, const struct caller *first,
                  const char *account, const struct reply *reply,
                  struct instant now)
{
    struct reply own = *reply;
    own.account = account;
    for (const struct caller *caller = first; caller != NULL;
         caller = caller->next)
        answer(bridge, caller, &own, now);
}

void callers_forget(struct caller *first)
{
    struct caller *next;
    for (struct caller *caller = first; caller != NULL; caller = next) {
        next = caller->next;
        destroy(caller);
    }
}

void callers_answer(struct bridge *bridge, struct caller *first,
                    const char *account, const struct reply *reply,
                    struct instant now)
{
    callers_tell(bridge, first, account, reply, now);
    callers_forget(first);
}

static void tell(struct bridge *bridge, void *ticket, const char *name,
                 const char *text, uint64_t count)
{
    char why[INSIDE_REASON_SIZE];
    if (count > 0)
        inside_say(bridge, LOG_WARN,
                   "call: refused error=%s caller=%s why=\"%s\" count=%" PRIu64,
                   name, bridge->ports.caller(bridge->ports.ctx, ticket),
                   visible_quote(why, sizeof(why), slice_of(text)), count);
}

void callers_tell_refusal(struct bridge *bridge, void *ticket,
                          enum reply_error error, const char *text,
                          struct instant now)
{
    const char *name = reply_error_name(error);
    tell(bridge, ticket, name, text,
         inside_complain_of(bridge, &bridge->complaints, name, now));
}

/* What one grant is denied is not to hide what another is. */
static void tell_denial(struct bridge *bridge, void *ticket,
                        struct grant *grant, const char *text,
                        struct instant now)
{
    const char *name = reply_error_name(REPLY_DENIED);
    tell(bridge, ticket, name, text,
         inside_complain(bridge, &grant->refusals, name, 1, now));
}

void callers_refuse_as(struct bridge *bridge, void *ticket,
                       const struct request *request, const struct reply *why,
                       struct instant now)
{
    const struct ledger_call call = ledger_call_of(request);
    if (why->error == REPLY_DENIED && request->grant != NULL)
        tell_denial(bridge, ticket, request->grant, why->text, now);
    else
        callers_tell_refusal(bridge, ticket, why->error, why->text, now);
    bridge->tally.requests_refused[why->error]++;
    struct reply reply = *why;
    reply.id = request->id;
    reply.trace = request->trace;
    ledger_refuse(bridge->ledger, &call, &reply, now.wall_ms);
    if (bridge->narrates_calls)
        narrator_on_reply(bridge, &call, &reply);
    reply_pack(&reply, request->is_json, &bridge->out);
    bridge->ports.reply(bridge->ports.ctx, ticket, buffer_slice(&bridge->out));
}

void callers_refuse(struct bridge *bridge, void *ticket,
                    const struct request *request, enum reply_error error,
                    const char *text, struct instant now)
{
    const struct reply why = {.error = error, .text = text};
    callers_refuse_as(bridge, ticket, request, &why, now);
}
