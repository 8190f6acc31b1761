/* SPDX-License-Identifier: MIT */
/* The crossing's way out: frames that are events, and what the bridge has to
 * say itself, numbered and published. One thread. */
#ifndef ONEBUS_PUBLISHER_H
#define ONEBUS_PUBLISHER_H

#include "base/buffer.h"
#include "base/clock.h"

struct bridge;
struct link;
struct onebot_frame;

/* A frame of kind ONEBOT_EVENT has come over the link; `text` is the frame as
 * it came. */
void publisher_take(struct bridge *bridge, struct link *link,
                    const struct onebot_frame *frame, struct slice text,
                    struct instant now);

/* The bridge's own event about a link: qq.bridge.<account>.link.up */
void publisher_tell_link(struct bridge *bridge, const struct link *link,
                         const char *what, struct instant now);

#endif
