/* SPDX-License-Identifier: MIT */
/* Who the peer of an account is: asked of each link that comes
 * (get_version_info). Until it has said the User-Agent has to do. One
 * thread. */
#ifndef ONEBUS_INTRODUCTION_H
#define ONEBUS_INTRODUCTION_H

#include "base/clock.h"

struct bridge;
struct link;

/* A link has come. */
void introduction_on_link_up(struct bridge *bridge, const struct link *link,
                             struct instant now);

#endif
