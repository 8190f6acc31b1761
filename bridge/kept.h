/* SPDX-License-Identifier: MIT */
/* What is kept of people, consumers and request ids over restarts: the core's
 * terms turned into the store's, and back. Without a store nothing outlives the
 * process, and the bridge runs all the same. The loop's thread. */
#ifndef ONEBUS_KEPT_H
#define ONEBUS_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"

struct bridge;
struct cursor;
struct kept;
struct loop;
struct once_digest;
struct once_key;
struct pairing_entry;

/* `folder`: the state folder; NULL: there is no place. The log says why there
 * is no store. */
struct kept *kept_open(const char *folder, struct loop *loop);

/* What is on its way is written first. NULL is fine. */
void kept_close(struct kept *kept);

/* Tell the bridge all that was kept before this start. */
void kept_restore(struct kept *kept, struct bridge *bridge);

/* As bridge_ports.keep and .keep_cursor. */
MUST_CHECK enum status kept_person(struct kept *kept,
                                   const struct pairing_entry *entry,
                                   uint64_t cookie);
MUST_CHECK enum status kept_cursor(struct kept *kept,
                                   const struct cursor *cursor, bool forget,
                                   uint64_t cookie);

/* As bridge_ports.claim, .finish and .forget. */
MUST_CHECK enum status kept_claim(struct kept *kept, const struct once_key *key,
                                  const struct once_digest *digest,
                                  uint64_t wall_ms, uint64_t cookie);
MUST_CHECK enum status kept_finish(struct kept *kept,
                                   const struct once_key *key,
                                   struct slice reply, uint64_t cookie);
void kept_forget(struct kept *kept, const struct once_key *key);

/* Changes on their way to the disk; STORE_QUEUE_MAX at most. */
size_t kept_waiting(const struct kept *kept);

/* Tell the bridge what has been kept meanwhile. */
void kept_take(struct kept *kept, struct bridge *bridge);

#endif
