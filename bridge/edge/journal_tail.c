/* SPDX-License-Identifier: MIT */
#include "journal_tail.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "edge/journal_file.h"

struct journal_tail {
    pthread_mutex_t mutex;
    struct ring *ring;
    struct journal_extent file;
    unsigned generation;
};

struct journal_tail *journal_tail_create(size_t bytes_max)
{
    struct journal_tail *tail = mem_zalloc(1, sizeof(*tail));
    pthread_mutex_init(&tail->mutex, NULL);
    tail->ring = ring_create(bytes_max);
    return tail;
}

void journal_tail_destroy(struct journal_tail *tail)
{
    ring_destroy(tail->ring);
    pthread_mutex_destroy(&tail->mutex);
    free(tail);
}

/* ---- the writer's ------------------------------------------------------- */

void journal_tail_add(struct journal_tail *tail, const struct ring_event *event)
{
    pthread_mutex_lock(&tail->mutex);
    ring_add(tail->ring, event);
    pthread_mutex_unlock(&tail->mutex);
}

void journal_tail_drop_expired(struct journal_tail *tail, uint64_t expired_ms)
{
    struct ring_event event;
    uint64_t newest = ring_newest(tail->ring);
    uint64_t seq = ring_oldest(tail->ring);
    while (seq < newest && ring_find(tail->ring, seq, &event) &&
           event.time_ms < expired_ms)
        seq++;
    pthread_mutex_lock(&tail->mutex);
    ring_drop_before(tail->ring, seq);
    pthread_mutex_unlock(&tail->mutex);
}

void journal_tail_note_file(struct journal_tail *tail,
                            const struct journal_extent *file)
{
    pthread_mutex_lock(&tail->mutex);
    tail->file = *file;
    ring_drop_before(tail->ring, file->newest + 1);
    pthread_mutex_unlock(&tail->mutex);
}

void journal_tail_note_opened(struct journal_tail *tail)
{
    pthread_mutex_lock(&tail->mutex);
    tail->generation++;
    pthread_mutex_unlock(&tail->mutex);
}

const struct ring *journal_tail_ring(const struct journal_tail *tail)
{
    return tail->ring;
}

/* ---- looking ------------------------------------------------------------ */

struct journal_extent journal_tail_extent(struct journal_tail *tail)
{
    pthread_mutex_lock(&tail->mutex);
    struct journal_extent extent = tail->file;
    uint64_t newest = ring_newest(tail->ring);
    if (extent.oldest == 0)
        extent.oldest = ring_oldest(tail->ring);
    if (newest > extent.newest)
        extent.newest = newest;
    extent.bytes += ring_bytes(tail->ring);
    pthread_mutex_unlock(&tail->mutex);
    return extent;
}

unsigned journal_tail_generation(struct journal_tail *tail)
{
    pthread_mutex_lock(&tail->mutex);
    unsigned generation = tail->generation;
    pthread_mutex_unlock(&tail->mutex);
    return generation;
}

bool journal_tail_needs_file(struct journal_tail *tail,
                             const struct journal_query *query)
{
    pthread_mutex_lock(&tail->mutex);
    bool is_needed = tail->file.newest > 0 &&
                     (query->is_backward || query->after < tail->file.newest);
    pthread_mutex_unlock(&tail->mutex);
    return is_needed;
}

/* ---- reading ------------------------------------------------------------ */

/* False: it does not fit. */
static bool take(const struct journal_query *query, struct journal_page *page,
                 const struct ring_event *event)
{
    struct slice topic = journal_topic_of(event->message);
    const struct slice envelope = {topic.data + topic.size + 1,
                                   event->message.size - topic.size - 1};
    if (!journal_query_names(query, topic) ||
        (query->wants != NULL && !query->wants(query->ctx, topic)))
        return true;
    if (query->accepts != NULL && !query->accepts(query->ctx, envelope))
        return true;
    if (journal_page_is_full(page, query, event->message.size))
        return false;
    journal_page_add(page, event->seq, event->time_ms, topic, envelope);
    return true;
}

/* Whether what is before the oldest event may be asked for: it is, unless the
 * oldest is older than that already. */
static bool is_asked_for(const struct journal_tail *tail,
                         const struct journal_query *query)
{
    struct ring_event oldest;
    return query->since_ms == 0 ||
           (ring_find(tail->ring, ring_oldest(tail->ring), &oldest) &&
            oldest.time_ms >= query->since_ms);
}

/* What nobody has any more lies between the file and the tail. */
static void pass_hole(const struct journal_tail *tail,
                      const struct journal_query *query,
                      struct journal_page *page)
{
    uint64_t oldest = ring_oldest(tail->ring);
    if (oldest <= page->next + 1)
        return;
    if ((query->misses_start || tail->file.newest > 0) &&
        is_asked_for(tail, query))
        journal_page_lose(page, page->next + 1, oldest - 1);
    page->next = oldest - 1;
}

/* The next event. False: there is none, or it does not fit. What was read of
 * the file may be older than what the tail has given to it meanwhile: then the
 * page ends there. */
static bool step_forward(const struct journal_tail *tail,
                         const struct journal_query *query,
                         struct journal_page *page)
{
    struct ring_event event;
    if (page->next < tail->file.newest) {
        page->is_cut = true;
        return false;
    }
    pass_hole(tail, query, page);
    if (!ring_find(tail->ring, page->next + 1, &event))
        return false;
    bool is_early = page->count == 0 && event.time_ms < query->since_ms;
    if (!is_early && !take(query, page, &event)) {
        page->is_cut = true;
        return false;
    }
    page->next = event.seq;
    return true;
}

static bool step_back(const struct journal_tail *tail,
                      const struct journal_query *query,
                      struct journal_page *page)
{
    struct ring_event event;
    uint64_t newest = ring_newest(tail->ring);
    uint64_t seq = page->next - 1 < newest ? page->next - 1 : newest;
    if (!ring_find(tail->ring, seq, &event))
        return false;
    if (!take(query, page, &event)) {
        page->is_cut = true;
        return false;
    }
    page->next = seq;
    return true;
}

static void note_extent(const struct journal_tail *tail,
                        struct journal_page *page)
{
    uint64_t newest = ring_newest(tail->ring);
    if (page->oldest == 0)
        page->oldest = ring_oldest(tail->ring);
    if (newest > page->newest)
        page->newest = newest;
}

void journal_tail_read(struct journal_tail *tail,
                       const struct journal_query *query,
                       struct journal_page *page)
{
    bool goes_on = true;
    if (query->is_backward)
        page->next = query->before;
    while (goes_on) {
        pthread_mutex_lock(&tail->mutex);
        note_extent(tail, page);
        goes_on = query->is_backward ? step_back(tail, query, page)
                                     : step_forward(tail, query, page);
        pthread_mutex_unlock(&tail->mutex);
    }
}
