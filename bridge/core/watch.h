/* SPDX-License-Identifier: MIT */
/* Is a link still alive? A dead peer leaves a WebSocket that looks open.
 *
 *   every `interval`                   a ping
 *   nothing for `interval` + `timeout` a probe: ask the peer something
 *   nothing for another `timeout`      close
 *
 * so a dead link is found within interval + 2 * timeout. A pong is as good as a
 * frame: NapCat leaves links behind that carry nothing any more and still
 * answer pings, and closing those does harm. Pure; times are mono ms. One
 * thread. */
#ifndef ONEBUS_WATCH_H
#define ONEBUS_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct watch_options {
    bool enabled;
    uint64_t interval_ms;
    uint64_t timeout_ms;
};

enum watch_step { WATCH_NOTHING, WATCH_PING, WATCH_PROBE, WATCH_CLOSE };

struct watch {
    struct watch_options options;
    uint64_t heard_ms;
    uint64_t ping_ms;    /* when the next one is due */
    uint64_t probed_ms;  /* 0: not */
    uint64_t doubted_ms; /* 0: not */
    bool has_answered;   /* something came since the last of these */
    bool wants_ping;
};

void watch_start(struct watch *watch, const struct watch_options *options,
                 uint64_t now_ms);

/* A frame or a pong has come. */
static inline void watch_heard(struct watch *watch, uint64_t now_ms)
{
    watch->heard_ms = now_ms;
    watch->has_answered = true;
}

/* Another link may have taken its place: ping it now, and close it unless
 * something comes within `timeout`; also where watching is off. */
void watch_doubt(struct watch *watch, uint64_t now_ms);

/* What to do now; to be called until that is WATCH_NOTHING, or the link is
 * closed. */
enum watch_step watch_next(struct watch *watch, uint64_t now_ms);

/* When watch_next() may have something; UINT64_MAX if never. Hearing something
 * puts it off, so that at this time there may be nothing. */
uint64_t watch_due(const struct watch *watch);

#endif
