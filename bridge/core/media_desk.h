/* SPDX-License-Identifier: MIT */
/* bridge.media.get: the bytes of a file that was received, whichever way its
 * account's peer gives them. One thread. */
#ifndef ONEBUS_MEDIA_DESK_H
#define ONEBUS_MEDIA_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "core/request.h"

struct bridge;
struct serving;

/* Each may take mediaMaxMb of memory. */
enum { MEDIA_DESK_MAX = 4 };

/* Files that are being got. */
size_t media_desk_count(const struct bridge *bridge);

void media_desk_serve(struct serving *serving);

/* bridge_on_fetched(). */
void media_desk_on_fetched(struct bridge *bridge, uint64_t cookie,
                           enum reply_error error, struct buffer *bytes,
                           const char *fault, struct instant now);

/* Forget all that are under way. */
void media_desk_forget(struct bridge *bridge);

#endif
