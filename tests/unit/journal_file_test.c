/* SPDX-License-Identifier: MIT */
#include "edge/journal_file.h"

#include <pthread.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "edge/journal_reader.h"
#include "folder.h"
#include "samples.h"

enum { MIB = 1 << 20, PATH_SIZE = 160, BIG = 64 * MIB };

struct place {
    char folder[FOLDER_SIZE];
    char fault[JOURNAL_FAULT_SIZE];
    bool is_damaged;
    struct journal_file *file;
    struct buffer room;
};

static void open_file(struct place *place, size_t bytes_max)
{
    const struct journal_file_options options = {.folder = place->folder,
                                                 .bytes_max = bytes_max};
    place->fault[0] = '\0';
    place->file = journal_file_open(&options, place->fault, &place->is_damaged);
}

static void close_file(struct place *place)
{
    journal_file_close(place->file);
    place->file = NULL;
}

static void place_init(struct place *place, size_t bytes_max)
{
    *place = (struct place){0};
    folder_make(place->folder);
    open_file(place, bytes_max);
    CHECK_STR(place->fault, "");
}

static void place_finish(struct place *place)
{
    close_file(place);
    buffer_finish(&place->room);
    folder_remove(place->folder);
}

static bool add(struct place *place, uint64_t seq, uint64_t time_ms,
                const char *topic, size_t size)
{
    const struct ring_event event =
        sample_make(&place->room, seq, time_ms, topic, size);
    return journal_file_add(place->file, &event);
}

/* Every third event is of the one chat, the others of another. */
static const char *topic_of(uint64_t seq)
{
    return seq % 3 == 0 ? SAMPLE_TOPIC : "qq.group.20003.message.normal";
}

static void add_all(struct place *place, uint64_t first, uint64_t last)
{
    for (uint64_t seq = first; seq <= last; seq++)
        CHECK(add(place, seq, seq, topic_of(seq), 0));
}

static void write_all(struct place *place, uint64_t first, uint64_t last)
{
    CHECK(journal_file_begin(place->file));
    add_all(place, first, last);
    CHECK(journal_file_commit(place->file));
}

static void path_of(const struct place *place, const char *suffix,
                    char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s/%s%s", place->folder, JOURNAL_FILE_NAME,
             suffix);
}

/* ---- what it knows ------------------------------------------------------ */

static void check_extent(const struct place *place, uint64_t oldest,
                         uint64_t newest)
{
    CHECK_EQ(journal_file_oldest(place->file), oldest);
    CHECK_EQ(journal_file_newest(place->file), newest);
}

TEST(a_file_knows_what_is_in_it_when_it_is_opened_again)
{
    struct place place;
    place_init(&place, BIG);
    check_extent(&place, 0, 0);
    CHECK_STR(journal_file_epoch(place.file), "");
    CHECK(journal_file_set_epoch(place.file, "0123456789abcdef"));
    write_all(&place, 11, 300);
    check_extent(&place, 11, 300);
    close_file(&place);
    open_file(&place, BIG);
    check_extent(&place, 11, 300);
    CHECK_STR(journal_file_epoch(place.file), "0123456789abcdef");
    place_finish(&place);
}

TEST(the_newest_is_what_was_given_even_if_it_never_came_in)
{
    struct place place;
    place_init(&place, BIG);
    write_all(&place, 1, 10);
    CHECK(journal_file_begin(place.file));
    CHECK(journal_file_lose(place.file, 11, 600));
    CHECK(journal_file_commit(place.file));
    close_file(&place);
    open_file(&place, BIG);
    check_extent(&place, 1, 600);
    place_finish(&place);
}

/* ---- chats -------------------------------------------------------------- */

static bool wants(void *ctx, struct slice topic)
{
    (void)ctx;
    return slice_equals(topic, SAMPLE_TOPIC);
}

/* How many events of the chat a reader finds by the blocks. */
static size_t count_chat(const struct place *place)
{
    struct journal_page page = {0};
    const struct journal_query query = {
        .events_max = SIZE_MAX,
        .bytes_max = SIZE_MAX,
        .chats = {journal_chat(slice_of("group.20002"))},
        .chat_count = 1,
        .wants = wants,
    };
    struct journal_reader *reader = journal_reader_open(place->folder);
    CHECK(journal_reader_read(reader, &query, &page));
    size_t count = page.count;
    journal_page_finish(&page);
    journal_reader_close(reader);
    return count;
}

/* A transaction that is undone takes the block that it began with it. */
TEST(what_is_undone_leaves_no_trace)
{
    static const struct {
        uint64_t before, undone, after;
    } rows[] = {
        {0, 10, 20},      {0, 300, 300},   {250, 260, 260}, {255, 256, 700},
        {256, 1100, 300}, {300, 512, 512}, {511, 600, 512},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct place place;
        place_init(&place, BIG);
        if (rows[i].before > 0)
            write_all(&place, 1, rows[i].before);
        CHECK(journal_file_begin(place.file));
        add_all(&place, rows[i].before + 1, rows[i].undone);
        journal_file_undo(place.file);
        check_extent(&place, rows[i].before > 0 ? 1 : 0, rows[i].before);
        CHECK_EQ(count_chat(&place), rows[i].before / 3);
        write_all(&place, rows[i].before + 1, rows[i].after);
        CHECK_EQ(count_chat(&place), rows[i].after / 3);
        write_all(&place, rows[i].after + 1, 2000);
        CHECK_EQ(count_chat(&place), 2000 / 3);
        place_finish(&place);
    }
}

TEST(a_block_is_whole_however_often_the_file_is_opened)
{
    struct place place;
    place_init(&place, BIG);
    for (uint64_t seq = 1; seq < 1200; seq += 100) {
        write_all(&place, seq, seq + 99);
        close_file(&place);
        open_file(&place, BIG);
    }
    CHECK_EQ(count_chat(&place), 1200 / 3);
    place_finish(&place);
}

TEST(a_gap_over_blocks_hides_no_event_of_a_chat)
{
    struct place place;
    place_init(&place, BIG);
    write_all(&place, 1, 300);
    CHECK(journal_file_begin(place.file));
    CHECK(journal_file_lose(place.file, 301, 1200));
    add_all(&place, 1201, 1500);
    CHECK(journal_file_commit(place.file));
    CHECK_EQ(count_chat(&place), 200);
    place_finish(&place);
}

/* ---- bounds ------------------------------------------------------------- */

static uint64_t size_of(const struct place *place, const char *suffix)
{
    struct stat status;
    char path[PATH_SIZE];
    path_of(place, suffix, path);
    return stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
}

static uint64_t size_on_disk(const struct place *place)
{
    return size_of(place, "") + size_of(place, "-wal") + size_of(place, "-shm");
}

/* One transaction, as large as it may be; returns the next seq. */
static uint64_t write_slice(struct place *place, uint64_t seq, size_t size)
{
    size_t bytes = 0;
    CHECK(journal_file_begin(place->file));
    do {
        CHECK(add(place, seq, seq, SAMPLE_TOPIC, size));
        seq++;
        bytes += place->room.size;
    } while (bytes < journal_file_slice_bytes(place->file));
    CHECK(journal_file_commit(place->file));
    return seq;
}

TEST(its_bytes_have_a_bound)
{
    static const struct {
        size_t event, bytes_max;
    } rows[] = {
        {60, 4 * MIB},   {1024, 4 * MIB},       {2100, 4 * MIB},
        {4200, 4 * MIB}, {100 * 1024, 4 * MIB}, {1024, 1 * MIB},
        {4200, 1 * MIB},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct place place;
        uint64_t most = 0, next = 1;
        place_init(&place, rows[i].bytes_max);
        for (uint64_t bytes = 0; bytes < 4 * rows[i].bytes_max;) {
            uint64_t first = next;
            next = write_slice(&place, first, rows[i].event);
            bytes += (next - first) * rows[i].event;
            CHECK(journal_file_tidy(place.file, 0, SIZE_MAX));
            CHECK(journal_file_checkpoint(place.file));
            uint64_t size = size_on_disk(&place);
            most = size > most ? size : most;
            CHECK_EQ(journal_file_newest(place.file), next - 1);
        }
        CHECK(most <= rows[i].bytes_max);
        CHECK(most > rows[i].bytes_max / 2);
        CHECK(journal_file_oldest(place.file) > 1);
        CHECK(journal_file_oldest(place.file) < next);
        place_finish(&place);
    }
}

struct readers {
    char path[PATH_SIZE];
    pthread_t thread;
    _Atomic bool have_begun, are_to_end;
};

/* One page after the other, with hardly a moment between. */
static void *read_on(void *ctx)
{
    const struct timespec moment = {.tv_nsec = 5 * 1000 * 1000};
    struct readers *readers = ctx;
    sqlite3 *db;
    CHECK_EQ(sqlite3_open(readers->path, &db), SQLITE_OK);
    while (!readers->are_to_end) {
        CHECK_EQ(sqlite3_exec(db, "BEGIN; SELECT max(seq) FROM event", NULL,
                              NULL, NULL),
                 SQLITE_OK);
        readers->have_begun = true;
        nanosleep(&moment, NULL);
        CHECK_EQ(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    }
    sqlite3_close(db);
    return NULL;
}

TEST(its_bytes_have_a_bound_however_much_is_read)
{
    struct place place;
    struct readers readers = {.have_begun = false};
    uint64_t most = 0, next = 1;
    place_init(&place, 4 * MIB);
    next = write_slice(&place, next, 1024);
    path_of(&place, "", readers.path);
    CHECK_EQ(pthread_create(&readers.thread, NULL, read_on, &readers), 0);
    while (!readers.have_begun)
        sched_yield();
    while (next < 32 * 1024) {
        next = write_slice(&place, next, 1024);
        CHECK(journal_file_tidy(place.file, 0, SIZE_MAX));
        CHECK(journal_file_checkpoint(place.file));
        uint64_t size = size_on_disk(&place);
        most = size > most ? size : most;
    }
    CHECK(most <= 4 * MIB);
    readers.are_to_end = true;
    CHECK_EQ(pthread_join(readers.thread, NULL), 0);
    place_finish(&place);
}

TEST(the_newest_stays_however_large)
{
    struct place place;
    place_init(&place, MIB);
    for (uint64_t seq = 1; seq <= 3; seq++) {
        CHECK(journal_file_begin(place.file));
        CHECK(add(&place, seq, seq, SAMPLE_TOPIC, 3 * MIB));
        CHECK(journal_file_commit(place.file));
        CHECK(journal_file_tidy(place.file, UINT64_MAX / 2, SIZE_MAX));
        check_extent(&place, seq, seq);
    }
    place_finish(&place);
}

TEST(a_bound_that_is_lowered_is_kept_soon)
{
    struct place place;
    uint64_t next = 1;
    place_init(&place, BIG);
    while (size_on_disk(&place) < 8 * MIB) {
        next = write_slice(&place, next, 1024);
        CHECK(journal_file_checkpoint(place.file));
    }
    close_file(&place);
    open_file(&place, 4 * MIB);
    for (int i = 0; i < 200 && size_on_disk(&place) > 4 * MIB; i++) {
        CHECK(journal_file_tidy(place.file, 1, SIZE_MAX));
        CHECK(journal_file_checkpoint(place.file));
    }
    CHECK(size_on_disk(&place) <= 4 * MIB);
    CHECK_EQ(journal_file_newest(place.file), next - 1);
    place_finish(&place);
}

TEST(only_what_has_expired_goes_and_the_newest_stays)
{
    static const struct {
        uint64_t time_ms[6]; /* of events 1…6 */
        uint64_t expired_ms, oldest;
    } rows[] = {
        {{10, 20, 30, 40, 50, 60}, 0, 1},
        {{10, 20, 30, 40, 50, 60}, 10, 1},
        {{10, 20, 30, 40, 50, 60}, 35, 4},
        {{10, 20, 30, 40, 50, 60}, 60, 6},
        {{10, 20, 30, 40, 50, 60}, 99, 6},
        {{50, 60, 10, 20, 30, 40}, 35, 1}, /* the clock was set back */
        {{10, 20, 90, 30, 40, 50}, 35, 3}, /* it was ahead for a moment */
        {{10, 20, 90, 30, 40, 50}, 99, 6},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct place place;
        place_init(&place, BIG);
        CHECK(journal_file_begin(place.file));
        for (uint64_t seq = 1; seq <= 6; seq++)
            CHECK(add(&place, seq, rows[i].time_ms[seq - 1], SAMPLE_TOPIC, 0));
        CHECK(journal_file_commit(place.file));
        CHECK(journal_file_tidy(place.file, rows[i].expired_ms, SIZE_MAX));
        check_extent(&place, rows[i].oldest, 6);
        CHECK_EQ(count_chat(&place), 7 - rows[i].oldest);
        place_finish(&place);
    }
}

TEST(tidying_is_a_slice_of_work)
{
    struct place place;
    place_init(&place, BIG);
    write_all(&place, 1, 3000);
    CHECK(journal_file_tidy(place.file, UINT64_MAX / 2, 600));
    CHECK(journal_file_oldest(place.file) > 600);
    CHECK(journal_file_oldest(place.file) < 1200);
    place_finish(&place);
}

/* ---- files that are none ------------------------------------------------- */

TEST(a_file_that_was_removed_is_noticed)
{
    struct place place;
    char path[PATH_SIZE];
    place_init(&place, BIG);
    write_all(&place, 1, 10);
    CHECK(journal_file_is_there(place.file));
    path_of(&place, "", path);
    CHECK_EQ(unlink(path), 0);
    CHECK(!journal_file_is_there(place.file));
    FILE *other = fopen(path, "w");
    fclose(other);
    CHECK(!journal_file_is_there(place.file));
    place_finish(&place);
}

static void overwrite(const struct place *place, long at, size_t size)
{
    char path[PATH_SIZE];
    path_of(place, "", path);
    FILE *file = fopen(path, "r+");
    CHECK(file != NULL && fseek(file, at, SEEK_SET) == 0);
    for (size_t i = 0; i < size; i++)
        fputc(0x55, file);
    fclose(file);
}

TEST(a_damaged_file_is_set_aside)
{
    struct place place;
    char name[JOURNAL_FAULT_SIZE];
    place_init(&place, BIG);
    write_all(&place, 1, 10);
    close_file(&place);
    overwrite(&place, 0, 100);
    open_file(&place, BIG);
    CHECK(place.file == NULL);
    CHECK(place.is_damaged);
    CHECK(strstr(place.fault, "journal.db: ") != NULL);
    CHECK(journal_file_set_aside(place.folder, 1234567, name));
    CHECK(strstr(name, "journal.db.damaged-1234") != NULL);
    CHECK_EQ(access(name, F_OK), 0);
    open_file(&place, BIG);
    check_extent(&place, 0, 0);
    place_finish(&place);
}

static long ask(const struct place *place, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *query;
    char path[PATH_SIZE];
    path_of(place, "", path);
    CHECK_EQ(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_EQ(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    long number = sqlite3_step(query) == SQLITE_ROW
                      ? (long)sqlite3_column_int64(query, 0)
                      : 0;
    sqlite3_finalize(query);
    sqlite3_close(db);
    return number;
}

/* Taken for empty, it would give its numbers once more. */
TEST(a_file_whose_events_cannot_be_read_is_not_taken_for_empty)
{
    static const char *const tables[] = {"event", "gap", "meta"};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        struct place place;
        char sql[PATH_SIZE];
        place_init(&place, BIG);
        CHECK(journal_file_set_epoch(place.file, "0123456789abcdef"));
        write_all(&place, 1, 3000);
        close_file(&place);
        snprintf(sql, sizeof(sql),
                 "SELECT rootpage FROM sqlite_schema WHERE name = '%s'",
                 tables[i]);
        overwrite(&place, (ask(&place, sql) - 1) * 4096, 4096);
        open_file(&place, BIG);
        CHECK_ROW(slice_of(place.file == NULL ? "refused" : "taken"),
                  slice_of("refused"), tables[i]);
        CHECK(place.is_damaged);
        place_finish(&place);
    }
}

TEST(a_file_of_a_newer_version_is_refused)
{
    struct place place;
    place_init(&place, BIG);
    close_file(&place);
    (void)ask(&place, "PRAGMA user_version = 99");
    open_file(&place, BIG);
    CHECK(place.file == NULL);
    CHECK(!place.is_damaged);
    CHECK(strstr(place.fault, "newer onebus (schema 99, this one knows 1)") !=
          NULL);
    place_finish(&place);
}

/* ---- names --------------------------------------------------------------- */

TEST(a_chat_is_the_second_and_third_token)
{
    static const struct {
        const char *topic, *chat;
    } rows[] = {
        {"qq.group.20002.message.normal", "group.20002"},
        {"qq.private.5.message", "private.5"},
        {"a.b.c", "b.c"},
        {"a.b", ""},
        {"a", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_ROW(journal_chat_of(slice_of(rows[i].topic)),
                  slice_of(rows[i].chat), rows[i].topic);
    CHECK_EQ(journal_chat(slice_of("")), 2166136261);
    CHECK_EQ(journal_chat(slice_of("a")), 0xe40c292c);
}

SUITE(journal_file, a_file_knows_what_is_in_it_when_it_is_opened_again,
      the_newest_is_what_was_given_even_if_it_never_came_in,
      what_is_undone_leaves_no_trace,
      a_block_is_whole_however_often_the_file_is_opened,
      a_gap_over_blocks_hides_no_event_of_a_chat, its_bytes_have_a_bound,
      its_bytes_have_a_bound_however_much_is_read,
      the_newest_stays_however_large, a_bound_that_is_lowered_is_kept_soon,
      only_what_has_expired_goes_and_the_newest_stays,
      tidying_is_a_slice_of_work, a_file_that_was_removed_is_noticed,
      a_damaged_file_is_set_aside,
      a_file_whose_events_cannot_be_read_is_not_taken_for_empty,
      a_file_of_a_newer_version_is_refused,
      a_chat_is_the_second_and_third_token)
