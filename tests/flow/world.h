/* SPDX-License-Identifier: MIT */
/* The whole core in memory: a bridge whose ports write down what they are
 * given, and a clock turned by hand.
 *
 *     struct world *w = world_create(1);
 *     struct link *link = world_link(w, 0, LINK_UNIVERSAL);
 *     world_call(w, "{\"action\":\"send_msg\"}");
 *     world_advance_ms(w, 30000);
 *     CHECK_STR(world_reply(w, 0)->error, "unknown");
 */
#ifndef ONEBUS_WORLD_H
#define ONEBUS_WORLD_H

#include <cjson/cJSON.h>

#include "core/archive.h"
#include "core/bridge.h"
#include "core/cursors.h"
#include "core/nats_state.h"
#include "core/once.h"
#include "core/pairing.h"

enum {
    WORLD_READ_TIMEOUT_MS = 10 * 1000,
    WORLD_WRITE_TIMEOUT_MS = 30 * 1000,
    WORLD_GRACE_MS = 5 * 1000,
    WORLD_INTERVAL_MS = 30 * 1000, /* of heartbeats, where they are on */
    WORLD_TIMEOUT_MS = 10 * 1000,
    WORLD_CALLS_MAX = 4,
    WORLD_REQUEST_BYTES_MAX = 4096,
    WORLD_KEPT_MAX = 4096,
};

/* One reply, as its caller sees it. */
struct world_reply {
    size_t ticket; /* 1 for the first call */
    cJSON *json;
    const char *status; /* in `json` */
    const char *error;  /* in `json`; "" if there is none */
};

/* One event message. */
struct world_event {
    char *topic;
    cJSON *envelope;
};

/* One frame to a peer. */
struct world_frame {
    void *wire;
    char *text;
    char *echo;
};

/* One link that the bridge has closed. */
struct world_closed {
    void *wire;
    uint16_t code;
    const char *reason;
};

/* One request id that was claimed, or the reply to its call. */
struct world_claim {
    struct once_key key;
    struct once_digest digest;
    char *reply; /* NULL: it is a claim */
    size_t reply_bytes;
    uint64_t cookie;
    bool is_answered;
};

struct world {
    struct bridge_options options;
    struct bridge *bridge;
    struct instant now;
    size_t tickets;
    bool refuse_sends;    /* the links' queues are full */
    const char *app_name; /* what peers say they are, "" at first; NULL:
                             they do not answer */
    const char *app_version;
    bool is_linking;
    char introduction[64]; /* echo of the get_version_info of this link */
    struct world_reply replies[WORLD_KEPT_MAX];
    size_t reply_count;
    struct world_event events[WORLD_KEPT_MAX];
    size_t event_count;
    struct world_frame frames[WORLD_KEPT_MAX];
    size_t frame_count;
    struct world_closed closed[WORLD_KEPT_MAX];
    size_t closed_count;
    size_t pings, dials, reloads;
    struct pairing_entry kept[WORLD_KEPT_MAX];
    size_t kept_count;
    uint64_t cookie; /* of the last one */
    bool refuse_keeping;
    struct cursor cursor; /* that was to be kept last */
    bool forgets_cursor;
    struct world_claim claims[WORLD_KEPT_MAX];
    size_t claim_count;
    struct world_claim finished[WORLD_KEPT_MAX];
    size_t finished_count;
    struct once_key forgotten[WORLD_KEPT_MAX];
    size_t forgotten_count;
    char url[256]; /* that was to be fetched last */
    uint64_t fetch_cookie;
    size_t fetch_count;
    bool refuse_fetches;
    bool holds;         /* requests stay where they are, if that is asked for */
    size_t hold_count;  /* so often it was */
    bool is_store_slow; /* claims and finishes are answered by hand */
    bool refuse_claims; /* ids are known to the process alone */
    struct archive_query query; /* that was asked last */
    struct archive_filter *filter;
    bool refuse_reading;
    const char *journal_fault; /* why it cannot be written; NULL: it can */
    struct nats_state nats;    /* "off" at first */
    struct log_options loudness;
    struct buffer metrics; /* the text that was asked for last */
    struct buffer log;     /* the lines said, each with a line feed */
};

/* What an account of a world is, unless it is told: reverse, no heartbeat,
 * open to all. */
struct account_options world_account(size_t index);

struct world *world_create_from(const struct account_options *accounts,
                                size_t count);

/* A world with accounts "a0", "a1", …; what is not given is as above. */
struct world *world_create(size_t accounts);
struct world *world_create_with(size_t accounts, size_t calls_max);
struct world *world_create_sized(size_t accounts, size_t calls_max,
                                 size_t request_bytes_max);
void world_destroy(struct world *world);

/* A peer comes; QQ number 10001 + account. The wire is a number of its own. It
 * is asked who it is, and says so at once: not among `frames`. */
struct link *world_link(struct world *world, size_t account,
                        enum link_role role);
void world_unlink(struct world *world, struct link *link);

void world_frame_in(struct world *world, struct link *link, const char *text);

/* A JSON request; returns its ticket: 1, 2, 3 … */
size_t world_call(struct world *world, const char *request);

/* The same on the subject of an account: the one with this topic token. */
size_t world_call_on(struct world *world, const char *token,
                     const char *request);

/* The peer answers the frame with this index: {"status":"ok",…} */
void world_answer(struct world *world, struct link *link, size_t frame);

/* The store tells what it found for the claim with this index; `reply`, a JSON
 * text, is for ONCE_DONE alone, `why` unless it was kept; else both are NULL.
 */
void world_claimed(struct world *world, size_t index, enum once_state state,
                   const char *reply, const char *why);

/* Every claim that has not been told of is new, and kept. */
void world_claimed_new(struct world *world);

/* Every reply that was to be kept is. */
void world_finished(struct world *world);

/* What was to be fetched last is here, or is not: why. */
void world_fetched(struct world *world, const char *bytes, const char *why);

/* Turn the clock, stopping wherever the bridge has something to do. */
void world_advance_ms(struct world *world, uint64_t ms);

/* What /metrics would show of the bridge; until the next call. */
const char *world_metrics(struct world *world);

/* The reply with this index, oldest first; NULL if there are not so many. */
const struct world_reply *world_reply(const struct world *world, size_t index);

#endif
