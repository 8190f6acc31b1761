/* SPDX-License-Identifier: MIT */
#include "cli/page.h"

#include <stdlib.h>

#include "check.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/pack.h"

static struct buffer packed(const char *json)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    struct buffer out = {0};
    if (json_to_msgpack(slice_of(json), &options, &out, &error) != STATUS_OK)
        abort();
    return out;
}

static void check_request(const struct page_query *query, const char *params)
{
    const struct json_writer_options options = {.depth_max = JSON_DEPTH_MAX};
    struct json_error error;
    struct buffer request = {0}, actual = {0}, expected = {0};
    buffer_append_string(&expected,
                         "{\"action\":\"bridge.replay\",\"params\":");
    buffer_append_string(&expected, params);
    buffer_append_string(&expected, "}");
    page_pack_request(query, &request);
    CHECK_EQ(
        json_from_msgpack(buffer_slice(&request), &options, &actual, &error),
        STATUS_OK);
    CHECK_SLICE(buffer_slice(&actual), buffer_slice(&expected));
    buffer_finish(&request);
    buffer_finish(&actual);
    buffer_finish(&expected);
}

TEST(a_request_has_what_was_said_and_no_more)
{
    static const char *const patterns[] = {"qq.group.*", "qq.meta.*"};
    check_request(&(struct page_query){0}, "{}");
    check_request(&(struct page_query){.since = {SINCE_SEQ, 0}},
                  "{\"after\":0}");
    check_request(&(struct page_query){.since = {SINCE_AGE, 5}, .limit = 7},
                  "{\"max_age\":5,\"limit\":7}");
    check_request(
        &(struct page_query){.patterns = patterns, .pattern_count = 2},
        "{\"topics\":[\"qq.group.*\",\"qq.meta.*\"]}");
}

TEST(a_page_needs_an_epoch_and_where_it_ends)
{
    static const struct {
        const char *json;
        bool is_page;
    } rows[] = {
        {"{\"epoch\":\"A\",\"next\":7,\"newest\":9,\"truncated\":true}", true},
        {"{\"epoch\":\"\",\"next\":7,\"newest\":9}", false},
        {"{\"next\":7,\"newest\":9}", false},
        {"{\"epoch\":\"A\",\"newest\":9}", false},
        {"{\"epoch\":\"A\",\"next\":7}", false},
        {"{\"epoch\":\"A\",\"next\":-7,\"newest\":9}", false},
        {"{\"epoch\":\"A\",\"next\":\"7\",\"newest\":9}", false},
        {"[]", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer data = packed(rows[i].json);
        struct page page;
        bool is_page = page_read(buffer_slice(&data), &page);
        check_int(is_page, rows[i].is_page, rows[i].json, __FILE__, __LINE__);
        if (is_page) {
            CHECK_EQ(page.next, 7);
            CHECK_EQ(page.newest, 9);
            CHECK(page.truncated);
        }
        buffer_finish(&data);
    }
}

/* ---- what is in it ---------------------------------------------------- */

static void on_lost(void *ctx, uint64_t first, uint64_t last)
{
    char text[64];
    snprintf(text, sizeof(text), "%d-%d ", (int)first, (int)last);
    buffer_append_string(ctx, text);
}

TEST(lost_ranges_are_pairs)
{
    struct buffer data =
        packed("{\"lost\":[[1,4],[7,7],[9],\"x\",[10,11,12],[\"a\",1]]}");
    const struct page page = {.data = buffer_slice(&data)};
    struct buffer text = {0};
    page_each_lost(&page, on_lost, &text);
    CHECK_SLICE(buffer_slice(&text), slice_of("1-4 7-7 "));
    buffer_finish(&text);
    buffer_finish(&data);
}

static bool on_event(void *ctx, struct slice message)
{
    buffer_append(ctx, message.data, message.size);
    return message.size < 2;
}

static void pack_bin(struct msgpack_packer *packer, const char *text)
{
    msgpack_pack_bin(packer, strlen(text));
    msgpack_pack_bin_body(packer, text, strlen(text));
}

TEST(events_come_until_somebody_has_enough)
{
    struct buffer data = {0}, text = {0};
    struct msgpack_packer packer = pack_into(&data);
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "events");
    msgpack_pack_array(&packer, 5);
    pack_bin(&packer, "a");
    pack_string(&packer, "no event");
    pack_bin(&packer, "b");
    pack_bin(&packer, "enough");
    pack_bin(&packer, "c");
    const struct page page = {.data = buffer_slice(&data)};
    CHECK(!page_each_event(&page, on_event, &text));
    CHECK_SLICE(buffer_slice(&text), slice_of("abenough"));
    buffer_finish(&text);
    buffer_finish(&data);
}

SUITE(page, a_request_has_what_was_said_and_no_more,
      a_page_needs_an_epoch_and_where_it_ends, lost_ranges_are_pairs,
      events_come_until_somebody_has_enough)
