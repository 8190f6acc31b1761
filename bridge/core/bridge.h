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
#include "base/log.h"
#include "base/status.h"
#include "core/account.h"

/* What the crossing asks of the outside. No calling back in. */
struct bridge_ports {
    void *ctx;
    /* Queue one text frame on a link. STATUS_FULL: its queue is full. */
    enum status (*send)(void *ctx, void *wire, struct slice text);
    /* Publish an event message: topic, NUL, envelope. */
    void (*emit)(void *ctx, struct slice message);
    /* Answer a call; the ticket is done with. */
    void (*reply)(void *ctx, void *ticket, struct slice payload);
    /* Where a call came from, for the log; borrowed until the next one. */
    const char *(*caller)(void *ctx, void *ticket);
    /* Write a line of log: "part: what happened key=value". */
    void (*say)(void *ctx, enum log_level level, const char *line);
};

struct bridge_account_options {
    const char *name;
    int64_t self_id;   /* 0: any */
    uint64_t grace_ms; /* how long calls wait for an absent peer */
};

/* Borrowed until bridge_destroy(). */
struct bridge_options {
    const struct bridge_account_options *accounts;
    size_t account_count;
    const char *version;
    const char *epoch;         /* names this run in events and echoes */
    uint64_t read_timeout_ms;  /* how long an answer to a read may take */
    uint64_t write_timeout_ms; /* to anything else */
    size_t calls_max;          /* unanswered at a time */
    size_t request_bytes_max;  /* a frame to a peer */
    unsigned depth_max;        /* nesting of a frame; 0: the default */
};

struct bridge;

struct bridge *bridge_create(const struct bridge_options *options,
                             const struct bridge_ports *ports,
                             struct instant now);
/* Calls that still wait are forgotten: see bridge_abandon(). */
void bridge_destroy(struct bridge *bridge);

/* A peer of the account with this index has opened a link. The result names it
 * until bridge_on_link_down(). */
struct link *bridge_on_link_up(struct bridge *bridge, size_t index,
                               const struct link_info *info, void *wire,
                               struct instant now);
void bridge_on_link_down(struct bridge *bridge, struct link *link,
                         struct instant now);

/* One whole frame, whatever is in it. */
void bridge_on_frame(struct bridge *bridge, struct link *link,
                     struct slice text, struct instant now);

/* The bytes of one request from the bus. `ticket` comes back in exactly one
 * reply, perhaps before this returns. */
void bridge_on_call(struct bridge *bridge, void *ticket, struct slice bytes,
                    struct instant now);

/* Do what is due. */
void bridge_on_tick(struct bridge *bridge, struct instant now);

/* When bridge_on_tick() next has something to do: mono ms, UINT64_MAX if
 * never. */
uint64_t bridge_due(const struct bridge *bridge);

/* From now on calls are answered `shutting_down`; those sent may finish. */
void bridge_stop(struct bridge *bridge, struct instant now);

/* Calls that still wait for an answer. */
size_t bridge_calls_waiting(const struct bridge *bridge);

/* Answer every call that still waits with what is known of it. */
void bridge_abandon(struct bridge *bridge, struct instant now);

#endif
