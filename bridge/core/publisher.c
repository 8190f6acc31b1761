/* SPDX-License-Identifier: MIT */
#include "publisher.h"

#include <inttypes.h>

#include "core/fold.h"
#include "core/inside.h"
#include "core/onebot.h"
#include "core/own.h"

/* What goes with the next event of the account; it takes the next seq. */
static struct event_context next_event(struct bridge *bridge,
                                       const struct account *account,
                                       struct instant now)
{
    return (struct event_context){
        .epoch = bridge->options.epoch,
        .seq = ++bridge->seq,
        .time_ms = now.wall_ms,
        .account = account->name,
        .self_id = account->self_id,
        .peer = account->peer[0] == '\0' ? NULL : account->peer,
    };
}

static void publish_event(struct bridge *bridge, struct account *account,
                          const struct onebot_frame *frame, struct instant now)
{
    const struct event_context context = next_event(bridge, account, now);
    account->events++;
    buffer_clear(&bridge->out, SCRATCH_KEEP_BYTES);
    event_pack(frame, &context, &bridge->event, &bridge->out);
    bridge->ports.emit(bridge->ports.ctx, buffer_slice(&bridge->out));
}

static void fold_event(struct bridge *bridge, struct account *account,
                       struct instant now)
{
    static const char reason[] = "an event that has come before";
    uint64_t count = complaint_count(&account->repeats, reason, now.mono_ms);
    if (count > 0)
        inside_say(bridge, LOG_INFO, "event: folded account=%s count=%" PRIu64,
                   account->name, count);
}

void publisher_take(struct bridge *bridge, struct link *link,
                    const struct onebot_frame *frame, struct slice text,
                    struct instant now)
{
    struct account *account = link->account;
    event_place(frame, account->self_id, &bridge->event);
    if (fold_is_repeat(bridge->fold, frame, buffer_slice(&bridge->event.key),
                       link, text, now.mono_ms))
        fold_event(bridge, account, now);
    else
        publish_event(bridge, account, frame, now);
}

void publisher_tell_link(struct bridge *bridge, const struct link *link,
                         const char *what, struct instant now)
{
    const struct event_context context = next_event(bridge, link->account, now);
    buffer_clear(&bridge->out, SCRATCH_KEEP_BYTES);
    own_link_event(&context, link, what, &bridge->out);
    bridge->ports.emit(bridge->ports.ctx, buffer_slice(&bridge->out));
}
