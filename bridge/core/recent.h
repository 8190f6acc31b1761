/* SPDX-License-Identifier: MIT */
/* A set that forgets: some thousand things that were of late, known by their
 * hash. Two generations of fixed size; when one is full the older one goes, so
 * that between one and two times RECENT_ENTRIES are remembered. Pure. One
 * thread. */
#ifndef ONEBUS_RECENT_H
#define ONEBUS_RECENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

enum { RECENT_ENTRIES = 4096 };

struct recent;

/* `seed`: any number that peers do not know. */
struct recent *recent_create(uint64_t seed);
void recent_destroy(struct recent *recent);

/* True if it was not there. */
bool recent_add(struct recent *recent, struct slice thing);

bool recent_has(const struct recent *recent, struct slice thing);

#endif
