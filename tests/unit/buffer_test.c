/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include "check.h"

TEST(bytes_are_kept_while_it_grows)
{
    struct buffer buffer = {0};
    for (int i = 0; i < 1000; i++)
        buffer_append_string(&buffer, "0123456789");
    CHECK_EQ(buffer.size, 10000);
    CHECK(memcmp(buffer.data + 9990, "0123456789", 10) == 0);
    buffer_finish(&buffer);
}

TEST(clearing_keeps_small_room_and_gives_large_room_back)
{
    struct buffer buffer = {0};
    buffer_append_string(&buffer, "x");
    buffer_clear(&buffer, 1024);
    CHECK(buffer.capacity > 0);
    CHECK_EQ(buffer.size, 0);
    buffer_reserve(&buffer, 4096);
    buffer_clear(&buffer, 1024);
    CHECK_EQ(buffer.capacity, 0);
    buffer_finish(&buffer);
}

TEST(slices_compare_by_bytes)
{
    CHECK(slice_equals(slice_of("abc"), "abc"));
    CHECK(!slice_equals(slice_of("abc"), "ab"));
    CHECK(!slice_equals((struct slice){"a\0b", 3}, "a"));
    CHECK(slice_equals((struct slice){NULL, 0}, ""));
}

SUITE(buffer, bytes_are_kept_while_it_grows,
      clearing_keeps_small_room_and_gives_large_room_back,
      slices_compare_by_bytes)
