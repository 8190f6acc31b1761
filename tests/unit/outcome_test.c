/* SPDX-License-Identifier: MIT */
#include "core/outcome.h"

#include "check.h"
#include "core/json_read.h"
#include "core/json_write.h"

static void add(struct outcome *outcome, const char *json)
{
    const struct json_reader_options options = {0};
    struct buffer pack = {0};
    struct json_error error;
    CHECK_EQ(json_to_msgpack(slice_of(json), &options, &pack, &error),
             STATUS_OK);
    outcome_add_message(outcome, buffer_slice(&pack));
    buffer_finish(&pack);
}

static void check_data(const struct reply *reply, const char *expected)
{
    const struct json_writer_options options = {0};
    struct buffer text = {0};
    struct json_error error;
    CHECK_EQ(json_from_msgpack(reply->data, &options, &text, &error),
             STATUS_OK);
    CHECK_SLICE(buffer_slice(&text), slice_of(expected));
    buffer_finish(&text);
}

TEST(the_whole_has_the_last_answer_and_all_ids)
{
    static const struct {
        const char *first, *last, *data;
    } rows[] = {
        {"{\"message_id\":1}", "{\"message_id\":2}",
         "{\"message_id\":2,\"message_ids\":[1,2]}"},
        {"{\"message_id\":\"a\"}", "{\"x\":null,\"message_id\":-2,\"y\":[1]}",
         "{\"x\":null,\"message_id\":-2,\"y\":[1],\"message_ids\":[\"a\",-2]}"},
        {"{\"message_id\":1}", "null", "{\"message_ids\":[1]}"},
        {"null", "5", "{\"message_ids\":[]}"},
        {"[]", "{}", "{\"message_ids\":[]}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct outcome outcome = {0};
        struct reply reply = {.has_retcode = true};
        add(&outcome, rows[i].first);
        add(&outcome, rows[i].last);
        outcome_complete(&outcome, &reply);
        check_data(&reply, rows[i].data);
        CHECK_EQ(reply.error, REPLY_FINE);
        outcome_finish(&outcome);
    }
}

/* A message can leave as a hundred, and each answer be as large as a frame. */
TEST(an_id_that_is_none_is_not_kept)
{
    struct outcome outcome = {0};
    char json[512];
    memset(json, 'x', sizeof(json));
    memcpy(json, "{\"message_id\":\"", 15);
    memcpy(json + sizeof(json) - 3, "\"}", 3);
    add(&outcome, json);
    add(&outcome, "{\"message_id\":2}");
    CHECK_EQ(outcome.id_count, 1);
    outcome_finish(&outcome);
}

TEST(what_breaks_off_says_how_far_it_came)
{
    struct outcome outcome = {0};
    struct reply reply = {.error = REPLY_TIMEOUT, .text = "late"};
    add(&outcome, "{\"message_id\":1}");
    outcome_break(&outcome, 2, 5, &reply);
    check_data(&reply, "{\"message_ids\":[1],\"done\":2,\"steps\":5}");
    CHECK_STR(reply.text, "after 2 of 5: late; the rest was not tried");
    CHECK_EQ(reply.error, REPLY_TIMEOUT);
    outcome_finish(&outcome);
}

TEST(of_a_whole_that_was_sent_in_part_nothing_else_is_said)
{
    static const char *const rows[][2] = {
        {"QQ is offline; nothing was sent",
         "after 1 of 2: QQ is offline; the rest was not tried"},
        {"; nothing was sent", "after 1 of 2: ; the rest was not tried"},
        {"nothing was sent",
         "after 1 of 2: nothing was sent; the rest was not tried"},
        {"", "after 1 of 2: ; the rest was not tried"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct outcome outcome = {0};
        struct reply reply = {.error = REPLY_OFFLINE, .text = rows[i][0]};
        outcome_break(&outcome, 1, 2, &reply);
        CHECK_STR(reply.text, rows[i][1]);
        outcome_finish(&outcome);
    }
}

TEST(the_peers_own_words_stay)
{
    struct outcome outcome = {0};
    struct reply reply = {.error = REPLY_PEER_ERROR, .message = {"\xa1x", 2}};
    outcome_break(&outcome, 1, 2, &reply);
    CHECK(reply.text == NULL);
    CHECK_SLICE(reply.message, ((struct slice){"\xa1x", 2}));
    outcome_finish(&outcome);
}

TEST(a_refusal_for_now_says_when_to_come_back)
{
    struct outcome outcome = {0};
    struct reply reply = {.error = REPLY_RATE_LIMITED};
    outcome_retry_after(&outcome, 1500, &reply);
    check_data(&reply, "{\"retry_after_ms\":1500}");
    outcome_finish(&outcome);
}

SUITE(outcome, the_whole_has_the_last_answer_and_all_ids,
      an_id_that_is_none_is_not_kept, what_breaks_off_says_how_far_it_came,
      of_a_whole_that_was_sent_in_part_nothing_else_is_said,
      the_peers_own_words_stay, a_refusal_for_now_says_when_to_come_back)
