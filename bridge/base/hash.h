/* SPDX-License-Identifier: MIT */
/* A hash of bytes, 64 bits, for tables in memory: sixteen bytes a step, each
 * step a product folded upon itself. Who does not know the seed cannot choose
 * bytes that meet. Not for anything that is written down. Any thread. */
#ifndef ONEBUS_HASH_H
#define ONEBUS_HASH_H

#include <stdint.h>

#include "base/buffer.h"

uint64_t hash_bytes(struct slice bytes, uint64_t seed);

#endif
