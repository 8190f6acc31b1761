/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <assert.h>

#include "core/cqcode.h"
#include "core/envelope.h"
#include "core/event_key.h"
#include "core/onebot.h"
#include "core/segment.h"

enum { SCRATCH_KEEP_BYTES = 256 * 1024 };

/* The event without its `message`, and the segments in between. */
static void splice(const struct onebot_frame *event, struct slice segments,
                   struct envelope *envelope)
{
    struct slice old = event->message.pack;
    const char *old_end = old.data + old.size;
    const char *end = event->pack.data + event->pack.size;
    envelope->event[0] =
        (struct slice){event->pack.data, (size_t)(old.data - event->pack.data)};
    envelope->event[1] = segments;
    envelope->event[2] = (struct slice){old_end, (size_t)(end - old_end)};
}

/* The message as segments; what is neither string nor array has none and is
 * passed on as it is. */
static struct slice normalise(const struct onebot_frame *event,
                              struct event_scratch *scratch)
{
    if (event->message.kind != JSON_STRING)
        return event->message.pack;
    cqcode_to_segments(event->message.text, &scratch->segments);
    return buffer_slice(&scratch->segments);
}

void event_read_message(const struct onebot_frame *event, int64_t self_id,
                        struct event_scratch *scratch)
{
    buffer_clear(&scratch->segments, SCRATCH_KEEP_BYTES);
    buffer_clear(&scratch->text, SCRATCH_KEEP_BYTES);
    scratch->summary =
        segment_summarise(normalise(event, scratch), self_id, &scratch->text);
}

static void add_message(const struct onebot_frame *event,
                        const struct envelope_policy *policy,
                        const struct event_scratch *scratch,
                        struct envelope *envelope)
{
    if (event->message.kind == JSON_STRING)
        splice(event, buffer_slice(&scratch->segments), envelope);
    envelope->is_message = true;
    envelope->text = buffer_slice(&scratch->text);
    envelope->policy = *policy;
}

void event_place(const struct onebot_frame *event, int64_t self_id,
                 struct event_scratch *scratch)
{
    assert(event->kind == ONEBOT_EVENT);
    buffer_clear(&scratch->key, SCRATCH_KEEP_BYTES);
    topic_of_event(event, self_id, &scratch->topic);
    event_key(event, self_id, &scratch->topic, &scratch->key);
}

void event_pack(const struct onebot_frame *event,
                const struct event_context *context,
                const struct envelope_policy *policy,
                struct event_scratch *scratch, struct buffer *out)
{
    struct envelope envelope = {
        .topic = scratch->topic.name,
        .type = scratch->topic.type,
        .epoch = context->epoch,
        .seq = context->seq,
        .time_ms = context->time_ms,
        .account = context->account,
        .self_id = onebot_self_id(event, context->self_id),
        .peer = context->peer,
        .key = buffer_slice(&scratch->key),
        .event = {event->pack},
    };
    if (policy != NULL)
        add_message(event, policy, scratch, &envelope);
    envelope_pack(&envelope, out);
}

void event_scratch_finish(struct event_scratch *scratch)
{
    buffer_finish(&scratch->segments);
    buffer_finish(&scratch->text);
    buffer_finish(&scratch->key);
}
