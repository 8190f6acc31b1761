/* SPDX-License-Identifier: MIT */
#include "core/once.h"

#include <stdlib.h>

#include "check.h"

enum { SEED = 7, NOW_MS = 1000 };

static struct once_key key_of(const char *id)
{
    return once_key_of(slice_of("default"), slice_of(id));
}

static struct once_key key_number(size_t number)
{
    char id[32];
    snprintf(id, sizeof(id), "id-%zu", number);
    return key_of(id);
}

static struct once_digest digest_of_action(const char *action)
{
    return once_digest_of(slice_of("default"), slice_of(action),
                          (struct slice){0});
}

/* ---- keys and digests ---- */

TEST(an_id_is_its_accounts_alone_and_may_hold_any_byte)
{
    const struct slice odd = {"b\0c", 3}, odd_too = {"b\0d", 3};
    const struct once_key one = once_key_of(slice_of("a"), odd);
    const struct once_key other = once_key_of(slice_of("a"), odd_too);
    CHECK_SLICE(((struct slice){one.bytes, one.size}),
                ((struct slice){"a\0b\0c", 5}));
    CHECK(memcmp(one.bytes, other.bytes, one.size) != 0);
    CHECK_EQ(once_key_of(slice_of("ab"), slice_of("")).size, 3);
}

TEST(the_longest_account_and_id_fit)
{
    char account[ACCOUNT_NAME_SIZE - 1], id[REQUEST_ID_BYTES_MAX];
    memset(account, 'a', sizeof(account));
    memset(id, 'i', sizeof(id));
    const struct once_key key =
        once_key_of((struct slice){account, sizeof(account)},
                    (struct slice){id, sizeof(id)});
    CHECK_EQ(key.size, ONCE_KEY_SIZE);
}

static struct once_digest digest_of_params(const char *params, size_t size)
{
    return once_digest_of(slice_of("a"), slice_of("send_msg"),
                          (struct slice){params, size});
}

#define PARAMS(text) digest_of_params(text, sizeof(text) - 1)

static bool are_equal(struct once_digest one, struct once_digest other)
{
    return memcmp(&one, &other, sizeof(one)) == 0;
}

TEST(the_order_of_keys_and_the_size_of_numbers_do_not_count)
{
    /* {"a": 1, "b": [{"c": 2, "d": 3}]} */
    const struct once_digest one = PARAMS("\x82\xa1"
                                          "a"
                                          "\x01\xa1"
                                          "b"
                                          "\x91\x82\xa1"
                                          "c"
                                          "\x02\xa1"
                                          "d"
                                          "\x03");
    CHECK(are_equal(one, PARAMS("\x82\xa1"
                                "b"
                                "\x91\x82\xa1"
                                "d"
                                "\x03\xa1"
                                "c"
                                "\x02\xa1"
                                "a"
                                "\x01")));
    CHECK(are_equal(one, PARAMS("\xde\0\x02\xd9\x01"
                                "a"
                                "\xd3\0\0\0\0\0\0\0\x01\xa1"
                                "b"
                                "\xdc\0\x01\x82\xa1"
                                "c"
                                "\xcd\0\x02\xa1"
                                "d"
                                "\x03")));
    CHECK(are_equal(PARAMS(""), PARAMS("\x80")));
}

/* Each is something else than each other one. */
TEST(whatever_else_is_asked_has_another_digest)
{
    const struct once_digest all[] = {
        PARAMS(""),
        PARAMS("\x81\xa1"
               "a"
               "\x01"),
        PARAMS("\x81\xa1"
               "a"
               "\xff"),
        PARAMS("\x81\xa1"
               "a"
               "\xa1"
               "1"),
        PARAMS("\x81\xa1"
               "a"
               "\xc4\x01"
               "1"),
        PARAMS("\x81\xa1"
               "a"
               "\xc0"),
        PARAMS("\x81\xa1"
               "a"
               "\xc2"),
        PARAMS("\x81\xa1"
               "a"
               "\xc3"),
        PARAMS("\x81\xa1"
               "a"
               "\x90"),
        PARAMS("\x81\xa1"
               "a"
               "\x80"),
        PARAMS("\x81\xa1"
               "a"
               "\x91\x01"),
        PARAMS("\x81\xa1"
               "a"
               "\x92\x01\x02"),
        PARAMS("\x81\xa1"
               "a"
               "\x92\x02\x01"),
        PARAMS("\x82\xa1"
               "a"
               "\x01\xa1"
               "b"
               "\x02"),
        PARAMS("\x82\xa1"
               "a"
               "\x02\xa1"
               "b"
               "\x01"),
        PARAMS("\x82\xa1"
               "a"
               "\x01\xa1"
               "a"
               "\x02"),
        PARAMS("\x82\xa1"
               "a"
               "\x02\xa1"
               "a"
               "\x01"),
        PARAMS("\x81\xa2"
               "ab"
               "\xa1"
               "c"),
        PARAMS("\x81\xa1"
               "a"
               "\xa2"
               "bc"),
        once_digest_of(slice_of("as"), slice_of("end_msg"), slice_of("\x80")),
        once_digest_of(slice_of("b"), slice_of("send_msg"), slice_of("\x80")),
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        for (size_t k = 0; k < i; k++)
            CHECK(!are_equal(all[i], all[k]));
}

/* Neither may cost more than its bytes: the last element counts all the same.
 */
TEST(what_is_nested_or_wide_beyond_measure_still_counts)
{
    enum { DEPTH = 100 * 1000, PAIRS = 5000 };
    struct buffer deep = {0}, wide = {0};
    buffer_append(&deep,
                  "\x81\xa1"
                  "a",
                  3);
    for (size_t i = 0; i < DEPTH; i++)
        buffer_append(&deep, "\x91", 1);
    buffer_append(&deep, "\x01", 1);
    buffer_append(&wide, "\xde\x13\x88", 3);
    for (size_t i = 0; i < PAIRS; i++)
        buffer_append(&wide,
                      "\xa1"
                      "a"
                      "\x01",
                      3);
    const struct once_digest nested = digest_of_params(deep.data, deep.size);
    const struct once_digest many = digest_of_params(wide.data, wide.size);
    deep.data[deep.size - 1] = wide.data[wide.size - 1] = 2;
    CHECK(!are_equal(nested, digest_of_params(deep.data, deep.size)));
    CHECK(!are_equal(many, digest_of_params(wide.data, wide.size)));
    buffer_finish(&deep);
    buffer_finish(&wide);
}

/* ---- the table ---- */

TEST(a_call_is_joined_while_it_waits_and_its_reply_given_after)
{
    struct once *once = once_create(SEED);
    const struct once_key key = key_of("x");
    const struct once_digest digest = digest_of_action("send_msg");
    CHECK_EQ(once_find(once, &key, &digest, NOW_MS).state, ONCE_NEW);
    CHECK_EQ(once_begin(once, &key, &digest, 42, NOW_MS), STATUS_OK);
    struct once_found found = once_find(once, &key, &digest, NOW_MS);
    CHECK_EQ(found.state, ONCE_BEGUN);
    CHECK_EQ(found.call, 42);
    once_finish(once, &key, slice_of("reply"));
    found = once_find(once, &key, &digest, NOW_MS);
    CHECK_EQ(found.state, ONCE_DONE);
    CHECK_SLICE(found.reply, slice_of("reply"));
    once_finish(once, &key, slice_of("a better one"));
    CHECK_SLICE(once_find(once, &key, &digest, NOW_MS).reply,
                slice_of("a better one"));
    CHECK_EQ(once_count(once), 1);
    CHECK_EQ(once_bytes(once), strlen("a better one"));
    once_destroy(once);
}

TEST(an_id_that_comes_with_something_else_is_told_apart)
{
    struct once *once = once_create(SEED);
    const struct once_key key = key_of("x");
    const struct once_digest digest = digest_of_action("send_msg");
    const struct once_digest other = digest_of_action("delete_msg");
    CHECK_EQ(once_begin(once, &key, &digest, 1, NOW_MS), STATUS_OK);
    CHECK_EQ(once_find(once, &key, &other, NOW_MS).state, ONCE_OTHER);
    once_finish(once, &key, slice_of("reply"));
    const struct once_found found = once_find(once, &key, &other, NOW_MS);
    CHECK_EQ(found.state, ONCE_OTHER);
    CHECK_EQ(found.reply.size, 0);
    once_destroy(once);
}

TEST(an_id_of_which_nothing_was_sent_is_new_again)
{
    struct once *once = once_create(SEED);
    const struct once_key key = key_of("x");
    const struct once_digest digest = digest_of_action("send_msg");
    once_forget(once, &key);
    once_finish(once, &key, slice_of("nobody has begun this"));
    CHECK_EQ(once_count(once), 0);
    CHECK_EQ(once_begin(once, &key, &digest, 1, NOW_MS), STATUS_OK);
    once_forget(once, &key);
    CHECK_EQ(once_find(once, &key, &digest, NOW_MS).state, ONCE_NEW);
    CHECK_EQ(once_count(once), 0);
    once_destroy(once);
}

TEST(a_reply_is_kept_for_a_day_and_what_waits_until_it_ends)
{
    struct once *once = once_create(SEED);
    const struct once_key done = key_of("done"), begun = key_of("begun");
    const struct once_digest digest = digest_of_action("send_msg");
    uint64_t end_ms = NOW_MS + ONCE_KEEP_MS;
    CHECK_EQ(once_begin(once, &done, &digest, 1, NOW_MS), STATUS_OK);
    CHECK_EQ(once_begin(once, &begun, &digest, 2, NOW_MS), STATUS_OK);
    once_finish(once, &done, slice_of("reply"));
    CHECK_EQ(once_find(once, &done, &digest, end_ms - 1).state, ONCE_DONE);
    CHECK_EQ(once_find(once, &done, &digest, end_ms).state, ONCE_NEW);
    CHECK_EQ(once_find(once, &begun, &digest, end_ms).state, ONCE_BEGUN);
    CHECK_EQ(once_begin(once, &done, &digest, 3, end_ms), STATUS_OK);
    CHECK_EQ(once_find(once, &done, &digest, end_ms).call, 3);
    CHECK_EQ(once_bytes(once), 0);
    once_destroy(once);
}

static void begin(struct once *once, size_t number, bool finish)
{
    const struct once_key key = key_number(number);
    const struct once_digest digest = digest_of_action("send_msg");
    CHECK_EQ(once_begin(once, &key, &digest, number, NOW_MS), STATUS_OK);
    if (finish)
        once_finish(once, &key, slice_of("reply"));
}

static enum once_state state_of(const struct once *once, size_t number)
{
    const struct once_key key = key_number(number);
    const struct once_digest digest = digest_of_action("send_msg");
    return once_find(once, &key, &digest, NOW_MS).state;
}

TEST(when_full_the_oldest_that_is_done_goes_and_what_waits_never)
{
    struct once *once = once_create(SEED);
    for (size_t i = 0; i < ONCE_ENTRIES_MAX; i++)
        begin(once, i, i % 2 == 1);
    for (size_t i = 0; i < ONCE_ENTRIES_MAX / 2; i++) {
        begin(once, ONCE_ENTRIES_MAX + i, false);
        CHECK_EQ(state_of(once, 2 * i + 1), ONCE_NEW);
        CHECK_EQ(state_of(once, 2 * i), ONCE_BEGUN);
    }
    const struct once_key key = key_of("one more");
    const struct once_digest digest = digest_of_action("send_msg");
    CHECK_EQ(once_begin(once, &key, &digest, 1, NOW_MS), STATUS_FULL);
    CHECK_EQ(once_count(once), ONCE_ENTRIES_MAX);
    const struct once_key first = key_number(0);
    once_finish(once, &first, slice_of("reply"));
    CHECK_EQ(once_begin(once, &key, &digest, 1, NOW_MS), STATUS_OK);
    CHECK_EQ(state_of(once, 0), ONCE_NEW);
    once_destroy(once);
}

TEST(the_bytes_of_replies_are_bounded)
{
    enum { FIT = ONCE_BYTES_MAX / ONCE_REPLY_BYTES_MAX };
    struct once *once = once_create(SEED);
    char *reply = calloc(1, ONCE_REPLY_BYTES_MAX);
    for (size_t i = 0; i < FIT + 1; i++) {
        const struct once_key key = key_number(i);
        begin(once, i, false);
        once_finish(once, &key, (struct slice){reply, ONCE_REPLY_BYTES_MAX});
    }
    CHECK_EQ(once_bytes(once), ONCE_BYTES_MAX);
    CHECK_EQ(state_of(once, 0), ONCE_NEW);
    CHECK_EQ(state_of(once, 1), ONCE_DONE);
    CHECK_EQ(state_of(once, FIT), ONCE_DONE);
    free(reply);
    once_destroy(once);
}

SUITE(once, an_id_is_its_accounts_alone_and_may_hold_any_byte,
      the_longest_account_and_id_fit,
      the_order_of_keys_and_the_size_of_numbers_do_not_count,
      whatever_else_is_asked_has_another_digest,
      what_is_nested_or_wide_beyond_measure_still_counts,
      a_call_is_joined_while_it_waits_and_its_reply_given_after,
      an_id_that_comes_with_something_else_is_told_apart,
      an_id_of_which_nothing_was_sent_is_new_again,
      a_reply_is_kept_for_a_day_and_what_waits_until_it_ends,
      when_full_the_oldest_that_is_done_goes_and_what_waits_never,
      the_bytes_of_replies_are_bounded)
