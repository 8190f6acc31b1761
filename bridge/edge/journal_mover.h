/* SPDX-License-Identifier: MIT */
/* Moves what was committed from SQLite's write-ahead log to its place, on a
 * thread and a connection of its own: the disk may take long over it, and no
 * event is to wait for that. One thread asks. */
#ifndef ONEBUS_JOURNAL_MOVER_H
#define ONEBUS_JOURNAL_MOVER_H

#include <stdbool.h>
#include <stddef.h>

struct journal_mover;

/* The file must be there. NULL: it cannot be opened once more. */
struct journal_mover *journal_mover_open(const char *folder);

/* What is being moved is moved first. NULL is fine. */
void journal_mover_close(struct journal_mover *mover);

/* Begin to move what there is now; what is being moved goes on. */
void journal_mover_start(struct journal_mover *mover);

/* Until nothing is being moved. */
void journal_mover_wait(struct journal_mover *mover);

/* Whether it has come to an end since this was last asked; so many `pages` of
 * the log are in their place then. */
bool journal_mover_has_moved(struct journal_mover *mover, size_t *pages);

#endif
