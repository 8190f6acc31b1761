/* SPDX-License-Identifier: MIT */
#include "own.h"

#include "core/archive.h"
#include "core/breaker.h"
#include "core/grants.h"
#include "core/nats_state.h"
#include "core/pacing.h"
#include "core/pack.h"

enum { PAUSED_MAX = 20 };

bool own_is(struct slice action)
{
    static const char prefix[] = "bridge.";
    return action.size >= sizeof(prefix) - 1 &&
           memcmp(action.data, prefix, sizeof(prefix) - 1) == 0;
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
    pack_word(packer, "version", state->version);
    pack_word(packer, "epoch", state->epoch);
    pack_number(packer, "seq", state->seq);
}

static void pack_online(struct msgpack_packer *packer,
                        enum account_online online)
{
    pack_string(packer, "online");
    if (online == ONLINE_UNKNOWN)
        msgpack_pack_nil(packer);
    else if (online == ONLINE_YES)
        msgpack_pack_true(packer);
    else
        msgpack_pack_false(packer);
}

static void pack_heartbeat(struct msgpack_packer *packer, uint64_t then_ms,
                           uint64_t now_ms)
{
    pack_string(packer, "heartbeat_age_ms");
    if (then_ms == 0)
        msgpack_pack_nil(packer);
    else
        msgpack_pack_uint64(packer, now_ms - then_ms);
}

static void pack_pacing(struct msgpack_packer *packer, size_t waiting)
{
    pack_string(packer, "pacing");
    msgpack_pack_map(packer, 1);
    pack_number(packer, "waiting", waiting);
}

static void pack_pause(struct msgpack_packer *packer,
                       const struct breaker_entry *entry)
{
    uint64_t retry_after_ms = entry->verdict.retry_after_ms;
    bool is_chat = entry->chat.id != 0;
    msgpack_pack_map(packer, 1U + is_chat + (retry_after_ms != 0));
    if (is_chat)
        pack_number(packer, entry->chat.is_group ? "group_id" : "user_id",
                    (uint64_t)entry->chat.id);
    pack_word(packer, "reason", breaker_why_name(entry->verdict.why));
    if (retry_after_ms != 0)
        pack_number(packer, "retry_after_ms", retry_after_ms);
}

static void pack_paused(struct msgpack_packer *packer,
                        const struct own_state *state, size_t account)
{
    struct breaker_entry entries[PAUSED_MAX];
    size_t count = breaker_list(state->breaker, account, entries, PAUSED_MAX,
                                state->now_ms);
    size_t shown = count < PAUSED_MAX ? count : PAUSED_MAX;
    pack_number(packer, "paused_count", count);
    pack_string(packer, "paused");
    msgpack_pack_array(packer, shown);
    for (size_t i = 0; i < shown; i++)
        pack_pause(packer, &entries[i]);
}

static void pack_account(struct msgpack_packer *packer,
                         const struct own_state *state,
                         const struct account *account)
{
    const struct tally *tally = &account->tally;
    msgpack_pack_map(packer, 17);
    pack_word(packer, "state", account_state(account));
    pack_online(packer, account->online);
    pack_word(packer, "actions", account->is_stalled ? "stalled" : "ok");
    pack_heartbeat(packer, account->heartbeat_ms, state->now_ms);
    pack_self_id(packer, account->self_id);
    pack_word(packer, "peer", account->peer);
    pack_number(packer, "links", account->link_count);
    pack_number(packer, "events", tally_sum(tally->published, TALLY_POSTS));
    pack_number(packer, "folded", account->repeats.total);
    pack_number(packer, "calls", account->calls);
    pack_number(packer, "answers", account->answers);
    pack_number(packer, "unsettled", account->unsettled);
    pack_number(packer, "refused", tally_sum(tally->denied, TALLY_DENIALS));
    pack_number(packer, "dropped", tally_sum(tally->dropped, TALLY_DROPS));
    pack_pacing(packer, pacing_waiting_of(state->pacing, account->index));
    pack_paused(packer, state, account->index);
}

/* Those that are leaving are no longer there: another may have the name. */
static size_t count_accounts(const struct own_state *state)
{
    size_t count = 0;
    for (size_t i = 0; i < state->account_count; i++)
        count += !state->accounts[i]->is_leaving;
    return count;
}

static void answer_journal(const struct archive_state *archive,
                           struct msgpack_packer *packer)
{
    pack_string(packer, "journal");
    msgpack_pack_map(packer, 8);
    pack_word(packer, "state", archive->mode);
    pack_word(packer, "fault", archive->fault);
    pack_number(packer, "oldest", archive->oldest);
    pack_number(packer, "newest", archive->newest);
    pack_number(packer, "bytes", archive->bytes);
    pack_number(packer, "lost", archive->lost);
    pack_number(packer, "queued", archive->queued);
    pack_number(packer, "queue_max", archive->queue_max);
}

static void answer_nats(const struct nats_state *nats,
                        struct msgpack_packer *packer)
{
    pack_string(packer, "nats");
    msgpack_pack_map(packer, 16);
    pack_word(packer, "state", nats->mode);
    pack_word(packer, "fault", nats->fault);
    pack_word(packer, "server", nats->server);
    pack_word(packer, "stream", nats->stream);
    pack_number(packer, "acked", nats->acked);
    pack_number(packer, "lag", nats->lag);
    pack_number(packer, "lag_ms", nats->lag_ms);
    pack_number(packer, "in_flight", nats->in_flight);
    pack_number(packer, "window", nats->window);
    pack_number(packer, "published", nats->published);
    pack_number(packer, "duplicates", nats->duplicates);
    pack_number(packer, "refused", nats->refused);
    pack_number(packer, "errors", nats->errors);
    pack_number(packer, "lost", nats->lost);
    pack_number(packer, "connects", nats->connects);
    pack_number(packer, "requests", nats->requests);
}

/* Counts alone: neither what they cover nor their tokens. */
static void answer_grants(const struct own_state *state,
                          struct msgpack_packer *packer)
{
    size_t count = grants_count(state->grants);
    pack_string(packer, "grants");
    msgpack_pack_map(packer, count);
    for (size_t i = 0; i < count; i++) {
        const struct grant *grant = grants_at(state->grants, i);
        pack_string(packer, grant->name);
        msgpack_pack_map(packer, 2);
        pack_number(packer, "calls", grant->calls);
        pack_number(packer, "denied", grant->denied);
    }
    pack_number(packer, "unauthorized", state->unauthorized);
}

static void answer_status(const struct own_state *state,
                          struct msgpack_packer *packer)
{
    msgpack_pack_map(packer, 10);
    pack_word(packer, "version", state->version);
    pack_word(packer, "epoch", state->epoch);
    pack_number(packer, "seq", state->seq);
    pack_word(packer, "access", state->enforces ? "enforce" : "mark");
    pack_string(packer, "accounts");
    msgpack_pack_map(packer, count_accounts(state));
    for (size_t i = 0; i < state->account_count; i++) {
        if (state->accounts[i]->is_leaving)
            continue;
        pack_string(packer, state->accounts[i]->name);
        pack_account(packer, state, state->accounts[i]);
    }
    pack_string(packer, "calls");
    msgpack_pack_map(packer, 2);
    pack_number(packer, "waiting", state->calls_waiting);
    pack_number(packer, "max", state->calls_max);
    answer_journal(state->archive, packer);
    answer_nats(state->nats, packer);
    answer_grants(state, packer);
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
