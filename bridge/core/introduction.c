/* SPDX-License-Identifier: MIT */
#include "introduction.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/visible.h"
#include "core/calls.h"
#include "core/inside.h"
#include "core/mp.h"

enum {
    /* It is one of the cheapest questions there are. */
    ANSWER_TIMEOUT_MS = 10 * 1000,
};

static struct slice text_in(struct slice map, const char *key)
{
    struct slice value, text;
    if (mp_find(map, key, &value) && mp_read_str(value, &text))
        return text;
    return (struct slice){0};
}

static void learn(struct account *account, struct slice data)
{
    struct slice name = text_in(data, "app_name");
    struct slice version = text_in(data, "app_version");
    struct buffer peer = {0};
    if (name.size == 0)
        return;
    buffer_append(&peer, name.data, name.size);
    buffer_append_string(&peer, "/");
    buffer_append(&peer, version.data, version.size);
    account_set_peer(account, buffer_slice(&peer));
    buffer_finish(&peer);
}

/* Without an answer the guess stays. */
static void on_version(struct bridge *bridge, const struct call *call,
                       const struct reply *reply, struct instant now)
{
    (void)now;
    if (reply->error != REPLY_FINE)
        return;
    char peer[INSIDE_REASON_SIZE];
    learn(call->account, reply->data);
    if (call->account->turns.unsaid == 0) /* its link has a line, too */
        inside_say(
            bridge, LOG_INFO,
            "link: peer account=%s link=%" PRIu64 " peer=\"%s\"",
            call->account->name, call->link,
            visible_quote(peer, sizeof(peer), slice_of(call->account->peer)));
}

void introduction_on_link_up(struct bridge *bridge, const struct link *link,
                             struct instant now)
{
    const struct exchange exchange = {
        .account = link->account,
        .link = link,
        .action = slice_of("get_version_info"),
        .is_read = true,
        .deadline_ms = now.mono_ms + ANSWER_TIMEOUT_MS,
        .on_end = on_version,
    };
    struct refusal refusal;
    if (link->role != LINK_EVENT && !bridge->is_stopping)
        (void)calls_ask(bridge, &exchange, &refusal, now);
}
