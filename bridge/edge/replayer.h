/* SPDX-License-Identifier: MIT */
/* Answers what is asked of the journal, on a thread of its own: neither the
 * loop nor the journal's thread waits for it.
 *
 *     loop ── replayer_ask() ──▶ queue ──▶ thread: file, then tail
 *          ◀── replayer_take() ── mailbox ◀── page
 *
 * A query is one slice of work, and they are served one after the other. */
#ifndef ONEBUS_REPLAYER_H
#define ONEBUS_REPLAYER_H

#include <stdint.h>

#include "base/status.h"
#include "edge/journal_page.h"

enum { REPLAYER_QUEUE_MAX = 64 };

struct journal_tail;
struct replayer;

/* `folder`: where the journal's file is; NULL: there is none. `wake` is called
 * by the thread when replayer_take() has something. NULL: there is no thread.
 */
struct replayer *replayer_create(const char *folder, struct journal_tail *tail,
                                 void (*wake)(void *ctx), void *ctx);

/* Pages that were not taken are forgotten. NULL is fine. */
void replayer_destroy(struct replayer *replayer);

/* query->ctx is NULL or one block of memory, which is freed with free() when
 * the query is done with. STATUS_FULL: too many wait; it is still the
 * caller's. The loop's thread. */
MUST_CHECK enum status replayer_ask(struct replayer *replayer,
                                    const struct journal_query *query,
                                    uint64_t cookie);

/* Queries that wait; REPLAYER_QUEUE_MAX at most. The loop's thread. */
size_t replayer_waiting(const struct replayer *replayer);

/* Hand over the pages that are ready; they are borrowed. The loop's thread. */
void replayer_take(struct replayer *replayer,
                   void (*on_page)(void *ctx, uint64_t cookie,
                                   const struct journal_query *query,
                                   const struct journal_page *page),
                   void *ctx);

#endif
