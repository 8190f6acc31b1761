/* SPDX-License-Identifier: MIT */
/* The request ids of late: a call with the same id again is not made again.
 *
 *                    once_begin()             once_finish()
 *     ONCE_NEW ────────────────▶ ONCE_BEGUN ────────────────▶ ONCE_DONE
 *         ▲                           │                           │
 *         └─────── once_forget() ─────┴──── after ONCE_KEEP_MS ───┘
 *
 * This is what the process itself knows: which call to join, and the last
 * replies, at hand at once. What outlives it is behind the bridge's ports
 * claim, finish and forget, and where that cannot be written this is all there
 * is. At most ONCE_ENTRIES_MAX ids and ONCE_BYTES_MAX of replies; those that
 * are done go first, oldest first, and those that are not never do. Pure. One
 * thread. */
#ifndef ONEBUS_ONCE_H
#define ONEBUS_ONCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "core/once_key.h"

enum {
    ONCE_KEEP_MS = 24 * 60 * 60 * 1000,
    ONCE_REPLY_BYTES_MAX = 64 << 10,
    ONCE_ENTRIES_MAX = 8192,
    ONCE_BYTES_MAX = 16 << 20,
};

enum once_state {
    ONCE_NEW,   /* nobody has used the id, or that is too long ago */
    ONCE_BEGUN, /* somebody has, and there is no reply to it yet */
    ONCE_DONE,  /* there is a reply */
    ONCE_OTHER, /* somebody has, and asked for something else */
};

struct once_found {
    enum once_state state;
    struct slice reply; /* of ONCE_DONE: as it was finished with */
    uint64_t call;      /* of ONCE_BEGUN, from once_find(): as it was begun */
    bool is_durable;    /* of a claim: this is on disk; else false */
    const char *why;    /* of a claim: it is not; else "" */
};

struct once;

/* `seed`: any number that callers do not know. */
struct once *once_create(uint64_t seed);
void once_destroy(struct once *once);

/* What is known of the id. The reply is good until the next change. Times are
 * mono. */
struct once_found once_find(const struct once *once, const struct once_key *key,
                            const struct once_digest *digest, uint64_t now_ms);

/* An id that is new here is used from now on; `call` is what once_find() gives
 * to those who come to join. STATUS_FULL: all the ids there is room for are
 * begun. */
MUST_CHECK enum status once_begin(struct once *once, const struct once_key *key,
                                  const struct once_digest *digest,
                                  uint64_t call, uint64_t now_ms);

/* The reply to an id that is begun, or a better one to one that is done, at
 * most ONCE_REPLY_BYTES_MAX; it is copied. Of an id that is not known nothing
 * is kept. */
void once_finish(struct once *once, const struct once_key *key,
                 struct slice reply);

/* Nothing was sent: the id may be used again. */
void once_forget(struct once *once, const struct once_key *key);

/* How many ids are known, and the bytes of the replies to them. */
size_t once_count(const struct once *once);
size_t once_bytes(const struct once *once);

#endif
