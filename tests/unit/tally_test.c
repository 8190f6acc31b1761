/* SPDX-License-Identifier: MIT */
#include "core/tally.h"

#include "check.h"
#include "core/catalog.h"

TEST(a_reply_is_counted_by_what_it_says_of_the_call)
{
    static const struct {
        enum reply_error error;
        bool has_retcode;
        enum tally_result result;
    } rows[] = {
        {REPLY_FINE, true, TALLY_OK},
        {REPLY_PEER_ERROR, true, TALLY_FAILED},
        {REPLY_UNKNOWN_ACTION, true, TALLY_FAILED}, /* the peer's word */
        {REPLY_UNKNOWN_ACTION, false, TALLY_REJECTED},
        {REPLY_TIMEOUT, false, TALLY_TIMEOUT},
        {REPLY_UNKNOWN, false, TALLY_UNKNOWN},
        {REPLY_RATE_LIMITED, false, TALLY_RATE_LIMITED},
        {REPLY_BUSY, false, TALLY_REJECTED},
        {REPLY_MUTED, false, TALLY_REJECTED},
        {REPLY_SHUTTING_DOWN, false, TALLY_REJECTED},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct reply reply = {.error = rows[i].error,
                                    .has_retcode = rows[i].has_retcode};
        CHECK_ROW(slice_of(TALLY_RESULT_WORDS[tally_result_of(&reply)]),
                  slice_of(TALLY_RESULT_WORDS[rows[i].result]),
                  reply_error_name(rows[i].error));
    }
}

/* Whatever callers ask for, there is no more than the catalogue and `other`. */
TEST(actions_take_room_when_they_are_called_and_once)
{
    struct tally tally = {.action_count = 0};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < catalog_count(); i++)
            tally_call(&tally, catalog_at(i), TALLY_OK);
        tally_call(&tally, NULL, TALLY_FAILED);
    }
    CHECK_EQ(tally.action_count, catalog_count() + 1);
    CHECK_EQ(tally.actions[0].results[TALLY_OK], 3);
    CHECK_STR(tally.actions[catalog_count()].name, "other");
    CHECK_EQ(tally.actions[catalog_count()].results[TALLY_FAILED], 3);
    tally_finish(&tally);
    CHECK_EQ(tally.action_count, 0);
}

TEST(a_sum_is_that_of_all)
{
    static const uint64_t counts[] = {1, 2, 3, 4};
    CHECK_EQ(tally_sum(counts, 4), 10);
    CHECK_EQ(tally_sum(counts, 0), 0);
}

SUITE(tally, a_reply_is_counted_by_what_it_says_of_the_call,
      actions_take_room_when_they_are_called_and_once, a_sum_is_that_of_all)
