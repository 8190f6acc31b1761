/* SPDX-License-Identifier: MIT */
#include "access.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/onebot.h"

enum { ADVICE_SIZE = 640 };

const char *const ACCESS_REASON_NAMES[ACCESS_REASONS] = {
    [ACCESS_NOT_GATED] = "not_gated",
    [ACCESS_OWN_MESSAGE] = "own_message",
    [ACCESS_BY_POLICY] = "open",
    [ACCESS_GROUP_LISTED] = "group_listed",
    [ACCESS_SENDER_LISTED] = "sender_listed",
    [ACCESS_BY_ALLOW_FROM] = "allow_from",
    [ACCESS_PAIRED] = "paired",
    [ACCESS_LOOP_BRAKE] = "loop_brake",
    [ACCESS_GROUP_DISABLED] = "group_disabled",
    [ACCESS_GROUP_POLICY_CLOSED] = "group_policy_closed",
    [ACCESS_GROUP_NOT_LISTED] = "group_not_listed",
    [ACCESS_SENDER_NOT_LISTED] = "sender_not_listed",
    [ACCESS_DM_POLICY_CLOSED] = "dm_policy_closed",
    [ACCESS_DM_NOT_LISTED] = "dm_not_listed",
    [ACCESS_PAIRING_REQUIRED] = "pairing_required",
};

const char *access_reason_name(enum access_reason reason)
{
    return ACCESS_REASON_NAMES[reason];
}

/* ---- what an event is to the gate ------------------------------------ */

/* What somebody does in a chat is as good as a word of theirs: a poke wakes a
 * bot as a message does, and a recall tells of one. */
static const char *const ACTS[] = {
    "group_upload",         "group_recall",     "friend_recall",
    "offline_file",         "essence",          "reaction",
    "group_msg_emoji_like", "online_file_send", "online_file_receive",
};

/* The same of notice_type `notify`, by sub_type. */
static const char *const NOTIFY_ACTS[] = {
    "poke",  "poke_recall",  "gray_tip",     "lucky_king",
    "honor", "input_status", "profile_like",
};

/* Where these are about the bot itself, they are its own state. */
static const char *const STATES[] = {
    "group_increase",
    "group_decrease",
    "group_admin",
    "group_ban",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_one_of(struct slice text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equals(text, names[i]))
            return true;
    return false;
}

/* The bot is in the group no longer, whoever the notice names. */
static bool ends_membership(const struct onebot_frame *event)
{
    struct slice sub_type = event->sub_type.text;
    return slice_equals(event->notice_type.text, "group_dismiss") ||
           (slice_equals(event->notice_type.text, "group_decrease") &&
            (slice_equals(sub_type, "kick_me") ||
             slice_equals(sub_type, "disband")));
}

int64_t access_actor_of(const struct onebot_frame *event)
{
    int64_t user_id = onebot_id(&event->user_id);
    if (user_id == 0 || slice_equals(event->notice_type.text, "essence")) {
        int64_t operator_id = onebot_id(&event->operator_id);
        if (operator_id != 0)
            return operator_id;
    }
    return user_id != 0 ? user_id : onebot_id(&event->peer_id);
}

static enum access_kind kind_of_notice(const struct onebot_frame *event,
                                       int64_t self_id)
{
    struct slice type = event->notice_type.text;
    struct slice sub_type = event->sub_type.text;
    bool is_notify = slice_equals(type, "notify");
    if (is_one_of(type, ACTS, COUNT(ACTS)) ||
        (is_notify && is_one_of(sub_type, NOTIFY_ACTS, COUNT(NOTIFY_ACTS))))
        return ACCESS_ACT;
    if (onebot_id(&event->group_id) == 0 || ends_membership(event))
        return ACCESS_FREE;
    if (self_id != 0 && onebot_id(&event->user_id) == self_id &&
        is_one_of(type, STATES, COUNT(STATES)))
        return ACCESS_FREE;
    return ACCESS_NOTICE;
}

enum access_kind access_kind_of(const struct onebot_frame *event,
                                int64_t self_id)
{
    if (event->post == ONEBOT_POST_NOTICE)
        return kind_of_notice(event, self_id);
    if (event->post == ONEBOT_POST_MESSAGE &&
        (slice_equals(event->message_type.text, "group") ||
         slice_equals(event->message_type.text, "private")))
        return ACCESS_MESSAGE;
    return ACCESS_FREE;
}

/* ---- the decision ---------------------------------------------------- */

/* Those of "*" come first. */
const struct access_group *access_group_of(const struct access_rules *rules,
                                           int64_t id)
{
    size_t low = 0;
    size_t high = rules->group_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rules->groups[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < rules->group_count && rules->groups[low].id == id)
        return &rules->groups[low];
    return rules->group_count > 0 && rules->groups[0].id == 0
               ? &rules->groups[0]
               : NULL;
}

bool access_tools_allow(const struct access_tools *tools, struct slice action)
{
    return globs_match(&tools->allow, action) &&
           !globs_match(&tools->deny, action);
}

static struct access_verdict refused(struct access_verdict verdict,
                                     enum access_reason reason)
{
    verdict.allowed = false;
    verdict.respond = false;
    verdict.reason = reason;
    return verdict;
}

static struct access_verdict allowed(struct access_verdict verdict,
                                     enum access_reason reason)
{
    verdict.allowed = true;
    verdict.reason = reason;
    return verdict;
}

/* "*" of groupAllowFrom is every group: it says nothing of senders. */
static bool is_listed_sender(const struct access_rules *rules, int64_t user_id)
{
    return ids_names(&rules->group_allow_from, user_id) ||
           id_set_has(&rules->group_allow_from.users, user_id) ||
           ids_contains(&rules->group_sender_allow_from, user_id);
}

static bool is_named_group(const struct access_rules *rules, int64_t group_id)
{
    return ids_contains(&rules->group_allow_from, group_id) ||
           id_set_has(&rules->group_allow_from.groups, group_id);
}

static struct access_verdict judge_group(const struct access_rules *rules,
                                         const struct access_subject *subject,
                                         struct access_verdict verdict)
{
    if (verdict.group != NULL && !verdict.group->enabled)
        return refused(verdict, ACCESS_GROUP_DISABLED);
    if (rules->group_policy == ACCESS_CLOSED)
        return refused(verdict, ACCESS_GROUP_POLICY_CLOSED);
    if (rules->group_policy == ACCESS_OPEN)
        return allowed(verdict, ACCESS_BY_POLICY);
    if (verdict.group != NULL || is_named_group(rules, subject->group_id))
        return allowed(verdict, ACCESS_GROUP_LISTED);
    if (is_listed_sender(rules, subject->user_id))
        return allowed(verdict, ACCESS_SENDER_LISTED);
    return refused(verdict, ACCESS_GROUP_NOT_LISTED);
}

/* Do these settings say which senders are heard in the group? */
static bool limits_senders(const struct access_rules *rules, int64_t group_id)
{
    if (!ids_is_empty(&rules->group_sender_allow_from) ||
        rules->group_allow_from.users.count > 0)
        return true;
    return !ids_is_empty(&rules->group_allow_from) &&
           !is_named_group(rules, group_id);
}

static struct access_verdict judge_sender(const struct access_rules *rules,
                                          const struct access_subject *subject,
                                          struct access_verdict verdict)
{
    const struct access_group *group = verdict.group;
    if (group != NULL && group->has_allow_from)
        return ids_contains(&group->allow_from, subject->user_id)
                   ? allowed(verdict, ACCESS_SENDER_LISTED)
                   : refused(verdict, ACCESS_SENDER_NOT_LISTED);
    if (!limits_senders(rules, subject->group_id))
        return verdict;
    return is_listed_sender(rules, subject->user_id)
               ? allowed(verdict, ACCESS_SENDER_LISTED)
               : refused(verdict, ACCESS_SENDER_NOT_LISTED);
}

static bool is_mentioned(const struct access_subject *subject,
                         const struct access_group *group)
{
    return subject->mentions_self || subject->replies_to_self ||
           (group != NULL && group->mention_all && subject->mentions_all);
}

static struct access_verdict
judge_in_group(const struct access_rules *rules,
               const struct access_subject *subject)
{
    const struct access_group *group =
        access_group_of(rules, subject->group_id);
    struct access_verdict verdict = {
        .group = group,
        .mentioned = is_mentioned(subject, group),
    };
    verdict = judge_group(rules, subject, verdict);
    if (verdict.allowed && subject->kind != ACCESS_NOTICE)
        verdict = judge_sender(rules, subject, verdict);
    bool is_called =
        verdict.mentioned || (group != NULL && !group->require_mention);
    verdict.respond = verdict.allowed && is_called;
    return verdict;
}

static struct access_verdict
judge_in_private(const struct access_rules *rules,
                 const struct access_subject *subject)
{
    struct access_verdict verdict = {
        .mentioned = is_mentioned(subject, NULL),
        .respond = true,
    };
    if (rules->dm_policy == ACCESS_CLOSED)
        return refused(verdict, ACCESS_DM_POLICY_CLOSED);
    if (rules->dm_policy == ACCESS_OPEN)
        return allowed(verdict, ACCESS_BY_POLICY);
    if (ids_contains(&rules->allow_from, subject->user_id))
        return allowed(verdict, ACCESS_BY_ALLOW_FROM);
    if (rules->dm_policy == ACCESS_ALLOWLIST)
        return refused(verdict, ACCESS_DM_NOT_LISTED);
    return subject->is_paired ? allowed(verdict, ACCESS_PAIRED)
                              : refused(verdict, ACCESS_PAIRING_REQUIRED);
}

struct access_verdict access_judge(const struct access_rules *rules,
                                   const struct access_subject *subject)
{
    const struct access_verdict free_pass = {
        .allowed = true,
        .mentioned = is_mentioned(subject, NULL),
    };
    if (subject->is_own)
        return allowed(free_pass, ACCESS_OWN_MESSAGE);
    if (subject->kind == ACCESS_FREE)
        return allowed(free_pass, ACCESS_NOT_GATED);
    return subject->is_group ? judge_in_group(rules, subject)
                             : judge_in_private(rules, subject);
}

/* ---- advice ---------------------------------------------------------- */

static const char *known(const char *place, const char *otherwise)
{
    return place == NULL ? otherwise : place;
}

static const char *group_place(const struct access_rules *rules,
                               const struct access_verdict *verdict)
{
    const char *groups =
        known(rules->places.groups, "channels.napcatqq.groups");
    return verdict->group == NULL ? groups
                                  : known(verdict->group->place, groups);
}

/* Whose entry of groupAllowFrom let it in: it may mean two things. */
static const char *meaning_of_list(const struct access_rules *rules,
                                   const struct access_subject *subject,
                                   const struct access_verdict *verdict)
{
    if (verdict->group != NULL)
        return "groups has the group";
    return is_named_group(rules, subject->group_id)
               ? "groupAllowFrom names the group"
               : "groupAllowFrom or groupSenderAllowFrom names the sender";
}

static void advise_group(const struct access_rules *rules,
                         const struct access_subject *subject,
                         const struct access_verdict *verdict,
                         char text[ADVICE_SIZE])
{
    const char *place = group_place(rules, verdict);
    const char *policy =
        known(rules->places.group_policy, "channels.napcatqq.groupPolicy");
    const char *list = known(rules->places.group_allow_from,
                             "channels.napcatqq.groupAllowFrom");
    switch (verdict->reason) {
    case ACCESS_GROUP_DISABLED:
        snprintf(text, ADVICE_SIZE,
                 "the group is disabled; set `enabled` to true %s%s",
                 verdict->group != NULL && verdict->group->id == 0
                     ? "for it alone beside "
                     : "at ",
                 place);
        break;
    case ACCESS_GROUP_POLICY_CLOSED:
        snprintf(text, ADVICE_SIZE,
                 "groups are closed; set groupPolicy to allowlist or open at "
                 "%s",
                 policy);
        break;
    case ACCESS_GROUP_NOT_LISTED:
        snprintf(text, ADVICE_SIZE,
                 "the group is not listed; add \"%" PRId64
                 "\": {} to groups at "
                 "%s, or %" PRId64 " to groupAllowFrom at %s, or set "
                 "groupPolicy to open at %s",
                 subject->group_id, place, subject->group_id, list, policy);
        break;
    default:
        snprintf(text, ADVICE_SIZE,
                 "the sender is not listed; add %" PRId64 " to %s at %s",
                 subject->user_id,
                 verdict->group != NULL && verdict->group->has_allow_from
                     ? "the group's allowFrom"
                     : "groupAllowFrom",
                 verdict->group != NULL && verdict->group->has_allow_from
                     ? place
                     : list);
    }
}

static void advise_private(const struct access_rules *rules,
                           const struct access_subject *subject,
                           const struct access_verdict *verdict,
                           char text[ADVICE_SIZE])
{
    const char *policy =
        known(rules->places.dm_policy, "channels.napcatqq.dmPolicy");
    const char *list =
        known(rules->places.allow_from, "channels.napcatqq.allowFrom");
    if (verdict->reason == ACCESS_DM_POLICY_CLOSED)
        snprintf(text, ADVICE_SIZE,
                 "private messages are closed; set dmPolicy to pairing, "
                 "allowlist or open at %s",
                 policy);
    else if (verdict->reason == ACCESS_DM_NOT_LISTED)
        snprintf(text, ADVICE_SIZE,
                 "the sender is not listed; add %" PRId64
                 " to allowFrom at %s, or set dmPolicy to open at %s",
                 subject->user_id, list, policy);
    else
        snprintf(text, ADVICE_SIZE,
                 "the sender is not paired; run `onebus pairing approve "
                 "napcatqq %" PRId64 "`, or add %" PRId64
                 " to allowFrom at %s, or set dmPolicy to open at %s",
                 subject->user_id, subject->user_id, list, policy);
}

static void advise_allowed(const struct access_rules *rules,
                           const struct access_subject *subject,
                           const struct access_verdict *verdict,
                           char text[ADVICE_SIZE])
{
    if (verdict->reason == ACCESS_LOOP_BRAKE)
        snprintf(text, ADVICE_SIZE,
                 "allowed, no answer: the bot and this sender have answered "
                 "each other 20 times within a minute");
    else if (verdict->reason == ACCESS_OWN_MESSAGE)
        snprintf(text, ADVICE_SIZE, "the bot's own: allowed, no answer");
    else if (!subject->is_group || subject->kind != ACCESS_MESSAGE)
        snprintf(text, ADVICE_SIZE, "allowed");
    else if (!verdict->respond)
        snprintf(text, ADVICE_SIZE,
                 "allowed, no answer: the bot is not mentioned; set "
                 "requireMention to false for \"%" PRId64 "\" at %s",
                 subject->group_id, group_place(rules, verdict));
    else
        snprintf(text, ADVICE_SIZE, "allowed: %s",
                 verdict->reason == ACCESS_BY_POLICY
                     ? "groupPolicy is open"
                     : meaning_of_list(rules, subject, verdict));
}

void access_advise(const struct access_rules *rules,
                   const struct access_subject *subject,
                   const struct access_verdict *verdict, struct buffer *out)
{
    char text[ADVICE_SIZE];
    if (verdict->allowed)
        advise_allowed(rules, subject, verdict, text);
    else if (subject->is_group)
        advise_group(rules, subject, verdict, text);
    else
        advise_private(rules, subject, verdict, text);
    buffer_append_string(out, text);
}
