/* SPDX-License-Identifier: MIT */
#include "core/ledger.h"

#include "check.h"

static struct ledger_call called(const char *action)
{
    const struct request request = {.action = slice_of(action)};
    return ledger_call_of(&request);
}

static void refuse(struct ledger *ledger, const char *action, uint64_t time_ms)
{
    const struct ledger_call call = called(action);
    const struct reply reply = {.error = REPLY_DENIED};
    ledger_refuse(ledger, &call, &reply, time_ms);
}

TEST(the_last_calls_come_newest_first_and_the_oldest_go)
{
    struct ledger *ledger = ledger_create();
    const struct ledger_call call = called("get_status");
    const struct reply reply = {.ms = 7};
    CHECK(ledger_at(ledger, 0) == NULL);
    for (uint64_t i = 1; i <= LEDGER_KEPT + 5; i++)
        ledger_add(ledger, &call, &reply, i);
    CHECK_EQ(ledger_at(ledger, 0)->time_ms, LEDGER_KEPT + 5);
    CHECK_EQ(ledger_at(ledger, LEDGER_KEPT - 1)->time_ms, 6);
    CHECK(ledger_at(ledger, LEDGER_KEPT) == NULL);
    CHECK_EQ(ledger_at(ledger, 0)->ms, 7);
    ledger_destroy(ledger);
}

TEST(equal_refusals_are_counted_and_others_are_not_pushed_out)
{
    struct ledger *ledger = ledger_create();
    const struct ledger_call call = called("send_msg");
    const struct reply fine = {0};
    ledger_add(ledger, &call, &fine, 1);
    for (uint64_t i = 0; i < LEDGER_KEPT; i++) {
        refuse(ledger, "one", 10 + 2 * i);
        refuse(ledger, "other", 11 + 2 * i);
    }
    CHECK_STR(ledger_at(ledger, 0)->call.action, "other");
    CHECK_EQ(ledger_at(ledger, 0)->count, LEDGER_KEPT);
    CHECK_EQ(ledger_at(ledger, 0)->time_ms, 11 + 2 * (LEDGER_KEPT - 1));
    CHECK_STR(ledger_at(ledger, 1)->call.action, "one");
    CHECK_EQ(ledger_at(ledger, 1)->count, LEDGER_KEPT);
    CHECK_STR(ledger_at(ledger, 2)->call.action, "send_msg");
    CHECK(ledger_at(ledger, 3) == NULL);
    ledger_destroy(ledger);
}

TEST(a_refusal_that_is_long_past_is_another_one)
{
    struct ledger *ledger = ledger_create();
    const struct ledger_call call = called("send_msg");
    const struct reply fine = {0};
    refuse(ledger, "one", 1);
    for (uint64_t i = 0; i < LEDGER_FOLDED; i++)
        ledger_add(ledger, &call, &fine, 2);
    refuse(ledger, "one", 3);
    CHECK_EQ(ledger_at(ledger, 0)->count, 1);
    CHECK_EQ(ledger_at(ledger, LEDGER_FOLDED + 1)->time_ms, 1);
    ledger_destroy(ledger);
}

/* The head of a map with one pair, its key, its value. */
#define PAIR(key, value) "\x81" key value

TEST(the_chat_is_the_one_that_the_parameters_name)
{
    static const struct {
        const char *params;
        int64_t group_id, user_id;
    } rows[] = {
        {"", 0, 0},
        {PAIR("\xa8group_id", "\x07"), 7, 0},
        {PAIR("\xa8group_id", "\xa1"
                              "7"),
         7, 0},
        {PAIR("\xa7groupId", "\x07"), 7, 0},
        {PAIR("\xa7user_id", "\x07"), 0, 7},
        {PAIR("\xa6userId", "\x07"), 0, 7},
        {PAIR("\xa7user_id", "\xff"), 0, 0},
        {PAIR("\xa7user_id", "\xa1x"), 0, 0},
        {PAIR("\xa7user_id", "\x90"), 0, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct request request = {.action = slice_of("x"),
                                        .params = slice_of(rows[i].params)};
        const struct ledger_call call = ledger_call_of(&request);
        CHECK_EQ(call.group_id, rows[i].group_id);
        CHECK_EQ(call.user_id, rows[i].user_id);
    }
}

TEST(what_is_longer_than_its_room_is_cut)
{
    char name[LEDGER_NAME_SIZE + 10];
    memset(name, 'x', sizeof(name));
    const struct request request = {
        .action = slice_of("x"),
        .account = {name, sizeof(name)},
    };
    const struct ledger_call call = ledger_call_of(&request);
    CHECK_EQ(strlen(call.account), LEDGER_NAME_SIZE - 1);
    CHECK_STR(call.id, "");
}

SUITE(ledger, the_last_calls_come_newest_first_and_the_oldest_go,
      equal_refusals_are_counted_and_others_are_not_pushed_out,
      a_refusal_that_is_long_past_is_another_one,
      the_chat_is_the_one_that_the_parameters_name,
      what_is_longer_than_its_room_is_cut)
