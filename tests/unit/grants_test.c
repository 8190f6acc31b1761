/* SPDX-License-Identifier: MIT */
#include "core/grants.h"

#include "check.h"

static const char *const SENDS[] = {"send_*", "bridge.ping"};
static const char *const GROUPS[] = {"group.2*"};
static const char *const BOTS[] = {"bot?"};

static const struct grant_options OPTIONS[] = {
    {.name = "all", .token = "0123456789abcdef"},
    {.name = "some",
     .token = "0123456789abcdeg",
     .accounts = {BOTS, 1},
     .actions = {SENDS, 2},
     .chats = {GROUPS, 1}},
    {.name = "short", .token = "0"},
};

enum { COUNT = 3 };

TEST(a_token_is_found_whole_or_not_at_all)
{
    static const struct {
        const char *token, *name;
    } rows[] = {
        {"0123456789abcdef", "all"},
        {"0123456789abcdeg", "some"},
        {"0", "short"},
        {"", ""},
        {"0123456789abcde", ""},
        {"0123456789abcdeff", ""},
        {"0123456789abcdee", ""},
        {"00", ""},
        {"x", ""},
    };
    struct grants *grants = grants_create(OPTIONS, COUNT);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct grant *grant =
            grants_find(grants, slice_of(rows[i].token));
        CHECK_ROW(slice_of(grant == NULL ? "" : grant->name),
                  slice_of(rows[i].name), rows[i].token);
    }
    CHECK(grants_find(grants, (struct slice){0}) == NULL);
    CHECK(grants_find(grants, (struct slice){"0\0", 2}) == NULL);
    grants_destroy(grants);
}

TEST(the_longest_token_counts_to_its_last_byte)
{
    char token[GRANTS_TOKEN_BYTES_MAX + 2] = {0};
    memset(token, 'x', GRANTS_TOKEN_BYTES_MAX);
    const struct grant_options options = {.name = "long", .token = token};
    struct grants *grants = grants_create(&options, 1);
    struct slice slice = {token, GRANTS_TOKEN_BYTES_MAX};
    CHECK(grants_find(grants, slice) != NULL);
    token[GRANTS_TOKEN_BYTES_MAX] = 'x';
    CHECK(grants_find(grants, slice_of(token)) == NULL);
    token[GRANTS_TOKEN_BYTES_MAX - 1] = 'y';
    CHECK(grants_find(grants, slice) == NULL);
    grants_destroy(grants);
}

TEST(a_grant_covers_what_its_patterns_name)
{
    struct grants *grants = grants_create(OPTIONS, COUNT);
    const struct grant *grant = grants_at(grants, 1);
    CHECK_EQ(grants_count(grants), COUNT);
    CHECK(grant_allows_action(grant, slice_of("send_msg")));
    CHECK(grant_allows_action(grant, slice_of("bridge.ping")));
    CHECK(!grant_allows_action(grant, slice_of("bridge.status")));
    CHECK(grant_allows_account(grant, slice_of("bot1")));
    CHECK(!grant_allows_account(grant, slice_of("bot11")));
    CHECK(grant_allows_chat(grant, slice_of("group.20002")));
    CHECK(!grant_allows_chat(grant, slice_of("group.30002")));
    CHECK(!grant_allows_chat(grant, slice_of("private.20002")));
    grants_destroy(grants);
}

TEST(counts_go_on_by_name)
{
    struct grants *before = grants_create(OPTIONS, COUNT);
    struct grants *after = grants_create(OPTIONS + 1, 1);
    struct grant *some = grants_find(before, slice_of("0123456789abcdeg"));
    some->calls = 7;
    some->denied = 2;
    grants_keep_counts(after, before);
    grants_keep_counts(after, NULL);
    CHECK_EQ(grants_at(after, 0)->calls, 7);
    CHECK_EQ(grants_at(after, 0)->denied, 2);
    CHECK_EQ(grants_count(NULL), 0);
    grants_destroy(before);
    grants_destroy(after);
    grants_destroy(NULL);
}

SUITE(grants, a_token_is_found_whole_or_not_at_all,
      the_longest_token_counts_to_its_last_byte,
      a_grant_covers_what_its_patterns_name, counts_go_on_by_name)
