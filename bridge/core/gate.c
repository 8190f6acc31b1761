/* SPDX-License-Identifier: MIT */
#include "gate.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/access.h"
#include "core/brake.h"
#include "core/envelope.h"
#include "core/fold.h"
#include "core/greeter.h"
#include "core/inside.h"
#include "core/onebot.h"
#include "core/pacing.h"
#include "core/pairing.h"
#include "core/publisher.h"
#include "core/recent.h"
#include "core/sent_ids.h"
#include "core/settling.h"
#include "core/standing.h"
#include "core/verdicts.h"

/* What a chat is called among those whose first drop has been told. */
struct chat_name {
    uint64_t account;
    int64_t group_id, user_id;
};

/* One event on its way through. */
struct passage {
    struct bridge *bridge;
    struct account *account;
    const struct onebot_frame *frame;
    int64_t self_id;
    struct access_subject subject;
    struct access_verdict verdict;
    bool is_from_bot;
    struct instant now;
};

static void fold_event(const struct passage *passage)
{
    static const char reason[] = "an event that has come before";
    struct account *account = passage->account;
    uint64_t count = inside_complain_of(passage->bridge, &account->repeats,
                                        reason, passage->now);
    if (count > 0)
        inside_say(passage->bridge, LOG_INFO,
                   "event: folded account=%s count=%" PRIu64, account->name,
                   count);
}

/* ---- the subject ----------------------------------------------------- */

static bool is_message(const struct onebot_frame *frame)
{
    return frame->post == ONEBOT_POST_MESSAGE ||
           frame->post == ONEBOT_POST_MESSAGE_SENT;
}

/* What is in the message that the decision asks for. */
static void read_message(struct passage *passage)
{
    struct bridge *bridge = passage->bridge;
    const struct segment_summary *summary = &bridge->event.summary;
    event_read_message(passage->frame, passage->self_id, &bridge->event);
    passage->subject.mentions_self = summary->mentions_self;
    passage->subject.mentions_all = summary->mentions_all;
    passage->subject.replies_to_self =
        summary->reply.size > 0 &&
        sent_ids_has(bridge->sent, passage->account->index, summary->reply);
}

static void describe(struct passage *passage)
{
    const struct onebot_frame *frame = passage->frame;
    struct access_subject *subject = &passage->subject;
    subject->kind = access_kind_of(frame, passage->self_id);
    if (subject->kind == ACCESS_FREE && !is_message(frame))
        return;
    subject->group_id = onebot_id(&frame->group_id);
    subject->user_id = access_actor_of(frame);
    subject->is_group = passage->bridge->event.topic.scope == TOPIC_GROUP;
    subject->is_own =
        frame->post == ONEBOT_POST_MESSAGE_SENT ||
        (passage->self_id != 0 && subject->user_id == passage->self_id);
    subject->is_paired =
        !subject->is_group &&
        pairing_is_approved(passage->account->book, subject->user_id);
    passage->is_from_bot =
        !subject->is_own &&
        ids_contains(&passage->bridge->self_ids, subject->user_id);
    if (is_message(frame))
        read_message(passage);
}

/* ---- the bot's own words --------------------------------------------- */

/* So that a reply to it is told, and a talk between bots. */
static void remember_own(const struct passage *passage)
{
    struct bridge *bridge = passage->bridge;
    const struct access_subject *subject = &passage->subject;
    const struct brake_pair pair = {
        .account = passage->account->index,
        .is_group = subject->is_group,
        .chat_id = subject->is_group ? subject->group_id
                                     : onebot_id(&passage->frame->target_id),
    };
    /* What was said by a call has been counted when it was sent. */
    if (!sent_ids_has(bridge->sent, passage->account->index,
                      passage->frame->message_id.pack))
        brake_on_said(bridge->brake, &pair);
    sent_ids_add(bridge->sent, passage->account->index,
                 passage->frame->message_id.pack);
}

/* ---- the decision ---------------------------------------------------- */

static void brake(struct passage *passage)
{
    const struct access_subject *subject = &passage->subject;
    const struct brake_pair pair = {
        .account = passage->account->index,
        .is_group = subject->is_group,
        .chat_id = subject->is_group ? subject->group_id : subject->user_id,
        .user_id = subject->user_id,
    };
    if (!passage->verdict.respond ||
        !brake_on_message(passage->bridge->brake, &pair, passage->is_from_bot,
                          passage->now.mono_ms))
        return;
    passage->verdict.respond = false;
    passage->verdict.reason = ACCESS_LOOP_BRAKE;
}

static void decide(struct passage *passage)
{
    passage->verdict =
        access_judge(&passage->account->options.access, &passage->subject);
    if (passage->frame->post == ONEBOT_POST_MESSAGE)
        brake(passage);
}

static struct envelope_policy policy_of(const struct access_verdict *verdict,
                                        bool is_from_bot)
{
    struct envelope_policy policy = {
        .allowed = verdict->allowed,
        .respond = verdict->respond,
        .mentioned = verdict->mentioned,
        .from_bot = is_from_bot,
        .reason = access_reason_name(verdict->reason),
    };
    if (verdict->group != NULL) {
        policy.extras = verdict->group->extras;
        policy.extra_count = verdict->group->extra_count;
    }
    return policy;
}

static void take_note(const struct passage *passage, uint64_t seq)
{
    if (passage->subject.kind == ACCESS_FREE)
        return;
    struct verdict_note *note = verdicts_add(passage->bridge->verdicts);
    note->seq = seq;
    note->time_ms = passage->now.wall_ms;
    note->account = passage->account->index;
    note->subject = passage->subject;
    note->verdict = passage->verdict;
}

/* Somebody who may speak has spoken: an answer goes before bulk. */
static void hear(const struct passage *passage)
{
    const struct access_subject *subject = &passage->subject;
    const struct pacing_chat chat = {
        .account = passage->account->index,
        .is_group = subject->is_group,
        .id = subject->is_group ? subject->group_id : subject->user_id,
    };
    if (passage->frame->post == ONEBOT_POST_MESSAGE &&
        passage->verdict.allowed && !subject->is_own)
        pacing_heard(passage->bridge->pacing, &chat, passage->now.mono_ms);
}

/* ---- what is dropped ------------------------------------------------- */

static bool is_first_of_chat(const struct passage *passage)
{
    const struct access_subject *subject = &passage->subject;
    const struct chat_name name = {
        .account = passage->account->index,
        .group_id = subject->group_id,
        .user_id = subject->is_group ? 0 : subject->user_id,
    };
    return recent_add(passage->bridge->told,
                      (struct slice){(const char *)&name, sizeof(name)});
}

/* The first of a chat with all that there is to do about it, later ones once a
 * minute for each reason. */
static void say_dropped(const struct passage *passage)
{
    struct account *account = passage->account;
    const struct access_subject *subject = &passage->subject;
    const char *reason = access_reason_name(passage->verdict.reason);
    struct buffer advice = {0};
    uint64_t count = inside_complain_of(passage->bridge, &account->unheard,
                                        reason, passage->now);
    bool is_first = is_first_of_chat(passage);
    if (!is_first && count == 0)
        return;
    access_advise(&account->options.access, subject, &passage->verdict,
                  &advice);
    inside_say(passage->bridge, is_first ? LOG_WARN : LOG_INFO,
               "access: dropped account=%s group=%" PRId64 " user=%" PRId64
               " reason=%s count=%" PRIu64 ": %.*s",
               account->name, subject->group_id, subject->user_id, reason,
               count == 0 ? 1 : count, (int)advice.size, advice.data);
    buffer_finish(&advice);
}

static void drop(const struct passage *passage)
{
    enum access_reason reason = passage->verdict.reason;
    passage->account->tally.denied[reason - ACCESS_GROUP_DISABLED]++;
    if (reason == ACCESS_PAIRING_REQUIRED &&
        passage->subject.kind == ACCESS_MESSAGE)
        greeter_on_stranger(passage->bridge, passage->account, passage->frame,
                            passage->now);
    else
        say_dropped(passage);
    take_note(passage, 0);
}

/* ---- the way ---------------------------------------------------------- */

static void publish(const struct passage *passage)
{
    const struct envelope_policy policy =
        policy_of(&passage->verdict, passage->is_from_bot);
    uint64_t seq = publisher_publish(
        passage->bridge, passage->account, passage->frame,
        is_message(passage->frame) ? &policy : NULL, passage->now);
    take_note(passage, seq);
}

void gate_take(struct bridge *bridge, struct link *link,
               const struct onebot_frame *frame, struct slice text,
               struct instant now)
{
    struct passage passage = {
        .bridge = bridge,
        .account = link->account,
        .frame = frame,
        .self_id = onebot_self_id(frame, link->account->self_id),
        .now = now,
    };
    event_place(frame, link->account->self_id, &bridge->event);
    if (fold_is_repeat(bridge->fold, frame, buffer_slice(&bridge->event.key),
                       link, text, now.mono_ms)) {
        fold_event(&passage);
        return;
    }
    describe(&passage);
    if (passage.subject.is_own && is_message(frame)) {
        remember_own(&passage);
        settling_on_event(bridge, passage.account, frame, now);
    }
    decide(&passage);
    hear(&passage);
    if (passage.verdict.allowed || !bridge->options.enforces)
        publish(&passage);
    else
        drop(&passage);
    standing_on_event(bridge, link->account, frame, now);
}
