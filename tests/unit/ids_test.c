/* SPDX-License-Identifier: MIT */
#include "base/ids.h"

#include "check.h"

TEST(a_list_holds_each_id_once_in_order)
{
    struct id_list list = {0};
    CHECK(ids_is_empty(&list));
    CHECK(!ids_contains(&list, 5));
    const int64_t added[] = {5, 1, 9, 5, INT64_C(9007199254740991), 1};
    for (size_t i = 0; i < 6; i++)
        ids_add(&list, added[i]);
    CHECK_EQ(list.bare.count, 4);
    for (size_t i = 1; i < list.bare.count; i++)
        CHECK(list.bare.ids[i - 1] < list.bare.ids[i]);
    for (size_t i = 0; i < 6; i++)
        CHECK(ids_contains(&list, added[i]));
    CHECK(!ids_contains(&list, 2));
    CHECK(!ids_contains(&list, 10));
    ids_finish(&list);
    CHECK(ids_is_empty(&list));
}

TEST(any_contains_all)
{
    struct id_list list = {.any = true};
    struct id_list copy = {0};
    CHECK(!ids_is_empty(&list));
    CHECK(ids_contains(&list, 7));
    ids_add(&list, 3);
    ids_copy(&list, &copy);
    ids_finish(&list);
    CHECK(copy.any);
    copy.any = false;
    CHECK(ids_contains(&copy, 3));
    CHECK(!ids_contains(&copy, 7));
    ids_finish(&copy);
}

TEST(those_that_say_what_they_are_are_no_others)
{
    struct id_list list = {0};
    struct id_list copy = {0};
    id_set_add(&list.users, 4);
    id_set_add(&list.groups, 5);
    CHECK(!ids_contains(&list, 4));
    CHECK(!ids_contains(&list, 5));
    CHECK(ids_is_empty(&list));
    ids_copy(&list, &copy);
    ids_finish(&list);
    CHECK(id_set_has(&copy.users, 4) && !id_set_has(&copy.users, 5));
    CHECK(id_set_has(&copy.groups, 5) && !id_set_has(&copy.groups, 4));
    ids_finish(&copy);
}

SUITE(ids, a_list_holds_each_id_once_in_order, any_contains_all,
      those_that_say_what_they_are_are_no_others)
