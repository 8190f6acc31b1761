/* SPDX-License-Identifier: MIT */
#include "unsaid.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/visible.h"
#include "core/grants.h"
#include "core/inside.h"

/* One look through all that is counted. */
struct look {
    struct bridge *bridge;
    uint64_t now_ms;
    uint64_t due_ms; /* of the first that is left */
};

/* `account` is NULL where it is about callers. */
typedef void say_fn(struct bridge *bridge, const struct account *account,
                    const char *reason, uint64_t count);

static void look_at(struct look *look, const struct account *account,
                    struct complaint_row *row, say_fn *say)
{
    uint64_t count = complaint_overdue(row, look->now_ms);
    if (count > 0)
        say(look->bridge, account, row->reason, count);
    if (complaint_due(row) < look->due_ms)
        look->due_ms = complaint_due(row);
}

static void look_at_all(struct look *look, const struct account *account,
                        struct complaints *complaints, say_fn *say)
{
    for (size_t i = 0; i < COMPLAINT_ROWS && complaints->rows[i].reason != NULL;
         i++)
        look_at(look, account, &complaints->rows[i], say);
}

/* ---- the lines -------------------------------------------------------- */

static void say_drops(struct bridge *bridge, const struct account *account,
                      const char *reason, uint64_t count)
{
    inside_say(bridge, LOG_WARN,
               "frame: dropped account=%s reason=\"%s\" count=%" PRIu64,
               account->name, reason, count);
}

static void say_repeats(struct bridge *bridge, const struct account *account,
                        const char *reason, uint64_t count)
{
    (void)reason;
    inside_say(bridge, LOG_INFO, "event: folded account=%s count=%" PRIu64,
               account->name, count);
}

static void say_unheard(struct bridge *bridge, const struct account *account,
                        const char *reason, uint64_t count)
{
    inside_say(bridge, LOG_INFO,
               "access: dropped account=%s reason=%s count=%" PRIu64
               ": onebus why",
               account->name, reason, count);
}

static void say_strangers(struct bridge *bridge, const struct account *account,
                          const char *reason, uint64_t count)
{
    inside_say(bridge, LOG_INFO,
               "pairing: not heard account=%s why=\"%s\" count=%" PRIu64,
               account->name, reason, count);
}

static void say_dials(struct bridge *bridge, const struct account *account,
                      const char *reason, uint64_t count)
{
    (void)reason;
    inside_say(bridge, LOG_WARN,
               "link: could not reach the peer account=%s count=%" PRIu64,
               account->name, count);
}

static void say_turns(struct bridge *bridge, const struct account *account,
                      const char *reason, uint64_t count)
{
    (void)reason;
    unsaid_say_turns(bridge, account, count);
}

static void say_calls(struct bridge *bridge, const struct account *account,
                      const char *reason, uint64_t count)
{
    (void)account;
    inside_say(bridge, LOG_WARN,
               "call: refused error=%s count=%" PRIu64
               " why=\"see bridge.calls\"",
               reason, count);
}

void unsaid_say_turns(struct bridge *bridge, const struct account *account,
                      uint64_t count)
{
    char quoted[INSIDE_REASON_SIZE];
    inside_say(bridge, LOG_WARN,
               "link: flapping account=%s count=%" PRIu64 " links=%zu "
               "reason=\"%s\" why=\"so many links came or went: only one peer "
               "may use this account, and its log says why it comes back\"",
               account->name, count, account->link_count,
               visible_quote(quoted, sizeof(quoted),
                             slice_of(account->past.down_reason)));
}

/* ---- looking ---------------------------------------------------------- */

static void look_at_account(struct look *look, struct account *account)
{
    look_at_all(look, account, &account->drops, say_drops);
    look_at_all(look, account, &account->repeats, say_repeats);
    look_at_all(look, account, &account->unheard, say_unheard);
    look_at_all(look, account, &account->strangers, say_strangers);
    look_at(look, account, &account->dials, say_dials);
    look_at(look, account, &account->turns, say_turns);
}

static uint64_t tell(struct bridge *bridge, uint64_t now_ms)
{
    struct look look = {bridge, now_ms, UINT64_MAX};
    for (size_t i = 0; i < bridge->account_count; i++)
        look_at_account(&look, bridge->accounts[i]);
    look_at_all(&look, NULL, &bridge->complaints, say_calls);
    for (size_t i = 0; i < grants_count(bridge->grants); i++)
        look_at(&look, NULL, &grants_at(bridge->grants, i)->refusals,
                say_calls);
    return look.due_ms;
}

void unsaid_on_tick(struct bridge *bridge, struct instant now)
{
    if (now.mono_ms >= bridge->unsaid_ms)
        bridge->unsaid_ms = tell(bridge, now.mono_ms);
    inside_watch_deadline(bridge, bridge->unsaid_ms);
}

void unsaid_tell_all(struct bridge *bridge)
{
    tell(bridge, UINT64_MAX - 1);
}
