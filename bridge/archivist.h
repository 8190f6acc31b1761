/* SPDX-License-Identifier: MIT */
/* What the core asks of the journal, in the journal's terms, and the pages
 * back in the core's.
 *
 *     bridge ── archivist_ask() ──▶ replayer ──▶ file, tail
 *            ◀── archivist_take() ──
 *
 * The loop's thread. */
#ifndef ONEBUS_ARCHIVIST_H
#define ONEBUS_ARCHIVIST_H

#include <stdint.h>

#include "base/status.h"
#include "core/archive.h"
#include "edge/journal.h"

struct bridge;
struct loop;
struct archivist;

/* `folder`: where the journal's file is; may be NULL. NULL: there is no thread
 * for it. */
struct archivist *archivist_create(struct journal *journal, const char *folder,
                                   struct loop *loop);
/* NULL is fine. */
void archivist_destroy(struct archivist *archivist);

/* As bridge_ports.read. */
MUST_CHECK enum status archivist_ask(struct archivist *archivist,
                                     const struct archive_query *query,
                                     struct archive_filter *filter,
                                     uint64_t cookie);

/* Give the bridge the pages that are ready. */
void archivist_take(struct archivist *archivist, struct bridge *bridge);

/* Queries that wait; REPLAYER_QUEUE_MAX at most. */
size_t archivist_waiting(const struct archivist *archivist);

/* As bridge_ports.archive. */
void archivist_describe(struct archivist *archivist,
                        struct archive_state *state);

#endif
