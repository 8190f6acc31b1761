/* SPDX-License-Identifier: MIT */
/* Files on their way to a peer, before the call that needs them. */
#include <stdlib.h>

#include "check.h"
#include "core/pack.h"
#include "world.h"

enum {
    TEXT_SIZE = 1024,
    FRAME_BYTES_MAX = 1 << 20,
    CHUNK_TIMEOUT_MS = 30 * 1000,
    ONE_CHUNK = 2000,
    TWO_CHUNKS = 300 * 1000,
};

static struct world *create(bool fetches)
{
    static struct account_options account;
    struct world *w = world_create_sized(1, 8, FRAME_BYTES_MAX);
    account = world_account(0);
    w->app_name = "NapCat.Onebot";
    w->app_version = "4.8.120";
    w->options.accounts = &account;
    w->options.media.fetches = fetches;
    bridge_reconfigure(w->bridge, &w->options, w->now);
    return w;
}

/* ---- what callers send ------------------------------------------------- */

static void append_image(struct buffer *request, size_t bytes)
{
    buffer_append_string(request, "{\"type\":\"image\",\"data\":{\"file\":"
                                  "\"base64://");
    for (size_t i = 0; i < bytes; i += 3)
        buffer_append_string(request, "QUFB");
    buffer_append_string(request, "\"}}");
}

/* A message of so many images, of so many bytes each. */
static void call(struct world *w, const char *more, size_t images, size_t bytes)
{
    struct buffer request = {0};
    buffer_append_string(&request, "{\"action\":\"send_group_msg\",");
    buffer_append_string(&request, more);
    buffer_append_string(&request, "\"params\":{\"group_id\":20001,"
                                   "\"message\":[");
    for (size_t i = 0; i < images; i++) {
        if (i > 0)
            buffer_append_string(&request, ",");
        append_image(&request, bytes);
    }
    buffer_append(&request, "]}}", sizeof("]}}")); /* and a NUL */
    world_call(w, request.data);
    world_advance_ms(w, 0);
    buffer_finish(&request);
}

#define SEND_URL                                                               \
    "{\"action\":\"send_group_msg\",\"params\":{\"group_id\":20001,"           \
    "\"message\":[{\"type\":\"image\",\"data\":{\"file\":"                     \
    "\"http://example.org/a.png\"}}]}}"
#define SEND_TEXT                                                              \
    "{\"action\":\"send_group_msg\",\"params\":{\"group_id\":20001,"           \
    "\"message\":\"later\"}}"

/* ---- what the peer answers --------------------------------------------- */

static void answer_with(struct world *w, struct link *link, size_t frame,
                        const char *members)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof(text), "{%s,\"echo\":\"%s\"}", members,
             w->frames[frame].echo);
    world_frame_in(w, link, text);
    world_advance_ms(w, 0);
}

#define OK(data) "\"status\":\"ok\",\"retcode\":0,\"data\":" data
#define RECEIVED(count)                                                        \
    OK("{\"type\":\"stream\",\"received_chunks\":" count "}")
#define PUT_AT(path) OK("{\"type\":\"response\",\"file_path\":\"" path "\"}")
#define UNKNOWN      "\"status\":\"failed\",\"retcode\":1404,\"data\":null"
#define REFUSED                                                                \
    "\"status\":\"failed\",\"retcode\":1200,\"data\":null,"                    \
    "\"message\":\"disk full\""

static bool is_frame(const struct world *w, size_t index, const char *action,
                     const char *part)
{
    char start[96];
    snprintf(start, sizeof(start), "{\"action\":\"%s\",", action);
    return index < w->frame_count &&
           strncmp(w->frames[index].text, start, strlen(start)) == 0 &&
           strstr(w->frames[index].text, part) != NULL;
}

#define IS_UPLOAD(w, index, part)                                              \
    CHECK(is_frame((w), (index), "upload_file_stream", (part)))
#define IS_MESSAGE(w, index, part)                                             \
    CHECK(is_frame((w), (index), "send_group_msg", (part)))

static void check_reply(const struct world *w, size_t index, const char *fate,
                        const char *message)
{
    const struct world_reply *reply = world_reply(w, index);
    CHECK_EQ(w->reply_count, index + 1);
    if (reply == NULL)
        return;
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItem(reply->json, "message"));
    CHECK_STR(reply->error[0] != '\0' ? reply->error : reply->status, fate);
    CHECK(strstr(text == NULL ? "" : text, message) != NULL);
}

/* ---- in the parameters, and uploaded ----------------------------------- */

static void call_packed(struct world *w, struct slice bytes)
{
    struct buffer request = {0};
    struct msgpack_packer packer = pack_into(&request);
    msgpack_pack_map(&packer, 2);
    pack_word(&packer, "action", "send_group_msg");
    pack_string(&packer, "params");
    msgpack_pack_map(&packer, 2);
    pack_number(&packer, "group_id", 20001);
    pack_string(&packer, "message");
    msgpack_pack_map(&packer, 2);
    pack_word(&packer, "type", "image");
    pack_string(&packer, "data");
    msgpack_pack_map(&packer, 1);
    pack_string(&packer, "file");
    msgpack_pack_bin(&packer, bytes.size);
    msgpack_pack_bin_body(&packer, bytes.data, bytes.size);
    bridge_on_call(w->bridge, (void *)++w->tickets, (struct slice){0},
                   buffer_slice(&request), w->now);
    buffer_finish(&request);
}

TEST(a_small_file_goes_along)
{
    struct world *w = create(false);
    world_link(w, 0, LINK_UNIVERSAL);
    call_packed(w, slice_of("hello"));
    IS_MESSAGE(w, 0, "\"file\":\"base64://aGVsbG8=\"");
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

TEST(a_large_file_goes_first)
{
    struct world *w = create(false);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call(w, "", 1, TWO_CHUNKS);
    IS_UPLOAD(w, 0, "\"chunk_index\":0,\"total_chunks\":2");
    answer_with(w, link, 0, RECEIVED("1"));
    IS_UPLOAD(w, 1, "\"chunk_index\":1");
    answer_with(w, link, 1, RECEIVED("2"));
    IS_UPLOAD(w, 2, "\"is_complete\":true");
    CHECK_EQ(w->frame_count, 3);
    answer_with(w, link, 2, PUT_AT("/tmp/a"));
    IS_MESSAGE(w, 3, "/tmp/a\"");
    CHECK_EQ(w->reply_count, 0);
    world_answer(w, link, 3);
    check_reply(w, 0, "ok", "");
    CHECK_EQ(w->frame_count, 4);
    world_destroy(w);
}

TEST(files_go_one_after_the_other_and_the_chat_waits)
{
    struct world *w = create(false);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call(w, "", 2, ONE_CHUNK);
    world_call(w, SEND_TEXT);
    CHECK_EQ(w->frame_count, 1);
    answer_with(w, link, 0, RECEIVED("1"));
    answer_with(w, link, 1, PUT_AT("/tmp/a"));
    IS_UPLOAD(w, 2, "\"chunk_index\":0,\"total_chunks\":1");
    answer_with(w, link, 2, RECEIVED("1"));
    answer_with(w, link, 3, PUT_AT("/tmp/b"));
    IS_MESSAGE(w, 4, "/tmp/a\"");
    IS_MESSAGE(w, 4, "/tmp/b\"");
    IS_MESSAGE(w, 5, "later");
    CHECK_EQ(w->frame_count, 6);
    world_destroy(w);
}

TEST(an_upload_goes_on_where_it_was_lost)
{
    struct world *w = create(false);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call(w, "\"timeout\":120000,", 1, TWO_CHUNKS);
    answer_with(w, link, 0, RECEIVED("1"));
    world_advance_ms(w, CHUNK_TIMEOUT_MS - 1);
    CHECK_EQ(w->frame_count, 2);
    world_advance_ms(w, 1);
    IS_UPLOAD(w, 2, "\"verify_only\":true");
    answer_with(w, link, 2, RECEIVED("1"));
    IS_UPLOAD(w, 3, "\"chunk_index\":1");
    answer_with(w, link, 3, RECEIVED("2"));
    answer_with(w, link, 4, PUT_AT("/tmp/a"));
    IS_MESSAGE(w, 5, "/tmp/a\"");
    CHECK_EQ(w->reply_count, 0);
    world_destroy(w);
}

TEST(an_upload_goes_on_over_the_next_link)
{
    struct world *w = create(false);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call(w, "", 1, ONE_CHUNK);
    world_unlink(w, link);
    CHECK_EQ(w->reply_count, 0);
    link = world_link(w, 0, LINK_UNIVERSAL);
    IS_UPLOAD(w, 1, "\"verify_only\":true");
    answer_with(w, link, 1, RECEIVED("1"));
    answer_with(w, link, 2, PUT_AT("/tmp/a"));
    IS_MESSAGE(w, 3, "/tmp/a\"");
    world_destroy(w);
}

TEST(an_upload_waits_for_a_link_no_longer_than_a_call)
{
    struct world *w = create(false);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call(w, "", 1, ONE_CHUNK);
    world_unlink(w, link);
    world_advance_ms(w, WORLD_GRACE_MS);
    check_reply(w, 0, "not_connected", "twice not answered");
    CHECK_EQ(w->frame_count, 1);
    world_destroy(w);
}

TEST(a_peer_without_uploads_gets_the_whole_from_then_on)
{
    struct world *w = create(false);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call(w, "", 2, ONE_CHUNK);
    IS_UPLOAD(w, 0, "\"chunk_index\":0");
    answer_with(w, link, 0, UNKNOWN);
    CHECK_EQ(w->frame_count, 2);
    IS_MESSAGE(w, 1, "base64://QUFB");
    world_answer(w, link, 1);
    call(w, "", 1, ONE_CHUNK);
    IS_MESSAGE(w, 2, "base64://QUFB");
    world_destroy(w);
}

TEST(what_the_peer_refuses_is_not_sent)
{
    struct world *w = create(false);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call(w, "\"id\":\"i-1\",", 1, ONE_CHUNK);
    answer_with(w, link, 0, REFUSED);
    check_reply(w, 0, "peer_error", "the peer says: disk full");
    CHECK_EQ(w->frame_count, 1);
    CHECK_EQ(w->forgotten_count, 1); /* it may be tried again */
    call(w, "\"id\":\"i-1\",", 1, ONE_CHUNK);
    IS_UPLOAD(w, 1, "\"chunk_index\":0");
    world_destroy(w);
}

TEST(broken_base64_is_found_on_the_way)
{
    struct world *w = create(false);
    struct buffer request = {0};
    world_link(w, 0, LINK_UNIVERSAL);
    buffer_append_string(&request, "{\"action\":\"send_group_msg\",\"params\":"
                                   "{\"group_id\":20001,\"message\":[");
    append_image(&request, ONE_CHUNK);
    buffer_append(&request, "]}}", sizeof("]}}"));
    *strstr(request.data, "QUFB") = '*';
    world_call(w, request.data);
    world_advance_ms(w, 0);
    check_reply(w, 0, "bad_params", "base64");
    CHECK_EQ(w->frame_count, 0);
    buffer_finish(&request);
    world_destroy(w);
}

TEST(at_the_deadline_an_upload_is_given_up)
{
    struct world *w = create(false);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    call(w, "\"timeout\":100,", 1, ONE_CHUNK);
    world_call(w, SEND_TEXT);
    world_advance_ms(w, 100);
    check_reply(w, 0, "timeout", "");
    IS_MESSAGE(w, 1, "later"); /* nothing holds it back any more */
    answer_with(w, link, 0, RECEIVED("1"));
    CHECK_EQ(w->frame_count, 2);
    CHECK_EQ(w->reply_count, 1);
    world_destroy(w);
}

TEST(a_large_file_has_more_time)
{
    struct world *w = create(false);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    w->options.write_timeout_ms = 1000;
    bridge_reconfigure(w->bridge, &w->options, w->now);
    call(w, "", 1, TWO_CHUNKS);
    world_advance_ms(w, 10 * 1000);
    CHECK_EQ(w->reply_count, 0);
    answer_with(w, link, 0, RECEIVED("1"));
    world_advance_ms(w, 2000);
    check_reply(w, 0, "timeout", "");
    world_destroy(w);
}

/* ---- fetched ----------------------------------------------------------- */

TEST(a_url_is_passed_on_unless_the_bridge_is_to_load_it)
{
    struct world *w = create(false);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND_URL);
    IS_MESSAGE(w, 0, "http://example.org/a.png");
    CHECK_EQ(w->fetch_count, 0);
    world_destroy(w);
}

TEST(what_was_fetched_goes_along)
{
    struct world *w = create(true);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND_URL);
    CHECK_EQ(w->frame_count, 0);
    CHECK_EQ(w->fetch_count, 1);
    CHECK_STR(w->url, "http://example.org/a.png");
    world_fetched(w, "hello", NULL);
    IS_MESSAGE(w, 0, "\"base64://aGVsbG8=\"");
    world_destroy(w);
}

TEST(what_was_fetched_is_uploaded_if_it_is_large)
{
    struct world *w = create(true);
    struct link *link = world_link(w, 0, LINK_UNIVERSAL);
    char *bytes = calloc(1, ONE_CHUNK + 1);
    memset(bytes, 'x', ONE_CHUNK);
    world_call(w, SEND_URL);
    world_fetched(w, bytes, NULL);
    world_advance_ms(w, 0);
    IS_UPLOAD(w, 0, "\"file_size\":2000");
    answer_with(w, link, 0, RECEIVED("1"));
    answer_with(w, link, 1, PUT_AT("/tmp/a"));
    IS_MESSAGE(w, 2, "/tmp/a\"");
    free(bytes);
    world_destroy(w);
}

TEST(what_cannot_be_fetched_is_not_sent)
{
    struct world *w = create(true);
    struct buffer none = {0};
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND_URL);
    world_fetched(w, NULL, "HTTP 404");
    check_reply(w, 0, "bad_params", "HTTP 404");
    world_call(w, SEND_URL);
    bridge_on_fetched(w->bridge, w->fetch_cookie, REPLY_DENIED, &none,
                      "not a public address", w->now);
    check_reply(w, 1, "denied", "not a public address");
    w->refuse_fetches = true;
    world_call(w, SEND_URL);
    check_reply(w, 2, "busy", "too much is being loaded already");
    CHECK_EQ(w->frame_count, 0);
    world_destroy(w);
}

TEST(what_is_fetched_for_nobody_is_left_alone)
{
    struct world *w = create(true);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND_URL);
    bridge_stop(w->bridge, w->now);
    check_reply(w, 0, "shutting_down", "nothing was sent");
    world_fetched(w, "hello", NULL);
    CHECK_EQ(w->frame_count, 0);
    CHECK_EQ(w->reply_count, 1);
    world_destroy(w);
}

TEST(at_the_end_of_the_bridge_all_of_it_is_freed)
{
    struct world *w = create(true);
    world_link(w, 0, LINK_UNIVERSAL);
    world_call(w, SEND_URL);
    call(w, "", 1, TWO_CHUNKS);
    CHECK_EQ(w->reply_count, 0);
    world_destroy(w);
}

SUITE(preparing, a_small_file_goes_along, a_large_file_goes_first,
      files_go_one_after_the_other_and_the_chat_waits,
      an_upload_goes_on_where_it_was_lost, an_upload_goes_on_over_the_next_link,
      an_upload_waits_for_a_link_no_longer_than_a_call,
      a_peer_without_uploads_gets_the_whole_from_then_on,
      what_the_peer_refuses_is_not_sent, broken_base64_is_found_on_the_way,
      at_the_deadline_an_upload_is_given_up, a_large_file_has_more_time,
      a_url_is_passed_on_unless_the_bridge_is_to_load_it,
      what_was_fetched_goes_along, what_was_fetched_is_uploaded_if_it_is_large,
      what_cannot_be_fetched_is_not_sent,
      what_is_fetched_for_nobody_is_left_alone,
      at_the_end_of_the_bridge_all_of_it_is_freed)
