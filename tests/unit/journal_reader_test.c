/* SPDX-License-Identifier: MIT */
#include "edge/journal_reader.h"

#include "check.h"
#include "edge/journal_file.h"
#include "folder.h"
#include "samples.h"

enum { PATH_SIZE = 160, PAGE_BYTES = 4096, ROOM = 64 << 20, TOPIC_ROOM = 48 };

#define CAT "qq.group.20002.message.normal"
#define DOG "qq.group.20003.message.normal"

struct place {
    char folder[FOLDER_SIZE];
    struct journal_file *file;
    struct journal_reader *reader;
    struct buffer room;
    struct journal_page page;
    const char *wanted; /* topic; NULL: all */
};

static void open_file(struct place *place)
{
    const struct journal_file_options options = {.folder = place->folder,
                                                 .bytes_max = ROOM};
    char fault[JOURNAL_FAULT_SIZE] = "";
    bool is_damaged;
    place->file = journal_file_open(&options, fault, &is_damaged);
    CHECK_STR(fault, "");
}

static void place_init(struct place *place)
{
    *place = (struct place){0};
    folder_make(place->folder);
    open_file(place);
    place->reader = journal_reader_open(place->folder);
    CHECK(place->reader != NULL);
}

static void place_finish(struct place *place)
{
    journal_page_finish(&place->page);
    journal_reader_close(place->reader);
    journal_file_close(place->file);
    buffer_finish(&place->room);
    folder_remove(place->folder);
}

static void begin(struct place *place)
{
    CHECK(journal_file_begin(place->file));
}

static void commit(struct place *place)
{
    CHECK(journal_file_commit(place->file));
}

static void add(struct place *place, uint64_t seq, uint64_t time_ms,
                const char *topic, size_t size)
{
    const struct ring_event event =
        sample_make(&place->room, seq, time_ms, topic, size);
    CHECK(journal_file_add(place->file, &event));
}

/* Every `step`th event is a cat's, the others are a dog's. */
static void write_all(struct place *place, uint64_t first, uint64_t last,
                      uint64_t step)
{
    begin(place);
    for (uint64_t seq = first; seq <= last; seq++)
        add(place, seq, seq * 10, seq % step == 0 ? CAT : DOG, 0);
    commit(place);
}

static void lose(struct place *place, uint64_t first, uint64_t last)
{
    begin(place);
    CHECK(journal_file_lose(place->file, first, last));
    commit(place);
}

static bool wants(void *ctx, struct slice topic)
{
    const struct place *place = ctx;
    return place->wanted == NULL || slice_equals(topic, place->wanted);
}

static struct journal_query query_of(struct place *place)
{
    return (struct journal_query){
        .before = INT64_MAX,
        .events_max = 1000 * 1000,
        .bytes_max = ROOM,
        .wants = wants,
        .ctx = place,
    };
}

/* Only the cat's, found by the blocks. */
static struct journal_query query_cat(struct place *place)
{
    struct journal_query query = query_of(place);
    place->wanted = CAT;
    query.chats[0] = journal_chat(journal_chat_of(slice_of(CAT)));
    query.chat_count = 1;
    return query;
}

static const struct journal_page *read_page(struct place *place,
                                            const struct journal_query *query)
{
    journal_page_finish(&place->page);
    CHECK(journal_reader_read(place->reader, query, &place->page));
    CHECK_STR(place->page.fault, "");
    return &place->page;
}

static uint64_t seq_at(const struct journal_page *page, size_t index)
{
    return sample_seq(journal_page_at(page, index));
}

/* That the page has `count` events, these the first and the last. */
static void check_events(const struct journal_page *page, size_t count,
                         uint64_t first, uint64_t last)
{
    CHECK_EQ(page->count, count);
    if (page->count == 0)
        return;
    CHECK_EQ(seq_at(page, 0), first);
    CHECK_EQ(seq_at(page, page->count - 1), last);
}

/* ---- forward ------------------------------------------------------------ */

TEST(a_page_is_a_slice_of_what_follows)
{
    static const struct {
        uint64_t after;
        size_t events_max, bytes_max;
        const char *wanted;
        size_t count;
        uint64_t first, last, next;
        bool is_cut;
    } rows[] = {
        {0, 1000, ROOM, NULL, 100, 1, 100, 100, false},
        {40, 1000, ROOM, NULL, 60, 41, 100, 100, false},
        {40, 10, ROOM, NULL, 10, 41, 50, 50, true},
        {90, 10, ROOM, NULL, 10, 91, 100, 100, false},
        {99, 1, 1, NULL, 1, 100, 100, 100, false},
        {40, 1000, 1, NULL, 1, 41, 41, 41, true}, /* one always fits */
        {40, 1000, 3 * 200 - 1, NULL, 2, 41, 42, 42, true},
        {40, 1000, 3 * 200, NULL, 3, 41, 43, 43, true},
        {0, 1000, ROOM, CAT, 10, 10, 100, 100, false},
        {0, 3, ROOM, CAT, 3, 10, 30, 39, true},
        {95, 1000, ROOM, CAT, 1, 100, 100, 100, false},
        {0, 1000, ROOM, "none", 0, 0, 0, 100, false},
        {100, 1000, ROOM, NULL, 0, 0, 0, 100, false},
        {5000, 1000, ROOM, NULL, 0, 0, 0, 5000, false},
        {INT64_MAX, 1000, ROOM, NULL, 0, 0, 0, INT64_MAX, false},
    };
    struct place place;
    place_init(&place);
    begin(&place);
    for (uint64_t seq = 1; seq <= 100; seq++)
        add(&place, seq, seq, seq % 10 == 0 ? CAT : DOG, 200);
    commit(&place);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_query query = query_of(&place);
        place.wanted = rows[i].wanted;
        query.after = rows[i].after;
        query.events_max = rows[i].events_max;
        query.bytes_max = rows[i].bytes_max;
        query.misses_start = true;
        const struct journal_page *page = read_page(&place, &query);
        check_events(page, rows[i].count, rows[i].first, rows[i].last);
        CHECK_EQ(page->next, rows[i].next);
        CHECK_EQ(page->is_cut, rows[i].is_cut);
        CHECK_EQ(page->oldest, 1);
        CHECK_EQ(page->newest, 100);
        CHECK_EQ(page->lost_count, 0);
    }
    place_finish(&place);
}

TEST(an_empty_journal_has_an_empty_page)
{
    struct place place;
    place_init(&place);
    struct journal_query query = query_of(&place);
    query.after = 7;
    query.misses_start = true;
    const struct journal_page *page = read_page(&place, &query);
    check_events(page, 0, 0, 0);
    CHECK_EQ(page->next, 7);
    CHECK_EQ(page->oldest + page->newest + page->lost_count, 0);
    query.is_backward = true;
    check_events(read_page(&place, &query), 0, 0, 0);
    place_finish(&place);
}

/* ---- what is lost -------------------------------------------------------- */

TEST(what_is_not_to_be_had_is_told_once)
{
    /* Events 101…200, 301…400, 421…500; 201…300, 401…420 and 501…510 never
     * came in. */
    static const struct {
        uint64_t after;
        bool misses_start;
        size_t events_max;
        uint64_t next;
        size_t lost_count;
        struct journal_range lost[4];
    } rows[] = {
        {0, false, 999, 510, 3, {{201, 300}, {401, 420}, {501, 510}}},
        {0, true, 999, 510, 4, {{1, 100}, {201, 300}, {401, 420}, {501, 510}}},
        {50, true, 100, 200, 1, {{51, 100}}},
        {99, true, 100, 200, 1, {{100, 100}}},
        {100, true, 100, 200, 0, {{0, 0}}},
        {200, true, 1, 301, 1, {{201, 300}}},
        {250, true, 1, 301, 1, {{251, 300}}},
        {299, true, 1, 301, 1, {{300, 300}}},
        {300, true, 1, 301, 0, {{0, 0}}},
        {300, true, 101, 421, 1, {{401, 420}}},
        {450, true, 999, 510, 1, {{501, 510}}},
        {505, true, 999, 510, 1, {{506, 510}}},
        {510, true, 999, 510, 0, {{0, 0}}},
    };
    struct place place;
    place_init(&place);
    write_all(&place, 1, 200, 2);
    CHECK(journal_file_tidy(place.file, 1010, SIZE_MAX));
    lose(&place, 201, 300);
    write_all(&place, 301, 400, 2);
    lose(&place, 401, 420);
    write_all(&place, 421, 500, 2);
    lose(&place, 501, 510);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_query query = query_of(&place);
        query.after = rows[i].after;
        query.misses_start = rows[i].misses_start;
        query.events_max = rows[i].events_max;
        const struct journal_page *page = read_page(&place, &query);
        CHECK_EQ(page->oldest, 101);
        CHECK_EQ(page->newest, 510);
        CHECK_EQ(page->next, rows[i].next);
        CHECK_EQ(page->lost_count, rows[i].lost_count);
        for (size_t k = 0; k < page->lost_count; k++) {
            CHECK_EQ(page->lost[k].first, rows[i].lost[k].first);
            CHECK_EQ(page->lost[k].last, rows[i].lost[k].last);
        }
    }
    place_finish(&place);
}

/* From page to page all is given or told as lost, each once. */
TEST(pages_leave_no_hole)
{
    static const size_t limits[] = {1, 3, 7, 100, 1000};
    struct place place;
    place_init(&place);
    for (uint64_t seq = 1; seq < 1000; seq += 100) {
        write_all(&place, seq, seq + 49, 3);
        lose(&place, seq + 50, seq + 99);
    }
    for (size_t i = 0; i < 2 * sizeof(limits) / sizeof(limits[0]); i++) {
        size_t count = 0, lost = 0;
        struct journal_query query =
            i % 2 == 0 ? query_of(&place) : query_cat(&place);
        place.wanted = i % 2 == 0 ? NULL : CAT;
        query.events_max = limits[i / 2];
        do {
            const struct journal_page *page = read_page(&place, &query);
            CHECK(page->next > query.after);
            count += page->count;
            for (size_t k = 0; k < page->lost_count; k++)
                lost += page->lost[k].last - page->lost[k].first + 1;
            query.after = page->next;
        } while (query.after < 1000 && count + lost < 2000);
        CHECK_EQ(count, i % 2 == 0 ? 500 : 166);
        CHECK_EQ(lost, 500);
    }
    place_finish(&place);
}

/* What has rolled past a gap is one range, not two. */
TEST(a_gap_before_the_oldest_is_not_told_twice)
{
    struct place place;
    place_init(&place);
    write_all(&place, 1, 10, 2);
    lose(&place, 11, 20);
    write_all(&place, 21, 30, 2);
    CHECK(journal_file_tidy(place.file, 250, SIZE_MAX));
    struct journal_query query = query_of(&place);
    query.after = 5;
    query.misses_start = true;
    const struct journal_page *page = read_page(&place, &query);
    CHECK_EQ(page->oldest, 25);
    CHECK_EQ(page->lost_count, 1);
    CHECK_EQ(page->lost[0].first, 6);
    CHECK_EQ(page->lost[0].last, 24);
    query.misses_start = false;
    CHECK_EQ(read_page(&place, &query)->lost_count, 0);
    place_finish(&place);
}

/* Events 101…200 are there, each ten ms younger than the one before. */
TEST(what_has_rolled_past_is_missed_where_the_age_reaches_beyond_it)
{
    static const struct {
        uint64_t since_ms, lost_first, lost_last, next_first;
    } rows[] = {
        {500, 51, 100, 101},  /* it is not known how old they were */
        {1010, 51, 100, 101}, /* nor here */
        {1011, 0, 0, 102},
        {1500, 0, 0, 150},
    };
    struct place place;
    place_init(&place);
    write_all(&place, 1, 200, 2);
    CHECK(journal_file_tidy(place.file, 1010, SIZE_MAX));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_query query = query_of(&place);
        query.after = 50;
        query.misses_start = true;
        query.since_ms = rows[i].since_ms;
        const struct journal_page *page = read_page(&place, &query);
        CHECK_EQ(seq_at(page, 0), rows[i].next_first);
        CHECK_EQ(page->lost_count, rows[i].lost_first != 0);
        if (page->lost_count == 1) {
            CHECK_EQ(page->lost[0].first, rows[i].lost_first);
            CHECK_EQ(page->lost[0].last, rows[i].lost_last);
        }
    }
    place_finish(&place);
}

/* ---- chats -------------------------------------------------------------- */

TEST(the_events_of_a_chat_are_found_wherever_they_are)
{
    static const struct {
        uint64_t after, before;
        size_t events_max, forward;
        uint64_t first, last;
        size_t backward;
    } rows[] = {
        {0, INT64_MAX, 10000, 142, 7, 994, 142},
        {0, INT64_MAX, 5, 5, 7, 35, 5},
        {7, 994, 10000, 141, 14, 994, 141},
        {255, 257, 10000, 106, 259, 994, 36},
        {767, 769, 10000, 33, 770, 994, 109},
        {990, 8, 10000, 1, 994, 994, 1},
        {994, 7, 10000, 0, 0, 0, 0},
    };
    struct place place;
    place_init(&place);
    write_all(&place, 1, 1000, 7);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_query query = query_cat(&place);
        query.after = rows[i].after;
        query.before = rows[i].before;
        query.events_max = rows[i].events_max;
        const struct journal_page *page = read_page(&place, &query);
        check_events(page, rows[i].forward, rows[i].first, rows[i].last);
        CHECK_EQ(page->is_cut, page->count == query.events_max);
        query.is_backward = true;
        page = read_page(&place, &query);
        CHECK_EQ(page->count, rows[i].backward);
        CHECK_EQ(page->is_cut, page->count == query.events_max);
        for (size_t k = 1; k < page->count; k++)
            CHECK_EQ(seq_at(page, k), seq_at(page, k - 1) - 7);
    }
    place_finish(&place);
}

/* Two chats whose messages look alike in the blocks. */
static void find_two(char one[TOPIC_ROOM], char other[TOPIC_ROOM])
{
    enum { BITS = 18 };
    uint32_t *hashes = calloc((size_t)1 << BITS, sizeof(*hashes));
    uint32_t *ids = calloc((size_t)1 << BITS, sizeof(*ids));
    char chat[TOPIC_ROOM];
    for (uint32_t id = 10001;; id++) {
        snprintf(chat, sizeof(chat), "group.%" PRIu32, id);
        uint32_t hash = journal_chat(slice_of(chat));
        size_t slot = hash >> (32 - BITS);
        if (hashes[slot] == hash) {
            snprintf(one, TOPIC_ROOM, "qq.group.%" PRIu32 ".x", ids[slot]);
            snprintf(other, TOPIC_ROOM, "qq.group.%" PRIu32 ".x", id);
            break;
        }
        hashes[slot] = hash;
        ids[slot] = id;
    }
    free(hashes);
    free(ids);
}

TEST(chats_that_look_alike_are_told_apart)
{
    char one[TOPIC_ROOM], other[TOPIC_ROOM];
    struct place place;
    place_init(&place);
    find_two(one, other);
    begin(&place);
    for (uint64_t seq = 1; seq <= 600; seq++)
        add(&place, seq, seq, seq % 2 == 0 ? one : other, 0);
    commit(&place);
    for (int i = 0; i < 2; i++) {
        struct journal_query query = query_of(&place);
        query.is_backward = i == 1;
        query.chats[0] = journal_chat(journal_chat_of(slice_of(one)));
        query.chat_count = 1;
        place.wanted = one;
        const struct journal_page *page = read_page(&place, &query);
        CHECK_EQ(page->count, 300);
        for (size_t k = 0; k < page->count; k++)
            CHECK_EQ(seq_at(page, k) % 2, 0);
    }
    place_finish(&place);
}

/* ---- backward ----------------------------------------------------------- */

TEST(backward_it_is_the_newest_first)
{
    static const struct {
        uint64_t before;
        size_t events_max, count;
        uint64_t first, last;
        bool is_cut;
    } rows[] = {
        {INT64_MAX, 1000, 100, 100, 1, false},
        {INT64_MAX, 100, 100, 100, 1, false},
        {INT64_MAX, 30, 30, 100, 71, true},
        {71, 30, 30, 70, 41, true},
        {2, 30, 1, 1, 1, false},
        {1, 30, 0, 0, 0, false},
    };
    struct place place;
    place_init(&place);
    write_all(&place, 1, 100, 2);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct journal_query query = query_of(&place);
        query.is_backward = true;
        query.before = rows[i].before;
        query.events_max = rows[i].events_max;
        const struct journal_page *page = read_page(&place, &query);
        check_events(page, rows[i].count, rows[i].first, rows[i].last);
        CHECK_EQ(page->is_cut, rows[i].is_cut);
    }
    place_finish(&place);
}

/* ---- time --------------------------------------------------------------- */

TEST(since_a_moment_is_from_where_the_time_passes_it)
{
    static const struct {
        uint64_t time_ms[6]; /* of events 1…6 */
        uint64_t after, since_ms, first;
    } rows[] = {
        {{10, 20, 30, 40, 50, 60}, 0, 1, 1},
        {{10, 20, 30, 40, 50, 60}, 0, 30, 3},
        {{10, 20, 30, 40, 50, 60}, 0, 31, 4},
        {{10, 20, 30, 40, 50, 60}, 4, 20, 5}, /* the later of both */
        {{10, 20, 30, 40, 50, 60}, 0, 61, 0},
        {{10, 30, 30, 30, 50, 60}, 0, 30, 2},
        {{10, 20, 15, 16, 50, 60}, 0, 40, 5}, /* set back and right again */
        {{10, 20, 30, 40, 50, 900}, 0, 800, 6},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct place place;
        place_init(&place);
        begin(&place);
        for (uint64_t seq = 1; seq <= 6; seq++)
            add(&place, seq, rows[i].time_ms[seq - 1], CAT, 0);
        commit(&place);
        struct journal_query query = query_of(&place);
        query.after = rows[i].after;
        query.since_ms = rows[i].since_ms;
        const struct journal_page *page = read_page(&place, &query);
        CHECK_EQ(page->count, rows[i].first == 0 ? 0 : 7 - rows[i].first);
        CHECK_EQ(page->count == 0 ? 0 : seq_at(page, 0), rows[i].first);
        CHECK_EQ(page->next, 6);
        CHECK_EQ(page->lost_count, 0);
        place_finish(&place);
    }
}

/* ---- bounds of work ------------------------------------------------------ */

/* It is cut, and goes on from where it was. */
static void check_work(struct place *place, struct journal_query *query,
                       size_t pages_min)
{
    size_t pages = 0;
    const struct journal_page *page;
    do {
        uint64_t from = query->is_backward ? query->before : query->after;
        page = read_page(place, query);
        check_events(page, 0, 0, 0);
        CHECK(query->is_backward ? page->next < from : page->next > from);
        query->after = query->before = page->next;
        pages++;
    } while (page->is_cut && pages < 100);
    CHECK(pages >= pages_min);
    CHECK(pages < 100);
}

TEST(a_page_looks_at_so_many_events_and_no_more)
{
    struct place place;
    place_init(&place);
    write_all(&place, 1, 40000, 1);
    for (int i = 0; i < 4; i++) {
        struct journal_query query =
            i < 2 ? query_of(&place) : query_cat(&place);
        place.wanted = "none";
        query.is_backward = i % 2 == 1;
        check_work(&place, &query, 3);
    }
    place_finish(&place);
}

/* ---- damage -------------------------------------------------------------- */

/* Overwrite a page of events in the middle of the file. */
static void damage(const struct place *place)
{
    char path[PATH_SIZE], page[PAGE_BYTES];
    snprintf(path, sizeof(path), "%s/%s", place->folder, JOURNAL_FILE_NAME);
    FILE *file = fopen(path, "r+");
    CHECK(file != NULL && fseek(file, 0, SEEK_END) == 0);
    long at = ftell(file) / PAGE_BYTES / 2 * PAGE_BYTES;
    CHECK_EQ(fseek(file, at, SEEK_SET), 0);
    CHECK_EQ(fread(page, 1, sizeof(page), file), sizeof(page));
    CHECK_EQ(page[0], 13); /* a leaf */
    memset(page, 0, sizeof(page));
    CHECK_EQ(fseek(file, at, SEEK_SET), 0);
    CHECK_EQ(fwrite(page, 1, sizeof(page), file), sizeof(page));
    fclose(file);
}

TEST(a_damaged_page_is_a_fault_and_no_hole)
{
    struct place place;
    place_init(&place);
    begin(&place);
    for (uint64_t seq = 1; seq <= 2000; seq++)
        add(&place, seq, seq, CAT, 1024);
    commit(&place);
    journal_reader_close(place.reader);
    journal_file_close(place.file);
    damage(&place);
    open_file(&place); /* what is looked at then is whole */
    place.reader = journal_reader_open(place.folder);
    for (int i = 0; i < 4; i++) {
        struct journal_query query =
            i < 2 ? query_of(&place) : query_cat(&place);
        query.is_backward = i % 2 == 1;
        journal_page_finish(&place.page);
        CHECK(!journal_reader_read(place.reader, &query, &place.page));
        CHECK_STR(place.page.fault, "database disk image is malformed");
        CHECK(place.page.count < 1500);
    }
    place_finish(&place);
}

TEST(what_is_another_journals_is_not_read)
{
    struct place place;
    place_init(&place);
    CHECK(journal_file_set_epoch(place.file, "0123456789abcdef"));
    write_all(&place, 1, 10, 2);
    struct journal_query query = query_of(&place);
    query.epoch = "0123456789abcdef";
    check_events(read_page(&place, &query), 10, 1, 10);
    query.epoch = "fedcba9876543210";
    journal_page_finish(&place.page);
    CHECK(!journal_reader_read(place.reader, &query, &place.page));
    CHECK_STR(place.page.fault, "the file there is another journal's");
    CHECK_EQ(place.page.count, 0);
    query.epoch = NULL;
    check_events(read_page(&place, &query), 10, 1, 10);
    place_finish(&place);
}

TEST(where_there_is_no_file_there_is_no_reader)
{
    char folder[FOLDER_SIZE];
    folder_make(folder);
    CHECK(journal_reader_open(folder) == NULL);
    folder_remove(folder);
}

SUITE(journal_reader, a_page_is_a_slice_of_what_follows,
      an_empty_journal_has_an_empty_page, what_is_not_to_be_had_is_told_once,
      pages_leave_no_hole, a_gap_before_the_oldest_is_not_told_twice,
      what_has_rolled_past_is_missed_where_the_age_reaches_beyond_it,
      the_events_of_a_chat_are_found_wherever_they_are,
      chats_that_look_alike_are_told_apart, backward_it_is_the_newest_first,
      since_a_moment_is_from_where_the_time_passes_it,
      a_page_looks_at_so_many_events_and_no_more,
      a_damaged_page_is_a_fault_and_no_hole,
      what_is_another_journals_is_not_read,
      where_there_is_no_file_there_is_no_reader)
