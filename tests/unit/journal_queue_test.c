/* SPDX-License-Identifier: MIT */
#include "edge/journal_queue.h"

#include "base/clock.h"
#include "check.h"
#include "edge/journal.h"

static void put(struct journal_queue *queue, uint64_t seq, size_t size)
{
    static const char bytes[1 << 16];
    const struct ring_event event = {seq, seq * 2, {bytes, size}};
    journal_queue_put(queue, &event, 1000 + seq);
}

/* What is taken, as the first and the last seq; both follow each other. */
static void check_batch(const struct journal_batch *batch, uint64_t first,
                        uint64_t last)
{
    struct ring_event event;
    size_t at = 0;
    CHECK_EQ(batch->count, last - first + 1);
    for (uint64_t seq = first; seq <= last; seq++) {
        CHECK_EQ(journal_batch_came_us(batch, at), 1000 + seq);
        at = journal_batch_read(batch, at, &event);
        CHECK_EQ(event.seq, seq);
        CHECK_EQ(event.time_ms, seq * 2);
    }
    CHECK_EQ(at, batch->bytes.size);
}

TEST(all_that_has_gathered_is_taken_at_once)
{
    struct journal_queue queue;
    struct journal_batch batch = {.count = 0};
    size_t bytes;
    bool was_full;
    journal_queue_init(&queue);
    for (uint64_t seq = 1; seq <= 5; seq++)
        put(&queue, seq, (size_t)seq * 7);
    CHECK_EQ(journal_queue_count(&queue, &bytes), 5);
    CHECK(bytes > (1 + 2 + 3 + 4 + 5) * 7);
    CHECK(journal_queue_take(&queue, 0, &batch, &was_full));
    check_batch(&batch, 1, 5);
    CHECK(!was_full);
    CHECK_EQ(journal_queue_count(&queue, &bytes), 0);
    CHECK_EQ(bytes, 0);
    put(&queue, 6, 0);
    CHECK(journal_queue_take(&queue, 0, &batch, &was_full));
    check_batch(&batch, 6, 6);
    journal_batch_finish(&batch);
    journal_queue_finish(&queue);
}

TEST(where_there_is_nothing_it_waits_until_the_time)
{
    struct journal_queue queue;
    struct journal_batch batch = {.count = 0};
    bool was_full;
    journal_queue_init(&queue);
    uint64_t until_ms = clock_now().mono_ms + 20;
    CHECK(journal_queue_take(&queue, until_ms, &batch, &was_full));
    CHECK_EQ(batch.count, 0);
    CHECK(clock_now().mono_ms >= until_ms);
    journal_queue_finish(&queue);
}

TEST(the_end_comes_after_all_of_it)
{
    struct journal_queue queue;
    struct journal_batch batch = {.count = 0};
    bool was_full;
    journal_queue_init(&queue);
    put(&queue, 1, 10);
    journal_queue_close(&queue);
    CHECK(journal_queue_take(&queue, UINT64_MAX, &batch, &was_full));
    check_batch(&batch, 1, 1);
    CHECK(!journal_queue_take(&queue, UINT64_MAX, &batch, &was_full));
    journal_batch_finish(&batch);
    journal_queue_finish(&queue);
}

static void check_full(size_t size, uint64_t count)
{
    struct journal_queue queue;
    struct journal_batch batch = {.count = 0};
    bool was_full;
    journal_queue_init(&queue);
    for (uint64_t seq = 1; seq <= count; seq++) {
        CHECK(!journal_queue_is_full(&queue));
        put(&queue, seq, size);
    }
    CHECK(journal_queue_is_full(&queue));
    put(&queue, count + 1, size); /* it is not dropped */
    CHECK(journal_queue_take(&queue, 0, &batch, &was_full));
    check_batch(&batch, 1, count + 1);
    CHECK(was_full);
    CHECK(!journal_queue_is_full(&queue));
    journal_batch_finish(&batch);
    journal_queue_finish(&queue);
}

TEST(it_is_full_by_events_or_by_bytes)
{
    check_full(0, JOURNAL_QUEUE_EVENTS);
    check_full(1 << 16, JOURNAL_QUEUE_BYTES >> 16);
}

SUITE(journal_queue, all_that_has_gathered_is_taken_at_once,
      where_there_is_nothing_it_waits_until_the_time,
      the_end_comes_after_all_of_it, it_is_full_by_events_or_by_bytes)
