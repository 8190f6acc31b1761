/* SPDX-License-Identifier: MIT */
/* May this sender be heard, and is an answer expected? The decision, with the
 * reason for it.
 *
 * A group message passes these, in this order:
 *
 *   1. the group's settings have `enabled: false`        group_disabled
 *   2. groupPolicy is closed                             group_policy_closed
 *   3. groupPolicy is allowlist, and neither `groups` has the group (or "*")
 *      nor groupAllowFrom its id or the sender's, nor groupSenderAllowFrom the
 *      sender's                                          group_not_listed
 *   4. the group's settings have an allowFrom, and the sender is not in it; or
 *      they have none, there are groupSenderAllowFrom or a groupAllowFrom that
 *      does not name the group, and the sender is in neither
 *                                                        sender_not_listed
 *   5. nobody mentions the bot where that is required: allowed, no answer
 *
 * groupAllowFrom is used for senders as well as for groups by those who write
 * settings, so an entry counts as either, unless it says which: "user:1" is a
 * sender as those of groupSenderAllowFrom, "group:1" a group alone. A private
 * message: dmPolicy closed; open; sender in allowFrom; paired; else
 * dm_not_listed or pairing_required. Pure. Any thread. */
#ifndef ONEBUS_ACCESS_H
#define ONEBUS_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/ids.h"
#include "core/glob.h"

struct onebot_frame;

enum access_policy {
    ACCESS_OPEN,
    ACCESS_PAIRING, /* of private messages only */
    ACCESS_ALLOWLIST,
    ACCESS_CLOSED,
};

/* Which actions calls into a group may use: those of `allow` that are not of
 * `deny`. */
struct access_tools {
    struct globs allow, deny;
};

/* One group's settings. */
struct access_group {
    int64_t id; /* 0: every group that has none of its own, "*" */
    bool enabled;
    bool require_mention;
    bool mention_all; /* an @all is a mention */
    bool has_allow_from;
    struct id_list allow_from;
    struct slice extras; /* MessagePack pairs for consumers */
    size_t extra_count;
    const struct access_tools *tools; /* NULL: all of them */
    const char *place;                /* where the settings have it */
};

/* Where the settings have these, to be named to the operator. */
struct access_places {
    const char *dm_policy, *allow_from;
    const char *group_policy, *group_allow_from, *groups;
};

/* One account's settings. All borrowed. */
struct access_rules {
    enum access_policy dm_policy, group_policy;
    struct id_list allow_from;
    struct id_list group_allow_from;
    struct id_list group_sender_allow_from;
    const struct access_group *groups; /* by id, ascending */
    size_t group_count;
    struct access_places places;
};

/* What an event is to the gate. */
enum access_kind {
    ACCESS_MESSAGE,
    ACCESS_ACT,    /* a notice of what somebody does in a chat */
    ACCESS_NOTICE, /* a notice about a group: the group decides */
    ACCESS_FREE,   /* passes always */
};

struct access_subject {
    enum access_kind kind;
    bool is_group;
    bool is_own; /* the bot said it */
    bool is_paired;
    bool mentions_self, mentions_all, replies_to_self;
    int64_t group_id, user_id; /* 0 if unknown */
};

enum access_reason {
    ACCESS_NOT_GATED,
    ACCESS_OWN_MESSAGE,
    ACCESS_BY_POLICY,
    ACCESS_GROUP_LISTED,
    ACCESS_SENDER_LISTED,
    ACCESS_BY_ALLOW_FROM,
    ACCESS_PAIRED,
    ACCESS_LOOP_BRAKE,
    ACCESS_GROUP_DISABLED,
    ACCESS_GROUP_POLICY_CLOSED,
    ACCESS_GROUP_NOT_LISTED,
    ACCESS_SENDER_NOT_LISTED,
    ACCESS_DM_POLICY_CLOSED,
    ACCESS_DM_NOT_LISTED,
    ACCESS_PAIRING_REQUIRED,
    ACCESS_REASONS,
};

struct access_verdict {
    bool allowed;
    bool respond;
    bool mentioned;
    enum access_reason reason;
    const struct access_group *group; /* its settings; NULL if there are none */
};

/* Who did it: mostly `user_id`, but of some notices that is whom it was done
 * to, or missing. 0 if nobody is named. */
int64_t access_actor_of(const struct onebot_frame *event);

enum access_kind access_kind_of(const struct onebot_frame *event,
                                int64_t self_id);

/* The group's own settings, else those of "*", else NULL. */
const struct access_group *access_group_of(const struct access_rules *rules,
                                           int64_t id);

/* May calls into the group use this action? */
bool access_tools_allow(const struct access_tools *tools, struct slice action);

struct access_verdict access_judge(const struct access_rules *rules,
                                   const struct access_subject *subject);

/* The public codes: "group_not_listed". */
extern const char *const ACCESS_REASON_NAMES[ACCESS_REASONS];
const char *access_reason_name(enum access_reason reason);

/* Append one sentence: what decided, where the settings have it, and what to
 * change for another decision. */
void access_advise(const struct access_rules *rules,
                   const struct access_subject *subject,
                   const struct access_verdict *verdict, struct buffer *out);

#endif
