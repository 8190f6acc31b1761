/* SPDX-License-Identifier: MIT */
#include "edge/journal_view.h"

#include "check.h"
#include "edge/journal_file.h"
#include "edge/journal_tail.h"
#include "folder.h"
#include "samples.h"

enum { ROOM = 16 << 20 };

struct world {
    char folder[FOLDER_SIZE];
    struct journal_file *file;
    struct journal_tail *tail;
    struct buffer room;
    struct journal_view *view;
    struct journal_page page;
};

/* Time is a hundred times the seq. */
static struct ring_event sample(struct world *world, uint64_t seq)
{
    return sample_make(&world->room, seq, 100 * seq, SAMPLE_TOPIC, 0);
}

/* Of the file: 1…10; of the tail: 11…15, if it is to have some. */
static void world_up(struct world *world, bool has_tail)
{
    char fault[JOURNAL_FAULT_SIZE] = "";
    bool is_damaged;
    *world = (struct world){0};
    folder_make(world->folder);
    const struct journal_file_options options = {.folder = world->folder,
                                                 .bytes_max = ROOM};
    world->file = journal_file_open(&options, fault, &is_damaged);
    world->tail = journal_tail_create(ROOM);
    world->view = journal_view_create(world->folder, world->tail);
    CHECK(journal_file_begin(world->file));
    for (uint64_t seq = 1; seq <= 10; seq++) {
        const struct ring_event event = sample(world, seq);
        CHECK(journal_file_add(world->file, &event));
    }
    CHECK(journal_file_commit(world->file));
    const struct journal_extent extent = {1, 10, 1000};
    journal_tail_note_file(world->tail, &extent);
    journal_tail_note_opened(world->tail);
    for (uint64_t seq = 11; has_tail && seq <= 15; seq++) {
        const struct ring_event event = sample(world, seq);
        journal_tail_add(world->tail, &event);
    }
}

static void world_down(struct world *world)
{
    journal_page_finish(&world->page);
    journal_view_destroy(world->view);
    journal_file_close(world->file);
    journal_tail_destroy(world->tail);
    buffer_finish(&world->room);
    folder_remove(world->folder);
}

static const struct journal_page *read_after(struct world *world,
                                             uint64_t after, size_t events_max)
{
    const struct journal_query query = {
        .after = after,
        .misses_start = true,
        .events_max = events_max,
        .bytes_max = ROOM,
    };
    journal_page_finish(&world->page);
    journal_view_read(world->view, &query, &world->page);
    CHECK_STR(world->page.fault, "");
    return &world->page;
}

TEST(the_file_is_read_and_then_the_tail_each_event_with_its_seq_and_time)
{
    struct world world;
    world_up(&world, true);
    const struct journal_page *page = read_after(&world, 0, 100);
    CHECK_EQ(page->count, 15);
    for (size_t i = 0; i < page->count; i++) {
        CHECK_EQ(page->entries[i].seq, i + 1);
        CHECK_EQ(page->entries[i].time_ms, 100 * (i + 1));
        CHECK_EQ(sample_seq(journal_page_at(page, i)), i + 1);
    }
    CHECK_EQ(page->next, 15);
    world_down(&world);
}

TEST(page_after_page_reaches_the_end)
{
    struct world world;
    world_up(&world, true);
    uint64_t next = 0;
    size_t count = 0;
    do {
        const struct journal_page *page = read_after(&world, next, 4);
        next = page->next;
        count += page->count;
    } while (world.page.is_cut);
    CHECK_EQ(count, 15);
    CHECK_EQ(next, 15);
    CHECK_EQ(read_after(&world, next, 4)->count, 0);
    world_down(&world);
}

TEST(a_file_that_is_gone_is_a_fault_and_one_that_is_back_is_none)
{
    struct world world;
    char path[256], aside[256];
    const struct journal_query query = {.events_max = 4, .bytes_max = ROOM};
    world_up(&world, false);
    snprintf(path, sizeof(path), "%s/%s", world.folder, JOURNAL_FILE_NAME);
    snprintf(aside, sizeof(aside), "%s/aside", world.folder);
    CHECK_EQ(rename(path, aside), 0);
    journal_view_read(world.view, &query, &world.page);
    CHECK(world.page.fault[0] != '\0');
    CHECK_EQ(world.page.count, 0);
    CHECK_EQ(rename(aside, path), 0);
    CHECK_EQ(read_after(&world, 0, 100)->count, 10);
    world_down(&world);
}

SUITE(journal_view,
      the_file_is_read_and_then_the_tail_each_event_with_its_seq_and_time,
      page_after_page_reaches_the_end,
      a_file_that_is_gone_is_a_fault_and_one_that_is_back_is_none)
