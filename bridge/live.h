/* SPDX-License-Identifier: MIT */
/* What the console shows, as server-sent events (HTML, "Server-sent events").
 *
 * Each viewer is sent, about once a second, what has changed: the data of
 * bridge.status as `status`, of bridge.why as `why`, of bridge.pairing.list as
 * `pairing`, of bridge.calls as `calls`, and summaries of new events as
 * `events`. What its token may not have it is told once as `denied`. All of it
 * is asked for as any caller would, with the viewer's token. At most
 * LIVE_VIEWERS_MAX. The HTTP thread. */
#ifndef ONEBUS_LIVE_H
#define ONEBUS_LIVE_H

#include <stdint.h>

#include "base/buffer.h"

struct asks;
struct http_exchange;
struct live;

enum { LIVE_VIEWERS_MAX = 16 };

struct live *live_create(struct asks *asks);

/* Viewers are all over by then: live_end(). */
void live_destroy(struct live *live);

/* Answer the exchange with a stream, or with why there is none. */
void live_open(struct live *live, struct http_exchange *exchange,
               struct slice token, uint64_t now_ms);

/* As http_events.on_gone. */
void live_on_gone(struct live *live, void *viewer);

/* Ask for what is due. */
void live_tick(struct live *live, uint64_t now_ms);

/* When there is something due: mono ms; UINT64_MAX: never. */
uint64_t live_due(const struct live *live);

/* End all streams. */
void live_end(struct live *live);

#endif
