/* SPDX-License-Identifier: MIT */
#include "journal_queue.h"

#include <time.h>

#include "edge/journal.h"

/* A burst must not hold its memory for ever. */
enum { KEPT_ROOM = 1 << 20 };

/* What is in front of each message. */
struct record {
    uint64_t seq, time_ms;
    uint64_t came_us;
    size_t size;
};

/* ---- batches ------------------------------------------------------------ */

static void add(struct journal_batch *batch, const struct ring_event *event,
                uint64_t came_us)
{
    const struct record record = {event->seq, event->time_ms, came_us,
                                  event->message.size};
    buffer_reserve(&batch->bytes, sizeof(record) + record.size);
    buffer_append(&batch->bytes, &record, sizeof(record));
    buffer_append(&batch->bytes, event->message.data, record.size);
    batch->count++;
}

size_t journal_batch_read(const struct journal_batch *batch, size_t at,
                          struct ring_event *event)
{
    struct record record;
    memcpy(&record, batch->bytes.data + at, sizeof(record));
    *event = (struct ring_event){
        .seq = record.seq,
        .time_ms = record.time_ms,
        .message = {batch->bytes.data + at + sizeof(record), record.size},
    };
    return at + sizeof(record) + record.size;
}

uint64_t journal_batch_came_us(const struct journal_batch *batch, size_t at)
{
    struct record record;
    memcpy(&record, batch->bytes.data + at, sizeof(record));
    return record.came_us;
}

void journal_batch_finish(struct journal_batch *batch)
{
    buffer_finish(&batch->bytes);
    batch->count = 0;
}

/* ---- the queue ---------------------------------------------------------- */

void journal_queue_init(struct journal_queue *queue)
{
    pthread_condattr_t attributes;
    *queue = (struct journal_queue){.is_waiting = false};
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->has_work, &attributes);
    pthread_condattr_destroy(&attributes);
}

void journal_queue_finish(struct journal_queue *queue)
{
    journal_batch_finish(&queue->batch);
    pthread_cond_destroy(&queue->has_work);
    pthread_mutex_destroy(&queue->mutex);
}

void journal_queue_put(struct journal_queue *queue,
                       const struct ring_event *event, uint64_t came_us)
{
    pthread_mutex_lock(&queue->mutex);
    add(&queue->batch, event, came_us);
    if (queue->batch.count >= JOURNAL_QUEUE_EVENTS ||
        queue->batch.bytes.size >= JOURNAL_QUEUE_BYTES)
        queue->is_full = true;
    bool is_waiting = queue->is_waiting;
    pthread_mutex_unlock(&queue->mutex);
    if (is_waiting)
        pthread_cond_signal(&queue->has_work);
}

bool journal_queue_is_full(struct journal_queue *queue)
{
    return queue->is_full;
}

void journal_queue_close(struct journal_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->is_closing = true;
    pthread_cond_signal(&queue->has_work);
    pthread_mutex_unlock(&queue->mutex);
}

/* With the mutex held. */
static void wait_for_events(struct journal_queue *queue, uint64_t until_ms)
{
    const struct timespec until = {
        .tv_sec = (time_t)(until_ms / 1000),
        .tv_nsec = (long)(until_ms % 1000) * 1000 * 1000,
    };
    int result = 0;
    queue->is_waiting = true;
    while (queue->batch.count == 0 && !queue->is_closing && result == 0)
        result =
            pthread_cond_timedwait(&queue->has_work, &queue->mutex, &until);
    queue->is_waiting = false;
}

bool journal_queue_take(struct journal_queue *queue, uint64_t until_ms,
                        struct journal_batch *batch, bool *was_full)
{
    buffer_clear(&batch->bytes, KEPT_ROOM);
    batch->count = 0;
    pthread_mutex_lock(&queue->mutex);
    if (queue->batch.count == 0)
        wait_for_events(queue, until_ms);
    struct journal_batch empty = *batch;
    *batch = queue->batch;
    queue->batch = empty;
    bool goes_on = batch->count > 0 || !queue->is_closing;
    pthread_mutex_unlock(&queue->mutex);
    *was_full = atomic_exchange(&queue->is_full, false);
    return goes_on;
}

size_t journal_queue_count(struct journal_queue *queue, size_t *bytes)
{
    pthread_mutex_lock(&queue->mutex);
    size_t count = queue->batch.count;
    *bytes = queue->batch.bytes.size;
    pthread_mutex_unlock(&queue->mutex);
    return count;
}
