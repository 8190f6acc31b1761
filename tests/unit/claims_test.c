/* SPDX-License-Identifier: MIT */
#include "edge/claims.h"

#include <sqlite3.h>

#include "check.h"
#include "edge/database.h"

enum { ROWS_MAX = 100, BYTES_MAX = 10 * 1000, NOW_MS = 1000 };

static const uint64_t DAY_MS = CLAIMS_KEEP_MS;

/* The table alone, in memory. */
struct desk {
    sqlite3 *db;
    struct claims *claims;
    struct buffer reply; /* of the last claim */
};

static void attach(struct desk *desk)
{
    const struct claims_limits limits = {.rows_max = ROWS_MAX,
                                         .bytes_max = BYTES_MAX};
    desk->claims = claims_create(desk->db, &limits);
    CHECK(desk->claims != NULL);
}

static void desk_init(struct desk *desk)
{
    *desk = (struct desk){0};
    CHECK_EQ(sqlite3_open(":memory:", &desk->db), SQLITE_OK);
    CHECK(database_run(desk->db, CLAIMS_SCHEMA));
    attach(desk);
}

static void desk_finish(struct desk *desk)
{
    claims_destroy(desk->claims);
    CHECK_EQ(sqlite3_close(desk->db), SQLITE_OK);
    buffer_finish(&desk->reply);
}

static enum claims_state begin_as(struct desk *desk, const char *key,
                                  uint64_t wall_ms, unsigned char asked)
{
    const unsigned char digest[CLAIMS_DIGEST_SIZE] = {asked};
    enum claims_state state;
    buffer_clear(&desk->reply, 0);
    CHECK(claims_begin(desk->claims, slice_of(key), digest, wall_ms, &state,
                       &desk->reply));
    return state;
}

static enum claims_state begin(struct desk *desk, const char *key,
                               uint64_t wall_ms)
{
    return begin_as(desk, key, wall_ms, 1);
}

static void end(struct desk *desk, const char *key, const char *reply)
{
    CHECK(claims_end(desk->claims, slice_of(key), slice_of(reply)));
}

static int64_t number(const struct desk *desk, const char *sql)
{
    int64_t result = -1;
    sqlite3_stmt *query = database_prepare(desk->db, sql);
    if (sqlite3_step(query) == SQLITE_ROW)
        result = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return result;
}

static int64_t rows(const struct desk *desk)
{
    return number(desk, "SELECT count(*) FROM once");
}

/* The sums in the file are what a count would give. */
static void settle(struct desk *desk)
{
    CHECK(claims_settle(desk->claims));
    CHECK_EQ(number(desk, "SELECT rows FROM once_size"), rows(desk));
    CHECK_EQ(number(desk, "SELECT bytes FROM once_size"),
             number(desk, "SELECT ifnull(sum(length(reply)), 0) FROM once"));
}

static void key_of(char *key, size_t size, int number)
{
    snprintf(key, size, "id-%d", number);
}

/* Begin these and, if there is a reply, end them. */
static void begin_many(struct desk *desk, int first, int count,
                       uint64_t wall_ms, const char *reply)
{
    char key[32];
    for (int i = first; i < first + count; i++) {
        key_of(key, sizeof(key), i);
        CHECK_EQ(begin(desk, key, wall_ms), CLAIMS_NEW);
        if (reply != NULL)
            end(desk, key, reply);
    }
}

static enum claims_state state_of(struct desk *desk, int number)
{
    char key[32];
    key_of(key, sizeof(key), number);
    return begin(desk, key, NOW_MS);
}

TEST(an_id_is_used_once_and_its_reply_found)
{
    struct desk desk;
    desk_init(&desk);
    CHECK_EQ(begin(&desk, "a", NOW_MS), CLAIMS_NEW);
    CHECK_EQ(begin(&desk, "a", NOW_MS), CLAIMS_BEGUN);
    CHECK_EQ(begin_as(&desk, "a", NOW_MS, 2), CLAIMS_OTHER);
    end(&desk, "a", "reply");
    CHECK_EQ(begin(&desk, "a", NOW_MS), CLAIMS_DONE);
    CHECK_SLICE(buffer_slice(&desk.reply), slice_of("reply"));
    CHECK_EQ(begin_as(&desk, "a", NOW_MS, 2), CLAIMS_OTHER);
    CHECK_EQ(desk.reply.size, 0);
    end(&desk, "a", "a better one");
    settle(&desk);
    CHECK_EQ(begin(&desk, "a", NOW_MS), CLAIMS_DONE);
    CHECK_SLICE(buffer_slice(&desk.reply), slice_of("a better one"));
    end(&desk, "a", "");
    settle(&desk);
    CHECK_EQ(begin(&desk, "a", NOW_MS), CLAIMS_DONE);
    CHECK_EQ(desk.reply.size, 0);
    desk_finish(&desk);
}

TEST(keys_are_bytes)
{
    static const struct slice one = {"a\0x", 3}, other = {"a\0y", 3};
    const unsigned char digest[CLAIMS_DIGEST_SIZE] = {0};
    struct desk desk;
    enum claims_state state;
    desk_init(&desk);
    CHECK(claims_begin(desk.claims, one, digest, NOW_MS, &state, &desk.reply));
    CHECK_EQ(state, CLAIMS_NEW);
    CHECK(
        claims_begin(desk.claims, other, digest, NOW_MS, &state, &desk.reply));
    CHECK_EQ(state, CLAIMS_NEW);
    desk_finish(&desk);
}

TEST(what_has_no_reply_can_be_forgotten)
{
    struct desk desk;
    desk_init(&desk);
    CHECK(claims_forget(desk.claims, slice_of("a")));
    CHECK_EQ(begin(&desk, "a", NOW_MS), CLAIMS_NEW);
    CHECK(claims_forget(desk.claims, slice_of("a")));
    CHECK(!claims_end(desk.claims, slice_of("a"), slice_of("reply")));
    CHECK_STR(claims_fault(desk.claims), "that its call was begun is not kept");
    CHECK_EQ(begin(&desk, "a", NOW_MS), CLAIMS_NEW);
    end(&desk, "a", "reply");
    CHECK(claims_forget(desk.claims, slice_of("a")));
    CHECK_EQ(begin(&desk, "a", NOW_MS), CLAIMS_DONE);
    settle(&desk);
    desk_finish(&desk);
}

TEST(a_day_after_it_was_begun_an_id_is_new)
{
    struct desk desk;
    desk_init(&desk);
    CHECK_EQ(begin(&desk, "begun", NOW_MS), CLAIMS_NEW);
    CHECK_EQ(begin(&desk, "done", NOW_MS), CLAIMS_NEW);
    end(&desk, "done", "reply");
    CHECK_EQ(begin(&desk, "done", NOW_MS + DAY_MS - 1), CLAIMS_DONE);
    CHECK_EQ(begin(&desk, "begun", NOW_MS + DAY_MS - 1), CLAIMS_BEGUN);
    CHECK_EQ(begin(&desk, "done", 0), CLAIMS_DONE); /* a clock set back */
    CHECK_EQ(begin(&desk, "done", NOW_MS + DAY_MS), CLAIMS_NEW);
    CHECK_EQ(desk.reply.size, 0);
    CHECK_EQ(begin_as(&desk, "begun", NOW_MS + DAY_MS, 2), CLAIMS_NEW);
    settle(&desk);
    desk_finish(&desk);
}

/* Each transaction with something new takes a few away. */
TEST(old_rows_go_a_few_at_a_time)
{
    struct desk desk;
    desk_init(&desk);
    begin_many(&desk, 0, ROWS_MAX / 2, NOW_MS, "reply");
    begin_many(&desk, ROWS_MAX / 2, ROWS_MAX / 2 - 10, NOW_MS, NULL);
    settle(&desk);
    int64_t before = rows(&desk);
    CHECK_EQ(before, ROWS_MAX - 10);
    for (int i = 0; i < ROWS_MAX; i++) {
        begin_many(&desk, 1000 + i, 1, NOW_MS + DAY_MS, NULL);
        settle(&desk);
        int64_t after = rows(&desk);
        CHECK(after >= before - 30);
        CHECK(after < before || after == i + 1);
        before = after;
        if (after == i + 1)
            break;
    }
    CHECK(before < 20);
    CHECK_EQ(number(&desk, "SELECT count(*) FROM once WHERE begun_ms = 1000"),
             0);
    desk_finish(&desk);
}

TEST(beyond_so_many_rows_the_oldest_that_are_done_go)
{
    struct desk desk;
    desk_init(&desk);
    begin_many(&desk, 0, 10, NOW_MS, NULL);
    begin_many(&desk, 10, ROWS_MAX - 10, NOW_MS, "reply");
    settle(&desk);
    CHECK_EQ(rows(&desk), ROWS_MAX);
    begin_many(&desk, ROWS_MAX, 5, NOW_MS, NULL);
    settle(&desk);
    CHECK_EQ(rows(&desk), ROWS_MAX);
    CHECK_EQ(state_of(&desk, 0), CLAIMS_BEGUN);
    CHECK_EQ(state_of(&desk, 15), CLAIMS_DONE);
    CHECK_EQ(state_of(&desk, ROWS_MAX), CLAIMS_BEGUN);
    CHECK_EQ(state_of(&desk, 14), CLAIMS_NEW);
    desk_finish(&desk);
}

TEST(beyond_so_many_bytes_the_oldest_that_are_done_go)
{
    char reply[BYTES_MAX / 2];
    struct desk desk;
    memset(reply, 'r', sizeof(reply) - 1);
    reply[sizeof(reply) - 1] = '\0';
    desk_init(&desk);
    begin_many(&desk, 0, 1, NOW_MS, NULL);
    begin_many(&desk, 1, 2, NOW_MS, reply);
    settle(&desk);
    CHECK_EQ(rows(&desk), 3);
    end(&desk, "id-0", reply);
    settle(&desk);
    CHECK(number(&desk, "SELECT bytes FROM once_size") <= BYTES_MAX);
    desk_finish(&desk);
}

TEST(where_all_are_begun_no_more_are)
{
    const unsigned char digest[CLAIMS_DIGEST_SIZE] = {0};
    enum claims_state state;
    struct desk desk;
    desk_init(&desk);
    begin_many(&desk, 0, ROWS_MAX + 5, NOW_MS, NULL);
    settle(&desk);
    CHECK(!claims_begin(desk.claims, slice_of("one more"), digest, NOW_MS,
                        &state, &desk.reply));
    CHECK_EQ(state, CLAIMS_NEW);
    CHECK_STR(claims_fault(desk.claims),
              "too many request ids wait for their reply");
    CHECK_EQ(state_of(&desk, 0), CLAIMS_BEGUN);
    end(&desk, "id-1", "reply");
    for (int i = 2; i < 8; i++) {
        char key[32];
        key_of(key, sizeof(key), i);
        CHECK(claims_forget(desk.claims, slice_of(key)));
    }
    settle(&desk);
    CHECK_EQ(begin(&desk, "one more", NOW_MS), CLAIMS_NEW);
    desk_finish(&desk);
}

TEST(a_transaction_that_came_to_nothing_leaves_the_sums_right)
{
    struct desk desk;
    desk_init(&desk);
    begin_many(&desk, 0, 3, NOW_MS, "reply");
    settle(&desk);
    CHECK(database_run(desk.db, "BEGIN"));
    begin_many(&desk, 3, 3, NOW_MS, "reply");
    CHECK(database_run(desk.db, "ROLLBACK"));
    claims_revert(desk.claims);
    begin_many(&desk, 6, 1, NOW_MS, NULL);
    settle(&desk);
    CHECK_EQ(rows(&desk), 4);
    claims_destroy(desk.claims);
    attach(&desk); /* as after a restart */
    begin_many(&desk, 7, 1, NOW_MS, "reply");
    settle(&desk);
    CHECK_EQ(rows(&desk), 5);
    desk_finish(&desk);
}

SUITE(claims, an_id_is_used_once_and_its_reply_found, keys_are_bytes,
      what_has_no_reply_can_be_forgotten, a_day_after_it_was_begun_an_id_is_new,
      old_rows_go_a_few_at_a_time,
      beyond_so_many_rows_the_oldest_that_are_done_go,
      beyond_so_many_bytes_the_oldest_that_are_done_go,
      where_all_are_begun_no_more_are,
      a_transaction_that_came_to_nothing_leaves_the_sums_right)
