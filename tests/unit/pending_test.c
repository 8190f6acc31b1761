/* SPDX-License-Identifier: MIT */
#include "core/pending.h"

#include "check.h"

TEST(a_call_is_found_by_its_echo_alone)
{
    struct pending *pending = pending_create(4, "0123456789abcdef");
    struct call *one = pending_add(pending);
    struct call *two = pending_add(pending);
    CHECK(strcmp(one->echo, two->echo) != 0);
    CHECK(pending_find(pending, slice_of(one->echo)) == one);
    CHECK(pending_find(pending, slice_of(two->echo)) == two);
    static const char *const strangers[] = {
        "",
        "-",
        "0",
        "x-",
        "-0",
        "x0",
        "0123456789abcdef-99",
        "fedcba9876543210-0",
        "0123456789abcdef-18446744073709551616",
        "0123456789abcdef-0 ",
    };
    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
        CHECK(pending_find(pending, slice_of(strangers[i])) == NULL);
    pending_destroy(pending);
}

TEST(an_echo_is_never_used_twice)
{
    struct pending *pending = pending_create(2, "e");
    char first[PENDING_ECHO_SIZE];
    struct call *call = pending_add(pending);
    snprintf(first, sizeof(first), "%s", call->echo);
    for (int i = 0; i < 1000; i++) {
        pending_remove(pending, call);
        CHECK(pending_find(pending, slice_of(first)) == NULL);
        call = pending_add(pending);
        CHECK(strcmp(call->echo, first) != 0);
    }
    pending_destroy(pending);
}

TEST(it_is_full_at_its_capacity_and_has_room_again)
{
    struct pending *pending = pending_create(3, "e");
    struct call *calls[3];
    for (int i = 0; i < 3; i++)
        calls[i] = pending_add(pending);
    CHECK(pending_add(pending) == NULL);
    CHECK_EQ(pending_count(pending), 3);
    pending_remove(pending, calls[1]);
    CHECK_EQ(pending_count(pending), 2);
    CHECK(pending_add(pending) != NULL);
    CHECK(pending_add(pending) == NULL);
    pending_destroy(pending);
}

TEST(calls_are_listed_oldest_first)
{
    struct pending *pending = pending_create(8, "e");
    struct call *calls[5];
    for (int i = 0; i < 5; i++)
        calls[i] = pending_add(pending);
    pending_remove(pending, calls[0]);
    pending_remove(pending, calls[2]);
    pending_remove(pending, calls[4]);
    struct call *last = pending_add(pending);
    struct call *call = pending_first(pending);
    CHECK(call == calls[1]);
    CHECK((call = call->next) == calls[3]);
    CHECK((call = call->next) == last);
    CHECK(call->next == NULL);
    pending_destroy(pending);
}

SUITE(pending, a_call_is_found_by_its_echo_alone, an_echo_is_never_used_twice,
      it_is_full_at_its_capacity_and_has_room_again,
      calls_are_listed_oldest_first)
