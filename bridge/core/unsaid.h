/* SPDX-License-Identifier: MIT */
/* What is said once a minute and was not said yet: told when nothing more has
 * come that would have told it. One thread. */
#ifndef ONEBUS_UNSAID_H
#define ONEBUS_UNSAID_H

#include <stdint.h>

#include "base/clock.h"

struct account;
struct bridge;

/* Tell what is overdue. */
void unsaid_on_tick(struct bridge *bridge, struct instant now);

/* Tell all of it: the bridge ends. */
void unsaid_tell_all(struct bridge *bridge);

/* So many links have come or gone that had no line of their own. */
void unsaid_say_turns(struct bridge *bridge, const struct account *account,
                      uint64_t count);

#endif
