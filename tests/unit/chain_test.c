/* SPDX-License-Identifier: MIT */
/* The storm at the end sends through a stream as JetStream's: it drops what
 * names a last message that is not its last, and has two writers. */
#include "core/chain.h"

#include <stdlib.h>

#include "check.h"

static bool answer(struct chain *chain, uint64_t ticket,
                   enum chain_answer which)
{
    return chain_on_answer(chain, ticket, which, 0) != 0;
}

static bool answer_at(struct chain *chain, uint64_t ticket, uint64_t place)
{
    return chain_on_answer(chain, ticket, CHAIN_STORED, place) != 0;
}

static struct chain *create(uint64_t stored, enum chain_order order)
{
    struct chain *chain = chain_create(stored);
    chain_order(chain, order);
    return chain;
}

/* Each seq is its own time. */
static struct chain_link put(struct chain *chain, uint64_t seq)
{
    const struct chain_event event = {seq, seq, 100};
    return chain_send(chain, &event, seq);
}

/* Send the next `count` seqs; the first one's link. */
static struct chain_link send_many(struct chain *chain, uint64_t seq,
                                   size_t count)
{
    struct chain_link first = put(chain, seq);
    for (size_t i = 1; i < count; i++)
        (void)put(chain, seq + i);
    return first;
}

TEST(each_names_the_one_before_and_the_head_of_a_run_none)
{
    struct chain *chain = create(10, CHAIN_BY_ID);
    struct chain_link head = put(chain, 11);
    struct chain_link second = put(chain, 12);
    CHECK_EQ(head.behind, 0);
    CHECK_EQ(second.behind, 11);
    CHECK_EQ(second.ticket, head.ticket + 1);
    CHECK(answer(chain, head.ticket, CHAIN_STORED));
    CHECK_EQ(put(chain, 14).behind, 12);
    CHECK(answer(chain, second.ticket, CHAIN_STORED));
    CHECK(answer(chain, second.ticket + 1, CHAIN_STORED));
    CHECK_EQ(chain_stored(chain), 14);
    CHECK_EQ(put(chain, 15).behind, 0);
    chain_destroy(chain);
}

TEST(what_is_stored_is_told_without_holes)
{
    struct chain *chain = create(0, CHAIN_BY_ID);
    uint64_t ticket = send_many(chain, 1, 3).ticket;
    CHECK_EQ(chain_on_answer(chain, ticket + 1, CHAIN_STORED, 0), 2);
    CHECK_EQ(chain_stored(chain), 0);
    CHECK_EQ(chain_waits_since_ms(chain), 1);
    CHECK_EQ(chain_oldest_ms(chain), 1);
    CHECK(answer(chain, ticket, CHAIN_STORED));
    CHECK_EQ(chain_stored(chain), 2);
    CHECK_EQ(chain_waits_since_ms(chain), 3);
    CHECK_EQ(chain_count(chain), 1);
    CHECK(answer(chain, ticket + 2, CHAIN_STORED));
    CHECK_EQ(chain_waits_since_ms(chain), UINT64_MAX);
    CHECK_EQ(chain_oldest_ms(chain), 0);
    chain_destroy(chain);
}

TEST(an_answer_counts_once_and_a_strangers_not_at_all)
{
    struct chain *chain = create(0, CHAIN_BY_ID);
    uint64_t ticket = send_many(chain, 1, 2).ticket;
    CHECK_EQ(chain_on_answer(chain, ticket + 2, CHAIN_STORED, 0), 0);
    CHECK(answer(chain, ticket + 1, CHAIN_STORED));
    CHECK(!answer(chain, ticket + 1, CHAIN_REFUSED));
    CHECK(answer(chain, ticket, CHAIN_STORED));
    CHECK(!answer(chain, ticket, CHAIN_STORED));
    ticket = send_many(chain, 3, 1).ticket;
    chain_restart(chain, 2);
    CHECK(!answer(chain, ticket, CHAIN_STORED));
    CHECK_EQ(chain_stored(chain), 2);
    chain_destroy(chain);
}

TEST(after_a_refusal_all_answers_are_awaited_and_a_new_run_begins)
{
    struct chain *chain = create(0, CHAIN_BY_ID);
    size_t window = chain_window(chain);
    uint64_t ticket = send_many(chain, 1, 3).ticket;
    CHECK(answer(chain, ticket, CHAIN_STORED));
    CHECK(answer(chain, ticket + 1, CHAIN_REFUSED));
    CHECK(!chain_has_room(chain));
    CHECK(!chain_mend(chain));
    CHECK(answer(chain, ticket + 2, CHAIN_REFUSED));
    CHECK(chain_mend(chain));
    CHECK(!chain_mend(chain));
    CHECK_EQ(chain_stored(chain), 1);
    CHECK_EQ(chain_window(chain), window / 2);
    CHECK_EQ(put(chain, 2).behind, 0);
    chain_destroy(chain);
}

TEST(what_can_never_be_stored_is_passed_over)
{
    struct chain *chain = create(0, CHAIN_BY_ID);
    chain_pass(chain, 1);
    CHECK_EQ(chain_stored(chain), 1);
    uint64_t ticket = send_many(chain, 2, 1).ticket;
    chain_pass(chain, 5);
    struct chain_link behind = put(chain, 6);
    CHECK_EQ(behind.behind, 2);
    CHECK_EQ(behind.ticket, ticket + 2);
    CHECK(!answer(chain, ticket + 1, CHAIN_STORED));
    CHECK(answer(chain, ticket, CHAIN_STORED));
    CHECK_EQ(chain_stored(chain), 5);
    CHECK(answer(chain, ticket + 2, CHAIN_UNFIT));
    CHECK_EQ(chain_stored(chain), 6);
    chain_destroy(chain);
}

/* Fill the window and have it stored. */
static void store_window(struct chain *chain, uint64_t *seq)
{
    size_t count = chain_window(chain);
    uint64_t ticket = send_many(chain, *seq, count).ticket;
    CHECK(!chain_has_room(chain));
    for (size_t i = 0; i < count; i++)
        CHECK(answer(chain, ticket + i, CHAIN_STORED));
    *seq += count;
}

static void refuse_second(struct chain *chain, uint64_t *seq)
{
    uint64_t ticket = send_many(chain, *seq, 2).ticket;
    CHECK(answer(chain, ticket, CHAIN_STORED));
    CHECK(answer(chain, ticket + 1, CHAIN_REFUSED));
    CHECK(chain_mend(chain));
    *seq += 1;
}

TEST(so_many_bytes_are_on_their_way_and_a_larger_one_goes_alone)
{
    struct chain *chain = create(0, CHAIN_BY_ID);
    const struct chain_event half = {1, 0, CHAIN_BYTES_MAX / 2};
    const struct chain_event huge = {2, 0, 2 * CHAIN_BYTES_MAX};
    uint64_t ticket = chain_send(chain, &half, 0).ticket;
    CHECK(chain_has_room(chain));
    (void)chain_send(chain, &huge, 0);
    CHECK(!chain_has_room(chain));
    CHECK(answer(chain, ticket, CHAIN_STORED));
    CHECK(!chain_has_room(chain));
    CHECK(answer(chain, ticket + 1, CHAIN_STORED));
    CHECK(chain_has_room(chain));
    (void)put(chain, 3);
    chain_restart(chain, 2);
    CHECK(chain_has_room(chain));
    chain_destroy(chain);
}

TEST(the_window_doubles_until_a_refusal_and_then_grows_one_by_one)
{
    struct chain *chain = create(0, CHAIN_BY_ID);
    uint64_t seq = 1;
    size_t window = chain_window(chain);
    store_window(chain, &seq);
    CHECK_EQ(chain_window(chain), 2 * window);
    refuse_second(chain, &seq);
    CHECK_EQ(chain_window(chain), window);
    store_window(chain, &seq);
    CHECK_EQ(chain_window(chain), window + 1);
    for (int i = 0; i < 1100; i++)
        store_window(chain, &seq);
    CHECK_EQ(chain_window(chain), CHAIN_WINDOW_MAX);
    for (int i = 0; i < 12; i++) {
        CHECK(chain_window(chain) > 1 || i > 9);
        uint64_t ticket = send_many(chain, seq, 1).ticket;
        CHECK(answer(chain, ticket, CHAIN_REFUSED));
        CHECK(chain_mend(chain));
    }
    CHECK_EQ(chain_window(chain), 1);
    chain_destroy(chain);
}

TEST(alone_each_names_none)
{
    struct chain *chain = create(0, CHAIN_ALONE);
    CHECK_EQ(chain_window(chain), 1);
    for (uint64_t seq = 1; seq <= 200; seq++) {
        struct chain_link link = put(chain, seq);
        CHECK_EQ(link.behind, 0);
        CHECK_EQ(link.place, 0);
        CHECK(!chain_has_room(chain));
        CHECK(answer_at(chain, link.ticket, seq));
    }
    chain_destroy(chain);
}

TEST(by_place_a_head_goes_alone_and_all_behind_it_name_a_place)
{
    struct chain *chain = create(0, CHAIN_BY_PLACE);
    struct chain_link head = put(chain, 1);
    CHECK_EQ(head.place, 0);
    CHECK(!chain_has_room(chain));
    CHECK(answer_at(chain, head.ticket, 70));
    for (uint64_t seq = 2; seq <= 4; seq++) {
        CHECK(chain_has_room(chain));
        struct chain_link link = put(chain, seq);
        CHECK_EQ(link.place, 68 + seq);
        CHECK_EQ(link.behind, 0);
    }
    for (uint64_t i = 1; i <= 3; i++)
        CHECK(answer_at(chain, head.ticket + i, 70 + i));
    CHECK_EQ(put(chain, 5).place, 73); /* the run goes on */
    chain_destroy(chain);
}

/* By place; the seq 1 is stored, at place 5. */
static struct chain *create_at_five(void)
{
    struct chain *chain = create(0, CHAIN_BY_PLACE);
    CHECK(answer_at(chain, put(chain, 1).ticket, 5));
    return chain;
}

TEST(by_place_what_is_never_stored_has_no_place)
{
    struct chain *chain = create_at_five();
    chain_pass(chain, 2);
    uint64_t ticket = put(chain, 3).ticket;
    CHECK(answer(chain, ticket, CHAIN_UNFIT));
    CHECK_EQ(put(chain, 4).place, 5);
    chain_destroy(chain);
}

TEST(by_place_a_refusal_begins_with_a_head_again)
{
    struct chain *chain = create_at_five();
    uint64_t ticket = send_many(chain, 2, 2).ticket;
    CHECK(answer(chain, ticket, CHAIN_REFUSED));
    CHECK(answer(chain, ticket + 1, CHAIN_REFUSED));
    CHECK(chain_mend(chain));
    CHECK_EQ(put(chain, 2).place, 0);
    CHECK(!chain_has_room(chain));
    chain_destroy(chain);
}

TEST(in_another_order_what_is_on_its_way_is_waited_for)
{
    struct chain *chain = create_at_five();
    uint64_t ticket = send_many(chain, 2, 2).ticket;
    chain_order(chain, CHAIN_BY_PLACE); /* the same */
    CHECK(chain_has_room(chain));
    chain_order(chain, CHAIN_ALONE);
    CHECK(!chain_has_room(chain));
    CHECK(answer_at(chain, ticket, 6));
    CHECK(!chain_has_room(chain));
    CHECK(answer_at(chain, ticket + 1, 7));
    CHECK_EQ(put(chain, 4).place, 0);
    chain_order(chain, CHAIN_BY_PLACE);
    CHECK(!chain_has_room(chain));
    CHECK(answer_at(chain, ticket + 2, 9));
    CHECK_EQ(put(chain, 5).place, 9);
    chain_destroy(chain);
}

/* ---- the storm ------------------------------------------------------------
 */

enum {
    WRITERS = 2,
    EVENTS = 3000, /* of each */
    LINE_MAX = WRITERS * CHAIN_WINDOW_MAX,
};

/* Another writer's message has another sign. */
static int64_t id_of(int writer, uint64_t seq)
{
    return writer == 0 ? (int64_t)seq : -(int64_t)seq;
}

struct message {
    int writer;
    uint64_t seq;
    struct chain_link link;
};

struct storm {
    int writers;
    struct chain *chains[WRITERS];
    uint64_t next[WRITERS];   /* to send */
    uint64_t stored[WRITERS]; /* the last in the stream */
    bool is_cut[WRITERS];     /* its messages, or the answers, are lost */
    int64_t last_id;
    uint64_t last_place;
    uint64_t places[WRITERS][EVENTS + 1]; /* 0: it is not there */
    struct message line[LINE_MAX];        /* in the order of sending */
    size_t line_count;
    bool has_disorder;
    uint32_t seed;
};

static uint32_t roll(struct storm *storm, uint32_t sides)
{
    storm->seed = storm->seed * 1664525 + 1013904223;
    return (storm->seed >> 8) % sides;
}

static void send_some(struct storm *storm, int writer)
{
    struct chain *chain = storm->chains[writer];
    uint32_t count = roll(storm, 40);
    while (count-- > 0 && chain_has_room(chain) &&
           storm->next[writer] <= EVENTS && storm->line_count < LINE_MAX) {
        uint64_t seq = storm->next[writer]++;
        storm->line[storm->line_count++] =
            (struct message){writer, seq, put(chain, seq)};
    }
}

/* As the server: a duplicate is told from what it stored, else it must be
 * behind what it names. */
static enum chain_answer take(struct storm *storm,
                              const struct message *message, uint64_t *place)
{
    int writer = message->writer;
    const struct chain_link *link = &message->link;
    *place = storm->places[writer][message->seq];
    if (*place != 0)
        return CHAIN_STORED;
    if ((link->behind != 0 && id_of(writer, link->behind) != storm->last_id) ||
        (link->place != 0 && link->place != storm->last_place))
        return CHAIN_REFUSED;
    if (message->seq != storm->stored[writer] + 1)
        storm->has_disorder = true;
    storm->stored[writer] = message->seq;
    storm->last_id = id_of(writer, message->seq);
    *place = ++storm->last_place;
    storm->places[writer][message->seq] = *place;
    return CHAIN_STORED;
}

/* The server takes some; a few are lost before it, a few of its answers
 * behind. */
static void deliver_some(struct storm *storm)
{
    size_t count = roll(storm, 60);
    if (count > storm->line_count)
        count = storm->line_count;
    for (size_t i = 0; i < count; i++) {
        const struct message *message = &storm->line[i];
        if (roll(storm, 300) == 0) {
            storm->is_cut[message->writer] = true;
            continue;
        }
        uint64_t place;
        enum chain_answer taken = take(storm, message, &place);
        if (roll(storm, 300) == 0)
            storm->is_cut[message->writer] = true;
        else
            (void)chain_on_answer(storm->chains[message->writer],
                                  message->link.ticket, taken, place);
    }
    storm->line_count -= count;
    memmove(storm->line, storm->line + count,
            storm->line_count * sizeof(*storm->line));
}

/* Who misses an answer looks into the stream, though old messages may still be
 * on their way. */
static void go_on(struct storm *storm, int writer)
{
    struct chain *chain = storm->chains[writer];
    if (chain_mend(chain)) {
        storm->next[writer] = chain_stored(chain) + 1;
    } else if (storm->is_cut[writer] && roll(storm, 20) == 0) {
        storm->is_cut[writer] = false;
        chain_restart(chain, storm->stored[writer]);
        storm->next[writer] = storm->stored[writer] + 1;
    }
}

static bool is_done(const struct storm *storm)
{
    for (int i = 0; i < storm->writers; i++)
        if (chain_stored(storm->chains[i]) < EVENTS)
            return false;
    return true;
}

static void weather(uint32_t seed, int writers, enum chain_order order)
{
    struct storm *storm = calloc(1, sizeof(*storm));
    storm->seed = seed;
    storm->writers = writers;
    for (int i = 0; i < writers; i++) {
        storm->chains[i] = create(0, order);
        storm->next[i] = 1;
    }
    for (int turn = 0; turn < 200000 && !is_done(storm); turn++) {
        int writer = (int)roll(storm, (uint32_t)writers);
        send_some(storm, writer);
        deliver_some(storm);
        go_on(storm, writer);
    }
    CHECK(is_done(storm));
    CHECK(!storm->has_disorder);
    for (int i = 0; i < writers; i++) {
        CHECK_EQ(storm->stored[i], EVENTS);
        chain_destroy(storm->chains[i]);
    }
    free(storm);
}

TEST(come_what_may_two_writers_get_all_stored_once_and_in_order)
{
    for (uint32_t seed = 1; seed <= 20; seed++) {
        weather(seed, WRITERS, CHAIN_BY_ID);
        weather(seed, WRITERS, CHAIN_ALONE);
    }
}

TEST(come_what_may_one_writer_gets_all_stored_by_place)
{
    for (uint32_t seed = 1; seed <= 20; seed++)
        weather(seed, 1, CHAIN_BY_PLACE);
}

SUITE(chain, each_names_the_one_before_and_the_head_of_a_run_none,
      what_is_stored_is_told_without_holes,
      an_answer_counts_once_and_a_strangers_not_at_all,
      after_a_refusal_all_answers_are_awaited_and_a_new_run_begins,
      what_can_never_be_stored_is_passed_over,
      so_many_bytes_are_on_their_way_and_a_larger_one_goes_alone,
      the_window_doubles_until_a_refusal_and_then_grows_one_by_one,
      alone_each_names_none,
      by_place_a_head_goes_alone_and_all_behind_it_name_a_place,
      by_place_what_is_never_stored_has_no_place,
      by_place_a_refusal_begins_with_a_head_again,
      in_another_order_what_is_on_its_way_is_waited_for,
      come_what_may_two_writers_get_all_stored_once_and_in_order,
      come_what_may_one_writer_gets_all_stored_by_place)
