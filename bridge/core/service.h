/* SPDX-License-Identifier: MIT */
/* The bridge's own actions: bridge.ping, bridge.status, bridge.why,
 * bridge.pairing.*, bridge.reload, bridge.actions … Parameters and data:
 * schema/README.md. One thread. */
#ifndef ONEBUS_SERVICE_H
#define ONEBUS_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"

struct bridge;
struct request;

/* What there is. */
struct service_action {
    const char *name;
    bool is_read;
};

size_t service_count(void);
struct service_action service_at(size_t index);

/* An action that own_is(): serve it. one reply, now or once what it asks for is
 * done. */
void service_take(struct bridge *bridge, void *ticket,
                  const struct request *request, struct instant now);

/* Append what bridge.ping or bridge.status (`action`) answers. */
void service_describe(const struct bridge *bridge, struct slice action,
                      struct buffer *out, struct instant now);

/* What was to be kept under this cookie is, or is not: why. */
void service_on_kept(struct bridge *bridge, uint64_t cookie, bool is_kept,
                     const char *why, struct instant now);

/* The settings have been read again. `changes` is a MessagePack map, or `fault`
 * says why all stays as it was. */
void service_on_reloaded(struct bridge *bridge, struct slice changes,
                         const char *fault, struct instant now);

/* Reply to all that wait: the bridge stops. */
void service_abandon(struct bridge *bridge, struct instant now);

#endif
