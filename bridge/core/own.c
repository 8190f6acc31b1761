/* SPDX-License-Identifier: MIT */
#include "own.h"

#include "core/archive.h"
#include "core/pack.h"

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

static void pack_account(struct msgpack_packer *packer,
                         const struct account *account, uint64_t now_ms)
{
    msgpack_pack_map(packer, 14);
    pack_word(packer, "state", account_state(account));
    pack_online(packer, account->online);
    pack_word(packer, "actions", account->is_stalled ? "stalled" : "ok");
    pack_heartbeat(packer, account->heartbeat_ms, now_ms);
    pack_self_id(packer, account->self_id);
    pack_word(packer, "peer", account->peer);
    pack_number(packer, "links", account->link_count);
    pack_number(packer, "events", account->events);
    pack_number(packer, "folded", account->repeats.total);
    pack_number(packer, "calls", account->calls);
    pack_number(packer, "answers", account->answers);
    pack_number(packer, "unsettled", account->unsettled);
    pack_number(packer, "refused", account->refused);
    pack_number(packer, "dropped", account->dropped);
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

static void answer_status(const struct own_state *state,
                          struct msgpack_packer *packer)
{
    msgpack_pack_map(packer, 6);
    pack_word(packer, "version", state->version);
    pack_word(packer, "epoch", state->epoch);
    pack_number(packer, "seq", state->seq);
    pack_string(packer, "accounts");
    msgpack_pack_map(packer, count_accounts(state));
    for (size_t i = 0; i < state->account_count; i++) {
        if (state->accounts[i]->is_leaving)
            continue;
        pack_string(packer, state->accounts[i]->name);
        pack_account(packer, state->accounts[i], state->now_ms);
    }
    pack_string(packer, "calls");
    msgpack_pack_map(packer, 2);
    pack_number(packer, "waiting", state->calls_waiting);
    pack_number(packer, "max", state->calls_max);
    answer_journal(state->archive, packer);
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
