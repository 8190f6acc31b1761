/* SPDX-License-Identifier: MIT */
/* The servers of NATS, as they answer from here: each is connected to once, all
 * at the same time, is heard for its first line and left again. One thread. */
#ifndef ONEBUS_LOOK_NATS_H
#define ONEBUS_LOOK_NATS_H

#include "config/config.h"

struct findings;

void look_at_nats(const struct config *config, struct findings *findings);

#endif
