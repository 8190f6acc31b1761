/* SPDX-License-Identifier: MIT */
#include "edge/journal_feed.h"

#include <time.h>

#include "base/clock.h"
#include "check.h"
#include "edge/journal.h"
#include "folder.h"
#include "samples.h"

enum { WAIT_MS = 20 * 1000, PAGE_EVENTS = 1000 };

struct world {
    char folder[FOLDER_SIZE];
    struct journal *journal;
    struct journal_feed *feed;
    struct buffer room;
    uint64_t last; /* seq that was put */
    struct journal_feed_item item;
};

static void nap(void)
{
    const struct timespec moment = {.tv_nsec = 1000 * 1000};
    nanosleep(&moment, NULL);
}

static void ignore_message(void *ctx, struct slice message)
{
    (void)ctx;
    (void)message;
}

static void ignore(void *ctx)
{
    (void)ctx;
}

/* With a file, or all of it in memory. */
static void world_up(struct world *world, bool has_file)
{
    char fault[JOURNAL_REASON_SIZE];
    *world = (struct world){0};
    folder_make(world->folder);
    const struct journal_options options = {
        .folder = world->folder,
        .is_enabled = has_file,
        .age_max_ms = INT64_MAX, /* the times are of long ago */
        .bytes_max = 64 << 20,
        .publish = ignore_message,
        .wake = ignore,
    };
    world->journal = journal_open(&options, "0123456789abcdef", fault);
    CHECK(world->journal != NULL);
    world->feed =
        journal_feed_create(world->journal, has_file ? world->folder : NULL);
}

static void world_down(struct world *world)
{
    journal_feed_destroy(world->feed);
    journal_close(world->journal);
    buffer_finish(&world->room);
    folder_remove(world->folder);
}

/* Time is a hundred times the seq. */
static void put(struct world *world, size_t count, size_t size)
{
    uint64_t until_ms = clock_now().mono_ms + WAIT_MS;
    for (size_t i = 0; i < count; i++) {
        uint64_t seq = ++world->last;
        const struct ring_event event =
            sample_make(&world->room, seq, 100 * seq, SAMPLE_TOPIC, size);
        while (journal_is_full(world->journal))
            nap();
        journal_put(world->journal, &event, 0);
    }
    while (journal_kept(world->journal) < world->last &&
           clock_now().mono_ms < until_ms)
        nap();
    CHECK_EQ(journal_kept(world->journal), world->last);
}

static enum journal_feed_kind peek(struct world *world)
{
    return journal_feed_peek(world->feed, clock_now().mono_ms, &world->item);
}

/* The next ones are these, and are passed. */
static void expect(struct world *world, uint64_t first, uint64_t last)
{
    for (uint64_t seq = first; seq <= last; seq++) {
        enum journal_feed_kind kind = peek(world);
        CHECK_EQ(kind, JOURNAL_FEED_EVENT);
        if (kind != JOURNAL_FEED_EVENT)
            return;
        CHECK_EQ(world->item.first, seq);
        CHECK_EQ(world->item.last, seq);
        CHECK_EQ(world->item.time_ms, 100 * seq);
        CHECK_EQ(sample_seq(world->item.message), seq);
        journal_feed_pass(world->feed);
    }
}

static void read_on(bool has_file)
{
    struct world world;
    world_up(&world, has_file);
    CHECK_EQ(peek(&world), JOURNAL_FEED_NOTHING);
    CHECK_EQ(journal_feed_due_ms(world.feed), UINT64_MAX);
    put(&world, 3, 0);
    CHECK_EQ(journal_feed_due_ms(world.feed), 0);
    expect(&world, 1, 3);
    CHECK_EQ(peek(&world), JOURNAL_FEED_NOTHING);
    CHECK_EQ(journal_feed_read(world.feed), 3);
    put(&world, 2 * PAGE_EVENTS, 0);
    expect(&world, 4, world.last);
    CHECK_EQ(peek(&world), JOURNAL_FEED_NOTHING);
    world_down(&world);
}

TEST(events_come_as_they_are_kept_on_disk)
{
    read_on(true);
}

TEST(events_come_as_they_are_kept_in_memory)
{
    read_on(false);
}

TEST(it_begins_behind_any_seq_or_with_the_first_from_a_time_on)
{
    struct world world;
    world_up(&world, true);
    put(&world, 50, 0);
    journal_feed_seek(world.feed, 20, 0);
    expect(&world, 21, 50);
    journal_feed_seek(world.feed, 0, 100 * 30);
    expect(&world, 30, 50);
    journal_feed_seek(world.feed, 40, 100 * 30);
    expect(&world, 41, 50);
    journal_feed_seek(world.feed, 0, 100 * 51);
    CHECK_EQ(peek(&world), JOURNAL_FEED_NOTHING);
    CHECK_EQ(journal_feed_read(world.feed), 50);
    put(&world, 1, 0);
    expect(&world, 51, 51);
    world_down(&world);
}

TEST(what_was_passed_can_be_passed_again_within_a_page_and_before_it)
{
    struct world world;
    world_up(&world, true);
    put(&world, PAGE_EVENTS + 500, 0);
    expect(&world, 1, 800);
    journal_feed_rewind(world.feed, 300);
    expect(&world, 301, PAGE_EVENTS + 100);
    journal_feed_rewind(world.feed, 900);
    expect(&world, 901, world.last);
    journal_feed_rewind(world.feed, world.last);
    CHECK_EQ(peek(&world), JOURNAL_FEED_NOTHING);
    world_down(&world);
}

/* More than the memory holds: the first are gone. */
TEST(what_the_journal_has_no_more_is_told_as_lost_once)
{
    struct world world;
    world_up(&world, false);
    put(&world, 300, 100 << 10);
    CHECK_EQ(peek(&world), JOURNAL_FEED_LOST);
    uint64_t last = world.item.last;
    CHECK_EQ(world.item.first, 1);
    CHECK(last > 100 && last < 300);
    journal_feed_pass(world.feed);
    expect(&world, last + 1, last + 3);
    journal_feed_rewind(world.feed, last + 1);
    expect(&world, last + 2, 300);
    CHECK_EQ(peek(&world), JOURNAL_FEED_NOTHING);
    world_down(&world);
}

TEST(what_is_older_than_the_time_asked_for_is_not_lost)
{
    struct world world;
    world_up(&world, false);
    put(&world, 300, 100 << 10);
    journal_feed_seek(world.feed, 0, 100 * 290);
    expect(&world, 290, 300);
    world_down(&world);
}

SUITE(journal_feed, events_come_as_they_are_kept_on_disk,
      events_come_as_they_are_kept_in_memory,
      it_begins_behind_any_seq_or_with_the_first_from_a_time_on,
      what_was_passed_can_be_passed_again_within_a_page_and_before_it,
      what_the_journal_has_no_more_is_told_as_lost_once,
      what_is_older_than_the_time_asked_for_is_not_lost)
