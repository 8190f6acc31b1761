/* SPDX-License-Identifier: MIT */
#include "base/log_pairs.h"

#include "check.h"

TEST(each_pair_of_a_message_is_a_member)
{
    static const struct {
        const char *message, *members;
    } rows[] = {
        {"", ""},
        {"no pair at all", ""},
        {"up account=bot1", ",\"account\":\"bot1\""},
        {"a=1", ",\"a\":1"},
        {"a=1 b=2", ",\"a\":1,\"b\":2"},
        {"a=1  b=2 ", ",\"a\":1,\"b\":2"},
        /* Numbers are those of JSON, and short enough to be kept. */
        {"a=0 b=-7 c=12.50", ",\"a\":0,\"b\":-7,\"c\":12.50"},
        {"a=007 b=- c=1. d=.5 e=1e5 f=+1",
         ",\"a\":\"007\",\"b\":\"-\",\"c\":\"1.\",\"d\":\".5\",\"e\":\"1e5\","
         "\"f\":\"+1\""},
        {"a=123456789012345", ",\"a\":123456789012345"},
        {"a=1234567890123456", ",\"a\":\"1234567890123456\""},
        {"a=nan b=-inf", ",\"a\":\"nan\",\"b\":\"-inf\""},
        /* Values in quotes are text, whatever they hold. */
        {"why=\"no such path\" a=1", ",\"why\":\"no such path\",\"a\":1"},
        {"a=\"1\"", ",\"a\":\"1\""},
        {"a=\"\"", ",\"a\":\"\""},
        {"a=\"x b=2", ",\"b\":2"},
        {"a=\"b=1 c=2\" d=3", ",\"a\":\"b=1 c=2\",\"d\":3"},
        {"a=\"x\"tail b=1", ",\"a\":\"x\",\"b\":1"},
        /* A mark of the sentence is not the value's. */
        {"port=7710: in use", ",\"port\":7710"},
        {"count=3; more", ",\"count\":3"},
        {"a=1, b=2", ",\"a\":1,\"b\":2"},
        {"a=:: b=,", ",\"a\":\":\",\"b\":\"\""},
        {"a= b=1", ",\"a\":\"\",\"b\":1"},
        {"a=", ",\"a\":\"\""},
        {"url=ws://h:1/p?x=1", ",\"url\":\"ws://h:1/p?x=1\""},
        /* What is no key. */
        {"=1 A=1 1a=1 a-b=1 a.b=1 (c=1", ""},
        {"x_1=1", ",\"x_1\":1"},
        {"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk=1", ""},
        /* The first counts, and the line's own are not given away. */
        {"a=1 a=2", ",\"a\":1"},
        {"ts=1 level=2 component=3 msg=4 a=5", ",\"a\":5"},
        /* Bytes of all kinds. */
        {"a=\xff\x01 b=\"\\\x1b\"",
         ",\"a\":\"\\\\xff\\\\x01\",\"b\":\"\\\\\\\\x1b\""},
        {"name=\xe4\xbd\xa0\xe5\xa5\xbd",
         ",\"name\":\"\xe4\xbd\xa0\xe5\xa5\xbd\""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer out = {0};
        log_pairs_append_json(&out, slice_of(rows[i].message));
        CHECK_ROW(buffer_slice(&out), slice_of(rows[i].members),
                  rows[i].message);
        buffer_finish(&out);
    }
}

TEST(there_are_only_so_many_members)
{
    struct buffer message = {0}, out = {0};
    size_t count = 0;
    for (int i = 0; i < 2 * LOG_PAIRS_MAX; i++) {
        char pair[16];
        snprintf(pair, sizeof(pair), "k%d=%d ", i, i);
        buffer_append_string(&message, pair);
    }
    log_pairs_append_json(&out, buffer_slice(&message));
    for (size_t i = 0; i < out.size; i++)
        count += out.data[i] == ',';
    CHECK_EQ(count, LOG_PAIRS_MAX);
    buffer_finish(&message);
    buffer_finish(&out);
}

SUITE(log_pairs, each_pair_of_a_message_is_a_member,
      there_are_only_so_many_members)
