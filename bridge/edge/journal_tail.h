/* SPDX-License-Identifier: MIT */
/* The end of the journal that is in no file: all of it where there is to be
 * none, else what a file that cannot be written has not got yet. With it, what
 * readers need to know of the file.
 *
 * One thread writes, others read. The mutex is taken for one event at a time,
 * so that whoever writes never waits long. */
#ifndef ONEBUS_JOURNAL_TAIL_H
#define ONEBUS_JOURNAL_TAIL_H

#include "base/ring.h"
#include "edge/journal_page.h"

struct journal_tail;

/* What is readable, of both. */
struct journal_extent {
    uint64_t oldest, newest; /* 0 if there are no events */
    uint64_t bytes;
};

struct journal_tail *journal_tail_create(size_t bytes_max);
void journal_tail_destroy(struct journal_tail *tail);

/* ---- the writer's ------------------------------------------------------- */

void journal_tail_add(struct journal_tail *tail,
                      const struct ring_event *event);

/* Drop what is older, but for the newest. */
void journal_tail_drop_expired(struct journal_tail *tail, uint64_t expired_ms);

/* The file has these events now; they leave the tail. */
void journal_tail_note_file(struct journal_tail *tail,
                            const struct journal_extent *file);

/* The file has been opened: readers of an earlier one are out of date. */
void journal_tail_note_opened(struct journal_tail *tail);

/* To look at without the mutex. */
const struct ring *journal_tail_ring(const struct journal_tail *tail);

/* ---- any thread's ------------------------------------------------------- */

struct journal_extent journal_tail_extent(struct journal_tail *tail);

/* How often the file was opened; 0: there is none. */
unsigned journal_tail_generation(struct journal_tail *tail);

/* Whether the file has, or may have, what the query asks for. */
bool journal_tail_needs_file(struct journal_tail *tail,
                             const struct journal_query *query);

/* Go on with a page that was read from the file, forward, where the file ends;
 * or begin one, backward. */
void journal_tail_read(struct journal_tail *tail,
                       const struct journal_query *query,
                       struct journal_page *page);

#endif
