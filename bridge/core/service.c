/* SPDX-License-Identifier: MIT */
#include "service.h"

#include <assert.h>
#include <stdio.h>

#include "core/archive.h"
#include "core/catalog_desk.h"
#include "core/cursor_desk.h"
#include "core/inquiry.h"
#include "core/inside.h"
#include "core/ledger_desk.h"
#include "core/log_desk.h"
#include "core/media_desk.h"
#include "core/nats_state.h"
#include "core/own.h"
#include "core/pairing_desk.h"
#include "core/replay.h"
#include "core/request.h"
#include "core/serving.h"
#include "core/troubles.h"

enum { FAULT_SIZE = 512 };

void service_describe(const struct bridge *bridge, struct slice action,
                      struct buffer *out, struct instant now)
{
    struct archive_state archive;
    struct nats_state nats;
    bridge->ports.archive(bridge->ports.ctx, &archive);
    bridge->ports.nats(bridge->ports.ctx, &nats);
    const struct own_state state = {
        .version = bridge->options.version,
        .epoch = bridge->options.epoch,
        .seq = bridge->seq,
        .accounts = bridge->accounts,
        .account_count = bridge->account_count,
        .calls_waiting = bridge->callers_waiting,
        .calls_max = bridge->options.calls_max,
        .archive = &archive,
        .nats = &nats,
        .pacing = bridge->pacing,
        .breaker = bridge->breaker,
        .grants = bridge->grants,
        .unauthorized = bridge->unauthorized,
        .enforces = bridge->options.enforces,
        .now_ms = now.mono_ms,
    };
    own_answer(action, &state, out);
}

static void serve_state(struct serving *serving)
{
    service_describe(serving->bridge, serving->request->action, &serving->data,
                     serving->now);
}

static void serve_reload(struct serving *serving)
{
    struct bridge *bridge = serving->bridge;
    if (bridge->is_stopping)
        serving_refuse(serving, REPLY_SHUTTING_DOWN,
                       "the bridge is shutting down");
    else if (bridge->ports.reload(bridge->ports.ctx) != STATUS_OK)
        serving_refuse(serving, REPLY_BUSY, "there is no thread to read them");
    else if (!serving_wait(serving, 0))
        serving_refuse(serving, REPLY_BUSY, "many wait for this already");
}

static const struct {
    struct service_action action;
    void (*serve)(struct serving *serving);
    bool is_noted; /* among the last calls, though it went well */
} SERVICES[] = {
    {{"bridge.ping", true}, serve_state, false},
    {{"bridge.status", true}, serve_state, false},
    {{"bridge.why", true}, inquiry_serve, false},
    {{"bridge.calls", true}, ledger_desk_serve, false},
    {{"bridge.troubles", true}, troubles_serve, false},
    {{"bridge.actions", true}, catalog_desk_serve, false},
    {{"bridge.media.get", true}, media_desk_serve, false},
    {{"bridge.reload", false}, serve_reload, true},
    {{"bridge.log", false}, log_desk_serve, true},
    {{"bridge.replay", true}, replay_serve, false},
    {{"bridge.history", true}, replay_serve_history, false},
    {{"bridge.cursor.get", true}, cursor_desk_get, false},
    {{"bridge.cursor.set", false}, cursor_desk_set, false},
    {{"bridge.pairing.list", true}, pairing_desk_list, false},
    {{"bridge.pairing.approve", false}, pairing_desk_approve, true},
    {{"bridge.pairing.deny", false}, pairing_desk_deny, true},
    {{"bridge.pairing.revoke", false}, pairing_desk_revoke, true},
};

enum { SERVICE_COUNT = sizeof(SERVICES) / sizeof(SERVICES[0]) };

size_t service_count(void)
{
    return SERVICE_COUNT;
}

struct service_action service_at(size_t index)
{
    assert(index < SERVICE_COUNT);
    return SERVICES[index].action;
}

static void refuse_unknown(struct serving *serving)
{
    char text[FAULT_SIZE] = "no such action of the bridge; known:";
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used, "%s %s", i == 0 ? "" : ",",
                 SERVICES[i].action.name);
    }
    serving_refuse(serving, REPLY_UNKNOWN_ACTION, text);
}

void service_take(struct bridge *bridge, void *ticket,
                  const struct request *request, struct instant now)
{
    struct serving serving = {
        .bridge = bridge, .ticket = ticket, .request = request, .now = now};
    size_t i = 0;
    while (i < SERVICE_COUNT &&
           !slice_equals(request->action, SERVICES[i].action.name))
        i++;
    if (i < SERVICE_COUNT) {
        serving.is_noted = SERVICES[i].is_noted;
        SERVICES[i].serve(&serving);
    } else {
        refuse_unknown(&serving);
    }
    serving_finish(&serving);
}

void service_on_kept(struct bridge *bridge, uint64_t cookie, bool is_kept,
                     const char *why, struct instant now)
{
    char text[FAULT_SIZE];
    (void)now;
    snprintf(text, sizeof(text),
             "this could not be kept: %s; it counts until the next restart",
             why);
    if (cookie != 0)
        serving_settle(bridge, cookie, (struct slice){0},
                       is_kept ? REPLY_FINE : REPLY_INTERNAL, text);
}

void service_on_reloaded(struct bridge *bridge, struct slice changes,
                         const char *fault, struct instant now)
{
    (void)now;
    serving_settle(bridge, 0, changes,
                   fault == NULL ? REPLY_FINE : REPLY_BAD_PARAMS, fault);
}

void service_abandon(struct bridge *bridge, struct instant now)
{
    (void)now;
    serving_abandon(bridge);
}
