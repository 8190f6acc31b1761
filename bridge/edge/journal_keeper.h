/* SPDX-License-Identifier: MIT */
/* Keeps events, come what may to the disk: in the file while it can be
 * written, else in memory until it can.
 *
 *     keep ──▶ file                    all is well
 *          ──▶ tail, mark              it fails: the last events in memory, and
 *                                      beside the file how far numbers went
 *     recover: tail ──▶ file           what it has missed; what was more than
 *                                      the tail holds is a gap
 *
 * One thread, but for what says so. */
#ifndef ONEBUS_JOURNAL_KEEPER_H
#define ONEBUS_JOURNAL_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edge/journal.h"
#include "edge/journal_queue.h"

struct journal_keeper;
struct journal_tail;

/* As journal_open(); `options` are borrowed. */
struct journal_keeper *
journal_keeper_create(const struct journal_options *options, const char *epoch,
                      char fault[static JOURNAL_REASON_SIZE]);

/* NULL is fine. */
void journal_keeper_destroy(struct journal_keeper *keeper);

/* How many bytes of events should be kept at once. */
size_t journal_keeper_slice_bytes(const struct journal_keeper *keeper);

/* Keep the events of the batch from one place to another. They may be
 * published then, unless the mode is JOURNAL_STOPPED. */
void journal_keeper_keep(struct journal_keeper *keeper,
                         const struct journal_batch *batch, size_t from,
                         size_t to);

/* After so many events: drop what is too old or too much, a slice of it, and
 * move events to their place. */
void journal_keeper_tidy(struct journal_keeper *keeper, size_t events);

/* If it fails, and it is time: try again. */
void journal_keeper_try(struct journal_keeper *keeper);

/* If it fails: try once more, whatever the time. */
void journal_keeper_try_now(struct journal_keeper *keeper);

/* When it wants to try again or to tidy: mono ms. */
uint64_t journal_keeper_due_ms(const struct journal_keeper *keeper);

const char *journal_keeper_epoch(const struct journal_keeper *keeper);
uint64_t journal_keeper_first_seq(const struct journal_keeper *keeper);

/* Any thread. */
struct journal_tail *journal_keeper_tail(struct journal_keeper *keeper);
enum journal_mode journal_keeper_mode(const struct journal_keeper *keeper);
uint64_t journal_keeper_write_errors(const struct journal_keeper *keeper);
void journal_keeper_look(struct journal_keeper *keeper,
                         struct journal_state *state);

#endif
