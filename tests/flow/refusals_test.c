/* SPDX-License-Identifier: MIT */
/* What callers ask for in vain: bounded, and told of once a minute. */
#include <stdlib.h>

#include "base/mem.h"
#include "check.h"
#include "world.h"

enum { MIB = 1 << 20, MINUTE_MS = 60 * 1000 };

static const char WRITE[] = "{\"action\":\"write\"}";

static size_t count_lines(const struct world *w, const char *part)
{
    size_t count = 0;
    const char *at = w->log.data;
    while (w->log.size > 0 && (at = strstr(at, part)) != NULL) {
        count++;
        at++;
    }
    return count;
}

/* A call whose frame has about so many bytes. */
static void call_large(struct world *w, size_t bytes)
{
    static const char head[] = "{\"action\":\"write\",\"params\":{\"x\":\"";
    struct buffer request = {0};
    char *filler = mem_zalloc(1, bytes);
    memset(filler, 'x', bytes);
    buffer_append_string(&request, head);
    buffer_append(&request, filler, bytes);
    buffer_append(&request, "\"}}", sizeof("\"}}")); /* and a NUL */
    world_call(w, request.data);
    free(filler);
    buffer_finish(&request);
}

TEST(calls_held_for_an_absent_peer_are_bounded_together)
{
    struct world *w = world_create_sized(1, 100, 48 * MIB);
    for (int i = 0; i < 8; i++)
        call_large(w, 10 * MIB);
    CHECK_EQ(w->reply_count, 2);
    CHECK_STR(world_reply(w, 0)->error, "busy");
    world_call(w, WRITE);
    CHECK_EQ(w->reply_count, 2);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    CHECK_EQ(w->frame_count, 7);
    world_unlink(w, link); /* tells those 7 */
    CHECK_EQ(w->reply_count, 9);
    call_large(w, 40 * MIB);
    CHECK_EQ(w->reply_count, 9);
    world_destroy(w);
}

TEST(what_a_held_call_took_is_free_once_the_grace_is_over)
{
    struct world *w = world_create_sized(1, 100, 48 * MIB);
    for (int i = 0; i < 6; i++)
        call_large(w, 10 * MIB);
    world_advance_ms(w, WORLD_GRACE_MS);
    CHECK_EQ(w->reply_count, 6);
    world_unlink(w, world_link(w, 0, LINK_UNIVERSAL));
    call_large(w, 40 * MIB);
    CHECK_EQ(w->reply_count, 6);
    world_destroy(w);
}

TEST(refused_calls_are_told_of_once_a_minute_for_each_error)
{
    struct world *w = world_create(2);
    for (int i = 0; i < 100; i++) {
        world_call(w, "{}");
        world_call(w, WRITE);
    }
    CHECK_EQ(count_lines(w, "call: refused"), 2);
    CHECK_EQ(count_lines(w, "error=bad_request caller=caller why=\"action: "),
             1);
    CHECK_EQ(count_lines(w, "error=account_required"), 1);
    world_advance_ms(w, MINUTE_MS);
    world_call(w, "{}");
    CHECK_EQ(count_lines(w, "count=100"), 1);
    world_destroy(w);
}

TEST(parameters_without_a_json_form_and_too_large_a_call_are_told_of)
{
    struct world *w = world_create(1);
    world_link(w, 0, LINK_UNIVERSAL);
    static const char nan[] = "\x82\xa6"
                              "action\xa1"
                              "a\xa6params\x81\xa1x\xcb\x7f\xf8\0\0\0\0\0\0";
    bridge_on_call(w->bridge, (void *)++w->tickets, (struct slice){0},
                   (struct slice){nan, sizeof(nan) - 1}, w->now);
    CHECK_EQ(count_lines(w, "refused error=bad_request"), 1);
    call_large(w, WORLD_REQUEST_BYTES_MAX);
    CHECK_EQ(count_lines(w, "refused error=too_large"), 1);
    world_destroy(w);
}

SUITE(refusals, calls_held_for_an_absent_peer_are_bounded_together,
      what_a_held_call_took_is_free_once_the_grace_is_over,
      refused_calls_are_told_of_once_a_minute_for_each_error,
      parameters_without_a_json_form_and_too_large_a_call_are_told_of)
