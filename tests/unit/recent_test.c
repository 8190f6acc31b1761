/* SPDX-License-Identifier: MIT */
#include "core/recent.h"

#include "check.h"
#include "core/sent_ids.h"

TEST(the_last_thousands_are_remembered_and_the_oldest_go)
{
    struct recent *recent = recent_create(7);
    for (uint64_t i = 0; i < 3 * RECENT_ENTRIES; i++)
        CHECK(recent_add(recent, (struct slice){(const char *)&i, sizeof(i)}));
    for (uint64_t i = 2 * RECENT_ENTRIES; i < 3 * RECENT_ENTRIES; i++) {
        struct slice thing = {(const char *)&i, sizeof(i)};
        CHECK(recent_has(recent, thing));
        CHECK(!recent_add(recent, thing));
    }
    uint64_t first = 0;
    CHECK(!recent_has(recent,
                      (struct slice){(const char *)&first, sizeof(first)}));
    recent_destroy(recent);
}

TEST(an_id_is_the_same_as_a_number_and_as_text)
{
    static const struct slice seven = {"\x07", 1}, text = {"\xa1"
                                                           "7",
                                                           2};
    static const struct slice eight = {"\x08", 1}, nil = {"\xc0", 1};
    struct recent *recent = recent_create(7);
    sent_ids_add(recent, 0, seven);
    sent_ids_add(recent, 0, nil);
    CHECK(sent_ids_has(recent, 0, seven));
    CHECK(sent_ids_has(recent, 0, text));
    CHECK(!sent_ids_has(recent, 1, seven));
    CHECK(!sent_ids_has(recent, 0, eight));
    CHECK(!sent_ids_has(recent, 0, nil));
    CHECK(!sent_ids_has(recent, 0, (struct slice){0}));
    recent_destroy(recent);
}

SUITE(recent, the_last_thousands_are_remembered_and_the_oldest_go,
      an_id_is_the_same_as_a_number_and_as_text)
