/* SPDX-License-Identifier: MIT */
#include "edge/replayer.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "edge/journal_file.h"
#include "edge/journal_tail.h"
#include "folder.h"
#include "samples.h"

enum { ROOM = 16 << 20, WAIT_MS = 20 * 1000 };

struct world {
    char folder[FOLDER_SIZE];
    struct journal_file *file;
    struct journal_tail *tail;
    struct replayer *replayer;
    struct buffer room;
    _Atomic uint64_t wakes;
    _Atomic bool is_held; /* the thread waits in the middle of a page */
    /* What was answered last. */
    uint64_t cookies, count, first, last, next, oldest, newest, lost;
    char fault[128];
};

static void nap(void)
{
    const struct timespec moment = {.tv_nsec = 1000 * 1000};
    nanosleep(&moment, NULL);
}

static void wake(void *ctx)
{
    ((struct world *)ctx)->wakes++;
}

/* Of the file: 1…100; of the tail, if it is to have some: 101…150. */
static void begin_file(struct world *world)
{
    const struct journal_file_options options = {.folder = world->folder,
                                                 .bytes_max = ROOM};
    char fault[JOURNAL_FAULT_SIZE] = "";
    bool is_damaged;
    world->file = journal_file_open(&options, fault, &is_damaged);
    CHECK_STR(fault, "");
    CHECK(journal_file_begin(world->file));
    for (uint64_t seq = 1; seq <= 100; seq++) {
        const struct ring_event event =
            sample_make(&world->room, seq, seq, SAMPLE_TOPIC, 0);
        CHECK(journal_file_add(world->file, &event));
    }
    CHECK(journal_file_commit(world->file));
    const struct journal_extent extent = {1, 100, 1000};
    journal_tail_note_file(world->tail, &extent);
    journal_tail_note_opened(world->tail);
}

static void begin_tail(struct world *world)
{
    for (uint64_t seq = 101; seq <= 150; seq++) {
        const struct ring_event event =
            sample_make(&world->room, seq, seq, SAMPLE_TOPIC, 0);
        journal_tail_add(world->tail, &event);
    }
}

static void world_up(struct world *world)
{
    *world = (struct world){0};
    folder_make(world->folder);
    world->tail = journal_tail_create(ROOM);
    world->replayer = replayer_create(world->folder, world->tail, wake, world);
    CHECK(world->replayer != NULL);
}

static void world_down(struct world *world)
{
    world->is_held = false;
    replayer_destroy(world->replayer);
    journal_tail_destroy(world->tail);
    journal_file_close(world->file);
    buffer_finish(&world->room);
    folder_remove(world->folder);
}

/* The query's block of memory has the world's address in it. */
static bool wants(void *ctx, struct slice topic)
{
    struct world *const *world = ctx;
    while ((*world)->is_held)
        nap();
    return slice_equals(topic, SAMPLE_TOPIC);
}

static enum status ask(struct world *world, uint64_t cookie, bool is_backward,
                       uint64_t after)
{
    struct world **ctx = malloc(sizeof(struct world *));
    *ctx = world;
    const struct journal_query query = {
        .is_backward = is_backward,
        .after = after,
        .before = INT64_MAX,
        .misses_start = true,
        .events_max = 1000,
        .bytes_max = ROOM,
        .wants = wants,
        .ctx = ctx,
    };
    enum status status = replayer_ask(world->replayer, &query, cookie);
    if (status != STATUS_OK)
        free(ctx);
    return status;
}

static void on_page(void *ctx, uint64_t cookie,
                    const struct journal_query *query,
                    const struct journal_page *page)
{
    struct world *world = ctx;
    CHECK(query->wants == wants);
    world->cookies = world->cookies * 10 + cookie;
    world->count = page->count;
    world->first = world->last = 0;
    if (page->count > 0) {
        world->first = sample_seq(journal_page_at(page, 0));
        world->last = sample_seq(journal_page_at(page, page->count - 1));
    }
    world->next = page->next;
    world->oldest = page->oldest;
    world->newest = page->newest;
    world->lost = 0;
    for (size_t i = 0; i < page->lost_count; i++)
        world->lost += page->lost[i].last - page->lost[i].first + 1;
    snprintf(world->fault, sizeof(world->fault), "%s", page->fault);
}

/* Until so many have been answered, which leave these cookies. */
static void await(struct world *world, uint64_t cookies)
{
    for (int i = 0; i < WAIT_MS && world->cookies < cookies; i++) {
        replayer_take(world->replayer, on_page, world);
        nap();
    }
    CHECK_EQ(world->cookies, cookies);
    CHECK(world->wakes > 0);
    world->cookies = 0;
}

static void read_from(struct world *world, uint64_t after)
{
    CHECK_EQ(ask(world, 1, false, after), STATUS_OK);
    await(world, 1);
}

TEST(a_page_goes_from_the_file_into_the_tail)
{
    struct world world;
    world_up(&world);
    begin_file(&world);
    begin_tail(&world);
    read_from(&world, 40);
    CHECK_STR(world.fault, "");
    CHECK_EQ(world.count, 110);
    CHECK_EQ(world.first, 41);
    CHECK_EQ(world.last, 150);
    CHECK_EQ(world.next, 150);
    CHECK_EQ(world.oldest, 1);
    CHECK_EQ(world.newest, 150);
    CHECK_EQ(world.lost, 0);
    CHECK_EQ(ask(&world, 2, true, 0), STATUS_OK);
    await(&world, 2);
    CHECK_EQ(world.count, 150);
    CHECK_EQ(world.first, 150);
    CHECK_EQ(world.last, 1);
    world_down(&world);
}

TEST(where_there_is_no_file_it_reads_the_tail)
{
    struct world world;
    world_up(&world);
    read_from(&world, 7);
    CHECK_EQ(world.next, 7);
    CHECK_EQ(world.newest, 0);
    begin_tail(&world);
    read_from(&world, 40);
    CHECK_STR(world.fault, "");
    CHECK_EQ(world.count, 50);
    CHECK_EQ(world.oldest, 101);
    CHECK_EQ(world.lost, 60);
    world_down(&world);
}

/* The file that it has read so far is none any more. */
TEST(a_file_that_is_opened_anew_is_read_anew)
{
    struct world world;
    char path[FOLDER_SIZE + 16];
    world_up(&world);
    begin_file(&world);
    read_from(&world, 90);
    CHECK_EQ(world.count, 10);
    journal_file_close(world.file);
    world.file = NULL;
    snprintf(path, sizeof(path), "%s/%s", world.folder, JOURNAL_FILE_NAME);
    CHECK_EQ(unlink(path), 0);
    journal_tail_note_opened(world.tail);
    read_from(&world, 90);
    CHECK_STR(world.fault, "it cannot be opened");
    begin_file(&world);
    read_from(&world, 80);
    CHECK_STR(world.fault, "");
    CHECK_EQ(world.count, 20);
    world_down(&world);
}

TEST(they_are_answered_in_order)
{
    struct world world;
    world_up(&world);
    begin_tail(&world);
    for (uint64_t cookie = 1; cookie <= 9; cookie++)
        CHECK_EQ(ask(&world, cookie, false, 100), STATUS_OK);
    await(&world, 123456789);
    world_down(&world);
}

TEST(so_many_may_wait)
{
    struct world world;
    world_up(&world);
    begin_tail(&world);
    world.is_held = true;
    for (int i = 0; i < REPLAYER_QUEUE_MAX; i++)
        CHECK_EQ(ask(&world, 1, false, 100), STATUS_OK);
    CHECK_EQ(ask(&world, 1, false, 100), STATUS_FULL);
    world.is_held = false;
    for (int i = 0; i < WAIT_MS && world.cookies == 0; i++) {
        replayer_take(world.replayer, on_page, &world);
        nap();
    }
    CHECK_EQ(ask(&world, 1, false, 100), STATUS_OK);
    world_down(&world); /* what was not taken is forgotten */
}

SUITE(replayer, a_page_goes_from_the_file_into_the_tail,
      where_there_is_no_file_it_reads_the_tail,
      a_file_that_is_opened_anew_is_read_anew, they_are_answered_in_order,
      so_many_may_wait)
