/* SPDX-License-Identifier: MIT */
/* The inside of a bridge: what the modules that make it up share. Nobody else
 * includes this but their tests.
 *
 *   bridge ─▶ service ─▶ inquiry, ledger_desk, catalog_desk, replay,
 * cursor_desk ─▶ pairing_desk ─▶ greeter ─▶ calls, publisher ─▶ media_desk ─▶
 * calls       all ─▶ serving ─▶ permit ─▶ callers ─▶ jobs ─▶ plan, job_id ─▶
 * job_run ─▶ preparing ─▶ calls ─▶ job_end ─▶ callers, settling ─▶ gate ─▶
 * standing, settling ─▶ calls, publisher ─▶ links ─▶ introduction ─▶ calls ─▶
 * pending
 *
 * One thread. */
#ifndef ONEBUS_INSIDE_H
#define ONEBUS_INSIDE_H

#include "base/buffer.h"
#include "core/bridge.h"
#include "core/event.h"

struct brake;
struct breaker;
struct cursors;
struct fold;
struct job;
struct knocks;
struct ledger;
struct media_task;
struct once;
struct pacing;
struct grants;
struct pairing;
struct pending;
struct recent;
struct settling;
struct verdicts;
struct waiting_reply;

enum {
    /* One huge frame must not hold its memory for ever. */
    SCRATCH_KEEP_BYTES = 1 << 20,
    INSIDE_REASON_SIZE = 256,
    /* Calls of the bridge's own that may wait for an answer, beside those of
     * callers. */
    OWN_CALLS_MAX = 256,
};

struct bridge {
    struct bridge_options options;
    struct bridge_ports ports;
    struct account **accounts;
    size_t account_count;
    size_t accounts_seen;
    uint64_t seed; /* for hashes: peers do not know it */
    struct pending *pending;
    struct job *first_job, *last_job;
    struct media_task *media_tasks;
    size_t job_bytes; /* that jobs hold while they wait */
    struct fold *fold;
    struct pairing *pairing;
    struct cursors *cursors;
    struct once *once;         /* the request ids of late */
    struct settling *settling; /* calls that were answered `unknown` */
    struct recent *sent;       /* the ids of what the bots have said */
    struct recent *told;       /* chats whose first drop has been told */
    struct brake *brake;
    struct pacing *pacing;
    struct breaker *breaker;
    struct verdicts *verdicts;
    struct ledger *ledger;
    struct knocks *knocks; /* who was not let in */
    uint64_t reload_ms;    /* the last time, since 1970; 0: never */
    char reload_fault[INSIDE_REASON_SIZE]; /* why that failed; "": it did not */
    struct id_list self_ids;               /* of all accounts */
    struct waiting_reply *waiting; /* for the disk, or for the settings */
    size_t waiting_count;
    uint64_t cookies;
    size_t callers_waiting;
    size_t held_bytes;
    size_t gathered_bytes;        /* of answers that have not all come */
    struct complaints complaints; /* about callers */
    struct grants *grants;        /* NULL: everybody may do everything */
    uint64_t unauthorized;        /* requests without a token of theirs */
    struct tally_all tally;
    uint64_t due_ms;    /* no deadline is before it */
    uint64_t unsaid_ms; /* when to look for what was not said; UINT64_MAX:
                         * nothing was */
    uint64_t seq;
    uint64_t links_seen;
    bool is_stopping;
    /* Whether events and calls are told one by one, at level debug, and how
     * much of what was said. */
    bool narrates_events, narrates_calls;
    enum log_content content;
    /* Reused from frame to frame, call to call. */
    struct buffer frame, own_frame, out, request;
    struct event_scratch event;
};

/* Write a line of log. */
void inside_say(struct bridge *bridge, enum log_level level, const char *format,
                ...) __attribute__((format(printf, 3, 4)));

/* Count one of what is said once a minute, `few` times before that: how many to
 * tell of now, or 0. What is not told now, unsaid_on_tick() tells of. */
uint64_t inside_complain(struct bridge *bridge, struct complaint_row *row,
                         const char *reason, uint32_t few, struct instant now);

/* The same of the row of a reason. */
uint64_t inside_complain_of(struct bridge *bridge,
                            struct complaints *complaints, const char *reason,
                            struct instant now);

/* A frame leads nowhere: count it, and say so once a minute. `reason` is a
 * literal, `detail` adds to it. */
void inside_drop_frame(struct bridge *bridge, struct account *account,
                       enum tally_drop kind, const char *reason,
                       const char *detail, struct instant now);

/* The account with this name, NULL if the settings have none. */
struct account *inside_account(const struct bridge *bridge, struct slice name);

/* The account with this index; NULL if it is gone. */
struct account *inside_account_at(const struct bridge *bridge, size_t index);

/* The only account there is; NULL if there are others. */
struct account *inside_only_account(const struct bridge *bridge);

/* bridge_on_tick() is to be called at this time, mono ms, or before. */
void inside_watch_deadline(struct bridge *bridge, uint64_t deadline_ms);

#endif
