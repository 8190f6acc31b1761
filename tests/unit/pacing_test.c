/* SPDX-License-Identifier: MIT */
#include "core/pacing.h"

#include "check.h"

enum { START_MS = 1000000, CAPACITY = 64 };

static const struct pacing_options STEADY = {
    .account_per_second = 5,
    .account_burst = 20,
    .chat_per_second = 1,
    .chat_burst = 5,
};

static struct pacing_chat group(size_t account, int64_t id)
{
    return (struct pacing_chat){account, true, id};
}

static struct pacing *pacing_of(const struct pacing_options *options)
{
    struct pacing *pacing = pacing_create(7, CAPACITY);
    pacing_set_options(pacing, options, START_MS);
    return pacing;
}

/* One that is ready at once. */
static struct pacing_item *join(struct pacing *pacing, struct pacing_chat chat,
                                void *ctx, uint64_t now_ms)
{
    struct pacing_item *item = pacing_join(pacing, &chat, ctx, now_ms);
    pacing_make_ready(pacing, item, now_ms);
    return item;
}

/* The ctx of the next one, which leaves at once; NULL if there is none. */
static void *take(struct pacing *pacing, uint64_t now_ms)
{
    struct pacing_item *item = pacing_next(pacing, now_ms);
    if (item == NULL)
        return NULL;
    void *ctx = pacing_ctx(item);
    pacing_leave(pacing, item);
    return ctx;
}

static size_t take_all(struct pacing *pacing, uint64_t now_ms)
{
    size_t count = 0;
    while (take(pacing, now_ms) != NULL)
        count++;
    return count;
}

static char A, B, C, D;

/* ---- lines -------------------------------------------------------------- */

TEST(what_joins_a_chat_later_leaves_later)
{
    static const struct pacing_options none = {0};
    struct pacing *pacing = pacing_of(&none);
    const struct pacing_chat chat = group(0, 1);
    struct pacing_item *first = pacing_join(pacing, &chat, &A, START_MS);
    join(pacing, chat, &B, START_MS);
    CHECK_EQ(pacing_due(pacing, START_MS), UINT64_MAX);
    CHECK(take(pacing, START_MS) == NULL);
    CHECK(join(pacing, group(0, 2), &C, START_MS) != NULL);
    CHECK(take(pacing, START_MS) == &C);
    pacing_make_ready(pacing, first, START_MS);
    CHECK(pacing_next(pacing, START_MS) == first);
    CHECK(take(pacing, START_MS) == NULL); /* it is out, and not answered */
    CHECK_EQ(pacing_due(pacing, START_MS), UINT64_MAX);
    pacing_leave(pacing, first);
    CHECK_EQ(pacing_due(pacing, START_MS), START_MS);
    CHECK(take(pacing, START_MS) == &B);
    CHECK_EQ(pacing_waiting(pacing), 0);
    CHECK_EQ(pacing_chats(pacing), 0);
    pacing_destroy(pacing);
}

TEST(the_parts_of_a_send_go_before_what_joined_later)
{
    struct pacing *pacing = pacing_of(&STEADY);
    struct pacing_item *parts = join(pacing, group(0, 1), &A, START_MS);
    join(pacing, group(0, 1), &B, START_MS);
    for (size_t i = 0; i < 3; i++) {
        CHECK(pacing_next(pacing, START_MS) == parts);
        CHECK(pacing_next(pacing, START_MS) == NULL);
        pacing_make_ready(pacing, parts, START_MS);
    }
    pacing_leave(pacing, parts); /* given up before the fourth */
    CHECK(take(pacing, START_MS) == &B);
    join(pacing, group(0, 1), &C, START_MS);
    CHECK(take(pacing, START_MS) == &C);
    join(pacing, group(0, 1), &D, START_MS); /* of a burst of 5, the sixth */
    CHECK(take(pacing, START_MS) == NULL);
    pacing_destroy(pacing);
}

TEST(who_is_given_up_holds_nobody_back)
{
    struct pacing *pacing = pacing_of(&STEADY);
    const struct pacing_chat chat = group(0, 1);
    struct pacing_item *first = pacing_join(pacing, &chat, &A, START_MS);
    struct pacing_item *second = join(pacing, chat, &B, START_MS);
    struct pacing_item *third = join(pacing, chat, &C, START_MS);
    join(pacing, chat, &D, START_MS);
    pacing_leave(pacing, second);
    pacing_leave(pacing, first);
    CHECK(pacing_next(pacing, START_MS) == third);
    pacing_leave(pacing, third);
    CHECK(take(pacing, START_MS) == &D);
    pacing_destroy(pacing);
}

TEST(so_many_wait_and_no_more)
{
    struct pacing *pacing = pacing_create(7, 2);
    const struct pacing_chat chat = group(0, 1), none = {.account = 3};
    struct pacing_item *item = join(pacing, chat, &A, START_MS);
    join(pacing, none, &B, START_MS);
    CHECK(pacing_join(pacing, &chat, &C, START_MS) == NULL);
    CHECK(pacing_join(pacing, &none, &C, START_MS) == NULL);
    CHECK_EQ(pacing_waiting(pacing), 2);
    CHECK_EQ(pacing_waiting_of(pacing, 0), 1);
    CHECK_EQ(pacing_waiting_of(pacing, 3), 1);
    CHECK_EQ(pacing_waiting_of(pacing, 9), 0);
    pacing_leave(pacing, item);
    CHECK(pacing_join(pacing, &none, &C, START_MS) != NULL);
    pacing_destroy(pacing);
}

/* ---- rates -------------------------------------------------------------- */

TEST(a_chat_has_its_burst_and_then_its_rate)
{
    struct pacing *pacing = pacing_of(&STEADY);
    for (size_t i = 0; i < 8; i++)
        join(pacing, group(0, 1), &A, START_MS);
    CHECK_EQ(take_all(pacing, START_MS), 5);
    for (uint64_t i = 1; i <= 3; i++) {
        CHECK_EQ(pacing_due(pacing, START_MS), START_MS + i * 1000);
        CHECK_EQ(take_all(pacing, START_MS + i * 1000 - 1), 0);
        CHECK_EQ(take_all(pacing, START_MS + i * 1000), 1);
    }
    CHECK_EQ(pacing_due(pacing, START_MS), UINT64_MAX);
    pacing_destroy(pacing);
}

TEST(an_account_has_its_burst_and_then_its_rate)
{
    struct pacing *pacing = pacing_of(&STEADY);
    for (int64_t i = 1; i <= 30; i++)
        join(pacing, group(0, i), &A, START_MS);
    join(pacing, group(1, 1), &B, START_MS); /* another does not wait for it */
    CHECK_EQ(take_all(pacing, START_MS), 21);
    CHECK_EQ(take_all(pacing, START_MS + 199), 0);
    for (uint64_t i = 1; i <= 10; i++)
        CHECK_EQ(take_all(pacing, START_MS + i * 200), 1);
    pacing_destroy(pacing);
}

TEST(without_a_chat_only_the_account_counts)
{
    struct pacing *pacing = pacing_of(&STEADY);
    for (size_t i = 0; i < 30; i++)
        join(pacing, group(0, 0), &A, START_MS);
    CHECK_EQ(take_all(pacing, START_MS), 20);
    CHECK_EQ(take_all(pacing, START_MS + 1000), 5);
    CHECK_EQ(pacing_chats(pacing), 0);
    pacing_destroy(pacing);
}

TEST(without_limits_nobody_waits)
{
    static const struct pacing_options none = {.jitter_ms = 1000};
    struct pacing *pacing = pacing_of(&none);
    for (size_t i = 0; i < CAPACITY; i++)
        join(pacing, group(0, 1), &A, START_MS);
    CHECK_EQ(take_all(pacing, START_MS), CAPACITY);
    CHECK_EQ(pacing_chats(pacing), 0);
    pacing_destroy(pacing);
}

TEST(who_waits_waits_a_little_more_and_who_need_not_does_not)
{
    struct pacing_options options = STEADY;
    options.jitter_ms = 150;
    struct pacing *pacing = pacing_of(&options);
    uint64_t least = UINT64_MAX, most = 0;
    for (uint64_t round = 0; round < 200; round++) {
        uint64_t now_ms = START_MS + round * 100000;
        for (size_t i = 0; i < 6; i++)
            join(pacing, group(0, 1), &A, now_ms);
        CHECK_EQ(take_all(pacing, now_ms), 5);
        uint64_t delay_ms = pacing_due(pacing, now_ms) - now_ms - 1000;
        least = delay_ms < least ? delay_ms : least;
        most = delay_ms > most ? delay_ms : most;
        CHECK_EQ(take_all(pacing, now_ms + 1150), 1);
    }
    CHECK(least < 15);
    CHECK(most > 135);
    CHECK(most <= 150);
    pacing_destroy(pacing);
}

TEST(an_account_that_waits_waits_a_little_more_too)
{
    static const struct pacing_options options = {.account_per_second = 10,
                                                  .jitter_ms = 1000};
    struct pacing *pacing = pacing_of(&options);
    uint64_t most = 0;
    for (uint64_t round = 0; round < 50; round++) {
        uint64_t now_ms = START_MS + round * 100000;
        join(pacing, group(0, 1), &A, now_ms);
        join(pacing, group(0, 2), &A, now_ms);
        CHECK_EQ(take_all(pacing, now_ms), 1);
        uint64_t delay_ms = pacing_due(pacing, now_ms) - now_ms - 100;
        most = delay_ms > most ? delay_ms : most;
        CHECK_EQ(take_all(pacing, now_ms + 1100), 1);
    }
    CHECK(most > 900);
    CHECK(most <= 1000);
    pacing_destroy(pacing);
}

TEST(who_was_kept_waiting_by_others_finds_his_token_there)
{
    static const struct pacing_options options = {
        .account_per_second = 10, .account_burst = 2, .jitter_ms = 1000};
    struct pacing *pacing = pacing_of(&options);
    for (int64_t i = 1; i <= 4; i++)
        join(pacing, group(0, i), &A, START_MS);
    CHECK_EQ(take_all(pacing, START_MS), 2);
    CHECK_EQ(take_all(pacing, START_MS + 5000), 2);
    pacing_destroy(pacing);
}

TEST(other_options_count_at_once)
{
    static const struct pacing_options slow = {.chat_per_second = 0.001,
                                               .chat_burst = 1};
    static const struct pacing_options fast = {.chat_per_second = 1,
                                               .chat_burst = 2};
    struct pacing *pacing = pacing_of(&slow);
    for (size_t i = 0; i < 4; i++)
        join(pacing, group(0, 1), &A, START_MS);
    CHECK_EQ(take_all(pacing, START_MS), 1);
    CHECK_EQ(pacing_due(pacing, START_MS), START_MS + 1000000);
    pacing_set_options(pacing, &fast, START_MS);
    CHECK_EQ(take_all(pacing, START_MS), 1); /* of two it lacks one */
    CHECK_EQ(pacing_due(pacing, START_MS), START_MS + 1000);
    pacing_set_options(pacing, &slow, START_MS);
    CHECK_EQ(pacing_due(pacing, START_MS), START_MS + 1000000);
    pacing_set_options(pacing, &(struct pacing_options){0}, START_MS);
    CHECK_EQ(take_all(pacing, START_MS), 2);
    pacing_destroy(pacing);
}

/* ---- turns --------------------------------------------------------------- */

TEST(an_answer_goes_before_bulk_and_the_oldest_first)
{
    static const struct pacing_options one = {.account_per_second = 1};
    struct pacing *pacing = pacing_of(&one);
    const struct pacing_chat heard = group(0, 3), late = group(0, 4);
    join(pacing, group(0, 9), &D, START_MS);
    CHECK(take(pacing, START_MS) == &D);
    join(pacing, group(0, 1), &A, START_MS);
    join(pacing, group(0, 2), &B, START_MS);
    join(pacing, heard, &C, START_MS);
    join(pacing, late, &D, START_MS);
    pacing_heard(pacing, &late, START_MS);
    pacing_heard(pacing, &heard, START_MS);
    CHECK(take(pacing, START_MS + 1000) == &C);
    CHECK(take(pacing, START_MS + 2000) == &D);
    CHECK(take(pacing, START_MS + 3000) == &A);
    CHECK(take(pacing, START_MS + 4000) == &B);
    pacing_destroy(pacing);
}

TEST(after_half_a_minute_an_answer_is_one_no_longer)
{
    static const struct pacing_options one = {.account_per_second = 1};
    struct pacing *pacing = pacing_of(&one);
    const struct pacing_chat heard = group(0, 2);
    join(pacing, group(0, 9), &D, START_MS);
    CHECK(take(pacing, START_MS) == &D);
    pacing_heard(pacing, &heard, START_MS);
    join(pacing, group(0, 1), &A, START_MS);
    join(pacing, heard, &B, START_MS);
    CHECK(take(pacing, START_MS + PACING_HEARD_MS) == &A);
    CHECK(take(pacing, START_MS + PACING_HEARD_MS + 1000) == &B);
    pacing_destroy(pacing);
}

/* How many answers go, at this rate, until the first of bulk does. */
static size_t answers_before_bulk(double per_second, uint64_t step_ms,
                                  size_t bulk)
{
    const struct pacing_options options = {.account_per_second = per_second};
    const struct pacing_chat heard = group(0, 2);
    struct pacing *pacing = pacing_of(&options);
    size_t count = 0;
    uint64_t now_ms = START_MS;
    for (size_t i = 0; i < bulk; i++)
        join(pacing, group(0, 1), &A, now_ms);
    pacing_heard(pacing, &heard, now_ms);
    for (;;) {
        join(pacing, heard, &B, now_ms);
        if (take(pacing, now_ms) == &A)
            break;
        count++;
        now_ms += step_ms;
        pacing_heard(pacing, &heard, now_ms);
    }
    pacing_destroy(pacing);
    return count;
}

TEST(answers_pass_over_bulk_for_a_while_only)
{
    CHECK_EQ(answers_before_bulk(1, 1000, 1), 10);
    CHECK_EQ(answers_before_bulk(2, 500, 9), 20);
    CHECK_EQ(answers_before_bulk(0.05, 20000, 1), 1);
}

TEST(a_slow_account_sends_both_in_turn)
{
    static const struct pacing_options slow = {.account_per_second = 0.05};
    struct pacing *pacing = pacing_of(&slow);
    const struct pacing_chat heard = group(0, 2);
    size_t answers = 0;
    for (size_t i = 0; i < 20; i++) {
        join(pacing, group(0, 1), &A, START_MS);
        join(pacing, heard, &B, START_MS);
    }
    for (uint64_t i = 0; i < 20; i++) {
        pacing_heard(pacing, &heard, START_MS + i * 20000);
        answers += take(pacing, START_MS + i * 20000) == &B;
    }
    CHECK_EQ(answers, 10);
    pacing_destroy(pacing);
}

/* ---- what is remembered ---------------------------------------------------
 */

TEST(chats_that_have_rested_are_forgotten)
{
    struct pacing *pacing = pacing_of(&STEADY);
    uint64_t late_ms = START_MS + PACING_HEARD_MS;
    for (int64_t i = 1; i <= 10; i++) {
        const struct pacing_chat chat = group(0, 100 + i);
        pacing_heard(pacing, &chat, START_MS);
        join(pacing, group(0, i), &A, START_MS);
        CHECK(take(pacing, START_MS) == &A);
    }
    CHECK_EQ(pacing_chats(pacing), 20);
    for (int64_t i = 1; i <= 10; i++) {
        join(pacing, group(0, 200 + i), &A, late_ms);
        CHECK(take(pacing, late_ms) == &A);
    }
    CHECK_EQ(pacing_chats(pacing), 10);
    pacing_destroy(pacing);
}

TEST(no_more_chats_are_remembered_than_there_is_room_for)
{
    static const struct pacing_options slow = {
        .account_per_second = 1, .chat_per_second = 0.0001, .chat_burst = 1};
    struct pacing *pacing = pacing_of(&slow);
    const struct pacing_chat oldest = group(0, 1);
    const struct pacing_chat newest = group(0, PACING_CHATS_MAX + 10);
    pacing_heard(pacing, &newest, START_MS);
    join(pacing, newest, &A, START_MS);
    for (int64_t i = 1; i < newest.id; i++) {
        const struct pacing_chat chat = group(0, i);
        pacing_heard(pacing, &chat, START_MS);
    }
    CHECK_EQ(pacing_chats(pacing), PACING_CHATS_MAX + 1);
    pacing_heard(pacing, &oldest, START_MS);
    CHECK_EQ(pacing_chats(pacing), PACING_CHATS_MAX + 1);
    CHECK(take(pacing, START_MS) == &A); /* who waits is not forgotten */
    pacing_forget_account(pacing, 0);
    CHECK_EQ(pacing_chats(pacing), 0);
    pacing_destroy(pacing);
}

TEST(an_account_of_which_something_waits_is_not_forgotten)
{
    struct pacing *pacing = pacing_of(&STEADY);
    join(pacing, group(2, 1), &A, START_MS);
    pacing_forget_account(pacing, 2);
    pacing_forget_account(pacing, 7);
    CHECK(take(pacing, START_MS) == &A);
    CHECK_EQ(pacing_chats(pacing), 1);
    pacing_forget_account(pacing, 2);
    CHECK_EQ(pacing_chats(pacing), 0);
    pacing_destroy(pacing);
}

/* ---- how long it would take ------------------------------------------------
 */

TEST(it_tells_how_long_one_would_wait)
{
    struct pacing *pacing = pacing_of(&STEADY);
    const struct pacing_chat chat = group(0, 1), other = group(0, 2);
    CHECK_EQ(pacing_wait_ms(pacing, &chat, START_MS), 0);
    for (size_t i = 0; i < 10; i++)
        join(pacing, chat, &A, START_MS);
    CHECK_EQ(pacing_wait_ms(pacing, &chat, START_MS), 6000);
    CHECK_EQ(pacing_wait_ms(pacing, &other, START_MS), 0);
    for (int64_t i = 10; i < 40; i++)
        join(pacing, group(0, i), &A, START_MS);
    uint64_t wait_ms = pacing_wait_ms(pacing, &other, START_MS);
    CHECK(wait_ms >= 3200 && wait_ms <= 4600); /* 36 to 43 before it */
    pacing_heard(pacing, &other, START_MS);
    CHECK_EQ(pacing_wait_ms(pacing, &other, START_MS), 0);
    pacing_destroy(pacing);
}

/* ---- storms ---------------------------------------------------------------
 */

enum {
    ACCOUNTS = 3,
    CHATS = 6, /* of each; the first is none */
    STORM_CAPACITY = 200,
    STEPS = 4000,
};

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return *state >> 33;
}

/* The plain thing that must never run dry. */
struct tokens {
    double left;
    uint64_t at_ms;
};

static bool spend(struct tokens *tokens, double per_second, unsigned burst,
                  uint64_t now_ms)
{
    double most = burst == 0 ? 1 : burst;
    tokens->left += (double)(now_ms - tokens->at_ms) * per_second / 1000;
    if (tokens->at_ms == 0 || tokens->left > most)
        tokens->left = most;
    tokens->at_ms = now_ms;
    tokens->left -= 1;
    return tokens->left > -1e-6;
}

/* One item of a storm, as it should be. */
struct sent {
    struct pacing_item *item; /* NULL: it is not there */
    struct pacing_chat chat;
    size_t number;
    uint64_t joined_ms, wait_ms;
    bool is_ready, is_out;
};

struct storm {
    struct pacing *pacing;
    struct pacing_options options;
    uint64_t random, now_ms;
    size_t joined, out;
    struct sent sent[STORM_CAPACITY];
    struct tokens accounts[ACCOUNTS], chats[ACCOUNTS][CHATS];
    uint64_t told_ms, waited_ms; /* sums of all estimates, of all waits */
};

static size_t pick(struct storm *storm, size_t count)
{
    return (size_t)next_random(&storm->random) % count;
}

static struct storm storm_of(uint64_t seed)
{
    static const double rates[] = {0, 0.7, 3, 50};
    struct storm storm = {.random = seed, .now_ms = START_MS};
    storm.options = (struct pacing_options){
        .account_per_second = rates[pick(&storm, 4)],
        .chat_per_second = rates[pick(&storm, 4)],
        .account_burst = (unsigned)pick(&storm, 10),
        .chat_burst = (unsigned)pick(&storm, 4),
        .jitter_ms = pick(&storm, 2) * 150,
    };
    storm.pacing = pacing_create(seed, STORM_CAPACITY);
    pacing_set_options(storm.pacing, &storm.options, START_MS);
    return storm;
}

/* In an order of its own: compilers differ in that of arguments, and a seed is
 * to be the same storm for all. */
static struct pacing_chat pick_chat(struct storm *storm)
{
    int64_t id = (int64_t)pick(storm, CHATS);
    return group(pick(storm, ACCOUNTS), id);
}

static struct sent *pick_sent(struct storm *storm)
{
    struct sent *sent = &storm->sent[pick(storm, STORM_CAPACITY)];
    return sent->item == NULL ? NULL : sent;
}

static struct sent *storm_join(struct storm *storm)
{
    struct sent *sent = storm->sent;
    struct sent *end = storm->sent + STORM_CAPACITY;
    struct pacing_chat chat = pick_chat(storm);
    while (sent < end && sent->item != NULL)
        sent++;
    if (sent == end) {
        CHECK(pacing_join(storm->pacing, &chat, NULL, storm->now_ms) == NULL);
        return NULL;
    }
    *sent = (struct sent){
        .chat = chat,
        .number = ++storm->joined,
        .joined_ms = storm->now_ms,
        .wait_ms = pacing_wait_ms(storm->pacing, &chat, storm->now_ms),
    };
    sent->item = pacing_join(storm->pacing, &chat, sent, storm->now_ms);
    return sent;
}

static void storm_leave(struct storm *storm, struct sent *sent)
{
    pacing_leave(storm->pacing, sent->item);
    sent->item = NULL;
}

static bool is_same_line(const struct sent *one, const struct sent *other)
{
    return one->chat.id != 0 && one->chat.id == other->chat.id &&
           one->chat.account == other->chat.account;
}

/* Nobody who joined its chat before is still there. */
static bool is_first(const struct storm *storm, const struct sent *sent)
{
    for (size_t i = 0; i < STORM_CAPACITY; i++)
        if (storm->sent[i].item != NULL &&
            is_same_line(&storm->sent[i], sent) &&
            storm->sent[i].number < sent->number)
            return false;
    return true;
}

static void check_out(struct storm *storm, struct sent *sent)
{
    const struct pacing_options *options = &storm->options;
    size_t account = sent->chat.account;
    CHECK(sent->item != NULL && sent->is_ready && !sent->is_out);
    CHECK(is_first(storm, sent));
    if (options->account_per_second > 0)
        CHECK(spend(&storm->accounts[account], options->account_per_second,
                    options->account_burst, storm->now_ms));
    if (options->chat_per_second > 0 && sent->chat.id != 0)
        CHECK(spend(&storm->chats[account][sent->chat.id],
                    options->chat_per_second, options->chat_burst,
                    storm->now_ms));
    sent->is_out = true;
    sent->is_ready = false;
    storm->out++;
}

/* Everything whose turn it is goes out, and the moment told is the right one:
 * before it there is nothing, at it there is something. */
static struct sent *storm_next(struct storm *storm)
{
    uint64_t due_ms = pacing_due(storm->pacing, storm->now_ms);
    struct pacing_item *item = pacing_next(storm->pacing, storm->now_ms);
    CHECK_EQ(item != NULL, due_ms == storm->now_ms);
    CHECK(due_ms >= storm->now_ms);
    if (item == NULL)
        return NULL;
    struct sent *sent = pacing_ctx(item);
    CHECK(sent->item == item);
    check_out(storm, sent);
    return sent;
}

static void storm_pass_time(struct storm *storm)
{
    uint64_t due_ms = pacing_due(storm->pacing, storm->now_ms);
    if (due_ms != UINT64_MAX && pick(storm, 2) == 0)
        storm->now_ms = due_ms;
    else
        storm->now_ms += pick(storm, 300);
}

static void storm_step(struct storm *storm)
{
    struct sent *sent = pick_sent(storm);
    struct pacing_chat chat = pick_chat(storm);
    switch (pick(storm, 8)) {
    case 0:
    case 1:
        storm_join(storm);
        break;
    case 2:
    case 3:
    case 4:
        if (sent != NULL && !sent->is_ready) {
            sent->is_ready = true;
            sent->is_out = false;
            pacing_make_ready(storm->pacing, sent->item, storm->now_ms);
        }
        break;
    case 5:
        if (sent != NULL && (sent->is_out || pick(storm, 10) == 0))
            storm_leave(storm, sent);
        break;
    case 6:
        pacing_heard(storm->pacing, &chat, storm->now_ms);
        break;
    default:
        storm_pass_time(storm);
        break;
    }
}

/* Nobody is left behind: all go out by and by. */
static void storm_drain(struct storm *storm)
{
    for (size_t i = 0; i < STORM_CAPACITY; i++) {
        struct sent *sent = &storm->sent[i];
        if (sent->item != NULL && sent->is_out)
            storm_leave(storm, sent);
        else if (sent->item != NULL && !sent->is_ready)
            pacing_make_ready(storm->pacing, sent->item, storm->now_ms);
        sent->is_ready = true;
    }
    while (pacing_due(storm->pacing, storm->now_ms) != UINT64_MAX) {
        struct sent *sent = storm_next(storm);
        if (sent != NULL)
            storm_leave(storm, sent);
        else
            storm->now_ms = pacing_due(storm->pacing, storm->now_ms);
    }
    CHECK_EQ(pacing_waiting(storm->pacing), 0);
}

TEST(in_a_storm_order_and_rates_hold_and_nobody_is_left_behind)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct storm storm = storm_of(seed);
        for (size_t i = 0; i < STEPS; i++) {
            storm_step(&storm);
            while (storm_next(&storm) != NULL)
                ;
        }
        storm_drain(&storm);
        CHECK(storm.out > 100);
        pacing_destroy(storm.pacing);
    }
}

/* Ready at once, and gone when out: then what was told must hold. */
static void take_as_told(struct storm *storm)
{
    struct sent *sent;
    while ((sent = storm_next(storm)) != NULL) {
        uint64_t waited_ms = storm->now_ms - sent->joined_ms;
        CHECK(waited_ms <= sent->wait_ms + storm->options.jitter_ms);
        storm->told_ms += sent->wait_ms;
        storm->waited_ms += waited_ms;
        storm_leave(storm, sent);
    }
}

static void storm_of_bulk(struct storm *storm)
{
    for (size_t i = 0; i < STEPS; i++) {
        struct sent *sent = pick(storm, 3) == 0 ? storm_join(storm) : NULL;
        if (sent != NULL) {
            sent->is_ready = true;
            pacing_make_ready(storm->pacing, sent->item, storm->now_ms);
        }
        take_as_told(storm);
        uint64_t due_ms = pacing_due(storm->pacing, storm->now_ms);
        uint64_t later_ms = storm->now_ms + pick(storm, 300);
        storm->now_ms = due_ms < later_ms ? due_ms : later_ms;
    }
}

TEST(in_a_storm_nobody_waits_longer_than_told)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct storm storm = storm_of(seed);
        storm_of_bulk(&storm);
        CHECK(storm.out > 100);
        /* Not much shorter either, or what has time enough is refused. */
        CHECK(storm.told_ms <=
              2 * storm.waited_ms + storm.out * (2 * storm.options.jitter_ms));
        pacing_destroy(storm.pacing);
    }
}

SUITE(pacing, what_joins_a_chat_later_leaves_later,
      the_parts_of_a_send_go_before_what_joined_later,
      who_is_given_up_holds_nobody_back, so_many_wait_and_no_more,
      a_chat_has_its_burst_and_then_its_rate,
      an_account_has_its_burst_and_then_its_rate,
      without_a_chat_only_the_account_counts, without_limits_nobody_waits,
      who_waits_waits_a_little_more_and_who_need_not_does_not,
      an_account_that_waits_waits_a_little_more_too,
      who_was_kept_waiting_by_others_finds_his_token_there,
      other_options_count_at_once,
      an_answer_goes_before_bulk_and_the_oldest_first,
      after_half_a_minute_an_answer_is_one_no_longer,
      answers_pass_over_bulk_for_a_while_only,
      a_slow_account_sends_both_in_turn, chats_that_have_rested_are_forgotten,
      no_more_chats_are_remembered_than_there_is_room_for,
      an_account_of_which_something_waits_is_not_forgotten,
      it_tells_how_long_one_would_wait,
      in_a_storm_order_and_rates_hold_and_nobody_is_left_behind,
      in_a_storm_nobody_waits_longer_than_told)
