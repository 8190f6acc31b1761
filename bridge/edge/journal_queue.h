/* SPDX-License-Identifier: MIT */
/* Events on their way from the loop to the journal's thread: many are put,
 * what has gathered is taken at once. It takes more than it should rather than
 * drop one: whoever puts asks whether it is full. */
#ifndef ONEBUS_JOURNAL_QUEUE_H
#define ONEBUS_JOURNAL_QUEUE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/ring.h"

/* Events one behind the other. Zero-initialised is empty. */
struct journal_batch {
    struct buffer bytes;
    size_t count;
};

/* The event that begins at `at`, which points into the batch; returns where
 * the next one does. */
size_t journal_batch_read(const struct journal_batch *batch, size_t at,
                          struct ring_event *event);

/* When that event came; mono us. */
uint64_t journal_batch_came_us(const struct journal_batch *batch, size_t at);

void journal_batch_finish(struct journal_batch *batch);

struct journal_queue {
    pthread_mutex_t mutex;
    pthread_cond_t has_work;
    struct journal_batch batch;
    bool is_waiting, is_closing;
    _Atomic bool is_full;
};

void journal_queue_init(struct journal_queue *queue);
void journal_queue_finish(struct journal_queue *queue);

/* The one who puts. */
void journal_queue_put(struct journal_queue *queue,
                       const struct ring_event *event, uint64_t came_us);
bool journal_queue_is_full(struct journal_queue *queue);

/* Put no more: who takes gets what there is, and then the end. */
void journal_queue_close(struct journal_queue *queue);

/* The one who takes: all that has gathered, into `batch`, whose room is used
 * again; nothing if there is nothing until `until_ms` (mono). `was_full` says
 * whether somebody waits for room. False: it is the end. */
bool journal_queue_take(struct journal_queue *queue, uint64_t until_ms,
                        struct journal_batch *batch, bool *was_full);

/* How many wait, and what they take. Any thread. */
size_t journal_queue_count(struct journal_queue *queue, size_t *bytes);

#endif
