/* SPDX-License-Identifier: MIT */
/* The state of a bridge, written to its log for whoever looks for what is
 * wrong: a line for the whole, one for each account and each of its links, at
 * most DUMP_LINES of them. Nothing that anybody said and no secret is in it.
 * One thread. */
#ifndef ONEBUS_DUMP_H
#define ONEBUS_DUMP_H

#include "base/clock.h"

struct bridge;

enum { DUMP_LINES = 200 };

void dump_write(struct bridge *bridge, struct instant now);

#endif
