/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/catalog.h"

const char *const TALLY_POST_WORDS[TALLY_POSTS] = {
    [ONEBOT_POST_UNKNOWN] = "other",
    [ONEBOT_POST_MESSAGE] = "message",
    [ONEBOT_POST_MESSAGE_SENT] = "message_sent",
    [ONEBOT_POST_NOTICE] = "notice",
    [ONEBOT_POST_REQUEST] = "request",
    [ONEBOT_POST_META_EVENT] = "meta_event",
};

const char *const TALLY_DROP_WORDS[TALLY_DROPS] = {
    [TALLY_INVALID_JSON] = "invalid_json",
    [TALLY_NOT_ONEBOT] = "not_onebot",
    [TALLY_STRAY_ANSWER] = "stray_answer",
    [TALLY_WRONG_SELF_ID] = "wrong_self_id",
};

const char *const TALLY_REFUSAL_WORDS[TALLY_REFUSALS] = {
    [TALLY_UNKNOWN_PATH] = "unknown_path",
    [TALLY_TOKEN_MISSING] = "token_missing",
    [TALLY_TOKEN_WRONG] = "token_wrong",
    [TALLY_OTHER_QQ] = "other_qq",
    [TALLY_BAD_REQUEST] = "bad_request",
    [TALLY_TOO_MANY_FAILURES] = "too_many_failures",
};

const char *const TALLY_CAUSE_WORDS[TALLY_CAUSES] = {
    [TALLY_LOST] = "lost",
    [TALLY_CLOSED] = "closed_by_peer",
    [TALLY_SILENT] = "silent",
    [TALLY_NOT_ITS_QQ] = "wrong_self_id",
    [TALLY_TOKEN_REFUSED] = "token_refused",
    [TALLY_SETTINGS] = "settings",
    [TALLY_SHUTDOWN] = "shutdown",
};

const char *const TALLY_RESULT_WORDS[TALLY_RESULTS] = {
    [TALLY_OK] = "ok",
    [TALLY_FAILED] = "failed",
    [TALLY_TIMEOUT] = "timeout",
    [TALLY_UNKNOWN] = "unknown",
    [TALLY_REJECTED] = "rejected",
    [TALLY_RATE_LIMITED] = "rate_limited",
    [TALLY_DUPLICATE] = "duplicate",
};

const char *const TALLY_SETTLEMENT_WORDS[TALLY_SETTLEMENTS] = {
    [TALLY_SETTLED_OK] = "ok",
    [TALLY_SETTLED_FAILED] = "failed",
    [TALLY_SETTLED_UNKNOWN] = "unknown",
};

const char *const TALLY_PAIRING_WORDS[TALLY_PAIRING_STEPS] = {
    [PAIRING_ASKED] = "asked",
    [PAIRING_WAITING] = "waiting",
    [PAIRING_DENIED] = "denied",
    [PAIRING_FULL] = "full",
};

const char *const TALLY_DECISION_WORDS[TALLY_DECISIONS] = {
    [TALLY_APPROVED] = "approved",
    [TALLY_DENIED] = "denied",
    [TALLY_REVOKED] = "revoked",
    [TALLY_EXPIRED] = "expired",
};

const char *const TALLY_REPLAY_WORDS[TALLY_REPLAYS] = {
    [TALLY_REPLAY_OK] = "ok",
    [TALLY_REPLAY_FAILED] = "failed",
    [TALLY_REPLAY_BUSY] = "busy",
    [TALLY_REPLAY_REJECTED] = "rejected",
};

void tally_finish(struct tally *tally)
{
    free(tally->actions);
    tally->actions = NULL;
    tally->action_count = 0;
}

/* A bot calls a handful of the two hundred there are, so each account has a
 * list of its own instead of a table of all. */
static struct tally_action *need_action(struct tally *tally, const char *name)
{
    for (size_t i = 0; i < tally->action_count; i++)
        if (tally->actions[i].name == name)
            return &tally->actions[i];
    tally->actions =
        mem_realloc(tally->actions,
                    (tally->action_count + 1) * sizeof(struct tally_action));
    struct tally_action *added = &tally->actions[tally->action_count++];
    *added = (struct tally_action){.name = name};
    return added;
}

void tally_call(struct tally *tally, const struct catalog_action *action,
                enum tally_result result)
{
    static const char other[] = "other";
    need_action(tally, action == NULL ? other : action->name)
        ->results[result]++;
}

enum tally_result tally_result_of(const struct reply *reply)
{
    switch (reply->error) {
    case REPLY_FINE:
        return TALLY_OK;
    case REPLY_PEER_ERROR:
        return TALLY_FAILED;
    case REPLY_UNKNOWN_ACTION:
        return reply->has_retcode ? TALLY_FAILED : TALLY_REJECTED;
    case REPLY_TIMEOUT:
        return TALLY_TIMEOUT;
    case REPLY_UNKNOWN:
        return TALLY_UNKNOWN;
    case REPLY_RATE_LIMITED:
        return TALLY_RATE_LIMITED;
    default:
        return TALLY_REJECTED;
    }
}

uint64_t tally_sum(const uint64_t *counts, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += counts[i];
    return sum;
}
