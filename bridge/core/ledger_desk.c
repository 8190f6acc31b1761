/* SPDX-License-Identifier: MIT */
#include "ledger_desk.h"

#include "core/inside.h"
#include "core/ledger.h"
#include "core/pack.h"
#include "core/serving.h"

enum { CALLS = 50 };

/* What is asked about; 0 and empty: anything. */
struct question {
    int64_t group_id, user_id;
    struct slice account;
};

static bool is_about(const struct question *question,
                     const struct ledger_note *note)
{
    return (question->account.size == 0 ||
            slice_equals(question->account, note->call.account)) &&
           (question->group_id == 0 ||
            question->group_id == note->call.group_id) &&
           (question->user_id == 0 || question->user_id == note->call.user_id);
}

static void pack_prose_pair(struct msgpack_packer *packer, const char *key,
                            const char *text)
{
    if (text[0] == '\0')
        return;
    pack_string(packer, key);
    pack_prose(packer, text);
}

static void pack_id(struct msgpack_packer *packer, const char *key, int64_t id)
{
    if (id != 0)
        pack_number(packer, key, (uint64_t)id);
}

static size_t count_fields(const struct ledger_note *note)
{
    const struct ledger_call *call = &note->call;
    size_t count = 7; /* that are always there */
    count += call->account[0] != '\0';
    count += call->group_id != 0;
    count += call->user_id != 0;
    count += note->error != REPLY_FINE;
    count += call->grant[0] != '\0';
    count += call->id[0] != '\0';
    return count;
}

static void pack_note(struct msgpack_packer *packer,
                      const struct ledger_note *note)
{
    const struct ledger_call *call = &note->call;
    msgpack_pack_map(packer, count_fields(note));
    pack_number(packer, "time", note->time_ms);
    pack_string(packer, "action");
    pack_prose(packer, call->action);
    pack_prose_pair(packer, "account", call->account);
    pack_id(packer, "group_id", call->group_id);
    pack_id(packer, "user_id", call->user_id);
    pack_word(packer, "status", note->status);
    if (note->error != REPLY_FINE)
        pack_word(packer, "error", reply_error_name(note->error));
    pack_string(packer, "retcode");
    msgpack_pack_int64(packer, note->retcode);
    pack_prose_pair(packer, "grant", call->grant);
    pack_prose_pair(packer, "id", call->id);
    pack_number(packer, "warnings", note->warnings);
    pack_number(packer, "ms", note->ms);
    pack_number(packer, "count", note->count);
}

void ledger_desk_serve(struct serving *serving)
{
    const struct ledger *ledger = serving->bridge->ledger;
    const struct ledger_note *note, *notes[LEDGER_KEPT];
    uint64_t limit;
    size_t count = 0;
    if (!serving_uint(serving, "limit", 1, LEDGER_KEPT, CALLS, &limit))
        return;
    const struct question question = {
        .group_id = serving_id(serving, "group_id"),
        .user_id = serving_id(serving, "user_id"),
        .account = serving_account_name(serving),
    };
    for (size_t age = 0;
         count < limit && (note = ledger_at(ledger, age)) != NULL; age++)
        if (is_about(&question, note))
            notes[count++] = note;
    struct msgpack_packer packer = pack_into(&serving->data);
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "calls");
    msgpack_pack_array(&packer, count);
    for (size_t i = 0; i < count; i++)
        pack_note(&packer, notes[i]);
}
