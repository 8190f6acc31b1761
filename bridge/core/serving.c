/* SPDX-License-Identifier: MIT */
#include "serving.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/inside.h"
#include "core/ledger.h"
#include "core/mp.h"
#include "core/onebot.h"

enum { FAULT_SIZE = 256 };

/* A reply that is ready but for one thing. */
struct waiting_reply {
    struct waiting_reply *next;
    uint64_t cookie; /* 0: it waits for the settings */
    void *ticket;
    bool is_json;
    bool is_noted;
    struct ledger_call call;
    uint64_t wall_ms; /* when it was asked for */
    struct buffer id, trace, data;
};

/* ---- parameters ------------------------------------------------------ */

int64_t serving_id(const struct serving *serving, const char *key)
{
    struct slice value, text;
    int64_t number;
    if (!mp_find(serving->request->params, key, &value))
        return 0;
    if (mp_read_int(value, &number))
        return number > 0 ? number : 0;
    return mp_read_str(value, &text) ? onebot_id_of_text(text) : 0;
}

struct slice serving_text(const struct serving *serving, const char *key)
{
    struct slice value, text;
    if (!mp_find(serving->request->params, key, &value) ||
        !mp_read_str(value, &text))
        return (struct slice){0};
    return text;
}

struct slice serving_account_name(const struct serving *serving)
{
    return serving->request->account.size > 0
               ? serving->request->account
               : serving_text(serving, "account");
}

static bool read_decimal(struct slice text, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint64_t digit = (uint64_t)text.data[i] - '0';
        if (digit > 9 || *number > (UINT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return text.size > 0;
}

static bool read_uint(const struct mp_token *token, uint64_t *number)
{
    switch (token->kind) {
    case MP_INT:
        *number = (uint64_t)token->integer;
        return token->integer >= 0;
    case MP_UINT:
        *number = token->natural;
        return true;
    case MP_STR:
        return read_decimal(token->bytes, number);
    default:
        return false;
    }
}

/* Nil counts as absent, as it does in the request itself. */
static bool find_token(const struct serving *serving, const char *key,
                       struct mp_token *token)
{
    struct slice value;
    if (!mp_find(serving->request->params, key, &value))
        return false;
    struct mp_reader reader = mp_reader_of(value);
    return mp_next(&reader, token) && token->kind != MP_NIL;
}

bool serving_uint(struct serving *serving, const char *key, uint64_t least,
                  uint64_t most, uint64_t fallback, uint64_t *value)
{
    char text[FAULT_SIZE];
    struct mp_token token;
    *value = fallback;
    if (!find_token(serving, key, &token))
        return true;
    if (read_uint(&token, value) && *value >= least && *value <= most)
        return true;
    snprintf(text, sizeof(text),
             "%s: allowed: a whole number from %" PRIu64 " to %" PRIu64, key,
             least, most);
    serving_refuse(serving, REPLY_BAD_PARAMS, text);
    return false;
}

bool serving_has(const struct serving *serving, const char *key)
{
    struct mp_token token;
    return find_token(serving, key, &token);
}

bool serving_epoch(struct serving *serving)
{
    char text[FAULT_SIZE];
    const char *epoch = serving->bridge->options.epoch;
    if (!serving_has(serving, "epoch") ||
        slice_equals(serving_text(serving, "epoch"), epoch))
        return true;
    snprintf(text, sizeof(text),
             "epoch: that is another journal's; this one's is %s, and its seqs "
             "have nothing to do with those of another",
             epoch);
    serving_refuse(serving, REPLY_BAD_PARAMS, text);
    return false;
}

/* ---- the reply ------------------------------------------------------- */

static void send_reply(struct bridge *bridge, void *ticket, bool is_json,
                       const struct reply *reply)
{
    reply_pack(reply, is_json, &bridge->out);
    bridge->ports.reply(bridge->ports.ctx, ticket, buffer_slice(&bridge->out));
}

/* Nobody is to look for what was sent among what was only looked at. */
static void note(struct bridge *bridge, const struct ledger_call *call,
                 const struct reply *reply, bool is_noted, uint64_t wall_ms)
{
    if (reply->error != REPLY_FINE)
        ledger_refuse(bridge->ledger, call, reply, wall_ms);
    else if (is_noted)
        ledger_add(bridge->ledger, call, reply, wall_ms);
}

static void note_now(const struct serving *serving, const struct reply *reply)
{
    const struct ledger_call call = ledger_call_of(serving->request);
    note(serving->bridge, &call, reply, serving->is_noted,
         serving->now.wall_ms);
}

void serving_refuse(struct serving *serving, enum reply_error error,
                    const char *text)
{
    const struct reply refusal = {
        .error = error,
        .text = text,
        .id = serving->request->id,
        .trace = serving->request->trace,
    };
    serving->is_waiting = true; /* it is answered already */
    note_now(serving, &refusal);
    serving->bridge->tally.requests_refused[error]++;
    send_reply(serving->bridge, serving->ticket, serving->request->is_json,
               &refusal);
}

static void keep_slice(struct buffer *buffer, struct slice bytes)
{
    buffer_append(buffer, bytes.data, bytes.size);
}

bool serving_wait(struct serving *serving, uint64_t cookie)
{
    struct bridge *bridge = serving->bridge;
    if (bridge->waiting_count == SERVING_WAITING_MAX)
        return false;
    struct waiting_reply *waiting = mem_zalloc(1, sizeof(*waiting));
    waiting->cookie = cookie;
    waiting->ticket = serving->ticket;
    waiting->is_json = serving->request->is_json;
    waiting->is_noted = serving->is_noted;
    waiting->call = ledger_call_of(serving->request);
    waiting->wall_ms = serving->now.wall_ms;
    keep_slice(&waiting->id, serving->request->id);
    keep_slice(&waiting->trace, serving->request->trace);
    keep_slice(&waiting->data, buffer_slice(&serving->data));
    waiting->next = bridge->waiting;
    bridge->waiting = waiting;
    bridge->waiting_count++;
    serving->is_waiting = true;
    return true;
}

static void destroy(struct waiting_reply *waiting)
{
    buffer_finish(&waiting->id);
    buffer_finish(&waiting->trace);
    buffer_finish(&waiting->data);
    free(waiting);
}

static void answer(struct bridge *bridge, const struct waiting_reply *waiting,
                   struct slice data, enum reply_error error, const char *why)
{
    const struct reply reply = {
        .error = error,
        .text = error == REPLY_FINE ? NULL : why,
        .data = error != REPLY_FINE ? (struct slice){0}
                : data.size > 0     ? data
                                    : buffer_slice(&waiting->data),
        .id = buffer_slice(&waiting->id),
        .trace = buffer_slice(&waiting->trace),
    };
    note(bridge, &waiting->call, &reply, waiting->is_noted, waiting->wall_ms);
    send_reply(bridge, waiting->ticket, waiting->is_json, &reply);
}

void serving_settle(struct bridge *bridge, uint64_t cookie, struct slice data,
                    enum reply_error error, const char *why)
{
    struct waiting_reply **place = &bridge->waiting;
    while (*place != NULL) {
        struct waiting_reply *waiting = *place;
        if (waiting->cookie != cookie) {
            place = &waiting->next;
            continue;
        }
        *place = waiting->next;
        bridge->waiting_count--;
        answer(bridge, waiting, data, error, why);
        destroy(waiting);
    }
}

void serving_abandon(struct bridge *bridge)
{
    while (bridge->waiting != NULL)
        serving_settle(bridge, bridge->waiting->cookie, (struct slice){0},
                       REPLY_SHUTTING_DOWN,
                       "the bridge stops before this was done");
}

void serving_forget(struct bridge *bridge)
{
    struct waiting_reply *next;
    for (; bridge->waiting != NULL; bridge->waiting = next) {
        next = bridge->waiting->next;
        destroy(bridge->waiting);
    }
    bridge->waiting_count = 0;
}

void serving_finish(struct serving *serving)
{
    const struct reply reply = {
        .data = buffer_slice(&serving->data),
        .id = serving->request->id,
        .trace = serving->request->trace,
    };
    if (!serving->is_waiting && serving->is_noted)
        note_now(serving, &reply);
    if (!serving->is_waiting)
        send_reply(serving->bridge, serving->ticket, serving->request->is_json,
                   &reply);
    buffer_finish(&serving->data);
}
