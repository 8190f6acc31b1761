/* SPDX-License-Identifier: MIT */
#include "troubles.h"

#include "core/inside.h"
#include "core/knocks.h"
#include "core/pack.h"
#include "core/serving.h"

static void pack_prose_pair(struct msgpack_packer *packer, const char *key,
                            const char *text)
{
    pack_string(packer, key);
    if (text[0] == '\0')
        msgpack_pack_nil(packer);
    else
        pack_prose(packer, text);
}

/* Ms since 1970; 0 is never. */
static void pack_time(struct msgpack_packer *packer, const char *key,
                      uint64_t wall_ms)
{
    if (wall_ms != 0) {
        pack_number(packer, key, wall_ms);
        return;
    }
    pack_string(packer, key);
    msgpack_pack_nil(packer);
}

static void pack_knock(struct msgpack_packer *packer, const struct knock *knock)
{
    msgpack_pack_map(packer, 13);
    pack_prose_pair(packer, "account", knock->account);
    pack_word(packer, "reason", knock->reason);
    pack_number(packer, "status", (uint64_t)knock->status);
    pack_number(packer, "count", knock->count);
    pack_number(packer, "first_at", knock->first_ms);
    pack_number(packer, "last_at", knock->last_ms);
    pack_prose_pair(packer, "remote", knock->remote);
    pack_prose_pair(packer, "path", knock->path);
    pack_prose_pair(packer, "role", knock->role);
    pack_prose_pair(packer, "self_id", knock->self_id);
    pack_prose_pair(packer, "user_agent", knock->user_agent);
    pack_word(packer, "token", knock->token);
    pack_prose_pair(packer, "why", knock->why);
}

static void pack_refusals(struct msgpack_packer *packer,
                          const struct knocks *knocks)
{
    size_t count = 0;
    while (knocks_at(knocks, count) != NULL)
        count++;
    pack_string(packer, "refusals");
    msgpack_pack_array(packer, count);
    for (size_t i = 0; i < count; i++)
        pack_knock(packer, knocks_at(knocks, i));
}

/* ---- accounts ------------------------------------------------------------ */

static size_t count_rows(const struct complaints *complaints)
{
    size_t count = 0;
    while (count < COMPLAINT_ROWS && complaints->rows[count].reason != NULL)
        count++;
    return count;
}

/* The clock on the wall, of a moment on the other one. */
static uint64_t wall_of(uint64_t mono_ms, struct instant now)
{
    return now.wall_ms - (now.mono_ms - mono_ms);
}

static void pack_drops(struct msgpack_packer *packer,
                       const struct complaints *complaints, struct instant now)
{
    size_t count = count_rows(complaints);
    pack_string(packer, "drops");
    msgpack_pack_array(packer, count);
    for (size_t i = 0; i < count; i++) {
        const struct complaint_row *row = &complaints->rows[i];
        msgpack_pack_map(packer, 3);
        pack_word(packer, "reason", row->reason);
        pack_number(packer, "count", row->count);
        pack_number(packer, "last_at", wall_of(row->last_ms, now));
    }
}

static void pack_account(struct msgpack_packer *packer,
                         const struct account *account, struct instant now)
{
    const struct account_past *past = &account->past;
    msgpack_pack_map(packer, 9);
    pack_time(packer, "up_at", past->up_ms);
    pack_time(packer, "down_at", past->down_ms);
    pack_prose_pair(packer, "down_reason", past->down_reason);
    pack_number(packer, "down_code", past->down_code);
    pack_time(packer, "online_at", past->online_ms);
    pack_prose_pair(packer, "dial_fault", account->trouble);
    pack_number(packer, "string_messages", past->string_messages);
    pack_number(packer, "own_messages", past->own_messages);
    pack_drops(packer, &account->drops, now);
}

static void pack_accounts(struct msgpack_packer *packer,
                          const struct bridge *bridge, struct instant now)
{
    size_t count = 0;
    for (size_t i = 0; i < bridge->account_count; i++)
        count += !bridge->accounts[i]->is_leaving;
    pack_string(packer, "accounts");
    msgpack_pack_map(packer, count);
    for (size_t i = 0; i < bridge->account_count; i++) {
        if (bridge->accounts[i]->is_leaving)
            continue;
        pack_string(packer, bridge->accounts[i]->name);
        pack_account(packer, bridge->accounts[i], now);
    }
}

/* ---- all of it ----------------------------------------------------------- */

void troubles_serve(struct serving *serving)
{
    const struct bridge *bridge = serving->bridge;
    struct msgpack_packer packer = pack_into(&serving->data);
    msgpack_pack_map(&packer, 4);
    pack_refusals(&packer, bridge->knocks);
    pack_accounts(&packer, bridge, serving->now);
    pack_time(&packer, "reload_at", bridge->reload_ms);
    pack_prose_pair(&packer, "reload_fault", bridge->reload_fault);
}
