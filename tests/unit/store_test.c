/* SPDX-License-Identifier: MIT */
#include "edge/store.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "check.h"

enum { PATH_SIZE = 300, WAIT_MS = 20 * 1000 };

/* A folder of its own for each test. */
struct place {
    char folder[PATH_SIZE];
    char fault[STORE_FAULT_SIZE];
};

static void wake(void *ctx)
{
    (void)ctx;
}

static void place_init(struct place *place)
{
    *place = (struct place){0};
    snprintf(place->folder, sizeof(place->folder), "/tmp/onebus-store-XXXXXX");
    CHECK(mkdtemp(place->folder) != NULL);
}

static void place_finish(const struct place *place)
{
    char command[PATH_SIZE + 16];
    snprintf(command, sizeof(command), "rm -rf %s", place->folder);
    CHECK_EQ(system(command), 0);
}

static struct store *open_at(struct place *place)
{
    return store_open(place->folder, wake, NULL, place->fault);
}

static struct store_person person(int64_t user_id, int state)
{
    struct store_person one = {.user_id = user_id,
                               .state = state,
                               .asked_ms = 1,
                               .expires_ms = UINT64_C(1) << 60,
                               .decided_ms = 3};
    snprintf(one.account, sizeof(one.account), "default");
    snprintf(one.code, sizeof(one.code), "ABCDEFGH");
    snprintf(one.nickname, sizeof(one.nickname), "猫");
    return one;
}

static void on_done(void *ctx, uint64_t cookie, bool is_kept, const char *why)
{
    uint64_t *sum = ctx;
    CHECK(is_kept);
    CHECK_STR(why, "");
    *sum += cookie;
}

/* Wait until all that was put has been told of. */
static void take_all(struct store *store, const struct store_listener *listener)
{
    const struct timespec moment = {.tv_nsec = 1000 * 1000};
    for (int i = 0; i < WAIT_MS && store_waiting(store) > 0; i++) {
        store_take(store, listener);
        nanosleep(&moment, NULL);
    }
    CHECK_EQ(store_waiting(store), 0);
}

/* Put them, and wait until all of it is on disk. */
static void put(struct store *store, const struct store_person *one,
                bool forget)
{
    uint64_t sum = 0;
    const struct store_listener listener = {.ctx = &sum, .on_done = on_done};
    CHECK_EQ(store_put_person(store, one, forget, 7), STATUS_OK);
    take_all(store, &listener);
    CHECK_EQ(sum, 7);
}

static void on_person(void *ctx, const struct store_person *one)
{
    int64_t *sum = ctx;
    const struct store_person same = person(one->user_id, one->state);
    CHECK(memcmp(one->account, same.account, strlen(same.account) + 1) == 0);
    CHECK_STR(one->code, same.code);
    CHECK_STR(one->nickname, same.nickname);
    CHECK_EQ(one->expires_ms, same.expires_ms);
    *sum += one->user_id * 10 + one->state;
}

/* What is kept, as a sum. */
static int64_t kept(struct place *place)
{
    int64_t sum = 0;
    struct store *store = open_at(place);
    CHECK_STR(place->fault, "");
    if (store != NULL)
        store_each_person(store, on_person, &sum);
    store_close(store);
    return sum;
}

TEST(what_is_put_is_there_after_a_restart)
{
    struct place place;
    place_init(&place);
    strcat(place.folder, "/a/b"); /* folders are made */
    struct store *store = open_at(&place);
    const struct store_person one = person(30001, 1);
    const struct store_person two = person(30002, 0);
    const struct store_person changed = person(30002, 2);
    put(store, &one, false);
    put(store, &two, false);
    put(store, &changed, false);
    store_close(store);
    CHECK_EQ(kept(&place), 300011 + 300022);
    store = open_at(&place);
    put(store, &one, true);
    store_close(store);
    CHECK_EQ(kept(&place), 300022);
    place.folder[strlen(place.folder) - 4] = '\0';
    place_finish(&place);
}

static void on_cursor(void *ctx, const struct store_cursor *cursor)
{
    uint64_t *sum = ctx;
    CHECK_STR(cursor->epoch, "e1");
    *sum += cursor->seq * 10 + strlen(cursor->consumer);
}

static uint64_t cursors(struct place *place)
{
    uint64_t sum = 0;
    struct store *store = open_at(place);
    store_each_cursor(store, on_cursor, &sum);
    store_close(store);
    return sum;
}

TEST(a_cursor_is_there_after_a_restart_as_it_was_last_set)
{
    struct place place;
    struct store_cursor cursor = {.consumer = "logger", .epoch = "e1"};
    place_init(&place);
    struct store *store = open_at(&place);
    for (cursor.seq = 1; cursor.seq <= 42; cursor.seq++)
        CHECK_EQ(store_put_cursor(store, &cursor, false, 0), STATUS_OK);
    store_close(store);
    CHECK_EQ(cursors(&place), 426);
    store = open_at(&place);
    CHECK_EQ(store_put_cursor(store, &cursor, true, 0), STATUS_OK);
    store_close(store);
    CHECK_EQ(cursors(&place), 0);
    place_finish(&place);
}

TEST(nobody_else_may_read_it)
{
    struct place place;
    struct stat file;
    char path[PATH_SIZE + 16];
    place_init(&place);
    store_close(open_at(&place));
    snprintf(path, sizeof(path), "%s/onebus.db", place.folder);
    CHECK_EQ(stat(path, &file), 0);
    CHECK_EQ(file.st_mode & 0777, 0600);
    place_finish(&place);
}

static void copy_place(const struct place *from, struct place *to)
{
    char command[3 * PATH_SIZE];
    place_init(to);
    snprintf(command, sizeof(command), "cp -r %s/. %s", from->folder,
             to->folder);
    CHECK_EQ(system(command), 0);
}

/* What is on disk while nothing has been closed is what a kill leaves. */
TEST(what_was_said_to_be_kept_survives_a_kill)
{
    struct place place, copy;
    place_init(&place);
    struct store *store = open_at(&place);
    const struct store_person one = person(30001, 1);
    put(store, &one, false);
    copy_place(&place, &copy);
    CHECK_EQ(kept(&copy), 300011);
    store_close(store);
    place_finish(&place);
    place_finish(&copy);
}

TEST(changes_on_their_way_are_bounded_and_written_at_the_end)
{
    struct place place;
    place_init(&place);
    struct store *store = open_at(&place);
    int64_t sum = 0;
    for (int i = 0; i < STORE_QUEUE_MAX; i++) {
        const struct store_person one = person(i + 1, 0);
        CHECK_EQ(store_put_person(store, &one, false, 0), STATUS_OK);
        sum += (i + 1) * 10;
    }
    const struct store_person more = person(99999, 0);
    CHECK_EQ(store_put_person(store, &more, false, 0), STATUS_FULL);
    store_close(store);
    CHECK_EQ(kept(&place), sum);
    place_finish(&place);
}

static void check_fault(struct place *place, const char *word)
{
    CHECK(open_at(place) == NULL);
    CHECK(strstr(place->fault, word) != NULL);
}

TEST(what_is_wrong_is_said_with_what_to_do)
{
    struct place place;
    char path[PATH_SIZE + 16];
    place_init(&place);
    struct store *store = open_at(&place);
    check_fault(&place, "another onebus has it open");
    store_close(store);

    sqlite3 *db;
    snprintf(path, sizeof(path), "%s/onebus.db", place.folder);
    CHECK_EQ(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_EQ(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL),
             SQLITE_OK);
    sqlite3_close(db);
    check_fault(&place, "newer onebus");

    FILE *file = fopen(path, "w");
    fputs("this is no database, however long it is and whatever it says", file);
    fclose(file);
    check_fault(&place, "move it away");

    strcat(place.folder, "/onebus.db/x"); /* a file is no folder */
    check_fault(&place, "cannot make the folder");
    place.folder[strlen(place.folder) - strlen("/onebus.db/x")] = '\0';
    place_finish(&place);
}

/* ---- request ids --------------------------------------------------------- */

/* The last answer to a claim, or to its end. */
struct outcome {
    enum claims_state state;
    char reply[64];
    bool is_kept;
    char why[64];
    uint64_t cookies; /* their sum */
};

static void on_end(void *ctx, uint64_t cookie, bool is_kept, const char *why)
{
    struct outcome *outcome = ctx;
    outcome->cookies += cookie;
    outcome->is_kept = is_kept;
    snprintf(outcome->why, sizeof(outcome->why), "%s", why);
}

static void on_claimed(void *ctx, uint64_t cookie,
                       const struct store_found *found)
{
    struct outcome *outcome = ctx;
    on_end(ctx, cookie, found->is_kept, found->why);
    outcome->state = found->state;
    snprintf(outcome->reply, sizeof(outcome->reply), "%.*s",
             (int)found->reply.size,
             found->reply.data == NULL ? "" : found->reply.data);
}

static struct outcome outcome_of(struct store *store)
{
    struct outcome outcome = {0};
    const struct store_listener listener = {
        .ctx = &outcome, .on_done = on_end, .on_claimed = on_claimed};
    take_all(store, &listener);
    return outcome;
}

static const unsigned char ASKED[CLAIMS_DIGEST_SIZE] = "send_msg";
static const unsigned char OTHER[CLAIMS_DIGEST_SIZE] = "delete_msg";

static struct outcome claim_at(struct store *store, const char *key,
                               const unsigned char *digest, uint64_t wall_ms)
{
    CHECK_EQ(store_claim(store, slice_of(key), digest, wall_ms, 5), STATUS_OK);
    struct outcome outcome = outcome_of(store);
    CHECK_EQ(outcome.cookies, 5);
    return outcome;
}

static enum claims_state claim(struct store *store, const char *key)
{
    const struct outcome outcome = claim_at(store, key, ASKED, 1000);
    CHECK(outcome.is_kept);
    CHECK_STR(outcome.why, "");
    return outcome.state;
}

static struct outcome end_claim(struct store *store, const char *key,
                                const char *reply)
{
    CHECK_EQ(store_end_claim(store, slice_of(key), slice_of(reply), 6),
             STATUS_OK);
    struct outcome outcome = outcome_of(store);
    CHECK_EQ(outcome.cookies, 6);
    return outcome;
}

TEST(a_request_id_and_its_reply_are_there_after_a_restart)
{
    struct place place;
    place_init(&place);
    struct store *store = open_at(&place);
    CHECK_EQ(claim(store, "begun"), CLAIMS_NEW);
    CHECK_EQ(claim(store, "done"), CLAIMS_NEW);
    CHECK_EQ(claim(store, "gone"), CLAIMS_NEW);
    CHECK(end_claim(store, "done", "reply").is_kept);
    store_forget_claim(store, slice_of("gone"));
    store_close(store);
    store = open_at(&place);
    CHECK_EQ(claim(store, "begun"), CLAIMS_BEGUN);
    CHECK_EQ(claim(store, "done"), CLAIMS_DONE);
    CHECK_STR(claim_at(store, "done", ASKED, 1000).reply, "reply");
    CHECK_EQ(claim_at(store, "done", OTHER, 1000).state, CLAIMS_OTHER);
    CHECK_EQ(claim(store, "gone"), CLAIMS_NEW);
    CHECK_EQ(claim_at(store, "done", ASKED, 1000 + CLAIMS_KEEP_MS).state,
             CLAIMS_NEW);
    store_close(store);
    place_finish(&place);
}

TEST(a_request_id_survives_a_kill)
{
    struct place place, copy;
    place_init(&place);
    struct store *store = open_at(&place);
    CHECK_EQ(claim(store, "begun"), CLAIMS_NEW);
    CHECK_EQ(claim(store, "done"), CLAIMS_NEW);
    CHECK(end_claim(store, "done", "reply").is_kept);
    copy_place(&place, &copy);
    struct store *again = open_at(&copy);
    CHECK_EQ(claim(again, "begun"), CLAIMS_BEGUN);
    CHECK_EQ(claim(again, "done"), CLAIMS_DONE);
    store_close(again);
    store_close(store);
    place_finish(&place);
    place_finish(&copy);
}

/* They are carried out as they were asked for, whatever gathers. */
TEST(claims_of_one_id_are_in_order)
{
    struct place place;
    const struct slice key = slice_of("x");
    place_init(&place);
    struct store *store = open_at(&place);
    for (int i = 0; i < 50; i++) {
        CHECK_EQ(store_claim(store, key, ASKED, 1000, 1), STATUS_OK);
        store_forget_claim(store, key);
    }
    CHECK_EQ(store_claim(store, key, ASKED, 1000, 1), STATUS_OK);
    CHECK_EQ(store_end_claim(store, key, slice_of("reply"), 1), STATUS_OK);
    CHECK_EQ(store_claim(store, key, ASKED, 1000, 1), STATUS_OK);
    const struct outcome outcome = outcome_of(store);
    CHECK_EQ(outcome.cookies, 53);
    CHECK_EQ(outcome.state, CLAIMS_DONE);
    CHECK_STR(outcome.reply, "reply");
    store_close(store);
    place_finish(&place);
}

TEST(where_no_more_can_be_claimed_what_was_can_be_ended)
{
    struct place place;
    char key[32];
    place_init(&place);
    struct store *store = open_at(&place);
    for (int i = 0; i < STORE_QUEUE_MAX; i++) {
        snprintf(key, sizeof(key), "id-%d", i);
        CHECK_EQ(store_claim(store, slice_of(key), ASKED, 1000, 0), STATUS_OK);
    }
    CHECK_EQ(store_claim(store, slice_of("x"), ASKED, 1000, 0), STATUS_FULL);
    for (int i = 0; i < STORE_QUEUE_MAX; i++) {
        snprintf(key, sizeof(key), "id-%d", i);
        CHECK_EQ(store_end_claim(store, slice_of(key), slice_of("r"), 0),
                 STATUS_OK);
    }
    CHECK_EQ(store_end_claim(store, slice_of("x"), slice_of("r"), 0),
             STATUS_FULL);
    store_forget_claim(store, slice_of("x"));
    store_close(store);
    store = open_at(&place);
    CHECK_EQ(claim(store, "id-0"), CLAIMS_DONE);
    CHECK_EQ(claim(store, key), CLAIMS_DONE);
    store_close(store);
    place_finish(&place);
}

/* No file may grow: as a full disk. */
static void fill_disk(struct rlimit *before)
{
    signal(SIGXFSZ, SIG_IGN);
    CHECK_EQ(getrlimit(RLIMIT_FSIZE, before), 0);
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = before->rlim_max};
    CHECK_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
}

TEST(on_a_full_disk_what_is_known_is_found_and_the_rest_is_told)
{
    struct place place;
    struct rlimit before;
    place_init(&place);
    struct store *store = open_at(&place);
    CHECK_EQ(claim(store, "begun"), CLAIMS_NEW);
    CHECK_EQ(claim(store, "done"), CLAIMS_NEW);
    CHECK(end_claim(store, "done", "reply").is_kept);
    fill_disk(&before);
    const struct outcome unwritten = claim_at(store, "new", ASKED, 1000);
    const struct outcome unended = end_claim(store, "begun", "reply");
    /* Many at a time: what is found shares its fate with no other. */
    for (int i = 0; i < 50; i++) {
        CHECK_EQ(store_claim(store, slice_of("new"), ASKED, 1000, 1),
                 STATUS_OK);
        CHECK_EQ(store_claim(store, slice_of("done"), ASKED, 1000, 1),
                 STATUS_OK);
    }
    const struct outcome found = outcome_of(store);
    CHECK_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    CHECK_EQ(unwritten.state, CLAIMS_NEW);
    CHECK(!unwritten.is_kept && unwritten.why[0] != '\0');
    CHECK(!unended.is_kept && unended.why[0] != '\0');
    CHECK_EQ(found.state, CLAIMS_DONE);
    CHECK(found.is_kept);
    CHECK(!end_claim(store, "new", "reply").is_kept);
    CHECK_EQ(claim(store, "begun"), CLAIMS_BEGUN);
    CHECK_EQ(claim(store, "new"), CLAIMS_NEW);
    CHECK(end_claim(store, "new", "reply").is_kept);
    store_close(store);
    place_finish(&place);
}

/* As the version before this one left it. */
TEST(a_file_from_before_there_were_request_ids_gets_them)
{
    struct place place;
    sqlite3 *db;
    char path[PATH_SIZE + 16];
    place_init(&place);
    struct store *store = open_at(&place);
    const struct store_person one = person(30001, 1);
    put(store, &one, false);
    store_close(store);
    snprintf(path, sizeof(path), "%s/onebus.db", place.folder);
    CHECK_EQ(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_EQ(sqlite3_exec(db,
                          "DROP TABLE once; DROP TABLE once_size;"
                          "PRAGMA user_version = 2",
                          NULL, NULL, NULL),
             SQLITE_OK);
    sqlite3_close(db);
    CHECK_EQ(kept(&place), 300011);
    store = open_at(&place);
    CHECK_EQ(claim(store, "x"), CLAIMS_NEW);
    CHECK_EQ(claim(store, "x"), CLAIMS_BEGUN);
    store_close(store);
    place_finish(&place);
}

SUITE(store, what_is_put_is_there_after_a_restart,
      a_cursor_is_there_after_a_restart_as_it_was_last_set,
      nobody_else_may_read_it, what_was_said_to_be_kept_survives_a_kill,
      changes_on_their_way_are_bounded_and_written_at_the_end,
      what_is_wrong_is_said_with_what_to_do,
      a_request_id_and_its_reply_are_there_after_a_restart,
      a_request_id_survives_a_kill, claims_of_one_id_are_in_order,
      where_no_more_can_be_claimed_what_was_can_be_ended,
      on_a_full_disk_what_is_known_is_found_and_the_rest_is_told,
      a_file_from_before_there_were_request_ids_gets_them)
