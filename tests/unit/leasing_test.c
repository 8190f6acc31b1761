/* SPDX-License-Identifier: MIT */
#include "core/leasing.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check.h"
#include "core/lease_card.h"

enum { ENTRIES = 8, START_MS = 1000000, WALL_MS = 500000000 };

/* A bucket in memory, with the bridges that share it and a clock. */
struct kept {
    char key[80];
    struct buffer value;
    uint64_t revision, until_ms;
};

struct world {
    struct kept entries[ENTRIES];
    uint64_t revision;
    struct instant now;
    bool is_silent;    /* nothing arrives */
    bool loses_answer; /* of what is written */
    bool hides_count;
    size_t puts, gets;
    char fault[LEASING_FAULT_SIZE];
    uint64_t alive_ms;
};

static struct world world_up(void)
{
    return (struct world){.now = {START_MS, WALL_MS}};
}

static void world_down(struct world *world)
{
    for (size_t i = 0; i < ENTRIES; i++)
        buffer_finish(&world->entries[i].value);
}

static void advance(struct world *world, uint64_t ms)
{
    world->now.mono_ms += ms;
    world->now.wall_ms += ms;
    for (size_t i = 0; i < ENTRIES; i++)
        if (world->entries[i].until_ms <= world->now.mono_ms)
            world->entries[i].revision = 0;
}

/* The entry of the key, or room for one. */
static struct kept *entry_of(struct world *world, const char *key)
{
    struct kept *room = NULL;
    for (size_t i = 0; i < ENTRIES; i++) {
        struct kept *entry = &world->entries[i];
        if (entry->revision != 0 && strcmp(entry->key, key) == 0)
            return entry;
        if (entry->revision == 0)
            room = entry;
    }
    return room;
}

static void put_one(struct world *world, struct leasing_put *put)
{
    struct kept *entry = entry_of(world, put->key);
    if (entry->revision != put->revision) {
        put->answer = LEASING_REFUSED;
        return;
    }
    snprintf(entry->key, sizeof(entry->key), "%s", put->key);
    buffer_clear(&entry->value, SIZE_MAX);
    buffer_append(&entry->value, put->value.data, put->value.size);
    entry->revision = ++world->revision;
    entry->until_ms = world->now.mono_ms + LEASING_TTL_MS;
    if (world->loses_answer)
        return;
    put->revision = entry->revision;
    put->answer = LEASING_DONE;
}

static void port_put(void *ctx, struct leasing_put *puts, size_t count)
{
    struct world *world = ctx;
    world->puts += count;
    for (size_t i = 0; i < count && !world->is_silent; i++)
        put_one(world, &puts[i]);
}

static enum leasing_answer port_get(void *ctx, const char *key,
                                    struct leasing_entry *entry)
{
    struct world *world = ctx;
    world->gets++;
    if (world->is_silent)
        return LEASING_SILENT;
    const struct kept *kept = entry_of(world, key);
    if (kept->revision != 0)
        *entry =
            (struct leasing_entry){kept->revision, buffer_slice(&kept->value)};
    return LEASING_DONE;
}

static enum leasing_answer port_count(void *ctx, size_t *entries)
{
    const struct world *world = ctx;
    if (world->is_silent || world->hides_count)
        return LEASING_SILENT;
    *entries = 0;
    for (size_t i = 0; i < ENTRIES; i++)
        *entries += world->entries[i].revision != 0;
    return LEASING_DONE;
}

static struct leasing *bridge(struct world *world, const char *epoch,
                              const char *run, const char *const *accounts,
                              size_t count)
{
    const struct leasing_ports ports = {
        .ctx = world,
        .put = port_put,
        .get = port_get,
        .count = port_count,
    };
    const struct leasing_options options = {
        .accounts = accounts,
        .account_count = count,
        .epoch = epoch,
        .run = run,
        .host = "one",
        .version = "1",
        .pid = 7,
    };
    return leasing_create(&options, &ports, world->now);
}

static const char *const X[] = {"x"};
static const char *const XY[] = {"y", "x"};
static const char *const YZ[] = {"y", "z"};

static enum lease_verdict renew(struct world *world, struct leasing *leasing)
{
    return leasing_renew(leasing, world->now, world->fault, &world->alive_ms);
}

/* As its owner would: whenever it is due. */
static enum lease_verdict run_for(struct world *world, struct leasing *leasing,
                                  uint64_t ms)
{
    const uint64_t end_ms = world->now.mono_ms + ms;
    enum lease_verdict verdict = LEASE_UNKNOWN;
    uint64_t alive_ms = 0;
    while (leasing_due(leasing) <= end_ms) {
        if (leasing_due(leasing) > world->now.mono_ms)
            advance(world, leasing_due(leasing) - world->now.mono_ms);
        verdict = renew(world, leasing);
        if (world->alive_ms != 0)
            alive_ms = world->alive_ms;
    }
    advance(world, end_ms - world->now.mono_ms);
    world->alive_ms = alive_ms;
    return verdict;
}

static void check_holder(struct world *world, const char *key, const char *run)
{
    struct lease_card card = {.run = ""};
    const struct kept *entry = entry_of(world, key);
    if (entry->revision != 0 && entry->value.size > 0)
        CHECK(lease_card_read(buffer_slice(&entry->value), &card));
    CHECK_ROW(slice_of(card.run), slice_of(run), key);
}

TEST(free_names_are_taken_and_kept)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", XY, 2);
    CHECK_EQ(leasing_due(one), START_MS);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(w.alive_ms, 0);
    CHECK_EQ(leasing_due(one), START_MS + LEASING_CHECK_MS);
    advance(&w, LEASING_CHECK_MS);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(leasing_due(one), w.now.mono_ms + LEASING_RENEW_MS);
    CHECK_EQ(run_for(&w, one, 60000), LEASE_OURS);
    check_holder(&w, "x", "r1");
    check_holder(&w, "y", "r1");
    CHECK_EQ(w.gets, 0);
    leasing_destroy(one);
    world_down(&w);
}

TEST(names_are_topic_tokens_each_once)
{
    static const char *const accounts[] = {"b b", "a", "b.b"};
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", accounts, 3);
    CHECK_EQ(leasing_name_count(one), 2);
    CHECK_STR(leasing_name(one, 0), "a");
    CHECK_STR(leasing_name(one, 1), "b_b");
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(w.puts, 2);
    leasing_destroy(one);
    world_down(&w);
}

TEST(of_two_bridges_one_has_all_and_the_other_none)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", XY, 2);
    struct leasing *two = bridge(&w, "E2", "r2", YZ, 2);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(renew(&w, two), LEASE_ELSEWHERE);
    CHECK(strstr(w.fault, "account y ") != NULL);
    CHECK(strstr(w.fault, "E1") != NULL && strstr(w.fault, "r1") != NULL);
    check_holder(&w, "y", "r1");
    check_holder(&w, "z", "");
    CHECK(leasing_due(two) < w.now.mono_ms + 3000);
    CHECK_EQ(run_for(&w, one, 5000), LEASE_OURS);
    /* While it is held, what is free is let alone. */
    w.puts = 0;
    CHECK_EQ(renew(&w, two), LEASE_ELSEWHERE);
    CHECK_EQ(w.puts, 0);
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(what_is_given_back_is_taken_at_the_next_look)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    struct leasing *two = bridge(&w, "E2", "r2", X, 1);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(renew(&w, two), LEASE_ELSEWHERE);
    uint64_t looked_ms = w.now.wall_ms;
    advance(&w, 1000);
    leasing_release(one);
    check_holder(&w, "x", "");
    CHECK_EQ(run_for(&w, two, 2500), LEASE_OURS);
    CHECK_EQ(w.alive_ms, looked_ms);
    CHECK_EQ(renew(&w, two), LEASE_OURS);
    CHECK_EQ(w.alive_ms, 0);
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(a_holder_that_dies_is_followed_within_twenty_seconds)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    struct leasing *two = bridge(&w, "E2", "r2", X, 1);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(renew(&w, two), LEASE_ELSEWHERE);
    advance(&w, LEASING_RENEW_MS);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    uint64_t died_ms = w.now.wall_ms;
    CHECK_EQ(run_for(&w, two, 14000), LEASE_ELSEWHERE);
    CHECK_EQ(run_for(&w, two, 6000), LEASE_OURS);
    CHECK(w.alive_ms <= died_ms && w.alive_ms + 5000 >= died_ms);
    check_holder(&w, "x", "r2");
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(a_restart_takes_its_own_back_at_once)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", XY, 2);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    struct leasing *again = bridge(&w, "E1", "r2", XY, 2);
    CHECK_EQ(renew(&w, again), LEASE_OURS);
    CHECK_EQ(w.alive_ms, 0);
    check_holder(&w, "x", "r2");
    check_holder(&w, "y", "r2");
    leasing_destroy(one);
    leasing_destroy(again);
    world_down(&w);
}

TEST(a_copy_of_our_state_is_a_conflict_for_as_long_as_it_runs)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    struct leasing *copy = bridge(&w, "E1", "r2", X, 1);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(renew(&w, copy), LEASE_OURS);
    CHECK_EQ(renew(&w, one), LEASE_ELSEWHERE);
    CHECK(strstr(w.fault, "stateDir") != NULL);
    for (int i = 0; i < 5; i++) {
        advance(&w, 5000);
        CHECK_EQ(renew(&w, copy), LEASE_OURS);
        CHECK_EQ(renew(&w, one), LEASE_ELSEWHERE);
    }
    CHECK_EQ(run_for(&w, one, 20000), LEASE_OURS);
    leasing_destroy(one);
    leasing_destroy(copy);
    world_down(&w);
}

TEST(an_answer_that_was_lost_changes_nothing)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    w.loses_answer = true;
    CHECK_EQ(renew(&w, one), LEASE_UNKNOWN);
    CHECK(w.fault[0] != '\0');
    w.loses_answer = false;
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    w.loses_answer = true;
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    w.loses_answer = false;
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    check_holder(&w, "x", "r1");
    leasing_destroy(one);
    world_down(&w);
}

TEST(a_name_whose_answer_was_lost_is_written_again_at_once)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    struct leasing *two = bridge(&w, "E2", "r2", X, 1);
    w.loses_answer = true;
    CHECK_EQ(renew(&w, one), LEASE_UNKNOWN);
    w.loses_answer = false;
    advance(&w, LEASING_TTL_MS - 1);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    advance(&w, LEASING_SURE_MS - 1);
    CHECK_EQ(renew(&w, two), LEASE_ELSEWHERE);
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(of_two_whose_writes_were_both_taken_one_soon_finds_out)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    struct leasing *two = bridge(&w, "E2", "r2", X, 1);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    entry_of(&w, "x")->revision = 0; /* as if it had not been there yet */
    CHECK_EQ(renew(&w, two), LEASE_OURS);
    CHECK_EQ(run_for(&w, one, LEASING_CHECK_MS), LEASE_ELSEWHERE);
    CHECK_EQ(run_for(&w, two, LEASING_CHECK_MS), LEASE_OURS);
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(without_an_answer_they_are_ours_for_ten_seconds)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    w.is_silent = true;
    CHECK_EQ(run_for(&w, one, LEASING_SURE_MS - 1), LEASE_OURS);
    CHECK_EQ(w.fault[0], '\0');
    CHECK_EQ(run_for(&w, one, 1000), LEASE_UNKNOWN);
    w.is_silent = false;
    CHECK_EQ(run_for(&w, one, 60000), LEASE_OURS);
    leasing_destroy(one);
    world_down(&w);
}

TEST(what_was_forgotten_meanwhile_is_taken_anew)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", XY, 2);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    w.is_silent = true;
    CHECK_EQ(run_for(&w, one, 60000), LEASE_UNKNOWN);
    w.is_silent = false;
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(w.alive_ms, 0);
    check_holder(&w, "y", "r1");
    leasing_destroy(one);
    world_down(&w);
}

TEST(who_was_away_finds_another_and_lets_go)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", XY, 2);
    struct leasing *two = bridge(&w, "E2", "r2", X, 1);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    advance(&w, LEASING_TTL_MS);
    CHECK_EQ(renew(&w, two), LEASE_OURS);
    CHECK_EQ(renew(&w, one), LEASE_ELSEWHERE);
    check_holder(&w, "y", "");
    w.is_silent = true;
    CHECK_EQ(renew(&w, one), LEASE_ELSEWHERE); /* as far as is known */
    w.is_silent = false;
    leasing_release(two);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK(w.alive_ms > 0);
    check_holder(&w, "y", "r1");
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(names_may_change)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", XY, 2);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    leasing_rename(one, YZ, 2);
    CHECK_EQ(leasing_due(one), 0);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    check_holder(&w, "x", "");
    check_holder(&w, "y", "r1");
    check_holder(&w, "z", "r1");
    struct leasing *two = bridge(&w, "E2", "r2", X, 1);
    CHECK_EQ(renew(&w, two), LEASE_OURS);
    leasing_rename(one, XY, 2);
    CHECK_EQ(renew(&w, one), LEASE_ELSEWHERE);
    check_holder(&w, "y", "");
    check_holder(&w, "z", "");
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(an_entry_that_nobody_can_read_is_somebody_elses)
{
    struct world w = world_up();
    struct leasing_put stranger = {.key = "x", .value = slice_of("hello")};
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    put_one(&w, &stranger);
    CHECK_EQ(renew(&w, one), LEASE_ELSEWHERE);
    CHECK(strstr(w.fault, "account x ") != NULL);
    CHECK_EQ(run_for(&w, one, LEASING_TTL_MS + 3000), LEASE_OURS);
    leasing_destroy(one);
    world_down(&w);
}

static bool is_shared(const struct world *world, const struct leasing *leasing)
{
    return leasing_is_shared(leasing, world->now.mono_ms);
}

TEST(who_comes_sees_others_at_once_and_they_it_before_it_counts_as_heard)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    struct leasing *two = bridge(&w, "E2", "r2", YZ, 2);
    CHECK(is_shared(&w, one)); /* nobody has looked */
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK(!is_shared(&w, one));
    CHECK_EQ(leasing_heard_ms(one), 0);
    CHECK_EQ(renew(&w, two), LEASE_OURS);
    CHECK(is_shared(&w, two));
    CHECK_EQ(leasing_heard_ms(two), w.now.mono_ms + LEASING_HEARD_MS);
    CHECK(!is_shared(&w, one));
    CHECK_EQ(run_for(&w, one, LEASING_SURE_MS), LEASE_OURS);
    CHECK(is_shared(&w, one));
    CHECK_EQ(leasing_heard_ms(one), 0); /* it was there first */
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(one_that_has_gone_counts_as_there_for_three_minutes)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    struct leasing *two = bridge(&w, "E2", "r2", YZ, 2);
    CHECK_EQ(renew(&w, two), LEASE_OURS);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(run_for(&w, one, LEASING_GONE_MS), LEASE_OURS);
    CHECK(is_shared(&w, one));
    CHECK_EQ(run_for(&w, one, LEASING_TTL_MS), LEASE_OURS);
    CHECK(!is_shared(&w, one));
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(who_follows_another_counts_it_as_there)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    struct leasing *two = bridge(&w, "E2", "r2", X, 1);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(renew(&w, two), LEASE_ELSEWHERE);
    CHECK_EQ(run_for(&w, two, 20000), LEASE_OURS);
    CHECK(is_shared(&w, two));
    CHECK_EQ(leasing_heard_ms(two), 0); /* nobody is to hear of it */
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(who_was_away_is_heard_of_anew)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    struct leasing *two = bridge(&w, "E2", "r2", YZ, 2);
    CHECK_EQ(renew(&w, two), LEASE_OURS);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    uint64_t heard_ms = leasing_heard_ms(one);
    advance(&w, LEASING_TTL_MS - 1);
    CHECK_EQ(renew(&w, two), LEASE_OURS);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(leasing_heard_ms(one), heard_ms); /* its name was there */
    advance(&w, LEASING_TTL_MS);
    CHECK_EQ(renew(&w, two), LEASE_OURS);
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK_EQ(leasing_heard_ms(one), w.now.mono_ms + LEASING_HEARD_MS);
    leasing_destroy(one);
    leasing_destroy(two);
    world_down(&w);
}

TEST(who_cannot_look_takes_it_that_others_are_there)
{
    struct world w = world_up();
    struct leasing *one = bridge(&w, "E1", "r1", X, 1);
    w.hides_count = true;
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK(is_shared(&w, one));
    CHECK_EQ(leasing_heard_ms(one), w.now.mono_ms + LEASING_HEARD_MS);
    w.hides_count = false;
    CHECK_EQ(renew(&w, one), LEASE_OURS);
    CHECK(!is_shared(&w, one));
    w.hides_count = true;
    CHECK_EQ(run_for(&w, one, LEASING_SURE_MS - 1), LEASE_OURS);
    CHECK(!is_shared(&w, one));
    CHECK_EQ(run_for(&w, one, 1), LEASE_OURS);
    CHECK(is_shared(&w, one));
    leasing_destroy(one);
    world_down(&w);
}

SUITE(leasing, free_names_are_taken_and_kept, names_are_topic_tokens_each_once,
      of_two_bridges_one_has_all_and_the_other_none,
      what_is_given_back_is_taken_at_the_next_look,
      a_holder_that_dies_is_followed_within_twenty_seconds,
      a_restart_takes_its_own_back_at_once,
      a_copy_of_our_state_is_a_conflict_for_as_long_as_it_runs,
      an_answer_that_was_lost_changes_nothing,
      a_name_whose_answer_was_lost_is_written_again_at_once,
      of_two_whose_writes_were_both_taken_one_soon_finds_out,
      without_an_answer_they_are_ours_for_ten_seconds,
      what_was_forgotten_meanwhile_is_taken_anew,
      who_was_away_finds_another_and_lets_go, names_may_change,
      an_entry_that_nobody_can_read_is_somebody_elses,
      who_comes_sees_others_at_once_and_they_it_before_it_counts_as_heard,
      one_that_has_gone_counts_as_there_for_three_minutes,
      who_follows_another_counts_it_as_there, who_was_away_is_heard_of_anew,
      who_cannot_look_takes_it_that_others_are_there)
