/* SPDX-License-Identifier: MIT */
#include "core/knocks.h"

#include "check.h"

static void knock(struct knocks *knocks, const char *account,
                  const char *reason, const char *path, uint64_t wall_ms)
{
    const struct knock_info info = {
        .account = account,
        .reason = reason,
        .status = 403,
        .remote = "192.0.2.1",
        .path = slice_of(path),
        .token = "wrong",
        .why = "token wrong\nmore",
    };
    knocks_add(knocks, &info, wall_ms);
}

TEST(what_is_of_one_kind_is_counted)
{
    struct knocks *knocks = knocks_create();
    CHECK(knocks_at(knocks, 0) == NULL);
    knock(knocks, "bot1", "token_wrong", "/a", 10);
    knock(knocks, "bot1", "token_wrong", "/b", 20);
    const struct knock *only = knocks_at(knocks, 0);
    CHECK(knocks_at(knocks, 1) == NULL);
    CHECK_EQ(only->count, 2);
    CHECK_EQ(only->first_ms, 10);
    CHECK_EQ(only->last_ms, 20);
    CHECK_STR(only->account, "bot1");
    CHECK_STR(only->path, "/b");
    CHECK_STR(only->why, "token wrong");
    CHECK_STR(only->self_id, "");
    knocks_destroy(knocks);
}

TEST(the_newest_comes_first)
{
    struct knocks *knocks = knocks_create();
    knock(knocks, "bot1", "token_wrong", "/", 1);
    knock(knocks, "bot2", "token_wrong", "/", 2);
    knock(knocks, "bot1", "token_missing", "/", 3);
    knock(knocks, "bot1", "token_wrong", "/", 4);
    CHECK_EQ(knocks_at(knocks, 0)->last_ms, 4);
    CHECK_EQ(knocks_at(knocks, 1)->last_ms, 3);
    CHECK_EQ(knocks_at(knocks, 2)->last_ms, 2);
    CHECK(knocks_at(knocks, 3) == NULL);
    knocks_destroy(knocks);
}

TEST(beyond_the_bound_the_quietest_goes)
{
    struct knocks *knocks = knocks_create();
    char account[16];
    knock(knocks, "", "unknown_path", "/", 1);
    for (unsigned i = 0; i < KNOCKS_KEPT; i++) {
        snprintf(account, sizeof(account), "bot%u", i);
        knock(knocks, account, "token_wrong", "/", 2 + i);
    }
    CHECK_EQ(knocks_at(knocks, KNOCKS_KEPT - 1)->last_ms, 2);
    CHECK(knocks_at(knocks, KNOCKS_KEPT) == NULL);
    knock(knocks, "", "unknown_path", "/", 100);
    CHECK_EQ(knocks_at(knocks, 0)->count, 1);
    CHECK_EQ(knocks_at(knocks, 0)->first_ms, 100);
    CHECK_EQ(knocks_at(knocks, KNOCKS_KEPT - 1)->last_ms, 3);
    knocks_destroy(knocks);
}

TEST(what_is_long_is_cut)
{
    struct knocks *knocks = knocks_create();
    char path[1000];
    memset(path, 'a', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    knock(knocks, path, path, path, 1);
    CHECK_EQ(strlen(knocks_at(knocks, 0)->path), KNOCK_TEXT_SIZE - 1);
    CHECK_EQ(strlen(knocks_at(knocks, 0)->account), ACCOUNT_NAME_SIZE - 1);
    knocks_destroy(knocks);
}

SUITE(knocks, what_is_of_one_kind_is_counted, the_newest_comes_first,
      beyond_the_bound_the_quietest_goes, what_is_long_is_cut)
