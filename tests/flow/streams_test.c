/* SPDX-License-Identifier: MIT */
/* Actions that are answered several times: their caller gets one reply. */
#include <stdio.h>

#include "check.h"
#include "world.h"

enum {
    TEXT_SIZE = 8192,
    TIMEOUT_MS = 10 * 1000, /* of DOWNLOAD */
    STREAM_MS_MAX = 30 * 60 * 1000,
};

static const char DOWNLOAD[] =
    "{\"action\":\"download_file_stream\",\"params\":{\"file\":\"f\"},"
    "\"timeout\":10000}";

#define INFO                                                                   \
    "{\"type\":\"stream\",\"data_type\":\"file_info\",\"file_name\":\"a\"}"
#define CHUNK                                                                  \
    "{\"type\":\"stream\",\"data_type\":\"file_chunk\",\"index\":0,"           \
    "\"data\":\"aGVsbG8=\"}"
#define LAST "{\"type\":\"response\",\"total_bytes\":5}"

/* One answer to the frame with this index. */
static void answer(struct world *w, struct link *link, size_t frame,
                   const char *data)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof(text),
             "{\"status\":\"ok\",\"retcode\":0,\"data\":%s,\"echo\":\"%s\"}",
             data, w->frames[frame].echo);
    world_frame_in(w, link, text);
}

static const cJSON *data_of(const struct world *w, size_t reply)
{
    return cJSON_GetObjectItem(world_reply(w, reply)->json, "data");
}

static const char *text_of(const cJSON *json, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(json, key));
    return text == NULL ? "" : text;
}

TEST(many_answers_make_one_reply)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, DOWNLOAD);
    answer(w, link, 0, INFO);
    answer(w, link, 0, CHUNK);
    CHECK_EQ(w->reply_count, 0);
    answer(w, link, 0, LAST);
    CHECK_EQ(w->reply_count, 1);
    CHECK_STR(world_reply(w, 0)->status, "ok");
    CHECK_STR(text_of(data_of(w, 0), "file_name"), "a");
    CHECK_STR(text_of(data_of(w, 0), "data"), "aGVsbG8=");
    CHECK_STR(text_of(data_of(w, 0), "type"), "response");
    CHECK(strstr(w->log.data, "nobody waits for") == NULL);
    answer(w, link, 0, CHUNK);
    CHECK_EQ(w->reply_count, 1);
    CHECK(strstr(w->log.data, "nobody waits for") != NULL);
    world_destroy(w);
}

TEST(two_streams_do_not_mix)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, DOWNLOAD);
    world_call(w, DOWNLOAD);
    answer(w, link, 1, CHUNK);
    answer(w, link, 0, INFO);
    answer(w, link, 1, LAST);
    CHECK_EQ(world_reply(w, 0)->ticket, 2);
    CHECK_STR(text_of(data_of(w, 0), "data"), "aGVsbG8=");
    answer(w, link, 0, "{\"type\":\"response\"}");
    CHECK_EQ(world_reply(w, 1)->ticket, 1);
    CHECK_STR(text_of(data_of(w, 1), "data"), "");
    world_destroy(w);
}

TEST(each_answer_gives_the_next_its_time)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, DOWNLOAD);
    for (int i = 0; i < 5; i++) {
        world_advance_ms(w, TIMEOUT_MS - 1);
        answer(w, link, 0, INFO);
    }
    CHECK_EQ(w->reply_count, 0);
    world_advance_ms(w, TIMEOUT_MS);
    CHECK_STR(world_reply(w, 0)->error, "timeout");
    world_destroy(w);
}

TEST(a_stream_does_not_go_on_for_ever)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, DOWNLOAD);
    for (uint64_t ms = 0; ms + 9000 < STREAM_MS_MAX; ms += 9000) {
        CHECK_EQ(w->reply_count, 0);
        world_advance_ms(w, 9000);
        answer(w, link, 0, INFO);
    }
    CHECK_EQ(w->reply_count, 0);
    world_advance_ms(w, 9000);
    CHECK_STR(world_reply(w, 0)->error, "timeout");
    world_destroy(w);
}

TEST(half_a_file_is_none)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, DOWNLOAD);
    answer(w, link, 0, CHUNK);
    answer(w, link, 0, "{\"type\":\"response\",\"total_bytes\":6}");
    CHECK_STR(world_reply(w, 0)->error, "peer_error");
    CHECK_EQ(cJSON_GetObjectItem(world_reply(w, 0)->json, "retcode")->valueint,
             34000);
    CHECK_STR(text_of(world_reply(w, 0)->json, "message"),
              "the peer's answers make no whole file: 5 of 6 bytes of the "
              "file came");
    CHECK(data_of(w, 0) == NULL);
    world_destroy(w);
}

TEST(a_failure_ends_the_stream)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    char text[256];
    world_call(w, DOWNLOAD);
    answer(w, link, 0, CHUNK);
    snprintf(text, sizeof(text),
             "{\"status\":\"failed\",\"retcode\":1200,\"data\":{\"type\":"
             "\"error\"},\"message\":\"gone\",\"echo\":\"%s\"}",
             w->frames[0].echo);
    world_frame_in(w, link, text);
    CHECK_STR(world_reply(w, 0)->error, "peer_error");
    CHECK_STR(text_of(data_of(w, 0), "type"), "error");
    CHECK(cJSON_GetObjectItem(data_of(w, 0), "data") == NULL);
    CHECK_STR(text_of(world_reply(w, 0)->json, "message"), "gone");
    world_destroy(w);
}

TEST(a_link_that_drops_ends_the_stream)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, DOWNLOAD);
    answer(w, link, 0, CHUNK);
    world_unlink(w, link);
    CHECK_STR(world_reply(w, 0)->error, "not_connected");
    world_destroy(w);
}

TEST(other_actions_have_one_answer_whatever_it_says)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, "{\"action\":\"upload_file_stream\",\"params\":"
                  "{\"stream_id\":\"s\"}}");
    answer(w, link, 0, "{\"type\":\"stream\",\"status\":\"chunk_received\"}");
    CHECK_STR(world_reply(w, 0)->status, "ok");
    CHECK_STR(text_of(data_of(w, 0), "status"), "chunk_received");
    world_destroy(w);
}

/* A chunk of 3000 bytes, under an index of its own. */
static void answer_large(struct world *w, struct link *link, size_t frame,
                         int index)
{
    char data[4200];
    int size = snprintf(data, sizeof(data),
                        "{\"type\":\"stream\",\"data_type\":\"file_chunk\","
                        "\"index\":%d,\"data\":\"",
                        index);
    memset(data + size, 'A', 4000);
    snprintf(data + size + 4000, sizeof(data) - (size_t)size - 4000, "\"}");
    answer(w, link, frame, data);
}

TEST(a_stream_is_bounded)
{
    struct world *w = world_create(1);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, DOWNLOAD);
    answer_large(w, link, 0, 0);
    CHECK_EQ(w->reply_count, 0);
    answer_large(w, link, 0, 1);
    CHECK_STR(world_reply(w, 0)->error, "too_large");
    world_destroy(w);
}

TEST(streams_are_bounded_together)
{
    enum { CALLS = 8 }; /* of which six fill five times 4096 bytes */
    struct world *w = world_create_with(1, CALLS);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    for (size_t i = 0; i < CALLS; i++)
        world_call(w, DOWNLOAD);
    for (size_t i = 0; i < CALLS; i++)
        answer_large(w, link, i, 0);
    CHECK_EQ(w->reply_count, 2);
    CHECK_STR(world_reply(w, 0)->error, "busy");
    /* Whoever ends makes room. */
    answer(w, link, 0, "{\"type\":\"response\"}");
    CHECK_STR(world_reply(w, 2)->status, "ok");
    world_call(w, DOWNLOAD);
    answer_large(w, link, CALLS, 0);
    CHECK_EQ(w->reply_count, 3);
    world_destroy(w);
}

SUITE(streams, many_answers_make_one_reply, two_streams_do_not_mix,
      each_answer_gives_the_next_its_time, a_stream_does_not_go_on_for_ever,
      half_a_file_is_none, a_failure_ends_the_stream,
      a_link_that_drops_ends_the_stream,
      other_actions_have_one_answer_whatever_it_says, a_stream_is_bounded,
      streams_are_bounded_together)
