/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include "check.h"

enum { SIZES = 100 };

TEST(every_byte_and_the_size_count)
{
    char bytes[SIZES] = "";
    uint64_t hashes[SIZES];
    for (size_t size = 0; size < SIZES; size++) {
        struct slice zeros = {bytes, size};
        hashes[size] = hash_bytes(zeros, 7);
        for (size_t i = 0; i < size; i++) {
            CHECK(hashes[i] != hashes[size]);
            bytes[i] = 1;
            CHECK(hash_bytes(zeros, 7) != hashes[size]);
            bytes[i] = 0;
        }
    }
}

TEST(equal_bytes_meet_wherever_they_lie)
{
    char bytes[SIZES + 8];
    memset(bytes, 'x', sizeof(bytes));
    for (size_t at = 1; at < 8; at++)
        CHECK(hash_bytes((struct slice){bytes + at, SIZES}, 7) ==
              hash_bytes((struct slice){bytes, SIZES}, 7));
}

TEST(the_seed_counts)
{
    struct slice bytes = slice_of("an event");
    CHECK(hash_bytes(bytes, 1) != hash_bytes(bytes, 2));
    struct slice nothing = {NULL, 0};
    CHECK(hash_bytes(nothing, 1) != hash_bytes(nothing, 2));
}

SUITE(hash, every_byte_and_the_size_count, equal_bytes_meet_wherever_they_lie,
      the_seed_counts)
