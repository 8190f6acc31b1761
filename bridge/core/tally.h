/* SPDX-License-Identifier: MIT */
/* What has come over the links and what became of it, counted for bridge.status
 * and /metrics: of each account, and of the bridge as a whole. Counts only
 * grow; what is told apart is a known set of words, never a user, a group or a
 * text. Plain data, but for the list of the actions that have been called. One
 * thread. */
#ifndef ONEBUS_TALLY_H
#define ONEBUS_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/histogram.h"
#include "core/access.h"
#include "core/onebot.h"
#include "core/pairing.h"
#include "core/request.h"

struct catalog_action;

/* Frames that led nowhere. */
enum tally_drop {
    TALLY_INVALID_JSON,
    TALLY_NOT_ONEBOT,    /* neither event nor answer */
    TALLY_STRAY_ANSWER,  /* to a call that nobody waits for */
    TALLY_WRONG_SELF_ID, /* of a QQ that is not this account's */
    TALLY_DROPS,
};

/* Why a peer was not let in. */
enum tally_refusal {
    TALLY_UNKNOWN_PATH,      /* which is no account's */
    TALLY_TOO_MANY_FAILURES, /* whatever path was asked for */
    TALLY_TOKEN_MISSING,
    TALLY_TOKEN_WRONG,
    TALLY_OTHER_QQ,
    TALLY_BAD_REQUEST,
    TALLY_REFUSALS,
};

/* Why a link ended. */
enum tally_cause {
    TALLY_LOST,          /* without a closing handshake */
    TALLY_CLOSED,        /* the peer closed it */
    TALLY_SILENT,        /* not even a ping was answered */
    TALLY_NOT_ITS_QQ,    /* it spoke for another than this account's */
    TALLY_TOKEN_REFUSED, /* by the peer, in a frame */
    TALLY_SETTINGS,      /* they have changed */
    TALLY_SHUTDOWN,
    TALLY_CAUSES,
};

/* How calls end. */
enum tally_result {
    TALLY_OK,
    TALLY_FAILED,       /* the peer said no */
    TALLY_TIMEOUT,      /* a read that nobody answered */
    TALLY_UNKNOWN,      /* it may have happened */
    TALLY_REJECTED,     /* by the bridge: nothing was sent */
    TALLY_RATE_LIMITED, /* its turn came too late */
    TALLY_DUPLICATE,    /* the id was used before: nothing was sent again */
    TALLY_RESULTS,
};

/* What becomes of calls that were TALLY_UNKNOWN. */
enum tally_settlement {
    TALLY_SETTLED_OK,
    TALLY_SETTLED_FAILED,
    TALLY_SETTLED_UNKNOWN, /* for good */
    TALLY_SETTLEMENTS,
};

/* What a stranger's private message leads to: enum pairing_step. */
enum { TALLY_PAIRING_STEPS = PAIRING_FULL + 1 };

/* How it ends. */
enum tally_decision {
    TALLY_APPROVED,
    TALLY_DENIED,
    TALLY_REVOKED,
    TALLY_EXPIRED,
    TALLY_DECISIONS,
};

/* The ways of media. */
enum tally_way {
    TALLY_OUT_INLINE, /* in the frame of the call */
    TALLY_OUT_UPLOAD, /* before it, in pieces */
    TALLY_IN_FETCH,   /* loaded by the bridge from where a URL leads */
    TALLY_IN_PEER,    /* over the link */
    TALLY_WAYS,
};

/* How bridge.replay and bridge.history end. */
enum tally_replay {
    TALLY_REPLAY_OK,
    TALLY_REPLAY_FAILED, /* the journal cannot be read */
    TALLY_REPLAY_BUSY,
    TALLY_REPLAY_REJECTED, /* it makes no sense */
    TALLY_REPLAYS,
};

enum {
    TALLY_POSTS = ONEBOT_POST_META_EVENT + 1,
    TALLY_DENIALS = ACCESS_PAIRING_REQUIRED - ACCESS_GROUP_DISABLED + 1,
};

/* The words for them, in their order. */
extern const char *const TALLY_POST_WORDS[TALLY_POSTS];
extern const char *const TALLY_DROP_WORDS[TALLY_DROPS];
extern const char *const TALLY_REFUSAL_WORDS[TALLY_REFUSALS];
extern const char *const TALLY_CAUSE_WORDS[TALLY_CAUSES];
extern const char *const TALLY_RESULT_WORDS[TALLY_RESULTS];
extern const char *const TALLY_SETTLEMENT_WORDS[TALLY_SETTLEMENTS];
extern const char *const TALLY_PAIRING_WORDS[TALLY_PAIRING_STEPS];
extern const char *const TALLY_DECISION_WORDS[TALLY_DECISIONS];
extern const char *const TALLY_REPLAY_WORDS[TALLY_REPLAYS];

/* An action that has been called. */
struct tally_action {
    const char *name; /* a literal; "other": not in the catalogue */
    uint64_t results[TALLY_RESULTS];
};

/* Of one account. Zero-initialised is empty. */
struct tally {
    uint64_t received[TALLY_POSTS];  /* events */
    uint64_t published[TALLY_POSTS]; /* of them */
    uint64_t dropped[TALLY_DROPS];
    uint64_t denied[TALLY_DENIALS]; /* from ACCESS_GROUP_DISABLED on */
    uint64_t bytes_in, bytes_out;   /* of frames */
    uint64_t links;                 /* that came up */
    uint64_t refused[TALLY_REFUSALS];
    uint64_t dials_failed;
    uint64_t downs[TALLY_CAUSES];
    uint64_t settled[TALLY_SETTLEMENTS];
    struct histogram durations;   /* of calls, for their callers */
    struct histogram waits;       /* of sends, for their turn */
    struct tally_action *actions; /* owned; as many as have been called */
    size_t action_count;
};

/* Of the bridge as a whole. */
struct tally_all {
    uint64_t own_events;              /* that were published */
    uint64_t refused[TALLY_REFUSALS]; /* peers that named no account */
    uint64_t requests_refused[REPLY_INTERNAL + 1]; /* by enum reply_error */
    uint64_t pairing[TALLY_PAIRING_STEPS];
    uint64_t decisions[TALLY_DECISIONS];
    uint64_t media_bytes[TALLY_WAYS];
    uint64_t replays[TALLY_REPLAYS];
    uint64_t replayed_events;
};

void tally_finish(struct tally *tally);

/* A call has ended so; `action` NULL: not in the catalogue. */
void tally_call(struct tally *tally, const struct catalog_action *action,
                enum tally_result result);

/* How a call with this reply is counted. */
enum tally_result tally_result_of(const struct reply *reply);

uint64_t tally_sum(const uint64_t *counts, size_t count);

#endif
