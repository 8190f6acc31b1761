/* SPDX-License-Identifier: MIT */
#include "bridge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "core/calls.h"
#include "core/fold.h"
#include "core/inside.h"
#include "core/onebot.h"
#include "core/own.h"
#include "core/pending.h"
#include "core/publisher.h"

struct bridge *bridge_create(const struct bridge_options *options,
                             const struct bridge_ports *ports,
                             struct instant now)
{
    struct bridge *bridge = mem_zalloc(1, sizeof(*bridge));
    bridge->options = *options;
    bridge->ports = *ports;
    bridge->accounts =
        mem_zalloc(options->account_count, sizeof(struct account));
    for (size_t i = 0; i < options->account_count; i++) {
        bridge->accounts[i] = (struct account){
            .name = options->accounts[i].name,
            .self_id = options->accounts[i].self_id,
            .grace_ms = options->accounts[i].grace_ms,
            .down_since_ms = now.mono_ms,
        };
    }
    bridge->pending =
        pending_create(options->calls_max + OWN_CALLS_MAX, options->epoch);
    bridge->fold = fold_create(hash_bytes(slice_of(options->epoch), 0));
    bridge->due_ms = UINT64_MAX;
    return bridge;
}

static void forget_links(struct account *account)
{
    while (account->newest != NULL)
        account_remove_link(account, account->newest, 0);
}

void bridge_destroy(struct bridge *bridge)
{
    if (bridge == NULL)
        return;
    for (size_t i = 0; i < bridge->options.account_count; i++)
        forget_links(&bridge->accounts[i]);
    free(bridge->accounts);
    pending_destroy(bridge->pending);
    fold_destroy(bridge->fold);
    buffer_finish(&bridge->frame);
    buffer_finish(&bridge->own_frame);
    buffer_finish(&bridge->out);
    buffer_finish(&bridge->request);
    event_scratch_finish(&bridge->event);
    free(bridge);
}

/* An action of the bridge itself. */
static void serve_own(struct bridge *bridge, void *ticket,
                      const struct request *request, struct instant now)
{
    const struct own_state state = {
        .version = bridge->options.version,
        .epoch = bridge->options.epoch,
        .seq = bridge->seq,
        .accounts = bridge->accounts,
        .account_count = bridge->options.account_count,
        .calls_waiting = bridge->callers_waiting,
        .calls_max = bridge->options.calls_max,
        .now_ms = now.mono_ms,
    };
    struct reply reply = {.id = request->id, .trace = request->trace};
    buffer_clear(&bridge->frame, SCRATCH_KEEP_BYTES);
    if (!own_answer(request->action, &state, &bridge->frame)) {
        reply.error = REPLY_UNKNOWN_ACTION;
        reply.text = "no such action of the bridge; known: " OWN_ACTIONS;
    }
    reply.data = buffer_slice(&bridge->frame);
    reply_pack(&reply, request->is_json, &bridge->out);
    bridge->ports.reply(bridge->ports.ctx, ticket, buffer_slice(&bridge->out));
}

void bridge_on_call(struct bridge *bridge, void *ticket, struct slice bytes,
                    struct instant now)
{
    struct request request;
    char fault[REQUEST_FAULT_SIZE];
    if (request_read(bytes, &bridge->request, &request, fault) != STATUS_OK)
        calls_refuse(bridge, ticket, &request, REPLY_BAD_REQUEST, fault, now);
    else if (own_is(request.action))
        serve_own(bridge, ticket, &request, now);
    else if (bridge->is_stopping)
        calls_refuse(bridge, ticket, &request, REPLY_SHUTTING_DOWN,
                     "the bridge is shutting down", now);
    else
        calls_forward(bridge, ticket, &request, now);
}

/* ---- frames ---------------------------------------------------------- */

static void drop_invalid(struct bridge *bridge, struct account *account,
                         struct slice text, const struct json_error *error,
                         struct instant now)
{
    char detail[INSIDE_REASON_SIZE];
    snprintf(detail, sizeof(detail), " offset=%zu bytes=%zu", error->offset,
             text.size);
    inside_drop_frame(bridge, account, error->reason, detail, now);
}

static void drop_other(struct bridge *bridge, struct account *account,
                       const struct onebot_frame *frame, struct slice text,
                       struct instant now)
{
    char detail[INSIDE_REASON_SIZE];
    snprintf(detail, sizeof(detail), " bytes=%zu", text.size);
    inside_drop_frame(bridge, account, onebot_other_reason(frame), detail, now);
}

void bridge_on_frame(struct bridge *bridge, struct link *link,
                     struct slice text, struct instant now)
{
    struct account *account = link->account;
    struct onebot_frame frame;
    struct json_error error;
    buffer_clear(&bridge->frame, SCRATCH_KEEP_BYTES);
    if (onebot_read(text, bridge->options.depth_max, &bridge->frame, &frame,
                    &error) != STATUS_OK) {
        drop_invalid(bridge, account, text, &error, now);
        return;
    }
    switch (frame.kind) {
    case ONEBOT_EVENT:
        publisher_take(bridge, link, &frame, text, now);
        break;
    case ONEBOT_ANSWER:
        calls_take_answer(bridge, account, &frame, now);
        break;
    case ONEBOT_OTHER:
        drop_other(bridge, account, &frame, text, now);
        break;
    }
}

/* ---- links and time -------------------------------------------------- */

struct link *bridge_on_link_up(struct bridge *bridge, size_t index,
                               const struct link_info *info, void *wire,
                               struct instant now)
{
    struct account *account = &bridge->accounts[index];
    struct link *link =
        account_add_link(account, info, wire, ++bridge->links_seen);
    inside_say(bridge, LOG_INFO,
               "link: up account=%s link=%" PRIu64 " role=%s self_id=%" PRId64
               " remote=%s user_agent=\"%s\" links=%zu",
               account->name, link->serial, link_role_name(info->role),
               info->self_id, info->remote,
               info->user_agent == NULL ? "" : info->user_agent,
               account->link_count);
    publisher_tell_link(bridge, link, "link.up", now);
    calls_on_link_up(bridge, account, now);
    return link;
}

void bridge_on_link_down(struct bridge *bridge, struct link *link,
                         struct instant now)
{
    struct account *account = link->account;
    struct link gone = *link;
    account_remove_link(account, link, now.mono_ms);
    inside_say(bridge, LOG_INFO,
               "link: down account=%s link=%" PRIu64 " links=%zu",
               account->name, gone.serial, account->link_count);
    publisher_tell_link(bridge, &gone, "link.down", now);
    calls_on_link_down(bridge, account, now);
}

void bridge_on_tick(struct bridge *bridge, struct instant now)
{
    if (now.mono_ms < bridge->due_ms)
        return;
    bridge->due_ms = UINT64_MAX;
    calls_on_tick(bridge, now);
}

uint64_t bridge_due(const struct bridge *bridge)
{
    return bridge->due_ms;
}

void bridge_stop(struct bridge *bridge, struct instant now)
{
    bridge->is_stopping = true;
    calls_stop(bridge, now);
}

size_t bridge_calls_waiting(const struct bridge *bridge)
{
    return bridge->callers_waiting;
}

void bridge_abandon(struct bridge *bridge, struct instant now)
{
    calls_abandon(bridge, now);
}
