/* SPDX-License-Identifier: MIT */
/* An event packed as a bridge that is open to all would publish it. */
#ifndef ONEBUS_OPEN_GATE_H
#define ONEBUS_OPEN_GATE_H

#include "core/access.h"
#include "core/envelope.h"
#include "core/event.h"
#include "core/onebot.h"

static inline struct envelope_policy
open_gate_policy(const struct onebot_frame *event, int64_t self_id,
                 const struct event_scratch *scratch)
{
    const struct access_rules rules = {.dm_policy = ACCESS_OPEN,
                                       .group_policy = ACCESS_OPEN};
    const struct access_subject subject = {
        .kind = access_kind_of(event, self_id),
        .is_group = scratch->topic.scope == TOPIC_GROUP,
        .is_own = event->post == ONEBOT_POST_MESSAGE_SENT ||
                  (self_id != 0 && onebot_id(&event->user_id) == self_id),
        .mentions_self = scratch->summary.mentions_self,
        .group_id = onebot_id(&event->group_id),
        .user_id = onebot_id(&event->user_id),
    };
    struct access_verdict verdict = access_judge(&rules, &subject);
    return (struct envelope_policy){
        .allowed = verdict.allowed,
        .respond = verdict.respond,
        .mentioned = verdict.mentioned,
        .reason = access_reason_name(verdict.reason),
    };
}

/* Append the whole event message. */
static inline void open_gate_pack(const struct onebot_frame *event,
                                  const struct event_context *context,
                                  struct event_scratch *scratch,
                                  struct buffer *out)
{
    int64_t self_id = onebot_self_id(event, context->self_id);
    bool is_message = event->post == ONEBOT_POST_MESSAGE ||
                      event->post == ONEBOT_POST_MESSAGE_SENT;
    struct envelope_policy policy = {0};
    event_place(event, context->self_id, scratch);
    if (is_message) {
        event_read_message(event, self_id, scratch);
        policy = open_gate_policy(event, self_id, scratch);
    }
    event_pack(event, context, is_message ? &policy : NULL, scratch, out);
}

#endif
