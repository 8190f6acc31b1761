/* SPDX-License-Identifier: MIT */
#include "core/breaker.h"

#include "check.h"

enum { START_MS = 1000000 };

static const struct pacing_chat GROUP = {.is_group = true, .id = 20002};
static const struct pacing_chat ACCOUNT = {.id = 0};

static enum breaker_why look(const struct breaker *breaker,
                             struct pacing_chat chat, uint64_t now_ms)
{
    return breaker_look(breaker, &chat, now_ms).why;
}

static enum breaker_why ask(struct breaker *breaker, struct pacing_chat chat,
                            uint64_t now_ms)
{
    return breaker_ask(breaker, &chat, now_ms).why;
}

static struct pacing_chat user(int64_t id)
{
    return (struct pacing_chat){.id = id};
}

static void fail(struct breaker *breaker, struct pacing_chat chat, size_t times,
                 uint64_t now_ms)
{
    for (size_t i = 0; i < times; i++)
        breaker_on_failure(breaker, &chat, now_ms);
}

/* ---- what the peers tell --------------------------------------------------
 */

TEST(a_mute_lasts_until_its_time_is_up_or_it_is_lifted)
{
    struct breaker *breaker = breaker_create(7);
    struct breaker_entry over;
    breaker_set_muted(breaker, &GROUP, START_MS + 600, START_MS);
    CHECK_EQ(look(breaker, GROUP, START_MS + 599), BREAKER_MUTED);
    CHECK_EQ(breaker_ask(breaker, &GROUP, START_MS + 100).retry_after_ms, 500);
    CHECK_EQ(ask(breaker, ACCOUNT, START_MS), BREAKER_CLOSED);
    CHECK_EQ(ask(breaker, user(20002), START_MS), BREAKER_CLOSED);
    CHECK_EQ(breaker_due(breaker), START_MS + 600);
    CHECK(!breaker_expire(breaker, START_MS + 599, &over));
    CHECK(breaker_expire(breaker, START_MS + 600, &over));
    CHECK_EQ(over.verdict.why, BREAKER_MUTED);
    CHECK_EQ(over.chat.id, GROUP.id);
    CHECK_EQ(breaker_count(breaker), 0);
    breaker_set_muted(breaker, &GROUP, UINT64_MAX, START_MS);
    CHECK_EQ(breaker_look(breaker, &GROUP, START_MS).retry_after_ms, 0);
    CHECK_EQ(look(breaker, GROUP, UINT64_MAX - 1), BREAKER_MUTED);
    CHECK_EQ(breaker_due(breaker), UINT64_MAX);
    breaker_set_muted(breaker, &GROUP, 0, START_MS);
    CHECK_EQ(breaker_count(breaker), 0);
    breaker_destroy(breaker);
}

TEST(a_whole_ban_counts_once_a_send_has_failed)
{
    struct breaker *breaker = breaker_create(7);
    breaker_set_whole_ban(breaker, &GROUP, true, START_MS);
    CHECK_EQ(ask(breaker, GROUP, START_MS), BREAKER_CLOSED);
    fail(breaker, GROUP, 1, START_MS);
    CHECK_EQ(ask(breaker, GROUP, START_MS), BREAKER_WHOLE_BAN);
    breaker_set_whole_ban(breaker, &GROUP, true, START_MS); /* told again */
    CHECK_EQ(ask(breaker, GROUP, START_MS), BREAKER_WHOLE_BAN);
    breaker_set_muted(breaker, &GROUP, START_MS + 600, START_MS);
    breaker_set_whole_ban(breaker, &GROUP, false, START_MS);
    CHECK_EQ(ask(breaker, GROUP, START_MS), BREAKER_MUTED);
    CHECK_EQ(ask(breaker, GROUP, START_MS + 600), BREAKER_CLOSED);
    breaker_set_muted(breaker, &GROUP, 0, START_MS);
    CHECK_EQ(breaker_count(breaker), 0);
    breaker_destroy(breaker);
}

TEST(who_is_out_of_a_group_is_neither_muted_nor_failing)
{
    struct breaker *breaker = breaker_create(7);
    breaker_set_removed(breaker, &GROUP, false, START_MS);
    CHECK_EQ(breaker_count(breaker), 0);
    breaker_set_muted(breaker, &GROUP, START_MS + 600, START_MS);
    breaker_set_whole_ban(breaker, &GROUP, true, START_MS);
    fail(breaker, GROUP, 1, START_MS);
    breaker_set_removed(breaker, &GROUP, true, START_MS);
    CHECK_EQ(ask(breaker, GROUP, START_MS), BREAKER_REMOVED);
    CHECK_EQ(breaker_due(breaker), UINT64_MAX);
    fail(breaker, GROUP, 9, START_MS);
    CHECK_EQ(look(breaker, ACCOUNT, START_MS), BREAKER_CLOSED);
    breaker_set_removed(breaker, &GROUP, false, START_MS);
    CHECK_EQ(ask(breaker, GROUP, START_MS), BREAKER_CLOSED);
    CHECK_EQ(breaker_count(breaker), 0);
    breaker_destroy(breaker);
}

TEST(a_send_that_succeeds_disproves_it_all)
{
    struct breaker *breaker = breaker_create(7);
    breaker_set_muted(breaker, &GROUP, UINT64_MAX, START_MS);
    breaker_set_removed(breaker, &GROUP, true, START_MS);
    fail(breaker, user(1), 2, START_MS);
    breaker_on_success(breaker, &GROUP, START_MS);
    CHECK_EQ(ask(breaker, GROUP, START_MS), BREAKER_CLOSED);
    breaker_on_success(breaker, &(struct pacing_chat){.id = 1}, START_MS);
    fail(breaker, user(1), 2, START_MS);
    CHECK_EQ(ask(breaker, user(1), START_MS), BREAKER_CLOSED);
    breaker_destroy(breaker);
}

/* ---- what fails ------------------------------------------------------------
 */

TEST(a_chat_pauses_after_three_failures_and_twice_as_long_after_each_try)
{
    static const uint64_t pauses[] = {30,  60,  120, 240,
                                      480, 600, 600}; /* seconds */
    struct breaker *breaker = breaker_create(7);
    uint64_t now_ms = START_MS;
    fail(breaker, GROUP, 2, now_ms);
    CHECK_EQ(ask(breaker, GROUP, now_ms), BREAKER_CLOSED);
    for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
        fail(breaker, GROUP, 1, now_ms);
        fail(breaker, GROUP, 3, now_ms); /* were on their way */
        struct breaker_verdict verdict = breaker_ask(breaker, &GROUP, now_ms);
        CHECK_EQ(verdict.why, BREAKER_FAILING_CHAT);
        CHECK_EQ(verdict.retry_after_ms, pauses[i] * 1000);
        now_ms += verdict.retry_after_ms;
        CHECK_EQ(ask(breaker, GROUP, now_ms - 1), BREAKER_FAILING_CHAT);
        CHECK_EQ(ask(breaker, GROUP, now_ms), BREAKER_CLOSED);
        CHECK_EQ(look(breaker, ACCOUNT, now_ms), BREAKER_CLOSED);
    }
    breaker_destroy(breaker);
}

TEST(after_a_pause_one_tries_and_the_others_wait)
{
    struct breaker *breaker = breaker_create(7);
    uint64_t over_ms = START_MS + BREAKER_PAUSE_MS;
    fail(breaker, GROUP, 3, START_MS);
    CHECK_EQ(ask(breaker, GROUP, over_ms), BREAKER_CLOSED);
    CHECK_EQ(ask(breaker, GROUP, over_ms), BREAKER_FAILING_CHAT);
    CHECK_EQ(breaker_ask(breaker, &GROUP, over_ms).retry_after_ms,
             BREAKER_RETRY_MS);
    breaker_on_unknown(breaker, &GROUP); /* it says no more: another may */
    CHECK_EQ(ask(breaker, GROUP, over_ms), BREAKER_CLOSED);
    CHECK_EQ(ask(breaker, GROUP, over_ms), BREAKER_FAILING_CHAT);
    over_ms += BREAKER_TRY_MS;
    CHECK_EQ(ask(breaker, GROUP, over_ms), BREAKER_CLOSED);
    breaker_on_success(breaker, &GROUP, START_MS);
    CHECK_EQ(ask(breaker, GROUP, over_ms), BREAKER_CLOSED);
    CHECK_EQ(ask(breaker, GROUP, over_ms), BREAKER_CLOSED);
    breaker_destroy(breaker);
}

TEST(the_end_of_a_pause_is_told_once)
{
    struct breaker *breaker = breaker_create(7);
    struct breaker_entry over;
    uint64_t over_ms = START_MS + BREAKER_PAUSE_MS;
    fail(breaker, GROUP, 3, START_MS);
    CHECK_EQ(breaker_due(breaker), over_ms);
    CHECK(breaker_expire(breaker, over_ms, &over));
    CHECK_EQ(over.verdict.why, BREAKER_FAILING_CHAT);
    CHECK(!breaker_expire(breaker, over_ms, &over));
    fail(breaker, GROUP, 1, over_ms); /* in doubt, one is enough */
    CHECK_EQ(breaker_due(breaker), over_ms + UINT64_C(2) * BREAKER_PAUSE_MS);
    breaker_destroy(breaker);
}

TEST(failures_far_apart_are_not_in_a_row)
{
    struct breaker *breaker = breaker_create(7);
    for (uint64_t i = 0; i < 10; i++)
        fail(breaker, GROUP, 1, START_MS + i * (BREAKER_ROW_MS + 1));
    CHECK_EQ(breaker_due(breaker), UINT64_MAX);
    breaker_destroy(breaker);
}

TEST(an_account_pauses_when_sends_to_many_chats_fail)
{
    struct breaker *breaker = breaker_create(7);
    struct pacing_chat other = {.account = 1, .id = 5};
    fail(breaker, user(1), 3, START_MS);
    fail(breaker, user(2), 9, START_MS); /* two that are dead say little */
    CHECK_EQ(look(breaker, ACCOUNT, START_MS), BREAKER_CLOSED);
    fail(breaker, user(3), 1, START_MS);
    CHECK_EQ(look(breaker, ACCOUNT, START_MS), BREAKER_FAILING_ACCOUNT);
    CHECK_EQ(ask(breaker, user(4), START_MS), BREAKER_FAILING_ACCOUNT);
    CHECK_EQ(ask(breaker, ACCOUNT, START_MS), BREAKER_FAILING_ACCOUNT);
    CHECK_EQ(ask(breaker, other, START_MS), BREAKER_CLOSED);
    uint64_t over_ms = START_MS + BREAKER_PAUSE_MS;
    CHECK_EQ(ask(breaker, user(4), over_ms), BREAKER_CLOSED);
    CHECK_EQ(ask(breaker, user(5), over_ms), BREAKER_FAILING_ACCOUNT);
    breaker_on_success(breaker, &(struct pacing_chat){.id = 4}, START_MS);
    CHECK_EQ(ask(breaker, user(5), over_ms), BREAKER_CLOSED);
    breaker_destroy(breaker);
}

/* ---- bounds -----------------------------------------------------------------
 */

TEST(only_so_many_chats_are_held_and_the_longest_unchanged_goes)
{
    struct breaker *breaker = breaker_create(7);
    for (int64_t i = 1; i <= BREAKER_CHATS_MAX + 10; i++) {
        const struct pacing_chat chat = {.is_group = true, .id = i};
        const struct pacing_chat first = {.is_group = true, .id = 1};
        breaker_set_muted(breaker, &chat, UINT64_MAX, START_MS);
        breaker_set_muted(breaker, &first, UINT64_MAX, START_MS);
    }
    CHECK_EQ(breaker_count(breaker), BREAKER_CHATS_MAX);
    for (int64_t i = 1; i <= 20; i++)
        CHECK_EQ(look(breaker, (struct pacing_chat){.is_group = true, .id = i},
                      START_MS) == BREAKER_MUTED,
                 i == 1 || i > 11);
    breaker_destroy(breaker);
}

TEST(it_lists_what_is_against_an_account)
{
    struct breaker *breaker = breaker_create(7);
    struct breaker_entry entries[2];
    for (int64_t i = 1; i <= 3; i++) {
        const struct pacing_chat chat = {.is_group = true, .id = i};
        breaker_set_removed(breaker, &chat, true, START_MS);
    }
    breaker_set_whole_ban(breaker, &GROUP, true, START_MS); /* nothing yet */
    CHECK_EQ(breaker_list(breaker, 1, entries, 2, START_MS), 0);
    CHECK_EQ(breaker_list(breaker, 0, entries, 2, START_MS), 3);
    CHECK_EQ(entries[0].chat.id, 3);
    CHECK_EQ(entries[1].verdict.why, BREAKER_REMOVED);
    breaker_forget_account(breaker, 1);
    CHECK_EQ(breaker_count(breaker), 4);
    breaker_forget_account(breaker, 0);
    CHECK_EQ(breaker_count(breaker), 0);
    breaker_destroy(breaker);
}

TEST(what_was_asked_for_before_a_mute_does_not_lift_it)
{
    struct breaker *breaker = breaker_create(7);
    breaker_set_muted(breaker, &GROUP, UINT64_MAX, START_MS + 10);
    breaker_on_success(breaker, &GROUP, START_MS + 9);
    CHECK_EQ(breaker_look(breaker, &GROUP, START_MS + 20).why, BREAKER_MUTED);
    breaker_on_success(breaker, &GROUP, START_MS + 10);
    CHECK_EQ(breaker_look(breaker, &GROUP, START_MS + 20).why, BREAKER_CLOSED);
    breaker_destroy(breaker);
}

SUITE(breaker, what_was_asked_for_before_a_mute_does_not_lift_it,
      a_mute_lasts_until_its_time_is_up_or_it_is_lifted,
      a_whole_ban_counts_once_a_send_has_failed,
      who_is_out_of_a_group_is_neither_muted_nor_failing,
      a_send_that_succeeds_disproves_it_all,
      a_chat_pauses_after_three_failures_and_twice_as_long_after_each_try,
      after_a_pause_one_tries_and_the_others_wait,
      the_end_of_a_pause_is_told_once, failures_far_apart_are_not_in_a_row,
      an_account_pauses_when_sends_to_many_chats_fail,
      only_so_many_chats_are_held_and_the_longest_unchanged_goes,
      it_lists_what_is_against_an_account)
