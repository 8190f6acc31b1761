/* SPDX-License-Identifier: MIT */
/* All that the core has counted, and how it is now, as samples for /metrics.
 * The loop's thread waits for it: nothing here walks through more than the
 * accounts, their links and what is against their chats. */
#ifndef ONEBUS_CENSUS_H
#define ONEBUS_CENSUS_H

#include "base/clock.h"

struct bridge;
struct measures;

void census_take(const struct bridge *bridge, struct measures *measures,
                 struct instant now);

#endif
