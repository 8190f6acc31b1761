/* SPDX-License-Identifier: MIT */
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/grants.h"
#include "core/mp.h"
#include "core/onebot.h"
#include "core/warnings.h"

struct ledger {
    struct ledger_note notes[LEDGER_KEPT];
    size_t count; /* over all time */
};

struct ledger *ledger_create(void)
{
    return mem_zalloc(1, sizeof(struct ledger));
}

void ledger_destroy(struct ledger *ledger)
{
    free(ledger);
}

static struct ledger_note *note_at(struct ledger *ledger, size_t age)
{
    if (age >= ledger->count || age >= LEDGER_KEPT)
        return NULL;
    return &ledger->notes[(ledger->count - 1 - age) % LEDGER_KEPT];
}

const struct ledger_note *ledger_at(const struct ledger *ledger, size_t age)
{
    return note_at((struct ledger *)ledger, age);
}

/* ---- what is kept ---------------------------------------------------- */

static void keep(struct slice text, char *out, size_t size)
{
    size_t kept = text.size < size ? text.size : size - 1;
    if (kept > 0)
        memcpy(out, text.data, kept);
    out[kept] = '\0';
}

static int64_t id_of(struct slice value)
{
    int64_t id = 0;
    struct slice text;
    if (mp_read_int(value, &id))
        return id > 0 ? id : 0;
    return mp_read_str(value, &text) ? onebot_id_of_text(text) : 0;
}

/* By their own names and by those of the settings guide. The bridge's own
 * actions may have the account there. */
static void note_params(struct slice params, struct ledger_call *call)
{
    enum { GROUP, USER, GROUP_TOO, USER_TOO, ACCOUNT, COUNT };
    static const char *const keys[COUNT] = {"group_id", "user_id", "groupId",
                                            "userId", "account"};
    struct slice at[COUNT], text;
    (void)mp_find_all(params, keys, COUNT, at);
    call->group_id = id_of(at[at[GROUP].size > 0 ? GROUP : GROUP_TOO]);
    call->user_id = id_of(at[at[USER].size > 0 ? USER : USER_TOO]);
    if (call->account[0] == '\0' && mp_read_str(at[ACCOUNT], &text))
        keep(text, call->account, sizeof(call->account));
}

struct ledger_call ledger_call_of(const struct request *request)
{
    struct ledger_call call;
    keep(request->action, call.action, sizeof(call.action));
    keep(request->account, call.account, sizeof(call.account));
    keep(request->id, call.id, sizeof(call.id));
    keep(slice_of(request->grant == NULL ? "" : request->grant->name),
         call.grant, sizeof(call.grant));
    note_params(request->params, &call);
    return call;
}

static void fill(struct ledger_note *note, const struct ledger_call *call,
                 const struct reply *reply, uint64_t wall_ms)
{
    note->call = *call;
    note->time_ms = wall_ms;
    if (reply->account != NULL)
        keep(slice_of(reply->account), note->call.account,
             sizeof(note->call.account));
    note->status = reply_status(reply);
    note->error = reply->error;
    note->retcode = reply_retcode(reply);
    note->ms = reply->ms;
    note->warnings = reply->warnings == NULL ? 0 : reply->warnings->count;
    note->count = 1;
}

void ledger_add(struct ledger *ledger, const struct ledger_call *call,
                const struct reply *reply, uint64_t wall_ms)
{
    fill(&ledger->notes[ledger->count++ % LEDGER_KEPT], call, reply, wall_ms);
}

/* ---- refusals -------------------------------------------------------- */

/* Ids do not count: each request has one of its own. */
static bool is_same(const struct ledger_note *one,
                    const struct ledger_note *other)
{
    return one->error == other->error &&
           one->call.group_id == other->call.group_id &&
           one->call.user_id == other->call.user_id &&
           strcmp(one->status, other->status) == 0 &&
           strcmp(one->call.action, other->call.action) == 0 &&
           strcmp(one->call.grant, other->call.grant) == 0 &&
           strcmp(one->call.account, other->call.account) == 0;
}

/* The one before it takes its place, and so on: it becomes the newest. */
static void bring_forward(struct ledger *ledger, size_t age)
{
    struct ledger_note note = *note_at(ledger, age);
    for (; age > 0; age--)
        *note_at(ledger, age) = *note_at(ledger, age - 1);
    *note_at(ledger, 0) = note;
}

void ledger_refuse(struct ledger *ledger, const struct ledger_call *call,
                   const struct reply *reply, uint64_t wall_ms)
{
    struct ledger_note note, *before;
    fill(&note, call, reply, wall_ms);
    for (size_t age = 0;
         age < LEDGER_FOLDED && (before = note_at(ledger, age)) != NULL; age++)
        if (is_same(before, &note)) {
            note.count += before->count;
            *before = note;
            bring_forward(ledger, age);
            return;
        }
    ledger->notes[ledger->count++ % LEDGER_KEPT] = note;
}
