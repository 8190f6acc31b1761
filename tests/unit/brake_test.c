/* SPDX-License-Identifier: MIT */
#include "core/brake.h"

#include "check.h"

static const struct brake_pair PAIR = {0, true, 20002, 30001};

/* They speak, and the bot answers unless it is held back. */
static bool take_turns(struct brake *brake, const struct brake_pair *pair,
                       uint64_t now_ms)
{
    bool is_braked = brake_on_message(brake, pair, false, now_ms);
    if (!is_braked)
        brake_on_said(brake, pair);
    return is_braked;
}

TEST(the_twenty_first_turn_within_a_minute_is_held_back)
{
    struct brake *brake = brake_create(7);
    brake_on_said(brake, &PAIR);
    CHECK(!take_turns(brake, &PAIR, 900)); /* they begin to talk */
    for (uint64_t i = 0; i < BRAKE_TURNS; i++)
        CHECK(!take_turns(brake, &PAIR, 1000 + i * 100));
    CHECK(take_turns(brake, &PAIR, 4000));
    CHECK(take_turns(brake, &PAIR, 60999));
    CHECK(!take_turns(brake, &PAIR, 61000)); /* the first is a minute old */
    CHECK(take_turns(brake, &PAIR, 61050));
    brake_destroy(brake);
}

TEST(who_only_talks_fast_is_never_held_back)
{
    struct brake *brake = brake_create(7);
    brake_on_said(brake, &PAIR);
    for (uint64_t i = 0; i < 1000; i++)
        CHECK(!brake_on_message(brake, &PAIR, false, 1000 + i));
    brake_destroy(brake);
}

TEST(slow_turns_go_on_for_ever)
{
    struct brake *brake = brake_create(7);
    for (uint64_t i = 0; i < 1000; i++)
        CHECK(!take_turns(brake, &PAIR, 1000 + i * 3001));
    brake_destroy(brake);
}

TEST(every_word_of_a_known_bot_counts)
{
    struct brake *brake = brake_create(7);
    for (uint64_t i = 0; i < BRAKE_TURNS; i++)
        CHECK(!brake_on_message(brake, &PAIR, true, 1000 + i));
    CHECK(brake_on_message(brake, &PAIR, true, 2000));
    brake_destroy(brake);
}

TEST(pairs_do_not_count_for_each_other)
{
    struct brake *brake = brake_create(7);
    const struct brake_pair others[] = {
        {0, true, 20002, 30002},
        {0, true, 20003, 30001},
        {0, false, 20002, 30001},
        {1, true, 20002, 30001},
    };
    for (uint64_t i = 0; i <= BRAKE_TURNS; i++)
        brake_on_message(brake, &PAIR, true, 1000);
    for (size_t i = 0; i < 4; i++)
        CHECK(!brake_on_message(brake, &others[i], true, 1000));
    brake_destroy(brake);
}

TEST(other_chats_make_no_turns)
{
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct brake *brake =
            brake_create(UINT64_C(0x9e3779b97f4a7c15) * (seed + 1));
        brake_on_said(brake, &PAIR);
        for (int64_t i = 0; i < 4000; i++) {
            const struct brake_pair other = {0, true, 50000 + i % 300, 5};
            brake_on_said(brake, &other);
            brake_on_message(brake, &other, false, 1000);
            CHECK(!brake_on_message(brake, &PAIR, false, 1000));
        }
        brake_destroy(brake);
    }
}

SUITE(brake, other_chats_make_no_turns,
      the_twenty_first_turn_within_a_minute_is_held_back,
      who_only_talks_fast_is_never_held_back, slow_turns_go_on_for_ever,
      every_word_of_a_known_bot_counts, pairs_do_not_count_for_each_other)
