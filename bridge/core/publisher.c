/* SPDX-License-Identifier: MIT */
#include "publisher.h"

#include "core/inside.h"
#include "core/narrator.h"
#include "core/news.h"
#include "core/onebot.h"

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

static void emit(struct bridge *bridge, const struct event_context *context)
{
    const struct bridge_event event = {
        .seq = context->seq,
        .time_ms = context->time_ms,
        .message = buffer_slice(&bridge->out),
    };
    bridge->ports.emit(bridge->ports.ctx, &event);
    if (bridge->narrates_events)
        narrator_on_event(bridge, event.message);
}

uint64_t publisher_publish(struct bridge *bridge, struct account *account,
                           const struct onebot_frame *frame,
                           const struct envelope_policy *policy,
                           struct instant now)
{
    const struct event_context context = next_event(bridge, account, now);
    account->tally.published[frame->post]++;
    buffer_clear(&bridge->out, SCRATCH_KEEP_BYTES);
    event_pack(frame, &context, policy, &bridge->event, &bridge->out);
    emit(bridge, &context);
    return context.seq;
}

void publisher_tell(struct bridge *bridge, const struct account *account,
                    const struct news *news, struct instant now)
{
    const struct event_context context = next_event(bridge, account, now);
    bridge->tally.own_events++;
    buffer_clear(&bridge->out, SCRATCH_KEEP_BYTES);
    news_pack(&context, news, &bridge->out);
    emit(bridge, &context);
}
