/* SPDX-License-Identifier: MIT */
/* One configured QQ account: its links and what came over them.
 *
 * An account has any number of links at a time: a peer may split its roles
 * over two, and NapCat is known to leave an old link open beside a new one
 * (its answers then come on either). Events and answers are taken from any.
 *
 * Three things are true or not, each by itself: a link is up; QQ is online;
 * actions are answered. One thread. */
#ifndef ONEBUS_ACCOUNT_H
#define ONEBUS_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/complaint.h"
#include "core/access.h"
#include "core/backoff.h"
#include "core/handshake.h"
#include "core/peer.h"
#include "core/tally.h"
#include "core/watch.h"

enum {
    ACCOUNT_PEER_SIZE = 128,
    ACCOUNT_NAME_SIZE = 65,
    ACCOUNT_TROUBLE_SIZE = 128,
};

struct pairing_book;

/* What is known of a link when it opens. Strings are borrowed. */
struct link_info {
    enum link_role role;
    int64_t self_id;        /* 0 if the peer did not say */
    const char *remote;     /* address and port, for the log */
    const char *user_agent; /* NULL if the peer did not say */
};

/* One open WebSocket of a peer. */
struct link {
    struct link *older;
    struct account *account;
    void *wire; /* the edge's handle */
    enum link_role role;
    uint64_t serial; /* 1, 2, 3 … over all links, for the log */
    int64_t self_id; /* 0 until the peer says */
    uint64_t up_ms;  /* mono */
    struct watch watch;
    bool is_asked;          /* a get_status over it waits for an answer */
    bool is_mute;           /* the last one was not answered */
    const char *closing;    /* why the bridge is closing it; NULL: it is not */
    enum tally_cause cause; /* the same for the tally, while it is closing */
};

/* What the settings say. What it points to is borrowed. */
struct account_options {
    const char *name;  /* the key in the settings */
    int64_t self_id;   /* the only QQ number it may be; 0: any */
    uint64_t grace_ms; /* how long calls wait for an absent peer */
    struct watch_options watch;
    void *dialer; /* the edge's, if the bridge dials; NULL: the peer does */
    bool redials; /* or is one attempt enough */
    struct backoff_options backoff;
    struct access_rules access;
    size_t history_limit;   /* events, where bridge.history is not told */
    size_t text_max;        /* characters in one message; 0: no limit */
    size_t media_bytes_max; /* of one file */
};

/* What has been, for whoever asks what is wrong. Times are ms since 1970, 0:
 * never. */
struct account_past {
    uint64_t up_ms, down_ms; /* a link, the last time */
    uint64_t online_ms;      /* QQ went on- or offline */
    uint16_t down_code;
    char down_reason[ACCOUNT_TROUBLE_SIZE];
    uint64_t string_messages; /* where an array was due: CQ codes */
    uint64_t own_messages;    /* that the peer has reported */
};

enum account_online { ONLINE_UNKNOWN, ONLINE_YES, ONLINE_NO };

struct account {
    char name[ACCOUNT_NAME_SIZE];
    bool is_leaving; /* the settings have it no longer; its links close */
    size_t index;    /* a number of its own among all accounts ever */
    struct account_options options;
    int64_t self_id; /* pinned, or as last seen; 0 if unknown */
    struct link *newest;
    size_t link_count;
    uint64_t down_since_ms;       /* mono; means something without links only */
    char peer[ACCOUNT_PEER_SIZE]; /* name/version; empty if unknown */
    struct peer kind;             /* the same, understood */

    bool lacks_uploads;  /* the peer did not know upload_file_stream */
    bool is_stalled;     /* actions are taken and not answered */
    bool is_dialing;     /* an attempt is under way */
    bool is_degraded;    /* too many have failed */
    unsigned unanswered; /* calls in a row that timed out */
    enum account_online online;
    enum account_online told; /* that of the last line of log about it */
    uint64_t heartbeat_ms;    /* when the last one came; mono, 0: none has */
    uint64_t ask_ms;          /* mono: when to ask again how it is */

    struct backoff backoff;
    uint64_t dial_ms; /* mono: when to dial next; UINT64_MAX: not */
    char trouble[ACCOUNT_TROUBLE_SIZE]; /* why the last attempt failed */

    struct pairing_book *book; /* who may write in private; borrowed */
    /* What is said once a minute. */
    struct complaints unheard;   /* what `access` does not let through */
    struct complaints strangers; /* who get no code */
    struct complaint_row dials;  /* that failed */
    struct complaint_row turns;  /* links that came and went */
    struct complaints drops;     /* frames that lead nowhere */
    struct complaints repeats;   /* events that have come before */
    struct account_past past;
    uint64_t answers, calls;
    size_t in_flight; /* calls of callers that wait for an answer */
    size_t unsettled; /* calls that may have happened */
    struct tally tally;
};

/* An account without links. `options` are copied; what they point to must
 * stay. */
void account_init(struct account *account,
                  const struct account_options *options, size_t index,
                  uint64_t now_ms);

/* Its links are gone. */
void account_finish(struct account *account);

/* The settings are others now; links that are open are watched by them. */
void account_set_options(struct account *account,
                         const struct account_options *options,
                         uint64_t now_ms);

/* Add a link; the account owns it until account_remove_link(). */
struct link *account_add_link(struct account *account,
                              const struct link_info *info, void *wire,
                              uint64_t serial, uint64_t now_ms);

void account_remove_link(struct account *account, struct link *link,
                         uint64_t now_ms);

/* Remember who the peer is. What is not printable UTF-8 is left out: the peer
 * wrote it, and it goes into every envelope. */
void account_set_peer(struct account *account, struct slice peer);

/* The link that calls leave on: of those that take any the newest that
 * answers, else the newest. NULL if there is none. */
struct link *account_call_link(const struct account *account);

/* The link with this serial; NULL if it is gone. */
struct link *account_find_link(const struct account *account, uint64_t serial);

/* Is the link with this serial open? */
bool account_has_link(const struct account *account, uint64_t serial);

/* When the grace is over in which calls wait for the peer to come back;
 * mono. */
uint64_t account_grace_ends(const struct account *account);

/* "up", "down" or "degraded". */
const char *account_state(const struct account *account);

#endif
