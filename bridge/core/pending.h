/* SPDX-License-Identifier: MIT */
/* Calls that have not been answered yet.
 *
 * A call is *held* while its account's peer is away and may come back, then
 * *sent*. Its echo is text, unique over all calls of this process and, by the
 * run in it, over restarts: an answer that comes late, or on another link,
 * never meets a stranger's call (OneBot 11 answers carry nothing else).
 *
 * Bounded: `capacity` calls at a time. One thread. */
#ifndef ONEBUS_PENDING_H
#define ONEBUS_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "core/utterance.h"

struct account;
struct bridge;
struct call;
struct gathering;
struct reply;

enum { PENDING_ECHO_SIZE = 64 };

/* A call has come to its end: answered, or not. The call goes when this
 * returns. */
typedef void call_end(struct bridge *bridge, const struct call *call,
                      const struct reply *reply, struct instant now);

/* Plain data; what is owned is freed by pending_remove(). */
struct call {
    struct call *next, *previous; /* all calls, oldest first */
    struct account *account;
    call_end *on_end;
    void *ctx;     /* on_end's */
    uint64_t link; /* the serial of the one it was sent on */
    bool is_read;  /* no answer: timeout, else unknown */
    bool is_sent;  /* else held */
    bool counts;   /* silence speaks against the peer */
    char *text;    /* owned: the frame, while held */
    size_t text_bytes;
    struct utterance said; /* of a write: by this its message is known again */
    struct gathering *stream; /* owned: its answers; NULL: there is but one */
    uint64_t started_ms;      /* mono */
    uint64_t deadline_ms;     /* mono */
    uint64_t patience_ms;     /* that it began with */
    uint64_t serial;
    char echo[PENDING_ECHO_SIZE];
};

struct pending;

/* `run` is copied. */
struct pending *pending_create(size_t capacity, const char *run);
void pending_destroy(struct pending *pending);

/* A new call with its echo and nothing else; NULL when full. */
struct call *pending_add(struct pending *pending);

/* The call with this echo, NULL if nobody waits for it. */
struct call *pending_find(const struct pending *pending, struct slice echo);

/* Forget the call and free what it owns. */
void pending_remove(struct pending *pending, struct call *call);

/* All calls, oldest first, linked by `next`. */
struct call *pending_first(const struct pending *pending);

size_t pending_count(const struct pending *pending);

#endif
