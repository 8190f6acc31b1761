/* SPDX-License-Identifier: MIT */
#include "own.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/envelope.h"
#include "core/event.h"
#include "core/pack.h"
#include "core/topic.h"

enum { KEY_SIZE = 256 };

bool own_is(struct slice action)
{
    static const char prefix[] = "bridge.";
    return action.size >= sizeof(prefix) - 1 &&
           memcmp(action.data, prefix, sizeof(prefix) - 1) == 0;
}

static void pack_uint(struct msgpack_packer *packer, const char *key,
                      uint64_t value)
{
    pack_string(packer, key);
    msgpack_pack_uint64(packer, value);
}

static void pack_pair(struct msgpack_packer *packer, const char *key,
                      const char *value)
{
    pack_string(packer, key);
    pack_string(packer, value);
}

static void pack_self_id(struct msgpack_packer *packer, int64_t self_id)
{
    pack_string(packer, "self_id");
    msgpack_pack_int64(packer, self_id);
}

static void answer_ping(const struct own_state *state,
                        struct msgpack_packer *packer)
{
    msgpack_pack_map(packer, 3);
    pack_pair(packer, "version", state->version);
    pack_pair(packer, "epoch", state->epoch);
    pack_uint(packer, "seq", state->seq);
}

static void pack_account(struct msgpack_packer *packer,
                         const struct account *account)
{
    msgpack_pack_map(packer, 9);
    pack_pair(packer, "state",
              account_call_link(account) == NULL ? "down" : "up");
    pack_self_id(packer, account->self_id);
    pack_pair(packer, "peer", account->peer);
    pack_uint(packer, "links", account->link_count);
    pack_uint(packer, "events", account->events);
    pack_uint(packer, "folded", account->repeats.total);
    pack_uint(packer, "calls", account->calls);
    pack_uint(packer, "answers", account->answers);
    pack_uint(packer, "dropped", account->complaints.total);
}

static void answer_status(const struct own_state *state,
                          struct msgpack_packer *packer)
{
    msgpack_pack_map(packer, 5);
    pack_pair(packer, "version", state->version);
    pack_pair(packer, "epoch", state->epoch);
    pack_uint(packer, "seq", state->seq);
    pack_string(packer, "accounts");
    msgpack_pack_map(packer, state->account_count);
    for (size_t i = 0; i < state->account_count; i++) {
        pack_string(packer, state->accounts[i].name);
        pack_account(packer, &state->accounts[i]);
    }
    pack_string(packer, "calls");
    msgpack_pack_map(packer, 2);
    pack_uint(packer, "waiting", state->calls_waiting);
    pack_uint(packer, "max", state->calls_max);
}

bool own_answer(struct slice action, const struct own_state *state,
                struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    if (slice_equals(action, "bridge.ping"))
        answer_ping(state, &packer);
    else if (slice_equals(action, "bridge.status"))
        answer_status(state, &packer);
    else
        return false;
    return true;
}

static void pack_link(const struct link *link, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    msgpack_pack_map(&packer, 4);
    pack_uint(&packer, "link", link->serial);
    pack_pair(&packer, "role", link_role_name(link->role));
    pack_self_id(&packer, link->account->self_id);
    pack_uint(&packer, "links", link->account->link_count);
}

void own_link_event(const struct event_context *context,
                    const struct link *link, const char *what,
                    struct buffer *out)
{
    struct topic topic;
    struct buffer event = {0};
    char key[KEY_SIZE];
    topic_of_bridge(context->account, what, &topic);
    snprintf(key, sizeof(key), "bridge:%s:%s:%s:%" PRIu64, context->account,
             what, context->epoch, link->serial);
    pack_link(link, &event);
    const struct envelope envelope = {
        .topic = topic.name,
        .type = topic.type,
        .epoch = context->epoch,
        .seq = context->seq,
        .time_ms = context->time_ms,
        .account = context->account,
        .self_id = context->self_id,
        .peer = context->peer,
        .key = slice_of(key),
        .event = {buffer_slice(&event)},
    };
    envelope_pack(&envelope, out);
    buffer_finish(&event);
}
