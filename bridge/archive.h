/* SPDX-License-Identifier: MIT */
/* What the core asks of the journal, in the journal's terms, and the pages
 * back in the core's.
 *
 *     bridge ── archive_ask() ──▶ replayer ──▶ file, tail
 *            ◀── archive_take() ──
 *
 * The loop's thread. */
#ifndef ONEBUS_ARCHIVE_GLUE_H
#define ONEBUS_ARCHIVE_GLUE_H

#include <stdint.h>

#include "base/status.h"
#include "core/archive.h"
#include "edge/journal.h"

struct bridge;
struct loop;
struct archive;

/* `folder`: where the journal's file is; may be NULL. NULL: there is no thread
 * for it. */
struct archive *archive_create(struct journal *journal, const char *folder,
                               struct loop *loop);
/* NULL is fine. */
void archive_destroy(struct archive *archive);

/* As bridge_ports.read. */
MUST_CHECK enum status archive_ask(struct archive *archive,
                                   const struct archive_query *query,
                                   struct archive_filter *filter,
                                   uint64_t cookie);

/* Give the bridge the pages that are ready. */
void archive_take(struct archive *archive, struct bridge *bridge);

/* As bridge_ports.archive. */
void archive_describe(struct archive *archive, struct archive_state *state);

#endif
