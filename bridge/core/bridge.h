/* SPDX-License-Identifier: MIT */
/* The crossing: frames of the peers become events on the bus, requests from
 * the bus become frames to the peers, answers find their way back.
 *
 *     bridge_on_frame ── event ──▶ emit          bridge_on_call ──▶ send
 *                     ── answer ─▶ reply                       ──▶ reply
 *
 * It owns the accounts, their links and the calls that wait, and reaches the
 * world through its ports alone: no socket, no file, no clock, no thread.
 * Every call gets exactly one reply. All functions: the loop's thread; what
 * they are given is borrowed until they return. */
#ifndef ONEBUS_BRIDGE_H
#define ONEBUS_BRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/log_level.h"
#include "base/status.h"
#include "core/account.h"
#include "core/grants.h"
#include "core/media.h"
#include "core/pacing.h"

struct archive_filter;
struct archive_page;
struct archive_query;
struct archive_state;
struct cursor;
struct knock_info;
struct measures;
struct nats_state;
struct once_digest;
struct once_found;
struct once_key;
struct pairing_entry;

/* An event on its way out. Events come in the order of `seq`, and none is left
 * out. */
struct bridge_event {
    uint64_t seq;
    uint64_t time_ms;     /* since 1970 */
    struct slice message; /* topic, NUL, envelope */
};

/* What the crossing asks of the outside. No calling back in. */
struct bridge_ports {
    void *ctx;
    /* Queue one text frame on a link. STATUS_FULL: its queue is full. */
    enum status (*send)(void *ctx, void *wire, struct slice text);
    /* Send a WebSocket ping; bridge_on_pong() tells of the answer. */
    void (*ping)(void *ctx, void *wire);
    /* Bytes that wait to be written on a link. */
    size_t (*unsent)(void *ctx, const void *wire);
    /* Close a link with this code, or, if that is 0, drop it at once, for its
     * peer is dead; bridge_on_link_down() tells when it is. */
    void (*close)(void *ctx, void *wire, uint16_t code, const char *reason);
    /* Try once to reach the peer of an account that dials: a link comes up,
     * or bridge_on_dial_failed() tells why not. */
    void (*dial)(void *ctx, void *dialer);
    /* Keep and publish an event. */
    void (*emit)(void *ctx, const struct bridge_event *event);
    /* Answer a call; the ticket is done with. */
    void (*reply)(void *ctx, void *ticket, struct slice payload);
    /* Leave the bytes of the call that is being told of where they are until it
     * is answered. False: they go when bridge_on_call() returns. */
    bool (*hold)(void *ctx, void *ticket);
    /* Where a call came from, for the log; borrowed until the next one. */
    const char *(*caller)(void *ctx, void *ticket);
    /* Write a line of log: "part: what happened key=value". */
    void (*say)(void *ctx, enum log_level level, const char *line);
    /* Bytes that nobody can foretell. */
    void (*random)(void *ctx, void *bytes, size_t size);
    /* Keep this over restarts, or forget it if it is PAIRING_GONE. Unless the
     * cookie is 0, bridge_on_kept() tells how it went. STATUS_FULL: not now. */
    enum status (*keep)(void *ctx, const struct pairing_entry *entry,
                        uint64_t cookie);
    /* The same for a consumer's cursor. */
    enum status (*keep_cursor)(void *ctx, const struct cursor *cursor,
                               bool forget, uint64_t cookie);
    /* Find out whether a request id has been used, and if not, keep that it is
     * from now on; bridge_on_claimed() tells. STATUS_FULL: that cannot be now,
     * and the id is known to this process alone. */
    enum status (*claim)(void *ctx, const struct once_key *key,
                         const struct once_digest *digest, uint64_t wall_ms,
                         uint64_t cookie);
    /* Keep the reply to a call with a claimed id, or a better one than before;
     * at most ONCE_REPLY_BYTES_MAX. As for `keep`. */
    enum status (*finish)(void *ctx, const struct once_key *key,
                          struct slice reply, uint64_t cookie);
    /* Nothing was sent for a claimed id, which has no reply: it may be used
     * again. */
    void (*forget)(void *ctx, const struct once_key *key);
    /* Load what an http or https address names, at most `bytes_max`;
     * bridge_on_fetched() brings it. STATUS_FULL: too much is being loaded. */
    enum status (*fetch)(void *ctx, struct slice url, size_t bytes_max,
                         uint64_t cookie);
    /* Read a page of the journal; bridge_on_page() brings it. Takes over the
     * filter, unless it gives STATUS_FULL: too much is being read already. */
    enum status (*read)(void *ctx, const struct archive_query *query,
                        struct archive_filter *filter, uint64_t cookie);
    /* How the journal is now; strings are good until the next call. */
    void (*archive)(void *ctx, struct archive_state *state);
    /* The same of the publishing to NATS. */
    void (*nats)(void *ctx, struct nats_state *state);
    /* Read the settings again, soon; bridge_on_reloaded() tells how it went.
     * STATUS_FULL: that cannot be now. */
    enum status (*reload)(void *ctx);
    /* Have the log say this much from now on; and how much that is in all, and
     * for how long still (0: until the settings are read again). */
    void (*log)(void *ctx, const struct log_change *change,
                struct log_options *now, uint64_t *left_ms);
};

/* The strings, and what the accounts' options point to, are borrowed until
 * bridge_destroy(), or until others take their place. */
struct bridge_options {
    const struct account_options *accounts;
    size_t account_count;
    const struct grant_options *grants;
    size_t grant_count;  /* 0: everybody may do everything */
    bool allows_unknown; /* actions that are not in the catalogue */
    bool enforces;       /* drop what is not allowed; else it is only marked */
    const char *version;
    const char *epoch;         /* names the journal in events */
    const char *run;           /* names this process in echoes */
    uint64_t first_seq;        /* the last one that was given before */
    uint64_t read_timeout_ms;  /* how long an answer to a read may take */
    uint64_t write_timeout_ms; /* to anything else */
    struct pacing_options pacing;
    size_t calls_max;         /* unanswered at a time */
    size_t request_bytes_max; /* a frame to a peer */
    size_t link_bytes_max;    /* that may wait to be written on a link */
    unsigned depth_max;       /* nesting of a frame; 0: the default */
    /* But for bytes_max, which is an account's, and may_upload, which is its
     * peer's. */
    struct media_options media;
};

/* Paths of settings: "channels.napcatqq.dmPolicy". */
struct bridge_changes {
    const char *const *changed;
    size_t changed_count;
    const char *const *restart;
    size_t restart_count;
};

struct bridge;

struct bridge *bridge_create(const struct bridge_options *options,
                             const struct bridge_ports *ports,
                             struct instant now);
/* Calls that still wait are forgotten: see bridge_abandon(). */
void bridge_destroy(struct bridge *bridge);

/* The account with this name, NULL if there is none. It stays until the
 * settings drop it and its last link is down. */
struct account *bridge_account(const struct bridge *bridge, const char *name);

/* May a peer with this QQ number (0: it did not say) open a link of the
 * account? One QQ at a time: two would answer for each other. False: `other`
 * is the number that is there. */
bool bridge_admits(struct bridge *bridge, struct account *account,
                   int64_t self_id, int64_t *other, struct instant now);

/* A peer of the account has opened a link, or the bridge one to it. The result
 * names it until bridge_on_link_down(). */
struct link *bridge_on_link_up(struct bridge *bridge, struct account *account,
                               const struct link_info *info, void *wire,
                               struct instant now);

/* It has ended. `code` is the peer's close code (RFC 6455, 7.4; 1005: it gave
 * none, 1006: the connection was lost), `reason` says how. */
void bridge_on_link_down(struct bridge *bridge, struct link *link,
                         uint16_t code, const char *reason, struct instant now);

/* Somebody has knocked at a listener and was not let in. */
void bridge_on_knock(struct bridge *bridge, const struct knock_info *info,
                     struct instant now);

void bridge_on_pong(struct bridge *bridge, struct link *link,
                    struct instant now);

void bridge_on_dial_failed(struct bridge *bridge, struct account *account,
                           const char *reason, struct instant now);

/* The settings are others now: these options, all of them, take the place of
 * those before. Accounts are told apart by name; the links of those that are
 * gone are closed, those of the others stay. What the process was built with
 * stays too: version, epoch, run, first_seq, calls_max, request_bytes_max. */
void bridge_reconfigure(struct bridge *bridge,
                        const struct bridge_options *options,
                        struct instant now);

/* Write to the log how all of it is, in so many lines at most as dump.h says.
 */
void bridge_dump(struct bridge *bridge, struct instant now);

/* The log says this much now. */
void bridge_narrate(struct bridge *bridge, const struct log_options *options);

/* Close the account's links and, if it dials, dial anew: it is to be reached
 * in another way from now on. */
void bridge_renew_links(struct bridge *bridge, struct account *account,
                        struct instant now);

/* One whole frame, whatever is in it. */
void bridge_on_frame(struct bridge *bridge, struct link *link,
                     struct slice text, struct instant now);

/* The bytes of one request from the bus. `ticket` comes back in exactly one
 * reply, perhaps before this returns. `token` is the topic token of the account
 * on whose subject it came, as by NATS; empty where all come by one way. */
void bridge_on_call(struct bridge *bridge, void *ticket, struct slice token,
                    struct slice bytes, struct instant now);

/* What was to be fetched is here: `bytes`, which may be taken over. Unless
 * `error` is REPLY_FINE there are none, and `fault` says why. */
void bridge_on_fetched(struct bridge *bridge, uint64_t cookie,
                       enum reply_error error, struct buffer *bytes,
                       const char *fault, struct instant now);

/* What is known of who is paired, from before this start. False: no sound
 * entry. */
bool bridge_restore(struct bridge *bridge, const struct pairing_entry *entry);

/* A cursor that was kept before this start. False: there are too many. */
bool bridge_restore_cursor(struct bridge *bridge, const struct cursor *cursor);

/* What was asked of the journal. */
void bridge_on_page(struct bridge *bridge, uint64_t cookie,
                    const struct archive_page *page, struct instant now);

/* The journal cannot be written from now on, and why; or ("") it can again. */
void bridge_on_journal(struct bridge *bridge, const char *fault,
                       struct instant now);

/* Nothing gets into the stream at NATS any more, and why; or ("") it does
 * again. */
void bridge_on_nats(struct bridge *bridge, const char *fault,
                    struct instant now);

/* These events will never get there. */
void bridge_on_nats_gap(struct bridge *bridge, uint64_t first, uint64_t last,
                        const char *reason, struct instant now);

/* What was to be kept is kept, or is not: why. */
void bridge_on_kept(struct bridge *bridge, uint64_t cookie, bool is_kept,
                    const char *why, struct instant now);

/* What was found where a request id was claimed. If it could not be kept,
 * `found` is ONCE_NEW and says why: the id is known to this process alone. */
void bridge_on_claimed(struct bridge *bridge, uint64_t cookie,
                       const struct once_found *found, struct instant now);

/* The settings were to be read again. `changes`: the paths of those that are
 * others now, `restart`: of those that count from the next start only; or
 * `fault` says why all stays as it was. */
void bridge_on_reloaded(struct bridge *bridge,
                        const struct bridge_changes *changes, const char *fault,
                        struct instant now);

/* Do what is due. */
void bridge_on_tick(struct bridge *bridge, struct instant now);

/* When bridge_on_tick() next has something to do: mono ms, UINT64_MAX if
 * never. */
uint64_t bridge_due(const struct bridge *bridge);

/* Add what has been counted, and how it is, to `measures`: /metrics. */
void bridge_measure(const struct bridge *bridge, struct measures *measures,
                    struct instant now);

/* From now on calls are answered `shutting_down`; those sent may finish. */
void bridge_stop(struct bridge *bridge, struct instant now);

/* Append the data of bridge.status, whatever is granted. */
void bridge_describe(const struct bridge *bridge, struct buffer *out,
                     struct instant now);

/* Calls that still wait for an answer. */
size_t bridge_calls_waiting(const struct bridge *bridge);

/* Is there nothing left to wait for after bridge_stop()? Callers have their
 * replies, and the ids of what was not sent are free again. */
bool bridge_is_drained(const struct bridge *bridge);

/* Answer every call that still waits with what is known of it. */
void bridge_abandon(struct bridge *bridge, struct instant now);

#endif
