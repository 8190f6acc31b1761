/* SPDX-License-Identifier: MIT */
#include "core/pack.h"

#include "check.h"

TEST(what_is_packed_lands_in_the_buffer)
{
    struct buffer out = {0};
    struct msgpack_packer packer = pack_into(&out);
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, "a");
    pack_text(&packer, (struct slice){"x\0y", 3});
    pack_string(&packer, "");
    pack_raw(&packer, (struct slice){"\x91\xc0", 2});
    static const char expected[] = "\x82\xa1"
                                   "a\xa3x\0y\xa0\x91\xc0";
    CHECK_SLICE(buffer_slice(&out),
                ((struct slice){expected, sizeof(expected) - 1}));
    buffer_finish(&out);
}

TEST(an_entry_is_its_key_and_its_value)
{
    struct buffer out = {0};
    struct msgpack_packer packer = pack_into(&out);
    pack_number(&packer, "n", 7);
    pack_word(&packer, "w", "x");
    pack_flag(&packer, "f", true);
    pack_flag(&packer, "f", false);
    CHECK_SLICE(buffer_slice(&out), slice_of("\xa1n\x07\xa1w\xa1x\xa1"
                                             "f\xc3\xa1"
                                             "f\xc2"));
    buffer_finish(&out);
}

TEST(prose_is_utf8_whatever_it_is_made_of)
{
    struct buffer out = {0};
    struct msgpack_packer packer = pack_into(&out);
    pack_prose(&packer, "\xe5\xa4\xa9 a\xff \xe5\xa4");
    pack_prose(&packer, "");
    CHECK_SLICE(buffer_slice(&out), slice_of("\xaf\xe5\xa4\xa9 a\xef\xbf\xbd "
                                             "\xef\xbf\xbd\xef\xbf\xbd\xa0"));
    buffer_finish(&out);
}

SUITE(pack, prose_is_utf8_whatever_it_is_made_of,
      what_is_packed_lands_in_the_buffer, an_entry_is_its_key_and_its_value)
