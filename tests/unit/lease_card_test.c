/* SPDX-License-Identifier: MIT */
#include "core/lease_card.h"

#include "check.h"

static const struct lease_card CARD = {
    .bridge = "0f1e2d3c4b5a6978",
    .run = "8796a5b4c3d2e1f0",
    .host = "one",
    .version = "1.2.3",
    .pid = 4711,
    .since_ms = 1700000000123,
};

TEST(a_card_is_read_as_it_was_written)
{
    struct buffer text = {0};
    struct lease_card card;
    lease_card_write(&CARD, &text);
    CHECK_SLICE(buffer_slice(&text),
                slice_of("{\"bridge\":\"0f1e2d3c4b5a6978\","
                         "\"run\":\"8796a5b4c3d2e1f0\",\"host\":\"one\","
                         "\"pid\":4711,\"version\":\"1.2.3\","
                         "\"since\":1700000000123}"));
    CHECK(lease_card_read(buffer_slice(&text), &card));
    CHECK(memcmp(&card, &CARD, sizeof(card)) == 0);
    buffer_finish(&text);
}

TEST(who_it_is_must_be_there_and_whole)
{
    static const char *const wrong[] = {
        "",
        "4711",
        "[]",
        "{}",
        "{\"bridge\":\"a\"}",
        "{\"run\":\"b\"}",
        "{\"bridge\":\"\",\"run\":\"b\"}",
        "{\"bridge\":1,\"run\":\"b\"}",
        "{\"bridge\":\"a\\n\",\"run\":\"b\"}",
        "{\"bridge\":\"a\\u0000\",\"run\":\"b\"}",
        "{\"bridge\":\"a\",\"run\":\"b\"",
        ("{\"bridge\":\"a\",\"run\":\"0123456789012345678901234567890123456789"
         "0123456789012345678901234\"}"),
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct lease_card card = CARD;
        CHECK(!lease_card_read(slice_of(wrong[i]), &card));
        CHECK_ROW(slice_of(card.bridge), slice_of(""), wrong[i]);
    }
}

TEST(the_rest_may_be_anything)
{
    struct lease_card card;
    CHECK(lease_card_read(
        slice_of("{\"bridge\":\"a\",\"run\":\"b\",\"host\":\"\\u001b\\\"x\","
                 "\"pid\":\"1\",\"since\":-5,\"more\":[1,{}]}"),
        &card));
    CHECK_STR(card.host, "\\x1b'x");
    CHECK_STR(card.version, "");
    CHECK_EQ(card.pid, 0);
    CHECK_EQ(card.since_ms, 0);
}

TEST(what_is_too_large_is_no_card)
{
    struct buffer text = {0};
    struct lease_card card;
    lease_card_write(&CARD, &text);
    buffer_reserve(&text, LEASE_CARD_BYTES_MAX);
    memset(text.data + text.size, ' ', LEASE_CARD_BYTES_MAX);
    text.size += LEASE_CARD_BYTES_MAX;
    CHECK(!lease_card_read(buffer_slice(&text), &card));
    buffer_finish(&text);
}

SUITE(lease_card, a_card_is_read_as_it_was_written,
      who_it_is_must_be_there_and_whole, the_rest_may_be_anything,
      what_is_too_large_is_no_card)
