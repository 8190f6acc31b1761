/* SPDX-License-Identifier: MIT */
#include "edge/journal.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "check.h"
#include "edge/journal_file.h"
#include "edge/journal_tail.h"
#include "folder.h"
#include "samples.h"

enum { MIB = 1 << 20, WAIT_MS = 20 * 1000, PATH_SIZE = 160 };

#define EPOCH "0123456789abcdef"

struct world {
    char folder[FOLDER_SIZE];
    struct journal_options options;
    char fault[JOURNAL_REASON_SIZE];
    struct journal *journal;
    sqlite3 *other; /* a connection that gets in the way */
    struct buffer room;
    uint64_t next;              /* seq to put */
    _Atomic uint64_t published; /* the last seq; all before it were, too */
    _Atomic uint64_t first;     /* that was published */
    _Atomic uint64_t wakes;
    _Atomic bool is_held; /* what is published waits */
    _Atomic bool asks;    /* whether it is on disk */
    _Atomic uint64_t not_on_disk, misplaced;
};

static void nap(void)
{
    const struct timespec moment = {.tv_nsec = 1000 * 1000};
    nanosleep(&moment, NULL);
}

/* ---- the world ---------------------------------------------------------- */

static long ask(const char *folder, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *query = NULL;
    char path[PATH_SIZE];
    long number = -1;
    snprintf(path, sizeof(path), "%s/%s", folder, JOURNAL_FILE_NAME);
    if (sqlite3_open(path, &db) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &query, NULL) == SQLITE_OK &&
        sqlite3_step(query) == SQLITE_ROW)
        number = (long)sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(db);
    return number;
}

static bool is_on_disk(const struct world *world, uint64_t seq)
{
    char sql[PATH_SIZE];
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM event WHERE seq = %" PRIu64, seq);
    return ask(world->folder, sql) == 1;
}

static void publish(void *ctx, struct slice message)
{
    struct world *world = ctx;
    uint64_t seq = sample_seq(message);
    if (world->first == 0)
        world->first = seq;
    else if (seq != world->published + 1)
        world->misplaced++;
    if (world->asks && !is_on_disk(world, seq))
        world->not_on_disk++;
    world->published = seq;
    while (world->is_held)
        nap();
}

static void wake(void *ctx)
{
    ((struct world *)ctx)->wakes++;
}

/* `epoch` is what a new one gets. */
static void open_as(struct world *world, const char *epoch)
{
    world->fault[0] = '\0';
    world->first = 0;
    world->journal = journal_open(&world->options, epoch, world->fault);
    if (world->journal != NULL)
        world->published = journal_first_seq(world->journal);
    world->next = world->published + 1;
}

static void open_journal(struct world *world)
{
    open_as(world, EPOCH);
}

static void close_journal(struct world *world)
{
    journal_close(world->journal);
    world->journal = NULL;
}

static void world_init(struct world *world)
{
    *world = (struct world){.next = 1};
    folder_make(world->folder);
    world->options = (struct journal_options){
        .folder = world->folder,
        .is_enabled = true,
        .age_max_ms = UINT64_C(3600) * 1000,
        .bytes_max = 64 * MIB,
        .publish = publish,
        .wake = wake,
        .ctx = world,
    };
}

static void world_up(struct world *world)
{
    world_init(world);
    open_journal(world);
    CHECK(world->journal != NULL);
    CHECK_EQ(journal_mode(world->journal), JOURNAL_WRITES);
}

static void unlock(struct world *world)
{
    sqlite3_close(world->other);
    world->other = NULL;
}

static void world_down(struct world *world)
{
    world->is_held = false;
    close_journal(world);
    CHECK_EQ(world->misplaced, 0);
    unlock(world);
    buffer_finish(&world->room);
    folder_remove(world->folder);
}

/* Nobody else can write the file. */
static void lock(struct world *world)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s", world->folder, JOURNAL_FILE_NAME);
    CHECK_EQ(sqlite3_open(path, &world->other), SQLITE_OK);
    sqlite3_busy_timeout(world->other, WAIT_MS);
    CHECK_EQ(sqlite3_exec(world->other, "BEGIN EXCLUSIVE", NULL, NULL, NULL),
             SQLITE_OK);
}

static void put_at(struct world *world, size_t count, size_t size,
                   uint64_t time_ms)
{
    for (size_t i = 0; i < count; i++) {
        const struct ring_event event = sample_make(
            &world->room, world->next++, time_ms, SAMPLE_TOPIC, size);
        journal_put(world->journal, &event, clock_mono_us());
    }
}

static void put(struct world *world, size_t count)
{
    put_at(world, count, 0, clock_now().wall_ms);
}

static void await_published(struct world *world)
{
    for (int i = 0; i < WAIT_MS && world->published + 1 < world->next; i++)
        nap();
    CHECK_EQ(world->published, world->next - 1);
}

static void await_mode(struct world *world, enum journal_mode mode)
{
    for (int i = 0; i < WAIT_MS && journal_mode(world->journal) != mode; i++)
        nap();
    CHECK_EQ(journal_mode(world->journal), mode);
}

static void put_and_wait(struct world *world, size_t count)
{
    put(world, count);
    await_published(world);
}

static struct journal_state look(struct world *world)
{
    struct journal_state state;
    journal_look(world->journal, &state);
    return state;
}

static bool all(void *ctx, struct slice topic)
{
    (void)ctx;
    (void)topic;
    return true;
}

/* How many events the tail has. */
static size_t count_tail(struct world *world)
{
    struct journal_page page = {0};
    const struct journal_query query = {
        .is_backward = true,
        .before = INT64_MAX,
        .events_max = SIZE_MAX,
        .bytes_max = SIZE_MAX,
        .wants = all,
    };
    journal_tail_read(journal_tail(world->journal), &query, &page);
    size_t count = page.count;
    journal_page_finish(&page);
    return count;
}

/* What a kill at this moment leaves is opened instead. */
static void kill_and_restart(struct world *world)
{
    struct world next;
    char command[2 * PATH_SIZE];
    world_init(&next);
    snprintf(command, sizeof(command), "cp -r %s/. %s", world->folder,
             next.folder);
    CHECK_EQ(system(command), 0);
    open_journal(&next);
    CHECK(next.journal != NULL);
    CHECK_STR(journal_epoch(next.journal), EPOCH);
    CHECK(journal_first_seq(next.journal) >= world->published);
    world_down(&next);
}

/* ---- while all is well --------------------------------------------------- */

TEST(an_event_is_on_disk_before_it_is_published)
{
    struct world world;
    world_up(&world);
    world.asks = true;
    for (int i = 0; i < 10; i++) {
        put(&world, 20);
        nap();
    }
    await_published(&world);
    CHECK_EQ(world.first, 1);
    CHECK_EQ(world.not_on_disk, 0);
    CHECK_EQ(ask(world.folder, "SELECT count(*) FROM event"), 200);
    CHECK_EQ(count_tail(&world), 0);
    world_down(&world);
}

TEST(a_restart_goes_on_where_it_was)
{
    struct world world;
    world_up(&world);
    CHECK_EQ(journal_first_seq(world.journal), 0);
    put(&world, 700);
    close_journal(&world); /* what is queued is written first */
    CHECK_EQ(world.published, 700);
    open_as(&world, "another");
    CHECK_STR(journal_epoch(world.journal), EPOCH);
    CHECK_EQ(journal_first_seq(world.journal), 700);
    CHECK_EQ(look(&world).oldest, 1);
    CHECK_EQ(look(&world).newest, 700);
    world_down(&world);
}

TEST(a_kill_loses_nothing_that_was_published)
{
    struct world world;
    world_up(&world);
    for (int i = 0; i < 3; i++) {
        put_and_wait(&world, 300);
        kill_and_restart(&world);
    }
    world_down(&world);
}

TEST(where_there_is_to_be_no_file_the_last_are_in_memory)
{
    struct world world;
    world_init(&world);
    world.options.is_enabled = false;
    world.options.bytes_max = MIB;
    open_journal(&world);
    CHECK_EQ(journal_mode(world.journal), JOURNAL_IN_MEMORY);
    put_at(&world, 3000, 1024, clock_now().wall_ms);
    await_published(&world);
    CHECK_EQ(look(&world).newest, 3000);
    CHECK(look(&world).oldest > 1900);
    CHECK(look(&world).bytes <= MIB);
    CHECK_EQ(count_tail(&world), 3001 - look(&world).oldest);
    CHECK_EQ(ask(world.folder, "SELECT 1 FROM event"), -1);
    world_down(&world);
}

TEST(what_is_too_old_goes_soon)
{
    struct world world;
    world_up(&world);
    put_at(&world, 9000, 0, clock_now().wall_ms - 2 * 3600 * 1000);
    await_published(&world);
    close_journal(&world);
    open_journal(&world); /* it has been down for two hours */
    for (int i = 0; i < WAIT_MS && look(&world).oldest < 9000; i++)
        nap();
    CHECK_EQ(look(&world).oldest, 9000);
    CHECK_EQ(look(&world).newest, 9000);
    world_down(&world);
}

/* ---- the loop's side ----------------------------------------------------- */

TEST(who_awaits_is_woken)
{
    struct world world;
    world_up(&world);
    world.is_held = true;
    put_and_wait(&world, 1);
    CHECK(journal_await(world.journal, 1));
    put(&world, 1);
    CHECK(!journal_await(world.journal, 2));
    uint64_t wakes = world.wakes;
    world.is_held = false;
    for (int i = 0; i < WAIT_MS && world.wakes == wakes; i++)
        nap();
    CHECK(world.wakes > wakes);
    CHECK(journal_await(world.journal, 2));
    world_down(&world);
}

TEST(a_full_queue_says_so_and_when_it_is_not)
{
    static const struct {
        size_t count, size;
    } rows[] = {{JOURNAL_QUEUE_EVENTS, 0}, {4, JOURNAL_QUEUE_BYTES / 4}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct world world;
        world_up(&world);
        world.is_held = true;
        put_and_wait(&world, 1);
        put_at(&world, rows[i].count - 1, rows[i].size, 1);
        CHECK(!journal_is_full(world.journal));
        CHECK_EQ(look(&world).queue_events, rows[i].count - 1);
        put_at(&world, 1, rows[i].size, 1);
        CHECK(journal_is_full(world.journal));
        uint64_t wakes = world.wakes;
        world.is_held = false;
        for (int k = 0; k < WAIT_MS && journal_is_full(world.journal); k++)
            nap();
        CHECK(!journal_is_full(world.journal));
        await_published(&world);
        CHECK(world.wakes > wakes);
        world_down(&world);
    }
}

/* ---- when it cannot be written ------------------------------------------- */

/* They are counted a moment after the last has been published. */
static struct journal_counts await_counted(struct world *world, uint64_t events)
{
    struct journal_counts counts;
    for (int i = 0; i < WAIT_MS; i++) {
        journal_count(world->journal, &counts);
        if (histogram_count(&counts.latency) == events)
            break;
        nap();
    }
    CHECK_EQ(histogram_count(&counts.latency), events);
    return counts;
}

TEST(each_event_and_each_commit_is_measured_and_failures_are_counted)
{
    struct world world;
    world_up(&world);
    put_and_wait(&world, 100);
    struct journal_counts counts = await_counted(&world, 100);
    CHECK(histogram_count(&counts.commits) >= 1);
    CHECK(histogram_count(&counts.commits) <= 100);
    CHECK(counts.latency.sum_us > 0);
    CHECK_EQ(counts.write_errors, 0);
    lock(&world);
    put_and_wait(&world, 5);
    counts = await_counted(&world, 105);
    CHECK(counts.write_errors >= 1);
    unlock(&world);
    await_mode(&world, JOURNAL_WRITES);
    world_down(&world);
}

TEST(what_could_not_be_written_is_published_and_written_later)
{
    struct world world;
    world_up(&world);
    put_and_wait(&world, 10);
    lock(&world);
    put_and_wait(&world, 500);
    CHECK_EQ(journal_mode(world.journal), JOURNAL_FAILS);
    CHECK(strstr(look(&world).fault, "journal.db: database is locked") != NULL);
    CHECK_EQ(count_tail(&world), 500);
    CHECK_EQ(look(&world).oldest, 1);
    CHECK_EQ(look(&world).newest, 510);
    CHECK_EQ(ask(world.folder, "SELECT count(*) FROM event"), 10);
    unlock(&world);
    await_mode(&world, JOURNAL_WRITES);
    CHECK_EQ(ask(world.folder, "SELECT count(*) FROM event"), 510);
    CHECK_EQ(ask(world.folder, "SELECT count(*) FROM gap"), 0);
    CHECK_EQ(count_tail(&world), 0);
    CHECK_EQ(look(&world).lost, 0);
    CHECK_STR(look(&world).fault, "");
    put_and_wait(&world, 10);
    close_journal(&world);
    open_journal(&world);
    CHECK_EQ(journal_first_seq(world.journal), 520);
    world_down(&world);
}

static uint64_t size_on_disk(const struct world *world)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    uint64_t size = 0;
    for (size_t i = 0; i < 3; i++) {
        struct stat status;
        char path[PATH_SIZE];
        snprintf(path, sizeof(path), "%s/%s%s", world->folder,
                 JOURNAL_FILE_NAME, suffixes[i]);
        size += stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
    }
    return size;
}

/* Events that cannot be written for a while. */
static void fail_for(struct world *world, size_t count, size_t size)
{
    lock(world);
    put_at(world, count, size, clock_now().wall_ms);
    await_published(world);
    CHECK_EQ(journal_mode(world->journal), JOURNAL_FAILS);
    unlock(world);
    await_mode(world, JOURNAL_WRITES);
}

TEST(what_overflows_is_a_gap_and_counted)
{
    struct world world;
    world_up(&world);
    put_and_wait(&world, 100);
    fail_for(&world, 20000, 1024);
    long last = ask(world.folder, "SELECT last FROM gap");
    CHECK_EQ(ask(world.folder, "SELECT first FROM gap"), 101);
    CHECK(last > 1000);
    CHECK_EQ(look(&world).lost, last - 100);
    CHECK(is_on_disk(&world, (uint64_t)last + 1));
    CHECK_EQ(look(&world).newest, 20100);
    world_down(&world);
}

TEST(the_bound_is_kept_by_what_is_written_later_as_well)
{
    struct world world;
    world_init(&world);
    world.options.bytes_max = 4 * MIB;
    open_journal(&world);
    put_at(&world, 2500, 1024, clock_now().wall_ms);
    await_published(&world);
    fail_for(&world, 3500, 1024);
    CHECK_EQ(look(&world).newest, 6000);
    CHECK_EQ(look(&world).lost, 0);
    CHECK(size_on_disk(&world) <= 4 * MIB);
    world_down(&world);
}

TEST(a_kill_while_it_fails_gives_no_number_twice)
{
    struct world world;
    world_up(&world);
    put_and_wait(&world, 10);
    lock(&world);
    for (int i = 0; i < 4; i++) {
        put_and_wait(&world, 3000);
        kill_and_restart(&world);
    }
    world_down(&world);
}

/* A copy of the folder, as a kill leaves it, in which this is done then. */
static void copy_after_kill(const struct world *world, struct world *copy,
                            const char *sql)
{
    char command[2 * PATH_SIZE];
    world_init(copy);
    snprintf(command, sizeof(command), "cp -r %s/. %s", world->folder,
             copy->folder);
    CHECK_EQ(system(command), 0);
    (void)ask(copy->folder, sql);
}

static const char OTHER_BOOT[] =
    "UPDATE meta SET value = 'another boot' WHERE key = 'boot'";

static const char WRITTEN_WITHOUT_SYNC[] =
    "SELECT count(*) FROM meta WHERE key = 'boot' AND value <> ''";

/* What had not been synced may be gone, and had been published. */
TEST(a_machine_that_goes_down_gives_no_number_twice)
{
    struct world world, next, last;
    world_up(&world);
    put_and_wait(&world, 10);
    copy_after_kill(&world, &next, OTHER_BOOT);
    open_journal(&next);
    uint64_t first = journal_first_seq(next.journal);
    CHECK_EQ(first, 10 + (1 << 20));
    CHECK_EQ(look(&next).newest, first);
    CHECK_EQ((uint64_t)ask(next.folder, "SELECT last FROM gap"), first);
    copy_after_kill(&next, &last, "SELECT 1");
    open_journal(&last); /* of the same boot */
    CHECK_EQ(journal_first_seq(last.journal), first);
    put_and_wait(&next, 1);
    CHECK_EQ(ask(next.folder, "SELECT count(*) FROM event"), 11);
    world_down(&last);
    world_down(&next);
    world_down(&world);
}

TEST(one_that_was_synced_or_closed_in_order_has_lost_nothing)
{
    struct world world, next;
    world_up(&world);
    put_and_wait(&world, 10);
    close_journal(&world);
    CHECK_EQ(ask(world.folder, WRITTEN_WITHOUT_SYNC), 0);
    open_journal(&world);
    CHECK_EQ(ask(world.folder, WRITTEN_WITHOUT_SYNC), 1);
    copy_after_kill(&world, &next, "SELECT 1"); /* of the same boot */
    next.options.syncs_fully = true;
    open_journal(&next);
    CHECK_EQ(journal_first_seq(next.journal), 10);
    world_down(&next);
    CHECK_EQ(journal_first_seq(world.journal), 10);
    close_journal(&world);
    world.options.syncs_fully = true;
    open_journal(&world);
    put_and_wait(&world, 1);
    CHECK_EQ(ask(world.folder, WRITTEN_WITHOUT_SYNC), 0);
    world_down(&world);
}

/* Nor does an end, or one that follows a start that failed as well. */
TEST(an_end_while_it_fails_gives_no_number_twice)
{
    struct world world;
    world_up(&world);
    put_and_wait(&world, 10);
    lock(&world);
    put_and_wait(&world, 100);
    close_journal(&world);
    open_as(&world, "another");
    CHECK_STR(journal_epoch(world.journal), "another");
    CHECK_EQ(journal_mode(world.journal), JOURNAL_FAILS);
    put_and_wait(&world, 3);
    close_journal(&world);
    unlock(&world);
    open_journal(&world);
    CHECK_EQ(journal_mode(world.journal), JOURNAL_WRITES);
    CHECK_STR(journal_epoch(world.journal), EPOCH);
    CHECK_EQ(journal_first_seq(world.journal), 110);
    put_and_wait(&world, 1);
    CHECK_EQ(ask(world.folder, "SELECT first * 1000 + last FROM gap"), 11110);
    CHECK_EQ(look(&world).lost, 100);
    world_down(&world);
}

TEST(what_must_be_on_disk_is_not_published_else)
{
    struct world world;
    world_init(&world);
    world.options.stops_on_error = true;
    open_journal(&world);
    put_and_wait(&world, 10);
    lock(&world);
    put(&world, 10);
    await_mode(&world, JOURNAL_STOPPED);
    CHECK(strstr(look(&world).fault, "database is locked") != NULL);
    CHECK(journal_await(world.journal, 11)); /* there is no use in waiting */
    put(&world, 10);
    close_journal(&world);
    CHECK_EQ(world.published, 10);
    world_down(&world);
}

/* ---- files that are none ------------------------------------------------- */

TEST(without_a_place_it_goes_on_or_does_not_start)
{
    struct world world;
    world_init(&world);
    world.options.folder = NULL;
    open_journal(&world);
    CHECK_EQ(journal_mode(world.journal), JOURNAL_FAILS);
    CHECK(strstr(look(&world).fault, "set bridge.stateDir") != NULL);
    put_and_wait(&world, 10);
    CHECK_EQ(count_tail(&world), 10);
    close_journal(&world);
    world.options.stops_on_error = true;
    open_journal(&world);
    CHECK(world.journal == NULL);
    CHECK(strstr(world.fault, "set bridge.stateDir") != NULL);
    world_down(&world);
}

TEST(a_second_one_on_the_same_folder_keeps_off)
{
    static const char word[] = "another onebus keeps its journal there";
    struct world world, second;
    world_up(&world);
    world_init(&second);
    second.options.folder = world.folder;
    open_journal(&second);
    CHECK_EQ(journal_mode(second.journal), JOURNAL_FAILS);
    CHECK(strstr(look(&second).fault, word) != NULL);
    put_and_wait(&second, 3);
    close_journal(&second);
    second.options.stops_on_error = true;
    open_journal(&second);
    CHECK(second.journal == NULL);
    CHECK(strstr(second.fault, word) != NULL);
    world_down(&second);
    put_and_wait(&world, 3);
    CHECK_EQ(ask(world.folder, "SELECT count(*) FROM event"), 3);
    world_down(&world);
}

static void damage(const struct world *world)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s", world->folder, JOURNAL_FILE_NAME);
    FILE *file = fopen(path, "w");
    fputs("this is no database, however long it is and whatever it says", file);
    fclose(file);
}

TEST(a_damaged_file_is_set_aside_or_refused)
{
    struct world world;
    world_up(&world);
    put_and_wait(&world, 10);
    close_journal(&world);
    damage(&world);
    world.options.stops_on_error = true;
    open_journal(&world);
    CHECK(world.journal == NULL);
    CHECK(strstr(world.fault, "move it away to begin anew") != NULL);
    world.options.stops_on_error = false;
    open_as(&world, "fedcba9876543210");
    CHECK_EQ(journal_mode(world.journal), JOURNAL_WRITES);
    CHECK_STR(journal_epoch(world.journal), "fedcba9876543210");
    CHECK_EQ(journal_first_seq(world.journal), 0);
    world_down(&world);
}

TEST(a_file_that_breaks_is_set_aside_and_a_new_one_goes_on)
{
    struct world world;
    world_up(&world);
    put_and_wait(&world, 10);
    sqlite3 *db;
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s", world.folder, JOURNAL_FILE_NAME);
    CHECK_EQ(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_EQ(sqlite3_exec(db,
                          "PRAGMA writable_schema = ON; UPDATE sqlite_schema"
                          " SET rootpage = 99999 WHERE name = 'event';"
                          " PRAGMA schema_version = 99",
                          NULL, NULL, NULL),
             SQLITE_OK);
    sqlite3_close(db);
    put_and_wait(&world, 10);
    await_mode(&world, JOURNAL_WRITES);
    CHECK_EQ(look(&world).newest, 20);
    CHECK_EQ(ask(world.folder, "SELECT count(*) FROM event"), 10);
    CHECK_EQ(ask(world.folder, "SELECT last FROM gap"), 10);
    kill_and_restart(&world);
    close_journal(&world);
    open_journal(&world);
    CHECK_STR(journal_epoch(world.journal), EPOCH);
    CHECK_EQ(journal_first_seq(world.journal), 20);
    world_down(&world);
}

/* What lies between its first pages and its last. */
static void damage_middle(const struct world *world)
{
    char path[PATH_SIZE];
    struct stat status;
    snprintf(path, sizeof(path), "%s/%s", world->folder, JOURNAL_FILE_NAME);
    CHECK_EQ(stat(path, &status), 0);
    FILE *file = fopen(path, "r+");
    fseek(file, status.st_size / 3, SEEK_SET);
    for (off_t i = 0; i < status.st_size / 3; i++)
        fputc('x', file);
    fclose(file);
}

TEST(a_file_that_breaks_where_it_is_tidied_keeps_its_bound)
{
    struct world world;
    world_init(&world);
    world.options.bytes_max = 4 * MIB;
    open_journal(&world);
    put_at(&world, 1500, 1024, clock_now().wall_ms);
    close_journal(&world);
    damage_middle(&world);
    open_journal(&world);
    CHECK_EQ(journal_mode(world.journal), JOURNAL_WRITES);
    put_at(&world, 8000, 1024, clock_now().wall_ms);
    await_published(&world);
    for (int i = 0; i < WAIT_MS && look(&world).lost == 0; i++)
        nap();
    await_mode(&world, JOURNAL_WRITES);
    CHECK(look(&world).lost >= 1500);
    CHECK_EQ(look(&world).newest, 9500);
    CHECK(size_on_disk(&world) <= 4 * MIB);
    world_down(&world);
}

/* A new file under the same epoch knows at once what has been given. */
TEST(a_file_that_was_removed_is_begun_anew_behind_what_was_given)
{
    struct world world;
    char path[PATH_SIZE];
    world_up(&world);
    put_and_wait(&world, 10);
    snprintf(path, sizeof(path), "%s/%s", world.folder, JOURNAL_FILE_NAME);
    CHECK_EQ(unlink(path), 0);
    for (int i = 0; i < WAIT_MS && access(path, F_OK) != 0; i++) {
        put_and_wait(&world, 1); /* who writes notices */
        nap();
    }
    await_mode(&world, JOURNAL_WRITES);
    CHECK_EQ(access(path, F_OK), 0);
    uint64_t given = world.published;
    CHECK_EQ(look(&world).newest, given);
    kill_and_restart(&world);
    close_journal(&world);
    open_journal(&world);
    CHECK_STR(journal_epoch(world.journal), EPOCH);
    CHECK_EQ(journal_first_seq(world.journal), given);
    world_down(&world);
}

SUITE(journal, an_event_is_on_disk_before_it_is_published,
      a_restart_goes_on_where_it_was, a_kill_loses_nothing_that_was_published,
      where_there_is_to_be_no_file_the_last_are_in_memory,
      what_is_too_old_goes_soon, who_awaits_is_woken,
      a_full_queue_says_so_and_when_it_is_not,
      each_event_and_each_commit_is_measured_and_failures_are_counted,
      what_could_not_be_written_is_published_and_written_later,
      what_overflows_is_a_gap_and_counted,
      the_bound_is_kept_by_what_is_written_later_as_well,
      a_kill_while_it_fails_gives_no_number_twice,
      a_machine_that_goes_down_gives_no_number_twice,
      one_that_was_synced_or_closed_in_order_has_lost_nothing,
      an_end_while_it_fails_gives_no_number_twice,
      what_must_be_on_disk_is_not_published_else,
      without_a_place_it_goes_on_or_does_not_start,
      a_second_one_on_the_same_folder_keeps_off,
      a_damaged_file_is_set_aside_or_refused,
      a_file_that_breaks_is_set_aside_and_a_new_one_goes_on,
      a_file_that_breaks_where_it_is_tidied_keeps_its_bound,
      a_file_that_was_removed_is_begun_anew_behind_what_was_given)
