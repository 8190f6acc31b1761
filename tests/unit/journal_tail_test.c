/* SPDX-License-Identifier: MIT */
#include "edge/journal_tail.h"

#include "check.h"
#include "edge/journal_file.h"
#include "samples.h"

enum { ROOM = 1 << 20 };

#define CAT "qq.group.20002.message.normal"
#define DOG "qq.group.20003.message.normal"

static void add_at(struct journal_tail *tail, uint64_t seq, uint64_t time_ms)
{
    struct buffer room = {0};
    const struct ring_event event =
        sample_make(&room, seq, time_ms, seq % 5 == 0 ? CAT : DOG, 100);
    journal_tail_add(tail, &event);
    buffer_finish(&room);
}

static void add_all(struct journal_tail *tail, uint64_t first, uint64_t last)
{
    for (uint64_t seq = first; seq <= last; seq++)
        add_at(tail, seq, seq * 10);
}

static bool wants(void *ctx, struct slice topic)
{
    return ctx == NULL || slice_equals(topic, ctx);
}

static struct journal_query query_of(uint64_t after)
{
    return (struct journal_query){
        .after = after,
        .before = INT64_MAX,
        .events_max = 1000,
        .bytes_max = ROOM,
        .wants = wants,
    };
}

static uint64_t seq_at(const struct journal_page *page, size_t index)
{
    return page->count == 0 ? 0 : sample_seq(journal_page_at(page, index));
}

/* The file has 51…100, the tail 111…200; what lies between is lost. */
static struct journal_tail *tail_behind_file(void)
{
    const struct journal_extent file = {51, 100, 5000};
    struct journal_tail *tail = journal_tail_create(ROOM);
    journal_tail_note_file(tail, &file);
    add_all(tail, 111, 200);
    return tail;
}

TEST(it_goes_on_where_the_file_ends)
{
    static const struct {
        uint64_t next; /* what was read of the file */
        size_t events_max, bytes_max;
        size_t count;
        uint64_t first, end;
        bool is_cut;
        size_t lost_count;
        struct journal_range lost;
    } rows[] = {
        {100, 1000, ROOM, 90, 111, 200, false, 1, {101, 110}},
        {105, 1000, ROOM, 90, 111, 200, false, 1, {106, 110}},
        {110, 1000, ROOM, 90, 111, 200, false, 0, {0, 0}},
        {100, 5, ROOM, 5, 111, 115, true, 1, {101, 110}},
        {100, 1000, 250, 2, 111, 112, true, 1, {101, 110}},
        {150, 1000, 1, 1, 151, 151, true, 0, {0, 0}},
        {200, 1000, ROOM, 0, 0, 200, false, 0, {0, 0}},
        {900, 1000, ROOM, 0, 0, 900, false, 0, {0, 0}},
        /* The file has got more since it was read. */
        {90, 1000, ROOM, 0, 0, 90, true, 0, {0, 0}},
    };
    struct journal_tail *tail = tail_behind_file();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_page page = {
            .next = rows[i].next, .oldest = 51, .newest = 100};
        struct journal_query query = query_of(0);
        query.events_max = rows[i].events_max;
        query.bytes_max = rows[i].bytes_max;
        journal_tail_read(tail, &query, &page);
        CHECK_EQ(page.count, rows[i].count);
        CHECK_EQ(seq_at(&page, 0), rows[i].first);
        CHECK_EQ(page.next, rows[i].end);
        CHECK_EQ(page.is_cut, rows[i].is_cut);
        CHECK_EQ(page.oldest, 51);
        CHECK_EQ(page.newest, 200);
        CHECK_EQ(page.lost_count, rows[i].lost_count);
        for (size_t k = 0; k < page.lost_count; k++) {
            CHECK_EQ(page.lost[k].first, rows[i].lost.first);
            CHECK_EQ(page.lost[k].last, rows[i].lost.last);
        }
        journal_page_finish(&page);
    }
    journal_tail_destroy(tail);
}

/* A page from the file that was read before the tail gave it its events knows
 * that there is more. */
TEST(a_stale_page_knows_that_there_is_more)
{
    const struct journal_extent file = {51, 200, 5000};
    struct journal_tail *tail = tail_behind_file();
    struct journal_page page = {.next = 100, .oldest = 51, .newest = 100};
    const struct journal_query query = query_of(0);
    journal_tail_note_file(tail, &file);
    journal_tail_read(tail, &query, &page);
    CHECK_EQ(page.count, 0);
    CHECK_EQ(page.next, 100);
    CHECK_EQ(page.lost_count, 0);
    CHECK(page.is_cut);
    journal_page_finish(&page);
    journal_tail_destroy(tail);
}

TEST(where_there_is_no_file_the_start_is_lost_to_who_misses_it)
{
    for (int misses = 0; misses < 2; misses++) {
        struct journal_tail *tail = journal_tail_create(ROOM);
        struct journal_query query = query_of(0);
        struct journal_page page = {0};
        query.misses_start = misses == 1;
        add_all(tail, 50, 60);
        journal_tail_read(tail, &query, &page);
        CHECK_EQ(page.count, 11);
        CHECK_EQ(page.oldest, 50);
        CHECK_EQ(page.newest, 60);
        CHECK_EQ(page.lost_count, misses);
        journal_page_finish(&page);
        journal_tail_destroy(tail);
    }
}

TEST(chats_patterns_and_moments_count_here_as_well)
{
    char cat[] = CAT;
    struct journal_tail *tail = tail_behind_file();
    for (int i = 0; i < 3; i++) {
        struct journal_query query = query_of(0);
        struct journal_page page = {.next = 110};
        query.chat_count = i == 0 ? 1 : 0;
        query.chats[0] = journal_chat(journal_chat_of(slice_of(CAT)));
        query.ctx = i == 1 ? cat : NULL;
        query.since_ms = i == 2 ? 1830 : 0;
        journal_tail_read(tail, &query, &page);
        CHECK_EQ(page.count, 18);
        CHECK_EQ(seq_at(&page, 0), i == 2 ? 183 : 115);
        CHECK_EQ(page.next, 200);
        journal_page_finish(&page);
    }
    journal_tail_destroy(tail);
}

TEST(backward_it_begins_a_page_that_the_file_goes_on_with)
{
    static const struct {
        uint64_t before;
        size_t events_max, count;
        uint64_t first, next;
        bool is_cut;
    } rows[] = {
        {INT64_MAX, 1000, 90, 200, 111, false},
        {200, 1000, 89, 199, 111, false},
        {150, 10, 10, 149, 140, true},
        {112, 1000, 1, 111, 111, false},
        {111, 1000, 0, 0, 111, false},
        {80, 1000, 0, 0, 80, false},
    };
    struct journal_tail *tail = tail_behind_file();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_page page = {0};
        struct journal_query query = query_of(0);
        query.is_backward = true;
        query.before = rows[i].before;
        query.events_max = rows[i].events_max;
        journal_tail_read(tail, &query, &page);
        CHECK_EQ(page.count, rows[i].count);
        CHECK_EQ(seq_at(&page, 0), rows[i].first);
        CHECK_EQ(page.next, rows[i].next);
        CHECK_EQ(page.is_cut, rows[i].is_cut);
        journal_page_finish(&page);
    }
    journal_tail_destroy(tail);
}

static void check_extent(struct journal_tail *tail, uint64_t oldest,
                         uint64_t newest)
{
    struct journal_extent extent = journal_tail_extent(tail);
    CHECK_EQ(extent.oldest, oldest);
    CHECK_EQ(extent.newest, newest);
}

TEST(what_is_readable_is_of_both)
{
    const struct journal_extent none = {0}, file = {51, 150, 5000};
    struct journal_tail *tail = tail_behind_file();
    check_extent(tail, 51, 200);
    CHECK(journal_tail_extent(tail).bytes > 5000 + 90 * 100);
    journal_tail_note_file(tail, &file);
    check_extent(tail, 51, 200);
    CHECK_EQ(ring_oldest(journal_tail_ring(tail)), 151);
    journal_tail_note_file(tail, &none);
    check_extent(tail, 151, 200);
    CHECK_EQ(journal_tail_generation(tail), 0);
    journal_tail_note_opened(tail);
    CHECK_EQ(journal_tail_generation(tail), 1);
    journal_tail_destroy(tail);
}

TEST(what_is_too_old_goes_but_for_the_newest)
{
    struct journal_tail *tail = tail_behind_file();
    journal_tail_drop_expired(tail, 1500);
    CHECK_EQ(ring_oldest(journal_tail_ring(tail)), 150);
    journal_tail_drop_expired(tail, 99999);
    CHECK_EQ(ring_oldest(journal_tail_ring(tail)), 200);
    journal_tail_destroy(tail);
}

/* It has 111…200, each ten ms younger than the one before. */
TEST(what_is_older_than_asked_for_is_not_missed)
{
    static const struct {
        uint64_t since_ms;
        bool is_told;
    } rows[] = {{0, true}, {900, true}, {1110, true}, {1111, false}};
    struct journal_tail *tail = journal_tail_create(ROOM);
    add_all(tail, 111, 200);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_page page = {.next = 50};
        struct journal_query query = query_of(50);
        query.misses_start = true;
        query.since_ms = rows[i].since_ms;
        journal_tail_read(tail, &query, &page);
        CHECK_EQ(page.lost_count, rows[i].is_told);
        CHECK_EQ(page.next, 200);
        journal_page_finish(&page);
    }
    journal_tail_destroy(tail);
}

TEST(a_file_that_cannot_be_read_is_needed_for_what_it_has)
{
    struct journal_tail *tail = tail_behind_file();
    struct journal_tail *alone = journal_tail_create(ROOM);
    struct journal_query query = query_of(99);
    CHECK(journal_tail_needs_file(tail, &query));
    CHECK(!journal_tail_needs_file(alone, &query));
    query.after = 100;
    CHECK(!journal_tail_needs_file(tail, &query));
    query.is_backward = true;
    CHECK(journal_tail_needs_file(tail, &query));
    journal_tail_destroy(alone);
    journal_tail_destroy(tail);
}

SUITE(journal_tail, it_goes_on_where_the_file_ends,
      what_is_older_than_asked_for_is_not_missed,
      a_file_that_cannot_be_read_is_needed_for_what_it_has,
      a_stale_page_knows_that_there_is_more,
      where_there_is_no_file_the_start_is_lost_to_who_misses_it,
      chats_patterns_and_moments_count_here_as_well,
      backward_it_begins_a_page_that_the_file_goes_on_with,
      what_is_readable_is_of_both, what_is_too_old_goes_but_for_the_newest)
