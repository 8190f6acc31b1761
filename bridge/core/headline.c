/* SPDX-License-Identifier: MIT */
#include "headline.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/archive.h"
#include "core/inside.h"
#include "core/nats_state.h"

enum {
    /* Accounts with names as long as allowed, and a fault of the disk. */
    PART_SIZE = 512,
    /* What is on its way is not behind. */
    LATE_MS = 10 * 1000,
};

__attribute__((format(printf, 2, 3))) static void add(struct buffer *out,
                                                      const char *format, ...)
{
    char part[PART_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(part, sizeof(part), format, arguments);
    va_end(arguments);
    buffer_append_string(out, part);
}

/* The first that is offline stands for all: which they are is told by
 * bridge.status. */
static void append_accounts(const struct bridge *bridge, struct buffer *out)
{
    size_t all = 0, online = 0;
    const char *missing = NULL;
    for (size_t i = 0; i < bridge->account_count; i++) {
        const struct account *account = bridge->accounts[i];
        if (account->is_leaving)
            continue;
        all++;
        if (account->online == ONLINE_YES)
            online++;
        else if (missing == NULL)
            missing = account->name;
    }
    add(out, "QQ online on %zu of %zu accounts", online, all);
    if (missing != NULL)
        add(out, ", not on %s", missing);
    if (online + 1 < all)
        add(out, " and %zu more", all - online - 1);
}

static void append_events(struct headline *headline,
                          const struct bridge *bridge, uint64_t now_ms,
                          struct buffer *out)
{
    if (headline->mono_ms != 0 && now_ms > headline->mono_ms)
        add(out, "; %.1f events/s",
            (double)(bridge->seq - headline->seq) * 1000 /
                (double)(now_ms - headline->mono_ms));
    add(out, ", seq %" PRIu64, bridge->seq);
    headline->seq = bridge->seq;
    headline->mono_ms = now_ms;
}

static void append_journal(const struct bridge *bridge, struct buffer *out)
{
    struct archive_state state;
    bridge->ports.archive(bridge->ports.ctx, &state);
    if (state.fault[0] != '\0')
        add(out, "; the journal cannot be written: %s", state.fault);
}

static void append_nats(const struct bridge *bridge, struct buffer *out)
{
    struct nats_state state;
    bridge->ports.nats(bridge->ports.ctx, &state);
    if (state.fault[0] != '\0')
        add(out, "; NATS is %s: %s", state.mode, state.fault);
    else if (state.lag_ms >= LATE_MS)
        add(out, "; NATS is %" PRIu64 " events behind", state.lag);
}

void headline_append(struct headline *headline, const struct bridge *bridge,
                     struct instant now, struct buffer *out)
{
    if (bridge->is_stopping)
        add(out, "stopping, %zu calls wait for their answer; ",
            bridge_calls_waiting(bridge));
    append_accounts(bridge, out);
    append_events(headline, bridge, now.mono_ms, out);
    append_journal(bridge, out);
    append_nats(bridge, out);
}
