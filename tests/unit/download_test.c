/* SPDX-License-Identifier: MIT */
#include "core/download.h"

#include "check.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/pack.h"

static void pack_json(const char *json, struct buffer *out)
{
    const struct json_reader_options options = {0};
    struct json_error error;
    CHECK_EQ(json_to_msgpack(slice_of(json), &options, out, &error), STATUS_OK);
}

/* "get_image {…}", "fetch http://…", "done bytes" or "failed why". */
static void describe(struct download *download, enum download_step step,
                     struct buffer *out)
{
    const struct json_writer_options options = {0};
    struct json_error error;
    struct buffer params = {0};
    struct buffer bytes = {0};
    buffer_clear(out, (size_t)-1);
    switch (step) {
    case DOWNLOAD_ASK:
        buffer_append_string(out, download_action(download));
        buffer_append_string(out, " ");
        download_pack_params(download, &params);
        CHECK_EQ(
            json_from_msgpack(buffer_slice(&params), &options, out, &error),
            STATUS_OK);
        break;
    case DOWNLOAD_FETCH:
        buffer_append_string(out, "fetch ");
        buffer_append_string(out, download_url(download));
        break;
    case DOWNLOAD_DONE:
        buffer_append_string(out, "done ");
        download_take(download, &bytes);
        buffer_append(out, bytes.data, bytes.size);
        break;
    case DOWNLOAD_FAILED:
        buffer_append_string(out, "failed ");
        buffer_append_string(out, download_fault(download));
        break;
    }
    buffer_finish(&params);
    buffer_finish(&bytes);
}

static void check_step(struct download *download, enum download_step step,
                       const char *expected)
{
    struct buffer text = {0};
    describe(download, step, &text);
    CHECK_SLICE(buffer_slice(&text), slice_of(expected));
    buffer_finish(&text);
}

static enum download_step answer(struct download *download, const char *json)
{
    struct buffer data = {0};
    pack_json(json, &data);
    enum download_step step = download_on_end(
        download, REPLY_FINE, buffer_slice(&data), (struct slice){0});
    buffer_finish(&data);
    return step;
}

static enum download_step refuse(struct download *download,
                                 enum reply_error error, const char *why)
{
    struct buffer message = {0};
    struct msgpack_packer packer = pack_into(&message);
    pack_string(&packer, why);
    enum download_step step = download_on_end(
        download, error, (struct slice){0}, buffer_slice(&message));
    buffer_finish(&message);
    return step;
}

/* What gathering.h makes of a stream. */
static enum download_step gathered(struct download *download, const char *bytes)
{
    struct buffer data = {0};
    struct msgpack_packer packer = pack_into(&data);
    msgpack_pack_map(&packer, 2);
    pack_word(&packer, "file_name", "a.png");
    pack_string(&packer, "data");
    msgpack_pack_bin(&packer, strlen(bytes));
    msgpack_pack_bin_body(&packer, bytes, strlen(bytes));
    enum download_step step = download_on_end(
        download, REPLY_FINE, buffer_slice(&data), (struct slice){0});
    buffer_finish(&data);
    return step;
}

static struct download *image(void)
{
    const struct download_options options = {
        .kind = DOWNLOAD_IMAGE,
        .file = slice_of("A.png"),
        .url = slice_of("https://qq/old"),
        .bytes_max = 10,
    };
    return download_create(&options);
}

TEST(an_answer_may_have_the_bytes_or_say_where_they_are)
{
    static const struct {
        const char *answer, *step;
    } rows[] = {
        {"{\"base64\":\"Zm9v\",\"url\":\"http://x\"}", "done foo"},
        {"{\"base64\":\"base64://Zm9v\"}", "done foo"},
        {"{\"file\":\"base64://Zm9v\"}", "done foo"},
        {"{\"file\":\"/x\",\"url\":\"https://x/y\"}", "fetch https://x/y"},
        {"{\"file\":\"HTTP://x/y\",\"url\":\"/x\"}", "fetch HTTP://x/y"},
        {"{\"file\":\"/x\",\"url\":\"/x\"}", "get_file {\"file\":\"A.png\"}"},
        {"{\"base64\":\"Zg\"}", "get_file {\"file\":\"A.png\"}"},
        {"{}", "get_file {\"file\":\"A.png\"}"},
        {"null", "get_file {\"file\":\"A.png\"}"},
        {"{\"base64\":\"Zm9vZm9vZm9vZm9v\"}",
         "failed get_image: the file is larger than mediaMaxMb allows"},
        {"{\"url\":\"http://x\",\"file_size\":\"11\"}",
         "failed get_image: the file is larger than mediaMaxMb allows"},
        {"{\"url\":\"http://x\",\"file_size\":11}",
         "failed get_image: the file is larger than mediaMaxMb allows"},
        {"{\"url\":\"http://x\",\"file_size\":10}", "fetch http://x"},
        {"{\"url\":\"http://x\",\"file_size\":\"?\"}", "fetch http://x"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct download *download = image();
        check_step(download, download_begin(download),
                   "get_image {\"file\":\"A.png\"}");
        check_step(download, answer(download, rows[i].answer), rows[i].step);
        download_destroy(download);
    }
}

TEST(one_way_after_the_other_is_tried)
{
    struct download *download = image();
    (void)download_begin(download);
    check_step(download, answer(download, "{\"file\":\"/tmp/a\"}"),
               "get_file {\"file\":\"A.png\"}");
    check_step(download, refuse(download, REPLY_PEER_ERROR, "gone"),
               "download_file_image_stream {\"file\":\"A.png\"}");
    check_step(download, refuse(download, REPLY_UNKNOWN_ACTION, ""),
               "fetch https://qq/old");
    check_step(download, download_on_loaded(download, NULL, "HTTP 403"),
               "failed get_image: it lies on the peer's own disk: /tmp/a; "
               "get_file: the peer says: gone; download_file_image_stream: the "
               "peer does not know it; the address in the message: HTTP 403");
    CHECK_EQ(download_error(download), REPLY_PEER_ERROR);
    download_destroy(download);
}

TEST(a_stream_brings_the_bytes_and_the_name)
{
    struct download *download = image();
    (void)download_begin(download);
    (void)answer(download, "{}");
    (void)answer(download, "{}");
    check_step(download, gathered(download, "bytes"), "done bytes");
    CHECK_SLICE(download_name(download), slice_of("a.png"));
    download_destroy(download);
    download = image();
    (void)download_begin(download);
    check_step(download, gathered(download, "bytes and more"),
               "failed get_image: the file is larger than mediaMaxMb allows");
    CHECK_EQ(download_error(download), REPLY_TOO_LARGE);
    download_destroy(download);
}

TEST(an_address_that_fails_leads_on)
{
    struct buffer bytes = {0};
    struct download *download = image();
    (void)download_begin(download);
    (void)answer(download, "{\"url\":\"http://x\"}");
    check_step(download, download_on_loaded(download, NULL, "HTTP 404"),
               "get_file {\"file\":\"A.png\"}");
    (void)answer(download, "{\"url\":\"http://y\"}");
    buffer_append_string(&bytes, "loaded");
    check_step(download, download_on_loaded(download, &bytes, NULL),
               "done loaded");
    CHECK(bytes.data == NULL);
    download_destroy(download);
}

TEST(a_peer_that_is_not_there_is_not_asked_again)
{
    struct download *download = image();
    (void)download_begin(download);
    check_step(download, refuse(download, REPLY_TIMEOUT, ""),
               "failed get_image: no answer");
    CHECK_EQ(download_error(download), REPLY_TIMEOUT);
    download_destroy(download);
}

static void check_first(const struct download_options *options,
                        const char *const *steps)
{
    struct download *download = download_create(options);
    enum download_step step = download_begin(download);
    for (; *steps != NULL; steps++) {
        check_step(download, step, *steps);
        if (step == DOWNLOAD_ASK)
            step = answer(download, "{}");
        else if (step == DOWNLOAD_FETCH)
            step = download_on_loaded(download, NULL, "HTTP 404");
    }
    CHECK_EQ(step, DOWNLOAD_FAILED);
    download_destroy(download);
}

TEST(the_ways_depend_on_what_it_is_and_what_is_known)
{
    const struct download_options record = {
        .kind = DOWNLOAD_RECORD,
        .file = slice_of("a.amr"),
        .out_format = slice_of("wav"),
    };
    const struct download_options video = {
        .kind = DOWNLOAD_VIDEO,
        .file_id = slice_of("v1"),
    };
    const struct download_options of_group = {
        .kind = DOWNLOAD_FILE,
        .file = slice_of("a.txt"),
        .file_id = slice_of("/1"),
        .group_id = 123,
    };
    const struct download_options of_friend = {
        .kind = DOWNLOAD_FILE,
        .file_id = slice_of("/1"),
    };
    const struct download_options url_only = {
        .kind = DOWNLOAD_IMAGE,
        .url = slice_of("http://x"),
    };
    const struct download_options nothing = {.kind = DOWNLOAD_RECORD};
    check_first(&record,
                (const char *const[]){
                    "get_record {\"file\":\"a.amr\",\"out_format\":\"wav\"}",
                    "download_file_record_stream {\"file\":\"a.amr\",\"out_"
                    "format\":\"wav\"}",
                    NULL});
    check_first(&video,
                (const char *const[]){
                    "get_file {\"file\":\"v1\",\"file_id\":\"v1\"}",
                    "download_file_stream {\"file\":\"v1\",\"file_id\":\"v1\"}",
                    NULL});
    check_first(
        &of_group,
        (const char *const[]){
            "get_file {\"file\":\"a.txt\",\"file_id\":\"/1\"}",
            "get_group_file_url {\"group_id\":123,\"file_id\":\"/1\"}",
            "download_file_stream {\"file\":\"a.txt\",\"file_id\":\"/1\"}",
            NULL});
    check_first(&of_friend,
                (const char *const[]){
                    "get_file {\"file\":\"/1\",\"file_id\":\"/1\"}",
                    "get_private_file_url {\"file_id\":\"/1\"}",
                    "download_file_stream {\"file\":\"/1\",\"file_id\":\"/1\"}",
                    NULL});
    check_first(&url_only, (const char *const[]){"fetch http://x", NULL});
    check_first(&nothing, (const char *const[]){NULL});
}

TEST(a_long_fault_is_cut_between_characters)
{
    struct download *download = image();
    struct buffer path = {0};
    buffer_append_string(&path, "{\"file\":\"/x");
    for (int i = 0; i < 300; i++)
        buffer_append_string(&path, "\xe4\xbd\xa0");
    buffer_append(&path, "\"}", 3);
    (void)download_begin(download);
    (void)answer(download, path.data);
    const char *fault = download_fault(download);
    CHECK(strlen(fault) < DOWNLOAD_FAULT_SIZE);
    CHECK(strlen(fault) > DOWNLOAD_FAULT_SIZE - 5);
    CHECK_STR(fault + strlen(fault) - 3, "\xe4\xbd\xa0");
    (void)answer(download, path.data);
    CHECK(strlen(download_fault(download)) < DOWNLOAD_FAULT_SIZE);
    download_destroy(download);
    download_destroy(NULL);
    buffer_finish(&path);
}

TEST(kinds_have_the_names_of_segments)
{
    enum download_kind kind = DOWNLOAD_KINDS;
    CHECK(download_kind_of(slice_of("record"), &kind));
    CHECK_EQ(kind, DOWNLOAD_RECORD);
    CHECK(!download_kind_of(slice_of("text"), &kind));
}

SUITE(download, an_answer_may_have_the_bytes_or_say_where_they_are,
      one_way_after_the_other_is_tried, a_stream_brings_the_bytes_and_the_name,
      an_address_that_fails_leads_on,
      a_peer_that_is_not_there_is_not_asked_again,
      the_ways_depend_on_what_it_is_and_what_is_known,
      a_long_fault_is_cut_between_characters, kinds_have_the_names_of_segments)
