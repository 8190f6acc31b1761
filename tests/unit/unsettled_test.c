/* SPDX-License-Identifier: MIT */
#include "core/unsettled.h"

#include "base/mem.h"
#include "check.h"

enum { SEED = 7 };

static const uint64_t SENT_MS = 1786700000000;

/* Ids as MessagePack. */
static const struct slice SEVEN = {"\x07", 1};
static const struct slice EIGHT = {"\x08", 1};
static const struct slice NINE = {"\x09", 1};
static const struct slice TEN = {"\x0a", 1};
static const struct slice SEVEN_AS_TEXT = {"\xa1"
                                           "7",
                                           2};

static struct utterance said(uint64_t text)
{
    return (struct utterance){
        .is_group = true, .chat_id = 20001, .text = text, .kinds = 1};
}

static struct unsettled_call *add(struct unsettled *unsettled, size_t account,
                                  uint64_t text, const char *echo)
{
    struct unsettled_call *call = unsettled_add(unsettled);
    if (call == NULL)
        return NULL;
    call->account = account;
    call->said = said(text);
    call->sent_ms = SENT_MS;
    snprintf(call->echo, sizeof(call->echo), "%s", echo);
    return call;
}

static struct unsettled_message message(size_t account, uint64_t text,
                                        struct slice id)
{
    return (struct unsettled_message){account, said(text), SENT_MS, id};
}

TEST(a_call_is_found_by_its_echo_in_its_account)
{
    struct unsettled *unsettled = unsettled_create(SEED);
    add(unsettled, 1, 5, "run-1");
    struct unsettled_call *call = add(unsettled, 2, 5, "run-2");
    call->action = mem_strdup("send_msg");
    buffer_append_string(&call->id, "i-1");
    buffer_append_string(&call->trace, "t-1");
    CHECK(unsettled_find(unsettled, 2, slice_of("run-2")) == call);
    CHECK(unsettled_find(unsettled, 1, slice_of("run-2")) == NULL);
    CHECK(unsettled_find(unsettled, 2, slice_of("run-3")) == NULL);
    unsettled_remove(unsettled, call);
    CHECK(unsettled_find(unsettled, 2, slice_of("run-2")) == NULL);
    CHECK_EQ(unsettled_count(unsettled), 1);
    call = add(unsettled, 3, 5, "run-3");
    CHECK(unsettled_first(unsettled)->next == call);
    unsettled_destroy(unsettled);
    unsettled_destroy(NULL);
}

TEST(the_table_is_bounded_and_keeps_its_order)
{
    struct unsettled *unsettled = unsettled_create(SEED);
    for (size_t i = 0; i < UNSETTLED_MAX; i++)
        CHECK(add(unsettled, i, 5, "e") != NULL);
    CHECK(add(unsettled, 0, 5, "e") == NULL);
    struct unsettled_call *second = unsettled_first(unsettled)->next;
    unsettled_remove(unsettled, second);
    CHECK_EQ(unsettled_first(unsettled)->next->account, 2);
    unsettled_remove(unsettled, unsettled_first(unsettled));
    CHECK_EQ(unsettled_first(unsettled)->account, 2);
    CHECK(add(unsettled, 9999, 5, "e") != NULL);
    CHECK_EQ(unsettled_count(unsettled), UNSETTLED_MAX - 1);
    unsettled_destroy(unsettled);
}

TEST(a_message_goes_to_the_oldest_call_that_it_fits)
{
    struct unsettled *unsettled = unsettled_create(SEED);
    add(unsettled, 1, 4, "other text");
    add(unsettled, 2, 5, "other account");
    struct unsettled_call *oldest = add(unsettled, 1, 5, "oldest");
    add(unsettled, 1, 5, "younger");
    struct unsettled_message own = message(1, 5, SEVEN);
    CHECK(unsettled_match(unsettled, &own) == oldest);
    own = message(1, 6, SEVEN);
    CHECK(unsettled_match(unsettled, &own) == NULL);
    unsettled_destroy(unsettled);
}

TEST(what_says_nothing_is_never_matched)
{
    struct unsettled *unsettled = unsettled_create(SEED);
    struct unsettled_call *call = unsettled_add(unsettled);
    struct unsettled_message own = {.id = SEVEN};
    CHECK(unsettled_match(unsettled, &own) == NULL);
    call->said.chat_id = own.said.chat_id = 1;
    CHECK(unsettled_match(unsettled, &own) == call);
    unsettled_destroy(unsettled);
}

TEST(a_message_from_before_the_call_is_not_its)
{
    struct unsettled *unsettled = unsettled_create(SEED);
    struct unsettled_call *call = add(unsettled, 1, 5, "e");
    struct unsettled_message own = message(1, 5, SEVEN);
    own.time_ms = SENT_MS - UNSETTLED_SKEW_MS;
    CHECK(unsettled_match(unsettled, &own) == call);
    own.time_ms--;
    CHECK(unsettled_match(unsettled, &own) == NULL);
    own.time_ms = SENT_MS + 600000;
    CHECK(unsettled_match(unsettled, &own) == call);
    unsettled_destroy(unsettled);
}

TEST(a_message_that_is_anothers_settles_nothing)
{
    struct unsettled *unsettled = unsettled_create(SEED);
    struct unsettled_call *call = add(unsettled, 1, 5, "e");
    struct unsettled_message own = message(1, 5, SEVEN);
    unsettled_claim(unsettled, 2, SEVEN);
    unsettled_claim(unsettled, 1, EIGHT);
    CHECK(unsettled_match(unsettled, &own) == call);
    unsettled_claim(unsettled, 1, SEVEN_AS_TEXT);
    CHECK(unsettled_match(unsettled, &own) == NULL);
    unsettled_destroy(unsettled);
}

TEST(a_message_that_came_first_is_remembered)
{
    struct unsettled *unsettled = unsettled_create(SEED);
    struct unsettled_message one = message(1, 5, SEVEN);
    struct unsettled_message other = message(1, 5, EIGHT);
    struct slice id = {0};
    unsettled_see(unsettled, &one);
    unsettled_see(unsettled, &other);
    struct unsettled_call *call = add(unsettled, 1, 5, "e");
    CHECK(unsettled_recall(unsettled, call, &id));
    CHECK_SLICE(id, SEVEN);
    unsettled_claim(unsettled, 1, SEVEN);
    CHECK(unsettled_recall(unsettled, call, &id));
    CHECK_SLICE(id, EIGHT);
    unsettled_claim(unsettled, 1, EIGHT);
    CHECK(!unsettled_recall(unsettled, call, &id));
    unsettled_destroy(unsettled);
}

TEST(what_is_claimed_already_is_not_remembered)
{
    static const char large[UNSETTLED_ID_BYTES_MAX + 1] = "\xd9\x47";
    struct unsettled *unsettled = unsettled_create(SEED);
    struct unsettled_call *call = add(unsettled, 1, 5, "e");
    struct unsettled_message own =
        message(1, 5, (struct slice){large, sizeof(large)});
    struct slice id = {0};
    unsettled_see(unsettled, &own);
    CHECK(!unsettled_recall(unsettled, call, &id));
    own.id = EIGHT;
    unsettled_see(unsettled, &own);
    own.id = SEVEN;
    unsettled_claim(unsettled, 1, SEVEN);
    for (size_t i = 0; i < UNSETTLED_SEEN_MAX; i++)
        unsettled_see(unsettled, &own);
    CHECK(unsettled_recall(unsettled, call, &id));
    CHECK_SLICE(id, EIGHT);
    unsettled_destroy(unsettled);
}

TEST(of_the_messages_the_oldest_is_forgotten)
{
    struct unsettled *unsettled = unsettled_create(SEED);
    struct unsettled_message own = message(1, 5, SEVEN);
    struct unsettled_message other = message(1, 6, EIGHT);
    struct unsettled_call *call = add(unsettled, 1, 5, "e");
    struct slice id = {0};
    unsettled_see(unsettled, &own);
    for (size_t i = 1; i < UNSETTLED_SEEN_MAX; i++)
        unsettled_see(unsettled, &other);
    CHECK(unsettled_recall(unsettled, call, &id));
    unsettled_see(unsettled, &other);
    CHECK(!unsettled_recall(unsettled, call, &id));
    own.id = NINE;
    for (size_t i = 1; i < UNSETTLED_SEEN_MAX; i++)
        unsettled_see(unsettled, &own);
    own.id = TEN; /* lies before them in the ring */
    unsettled_see(unsettled, &own);
    CHECK(unsettled_recall(unsettled, call, &id));
    CHECK_SLICE(id, NINE);
    unsettled_destroy(unsettled);
}

SUITE(unsettled, a_call_is_found_by_its_echo_in_its_account,
      the_table_is_bounded_and_keeps_its_order,
      a_message_goes_to_the_oldest_call_that_it_fits,
      what_says_nothing_is_never_matched,
      a_message_from_before_the_call_is_not_its,
      a_message_that_is_anothers_settles_nothing,
      a_message_that_came_first_is_remembered,
      what_is_claimed_already_is_not_remembered,
      of_the_messages_the_oldest_is_forgotten)
