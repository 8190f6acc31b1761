/* SPDX-License-Identifier: MIT */
#include "core/serving.h"

#include "check.h"
#include "core/inside.h"
#include "core/ledger.h"

/* What has been replied, as JSON. */
static struct buffer REPLIES;

static void on_reply(void *ctx, void *ticket, struct slice payload)
{
    (void)ctx, (void)ticket;
    buffer_append(&REPLIES, payload.data, payload.size);
    buffer_append_string(&REPLIES, "\n");
}

/* Serve a request with these parameters: read `n`, 1 to 100, 10 by default. */
static bool read_n(const char *params, uint64_t *n)
{
    struct bridge bridge = {.ports.reply = on_reply, .ledger = ledger_create()};
    struct serving serving = {.bridge = &bridge};
    struct buffer scratch = {0};
    struct request request;
    char json[256], fault[REQUEST_FAULT_SIZE];
    snprintf(json, sizeof(json), "{\"action\":\"bridge.x\",\"params\":%s}",
             params);
    CHECK_EQ(request_read(slice_of(json), &scratch, &request, fault),
             STATUS_OK);
    serving.request = &request;
    buffer_clear(&REPLIES, SIZE_MAX);
    bool is_read = serving_uint(&serving, "n", 1, 100, 10, n);
    CHECK_EQ(serving.is_waiting, !is_read);
    serving_finish(&serving);
    buffer_finish(&bridge.out);
    ledger_destroy(bridge.ledger);
    buffer_finish(&scratch);
    return is_read;
}

TEST(a_whole_number_may_be_text_or_left_out)
{
    static const struct {
        const char *params;
        uint64_t n;
    } rows[] = {
        {"{}", 10},           {"{\"n\":null}", 10}, {"{\"n\":1}", 1},
        {"{\"n\":100}", 100}, {"{\"n\":\"1\"}", 1}, {"{\"n\":\"0100\"}", 100},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t n = 0;
        CHECK(read_n(rows[i].params, &n));
        CHECK_EQ(n, rows[i].n);
    }
    buffer_finish(&REPLIES);
}

/* In one reply: serving_finish() adds none. */
TEST(what_is_no_whole_number_in_range_is_refused_once)
{
    static const char *const rows[] = {
        "{\"n\":0}",      "{\"n\":101}",
        "{\"n\":-1}",     "{\"n\":1.5}",
        "{\"n\":true}",   "{\"n\":[1]}",
        "{\"n\":\"\"}",   "{\"n\":\"+1\"}",
        "{\"n\":\"1 \"}", "{\"n\":18446744073709551615}",
        "{\"n\":\"-1\"}", "{\"n\":\"18446744073709551617\"}", /* 2^64 + 1 */
    };
    static const char expected[] =
        "{\"status\":\"failed\",\"retcode\":10003,\"message\":\"n: allowed: a "
        "whole number from 1 to 100\",\"error\":\"bad_params\",\"warnings\":[],"
        "\"ms\":0}\n";
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t n;
        CHECK(!read_n(rows[i], &n));
        CHECK_ROW(buffer_slice(&REPLIES), slice_of(expected), rows[i]);
    }
    buffer_finish(&REPLIES);
}

TEST(every_uint64_can_be_read)
{
    static const char *const rows[] = {
        "{\"action\":\"bridge.x\",\"params\":{\"n\":18446744073709551615}}",
        "{\"action\":\"bridge.x\",\"params\":{\"n\":\"18446744073709551615\"}}",
    };
    struct buffer scratch = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char fault[REQUEST_FAULT_SIZE];
        struct request request;
        struct serving serving = {.request = &request};
        uint64_t n = 0;
        CHECK_EQ(request_read(slice_of(rows[i]), &scratch, &request, fault),
                 STATUS_OK);
        CHECK(serving_uint(&serving, "n", 0, UINT64_MAX, 0, &n));
        CHECK(n == UINT64_MAX);
    }
    buffer_finish(&scratch);
}

SUITE(serving, a_whole_number_may_be_text_or_left_out,
      what_is_no_whole_number_in_range_is_refused_once,
      every_uint64_can_be_read)
