/* SPDX-License-Identifier: MIT */
#include "core/pairing.h"

#include "check.h"

enum { HOUR_MS = 60 * 60 * 1000, USER = 30001 };

static const uint64_t NOW_MS = 1786700000000;
static const unsigned char RANDOM[] = {0, 1, 30, 31, 32, 63, 255, 7};

static enum pairing_step ask(struct pairing_book *book, int64_t user_id,
                             uint64_t now_ms)
{
    const struct pairing_entry *entry;
    return pairing_ask(book, user_id, slice_of("Ann"), now_ms, RANDOM, &entry);
}

TEST(a_stranger_gets_one_code_an_hour)
{
    struct pairing *pairing = pairing_create();
    struct pairing_book *book = pairing_of(pairing, "default");
    const struct pairing_entry *entry = NULL;
    CHECK_EQ(pairing_ask(book, USER, slice_of("Ann"), NOW_MS, RANDOM, &entry),
             PAIRING_ASKED);
    CHECK_STR(entry->code, "AB89A99H");
    CHECK_STR(entry->nickname, "Ann");
    CHECK_STR(entry->account, "default");
    CHECK_EQ(entry->expires_ms, NOW_MS + HOUR_MS);
    CHECK_EQ(ask(book, USER, NOW_MS + HOUR_MS - 1), PAIRING_WAITING);
    CHECK_EQ(ask(book, USER, NOW_MS + HOUR_MS), PAIRING_ASKED);
    CHECK(!pairing_is_approved(book, USER));
    pairing_destroy(pairing);
}

TEST(codes_have_no_letter_that_is_mistaken)
{
    struct pairing *pairing = pairing_create();
    struct pairing_book *book = pairing_of(pairing, "default");
    for (int i = 0; i < 256; i++) {
        unsigned char random[PAIRING_CODE_BYTES];
        const struct pairing_entry *entry;
        struct pairing_entry gone;
        memset(random, i, sizeof(random));
        CHECK_EQ(pairing_ask(book, USER, slice_of(""), NOW_MS, random, &entry),
                 PAIRING_ASKED);
        CHECK_EQ(strlen(entry->code), 8);
        CHECK_EQ(strcspn(entry->code, "0O1I"), 8);
        /* Nobody takes it for a QQ number. */
        CHECK(strcspn(entry->code, "23456789") > 0);
        CHECK(pairing_expire(pairing, NOW_MS + HOUR_MS, &gone));
    }
    pairing_destroy(pairing);
}

TEST(three_wait_at_a_time_for_each_account)
{
    struct pairing *pairing = pairing_create();
    struct pairing_book *book = pairing_of(pairing, "a");
    for (int64_t user = 1; user <= 3; user++)
        CHECK_EQ(ask(book, user, NOW_MS), PAIRING_ASKED);
    CHECK_EQ(ask(book, 4, NOW_MS), PAIRING_FULL);
    CHECK_EQ(ask(pairing_of(pairing, "b"), 4, NOW_MS), PAIRING_ASKED);
    CHECK(pairing_deny(book, 2, NOW_MS) != NULL);
    CHECK_EQ(ask(book, 4, NOW_MS), PAIRING_ASKED);
    CHECK_EQ(ask(book, 5, NOW_MS + HOUR_MS), PAIRING_ASKED);
    pairing_destroy(pairing);
}

TEST(codes_are_found_in_any_case_and_over_all_accounts)
{
    struct pairing *pairing = pairing_create();
    struct pairing_book *book = pairing_of(pairing, "a");
    struct pairing_book *other = pairing_of(pairing, "b");
    ask(book, USER, NOW_MS);
    CHECK(pairing_find_code(pairing, NULL, slice_of(" ab89a99h ")) != NULL);
    CHECK(pairing_find_code(pairing, book, slice_of("AB89A99H")) != NULL);
    CHECK(pairing_find_code(pairing, other, slice_of("AB89A99H")) == NULL);
    CHECK(pairing_find_code(pairing, NULL, slice_of("AB89A99")) == NULL);
    CHECK(pairing_find_code(pairing, NULL, slice_of("")) == NULL);
    pairing_approve(book, USER, NOW_MS);
    CHECK(pairing_find_code(pairing, NULL, slice_of("AB89A99H")) == NULL);
    pairing_destroy(pairing);
}

TEST(approving_lasts_until_it_is_revoked)
{
    struct pairing *pairing = pairing_create();
    struct pairing_book *book = pairing_of(pairing, "a");
    struct pairing_entry gone;
    ask(book, USER, NOW_MS);
    const struct pairing_entry *entry = pairing_approve(book, USER, NOW_MS + 5);
    CHECK_EQ(entry->state, PAIRING_APPROVED);
    CHECK_EQ(entry->decided_ms, NOW_MS + 5);
    CHECK(pairing_is_approved(book, USER));
    CHECK(!pairing_expire(pairing, NOW_MS + 1000 * (uint64_t)HOUR_MS, &gone));
    CHECK(!pairing_is_approved(pairing_of(pairing, "b"), USER));
    CHECK(pairing_revoke(book, USER, &gone));
    CHECK_EQ(gone.state, PAIRING_GONE);
    CHECK(!pairing_is_approved(book, USER));
    CHECK(!pairing_revoke(book, USER, &gone));
    CHECK_EQ(ask(book, USER, NOW_MS), PAIRING_ASKED);
    pairing_destroy(pairing);
}

TEST(who_never_asked_can_be_approved)
{
    struct pairing *pairing = pairing_create();
    struct pairing_book *book = pairing_of(pairing, "a");
    CHECK(pairing_approve(book, USER, NOW_MS) != NULL);
    CHECK(pairing_is_approved(book, USER));
    CHECK(pairing_deny(book, USER, NOW_MS) == NULL);
    pairing_destroy(pairing);
}

TEST(who_is_denied_asks_in_vain_for_the_rest_of_the_hour)
{
    struct pairing *pairing = pairing_create();
    struct pairing_book *book = pairing_of(pairing, "a");
    struct pairing_entry gone;
    CHECK(pairing_deny(book, USER, NOW_MS) == NULL);
    ask(book, USER, NOW_MS);
    CHECK_EQ(pairing_deny(book, USER, NOW_MS + 1)->state, PAIRING_REFUSED);
    CHECK_EQ(ask(book, USER, NOW_MS + 2), PAIRING_DENIED);
    CHECK_EQ(pairing_due(pairing), NOW_MS + HOUR_MS);
    CHECK(pairing_expire(pairing, NOW_MS + HOUR_MS, &gone));
    CHECK_STR(gone.code, "");
    CHECK_EQ(pairing_due(pairing), UINT64_MAX);
    CHECK_EQ(ask(book, USER, NOW_MS + HOUR_MS), PAIRING_ASKED);
    pairing_destroy(pairing);
}

TEST(a_clock_set_back_makes_no_code_eternal)
{
    struct pairing *pairing = pairing_create();
    struct pairing_book *book = pairing_of(pairing, "a");
    struct pairing_entry gone;
    ask(book, USER, NOW_MS);
    CHECK(!pairing_expire(pairing, NOW_MS, &gone));
    CHECK(!pairing_expire(pairing, NOW_MS - 60 * 1000, &gone));
    CHECK(pairing_expire(pairing, NOW_MS - HOUR_MS, &gone));
    CHECK_STR(gone.code, "AB89A99H");
    pairing_destroy(pairing);
}

TEST(a_book_is_bounded)
{
    struct pairing *pairing = pairing_create();
    struct pairing_book *book = pairing_of(pairing, "a");
    for (int64_t user = PAIRING_ENTRIES_MAX; user > 0; user--)
        CHECK(pairing_approve(book, user * 3, NOW_MS) != NULL);
    CHECK(pairing_approve(book, 1, NOW_MS) == NULL);
    CHECK_EQ(ask(book, 1, NOW_MS), PAIRING_FULL);
    for (int64_t user = 1; user <= PAIRING_ENTRIES_MAX; user++)
        CHECK(pairing_is_approved(book, user * 3));
    CHECK(pairing_at(pairing, PAIRING_ENTRIES_MAX - 1) != NULL);
    CHECK(pairing_at(pairing, PAIRING_ENTRIES_MAX) == NULL);
    pairing_destroy(pairing);
}

TEST(what_was_kept_comes_back)
{
    struct pairing *pairing = pairing_create();
    struct pairing_entry entry = {.account = "a",
                                  .user_id = USER,
                                  .state = PAIRING_APPROVED,
                                  .decided_ms = NOW_MS};
    CHECK(pairing_restore(pairing, &entry));
    CHECK(pairing_is_approved(pairing_of(pairing, "a"), USER));
    entry.user_id = 0;
    CHECK(!pairing_restore(pairing, &entry));
    pairing_destroy(pairing);
}

TEST(long_nicknames_are_cut_between_characters)
{
    struct pairing *pairing = pairing_create();
    const struct pairing_entry *entry;
    char name[3 * 30 + 1];
    for (size_t i = 0; i < 30; i++)
        memcpy(name + 3 * i, "\xe7\x8c\xab", 4);
    pairing_ask(pairing_of(pairing, "a"), USER, slice_of(name), NOW_MS, RANDOM,
                &entry);
    CHECK_EQ(strlen(entry->nickname), 63);
    pairing_destroy(pairing);
}

TEST(the_instructions_name_the_code_the_number_and_the_command)
{
    const struct pairing_entry entry = {.user_id = USER, .code = "ABCD2345"};
    struct buffer text = {0};
    pairing_instructions(&entry, &text);
    buffer_append(&text, "", 1);
    CHECK(strstr(text.data, "30001") != NULL);
    CHECK(strstr(text.data, "onebus pairing approve napcatqq ABCD2345") !=
          NULL);
    buffer_finish(&text);
}

SUITE(pairing, a_stranger_gets_one_code_an_hour,
      codes_have_no_letter_that_is_mistaken,
      three_wait_at_a_time_for_each_account,
      codes_are_found_in_any_case_and_over_all_accounts,
      approving_lasts_until_it_is_revoked, who_never_asked_can_be_approved,
      who_is_denied_asks_in_vain_for_the_rest_of_the_hour,
      a_clock_set_back_makes_no_code_eternal, a_book_is_bounded,
      what_was_kept_comes_back, long_nicknames_are_cut_between_characters,
      the_instructions_name_the_code_the_number_and_the_command)
