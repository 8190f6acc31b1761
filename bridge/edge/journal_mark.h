/* SPDX-License-Identifier: MIT */
/* A few bytes beside the journal, `journal.mark`, written in place so that a
 * full disk has room for them: up to which seq numbers may have been given
 * while the journal could not be written. Without it a bridge that is killed
 * then would give them again.
 *
 * Whoever holds it open is the only bridge on this journal. One thread. */
#ifndef ONEBUS_JOURNAL_MARK_H
#define ONEBUS_JOURNAL_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal_mark;

/* NULL: `fault`, of `size` bytes, says why. */
struct journal_mark *journal_mark_open(const char *folder, char *fault,
                                       size_t size);

/* NULL is fine. */
void journal_mark_close(struct journal_mark *mark);

/* The seq that is marked for this epoch; 0 if none is. */
uint64_t journal_mark_read(const struct journal_mark *mark, const char *epoch);

/* Mark it, or nothing (0). False: it cannot be written. */
bool journal_mark_write(struct journal_mark *mark, const char *epoch,
                        uint64_t seq);

#endif
