/* SPDX-License-Identifier: MIT */
#include "inside.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { LINE_SIZE = 1024 };

void inside_say(struct bridge *bridge, enum log_level level, const char *format,
                ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    bridge->ports.say(bridge->ports.ctx, level, line);
}

uint64_t inside_complain(struct bridge *bridge, struct complaint_row *row,
                         const char *reason, uint32_t few, struct instant now)
{
    uint64_t count = complaint_count_few(row, reason, few, now.mono_ms);
    if (complaint_due(row) < bridge->unsaid_ms) {
        bridge->unsaid_ms = complaint_due(row);
        inside_watch_deadline(bridge, bridge->unsaid_ms);
    }
    return count;
}

uint64_t inside_complain_of(struct bridge *bridge,
                            struct complaints *complaints, const char *reason,
                            struct instant now)
{
    complaints->total++;
    return inside_complain(bridge, complaint_row_of(complaints, reason), reason,
                           1, now);
}

void inside_drop_frame(struct bridge *bridge, struct account *account,
                       enum tally_drop kind, const char *reason,
                       const char *detail, struct instant now)
{
    static const char *const hints[] = {
        [TALLY_INVALID_JSON] = "the peer is broken or no OneBot "
                               "implementation: update it",
        [TALLY_NOT_ONEBOT] = "the peer is to speak OneBot 11 over this link, "
                             "and nothing else",
        [TALLY_STRAY_ANSWER] = "if it came too late, give such calls a longer "
                               "timeout",
    };
    uint64_t count = inside_complain_of(bridge, &account->drops, reason, now);
    account->tally.dropped[kind]++;
    if (count > 0)
        inside_say(bridge, LOG_WARN,
                   "frame: dropped account=%s reason=\"%s\"%s count=%" PRIu64
                   " hint=\"%s\"",
                   account->name, reason, detail, count, hints[kind]);
}

void inside_watch_deadline(struct bridge *bridge, uint64_t deadline_ms)
{
    if (deadline_ms < bridge->due_ms)
        bridge->due_ms = deadline_ms;
}

struct account *inside_account(const struct bridge *bridge, struct slice name)
{
    for (size_t i = 0; i < bridge->account_count; i++)
        if (!bridge->accounts[i]->is_leaving &&
            slice_equals(name, bridge->accounts[i]->name))
            return bridge->accounts[i];
    return NULL;
}

struct account *inside_account_at(const struct bridge *bridge, size_t index)
{
    for (size_t i = 0; i < bridge->account_count; i++)
        if (bridge->accounts[i]->index == index)
            return bridge->accounts[i];
    return NULL;
}

struct account *inside_only_account(const struct bridge *bridge)
{
    struct account *only = NULL;
    for (size_t i = 0; i < bridge->account_count; i++) {
        if (bridge->accounts[i]->is_leaving)
            continue;
        if (only != NULL)
            return NULL;
        only = bridge->accounts[i];
    }
    return only;
}
