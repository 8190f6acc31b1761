/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <stdlib.h>

#include "check.h"

static void check_hex(const unsigned char digest[static DIGEST_SIZE],
                      const char *expected)
{
    char hex[DIGEST_HEX_SIZE];
    digest_hex(digest, hex);
    CHECK_STR(hex, expected);
}

/* The examples of NIST for FIPS 180-4, and the empty message. */
TEST(the_standards_examples_come_out)
{
    static const struct {
        const char *text, *digest;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb924"
             "27ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223"
                "b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned char digest[DIGEST_SIZE];
        digest_of(slice_of(rows[i].text), digest);
        check_hex(digest, rows[i].digest);
    }
}

TEST(a_million_bytes_in_pieces_of_any_size_are_one_message)
{
    enum { SIZE = 1000 * 1000 };
    char *text = malloc(SIZE);
    unsigned char bytes[DIGEST_SIZE];
    struct digest digest;
    memset(text, 'a', SIZE);
    digest_start(&digest);
    digest_add(&digest, (struct slice){NULL, 0});
    for (size_t at = 0, size = 1; at < SIZE; at += size, size = size * 3 + 1) {
        if (size > SIZE - at)
            size = SIZE - at;
        digest_add(&digest, (struct slice){text + at, size});
    }
    digest_end(&digest, bytes);
    check_hex(bytes, "cdc76e5c9914fb9281a1c7e284d73e67"
                     "f1809a48a497200e046d39ccc7112cd0");
    free(text);
}

/* What it held would be told by the leak checker. */
TEST(one_may_be_given_up)
{
    struct digest digest;
    digest_start(&digest);
    digest_add(&digest, slice_of("abc"));
    digest_end(&digest, NULL);
    CHECK(digest.state == NULL);
}

SUITE(digest, the_standards_examples_come_out,
      a_million_bytes_in_pieces_of_any_size_are_one_message,
      one_may_be_given_up)
