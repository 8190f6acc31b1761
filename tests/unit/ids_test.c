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
    CHECK_EQ(list.count, 4);
    for (size_t i = 1; i < list.count; i++)
        CHECK(list.ids[i - 1] < list.ids[i]);
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

SUITE(ids, a_list_holds_each_id_once_in_order, any_contains_all)
