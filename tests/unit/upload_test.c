/* SPDX-License-Identifier: MIT */
#include "core/upload.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/digest.h"
#include "check.h"
#include "core/mp.h"
#include "core/pack.h"

/* A peer as NapCat is: one stream, put together at the end. */
struct peer {
    struct buffer file;
    int64_t received, total;
    bool has_stream;
    struct buffer name;
    char sum[DIGEST_HEX_SIZE]; /* as it was told */
    size_t calls;
    size_t largest; /* of the parameters */
    /* Told to misbehave, by the number of the call. */
    size_t lose_answer[2]; /* it is done, but not answered */
    size_t lose_call[2];   /* it never comes */
    size_t forget;         /* before this call */
    bool is_ignorant, lies_about_sum, lies_about_size, names_no_path;
};

static struct slice string_in(struct slice map, const char *key)
{
    struct slice value;
    struct slice text = {0};
    if (mp_find(map, key, &value))
        CHECK(mp_read_str(value, &text));
    return text;
}

static int64_t number_in(struct slice map, const char *key)
{
    struct slice value;
    int64_t number = -1;
    if (mp_find(map, key, &value))
        CHECK(mp_read_int(value, &number));
    return number;
}

static bool has(struct slice map, const char *key)
{
    struct slice value;
    return mp_find(map, key, &value);
}

static void forget(struct peer *peer)
{
    buffer_clear(&peer->file, SIZE_MAX);
    peer->received = peer->total = 0;
    peer->has_stream = false;
}

static void pack_count(const struct peer *peer, struct buffer *data)
{
    struct msgpack_packer packer = pack_into(data);
    msgpack_pack_map(&packer, 3);
    pack_word(&packer, "type", "stream");
    pack_number(&packer, "received_chunks", (uint64_t)peer->received);
    pack_number(&packer, "total_chunks", (uint64_t)peer->total);
}

static enum reply_error take_chunk(struct peer *peer, struct slice params,
                                   struct buffer *data)
{
    if (!peer->has_stream) {
        struct slice name = string_in(params, "filename");
        struct slice sum = string_in(params, "expected_sha256");
        forget(peer);
        peer->has_stream = true;
        peer->total = number_in(params, "total_chunks");
        buffer_clear(&peer->name, SIZE_MAX);
        buffer_append(&peer->name, name.data, name.size);
        CHECK_EQ(sum.size, DIGEST_HEX_SIZE - 1);
        snprintf(peer->sum, sizeof(peer->sum), "%.*s", (int)sum.size, sum.data);
    }
    if (number_in(params, "chunk_index") == peer->received) {
        CHECK_EQ(base64_decode(string_in(params, "chunk_data"), &peer->file),
                 STATUS_OK);
        peer->received++;
    }
    pack_count(peer, data);
    return REPLY_FINE;
}

static enum reply_error put_together(struct peer *peer, struct buffer *data)
{
    struct msgpack_packer packer = pack_into(data);
    unsigned char sum[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    digest_of(buffer_slice(&peer->file), sum);
    digest_hex(sum, hex);
    if (peer->received != peer->total || strcmp(hex, peer->sum) != 0) {
        pack_string(&packer, "SHA256 mismatch");
        return REPLY_PEER_ERROR;
    }
    if (peer->lies_about_sum)
        hex[0] = hex[0] == '0' ? '1' : '0';
    msgpack_pack_map(&packer, peer->names_no_path ? 2 : 3);
    if (!peer->names_no_path)
        pack_word(&packer, "file_path", "/tmp/x");
    pack_number(&packer, "file_size",
                peer->file.size + (peer->lies_about_size ? 1 : 0));
    pack_word(&packer, "sha256", hex);
    peer->has_stream = false;
    return REPLY_FINE;
}

/* `data` gets the answer's data, or its message if it fails. */
static enum reply_error answer(struct peer *peer, struct slice params,
                               struct buffer *data)
{
    struct msgpack_packer packer = pack_into(data);
    if (peer->is_ignorant)
        return REPLY_UNKNOWN_ACTION;
    if (has(params, "reset")) {
        forget(peer);
        pack_string(&packer, "Stream reset completed");
        return REPLY_PEER_ERROR;
    }
    if (has(params, "chunk_data"))
        return take_chunk(peer, params, data);
    if (!peer->has_stream) {
        pack_string(&packer, "Stream not found");
        return REPLY_PEER_ERROR;
    }
    if (has(params, "is_complete"))
        return put_together(peer, data);
    pack_count(peer, data);
    return REPLY_FINE;
}

static bool is_one_of(size_t call, const size_t calls[2])
{
    return call == calls[0] || call == calls[1];
}

static enum upload_step step(struct upload *upload, struct peer *peer)
{
    struct buffer params = {0};
    struct buffer data = {0};
    const struct slice none = {0};
    enum reply_error error = REPLY_TIMEOUT;
    peer->calls++;
    upload_next(upload, &params);
    if (params.size > peer->largest)
        peer->largest = params.size;
    if (peer->calls == peer->forget)
        forget(peer);
    if (!is_one_of(peer->calls, peer->lose_call))
        error = answer(peer, buffer_slice(&params), &data);
    if (is_one_of(peer->calls, peer->lose_answer))
        error = REPLY_NOT_CONNECTED;
    enum upload_step result = upload_on_end(
        upload, error, error == REPLY_FINE ? buffer_slice(&data) : none,
        error == REPLY_PEER_ERROR ? buffer_slice(&data) : none);
    buffer_finish(&params);
    buffer_finish(&data);
    return result;
}

static enum upload_step run(struct upload *upload, struct peer *peer)
{
    enum upload_step result = UPLOAD_MORE;
    while (result == UPLOAD_MORE)
        result = upload_hash_step(upload);
    if (result != UPLOAD_DONE)
        return result;
    do
        result = step(upload, peer);
    while (result == UPLOAD_MORE);
    return result;
}

/* Bytes that differ from chunk to chunk. */
static struct buffer file_of(size_t size)
{
    struct buffer file = {0};
    uint32_t state = 1;
    buffer_reserve(&file, size);
    for (size_t i = 0; i < size; i++) {
        state = state * 1664525 + 1013904223;
        file.data[i] = (char)(state >> 24);
    }
    file.size = size;
    return file;
}

static void finish(struct peer *peer)
{
    buffer_finish(&peer->file);
    buffer_finish(&peer->name);
}

static const struct upload_options NAMED = {
    .name = {"a.png", 5},
    .stream_id = "s1",
};

static struct upload *upload_of(const struct buffer *file)
{
    struct upload_options options = NAMED;
    options.bytes = buffer_slice(file);
    return upload_create(&options);
}

/* Of three chunks. */
enum { THREE_CHUNKS = 2 * UPLOAD_CHUNK_BYTES + 100 };

/* How an upload of three chunks to `peer` ends; `fault` is why. */
static enum upload_step run_against(struct peer *peer, const char *fault)
{
    struct buffer file = file_of(THREE_CHUNKS);
    struct upload *upload = upload_of(&file);
    enum upload_step result = run(upload, peer);
    CHECK_STR(upload_fault(upload), fault);
    if (result == UPLOAD_DONE) {
        CHECK_SLICE(upload_path(upload), slice_of("/tmp/x"));
        CHECK_EQ(peer->file.size, file.size);
        CHECK(memcmp(peer->file.data, file.data, file.size) == 0);
    }
    upload_destroy(upload);
    buffer_finish(&file);
    return result;
}

TEST(a_file_arrives_in_chunks)
{
    static const size_t sizes[] = {
        1,
        2,
        3,
        UPLOAD_CHUNK_BYTES - 1,
        UPLOAD_CHUNK_BYTES,
        UPLOAD_CHUNK_BYTES + 1,
        3000000,
    };
    for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct peer peer = {0};
        struct buffer file = file_of(sizes[i / 2]);
        struct buffer text = {0};
        struct upload_options options = NAMED;
        base64_append(&text, buffer_slice(&file));
        options.is_base64 = i % 2 == 1;
        options.bytes = buffer_slice(options.is_base64 ? &text : &file);
        struct upload *upload = upload_create(&options);
        CHECK_EQ(run(upload, &peer), UPLOAD_DONE);
        CHECK_SLICE(upload_path(upload), slice_of("/tmp/x"));
        CHECK_SLICE(buffer_slice(&peer.name), slice_of("s1-a.png"));
        CHECK_EQ(peer.file.size, file.size);
        CHECK(memcmp(peer.file.data, file.data, file.size) == 0);
        CHECK(peer.largest < base64_text_size(UPLOAD_CHUNK_BYTES) + 512);
        upload_destroy(upload);
        buffer_finish(&file);
        buffer_finish(&text);
        finish(&peer);
    }
}

TEST(what_was_lost_is_sent_again_and_nothing_else)
{
    static const struct {
        const char *label;
        struct peer peer;
        size_t calls; /* three chunks and the end are four */
    } rows[] = {
        {"nothing", {.calls = 0}, 4},
        {"the first call", {.lose_call = {1}}, 6},
        {"the first answer", {.lose_answer = {1}}, 5},
        {"the second call", {.lose_call = {2}}, 6},
        {"the second answer", {.lose_answer = {2}}, 5},
        {"the last answer", {.lose_answer = {3}}, 5},
        {"the call to complete", {.lose_call = {4}}, 6},
        {"the answer to it", {.lose_answer = {4}}, 9},
        {"the peer's memory", {.lose_call = {3}, .forget = 4}, 8},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct peer peer = rows[i].peer;
        if (run_against(&peer, "") != UPLOAD_DONE ||
            peer.calls != rows[i].calls) {
            CHECK_STR(rows[i].label, "arrives");
            CHECK_EQ(peer.calls, rows[i].calls);
        }
        finish(&peer);
    }
}

TEST(what_cannot_arrive_fails_with_a_reason)
{
    static const struct {
        struct peer peer;
        const char *fault;
    } rows[] = {
        {{.lose_call = {2, 4}}, "the peer has twice not answered"},
        {{.lose_call = {2, 3}}, "the peer has twice not answered"},
        {{.lies_about_sum = true},
         "the peer has put together a file with another SHA-256: it was "
         "damaged on the way"},
        {{.lies_about_size = true},
         "the peer has put together a file of another size"},
        {{.names_no_path = true},
         "the peer does not say where it has put the file"},
        {{.forget = 3}, "the peer has 0 chunks where it was sent 3"},
        {{.forget = 4}, "the peer says: Stream not found"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct peer peer = rows[i].peer;
        CHECK_EQ(run_against(&peer, rows[i].fault), UPLOAD_FAILED);
        finish(&peer);
    }
}

TEST(a_peer_may_not_know_the_action)
{
    struct peer peer = {.is_ignorant = true};
    CHECK_EQ(run_against(&peer, ""), UPLOAD_UNSUPPORTED);
    CHECK_EQ(peer.calls, 1);
    finish(&peer);
}

TEST(broken_base64_is_noticed_before_anything_is_sent)
{
    struct buffer text = {0};
    struct buffer file = file_of(3000000);
    base64_append(&text, buffer_slice(&file));
    static const struct {
        size_t at;
        const char *with;
    } rows[] = {
        {0, "!"},         {2000000, "\n"},  {3999999, "!"},
        {348156, "A==="}, {348156, "AA=="}, /* where a piece ends */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct peer peer = {0};
        struct upload_options options = NAMED;
        struct buffer broken = {0};
        buffer_append(&broken, text.data, text.size);
        memcpy(broken.data + rows[i].at, rows[i].with, strlen(rows[i].with));
        options.is_base64 = true;
        options.bytes = buffer_slice(&broken);
        struct upload *upload = upload_create(&options);
        CHECK_EQ(run(upload, &peer), UPLOAD_FAILED);
        CHECK_EQ(peer.calls, 0);
        CHECK(strstr(upload_fault(upload), "no base64") != NULL);
        upload_destroy(upload);
        options.bytes.size--;
        CHECK(upload_create(&options) == NULL);
        buffer_finish(&broken);
    }
    buffer_finish(&text);
    buffer_finish(&file);
}

TEST(names_are_harmless_and_not_longer_than_they_may_be)
{
    static const struct {
        const char *name, *safe;
    } rows[] = {
        {"", "s1"},
        {"../../etc/passwd", "s1-.._.._etc_passwd"},
        {"a\\b:c\n\x7f", "s1-a_b_c__"},
        {"\xe4\xbd\xa0.png", "s1-\xe4\xbd\xa0.png"},
        {"\xff.png", "s1-_.png"},
        {"x01234567890123456789012345678901234567890123456789"
         "01234567890123456789012345678901234567890123456789",
         "s1-01234567890123456789012345678901234567890123456789"
         "01234567890123456789012345678901234567890123456789"},
        {"\xe4\xbd\xa0 1234567890123456789012345678901234567890123456789"
         "01234567890123456789012345678901234567890123456789",
         "s1- 1234567890123456789012345678901234567890123456789"
         "01234567890123456789012345678901234567890123456789"},
    };
    struct buffer file = file_of(1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct peer peer = {0};
        struct upload_options options = NAMED;
        options.bytes = buffer_slice(&file);
        options.name = slice_of(rows[i].name);
        struct upload *upload = upload_create(&options);
        CHECK_EQ(run(upload, &peer), UPLOAD_DONE);
        CHECK_SLICE(buffer_slice(&peer.name), slice_of(rows[i].safe));
        upload_destroy(upload);
        finish(&peer);
    }
    buffer_finish(&file);
}

TEST(what_a_failed_one_left_behind_can_be_cleared)
{
    struct peer peer = {.lose_call = {2, 3}};
    struct buffer file = file_of(THREE_CHUNKS);
    struct buffer params = {0};
    struct buffer data = {0};
    struct upload *upload = upload_of(&file);
    CHECK(!upload_reset(upload, &params));
    CHECK_EQ(run(upload, &peer), UPLOAD_FAILED);
    CHECK(peer.has_stream);
    CHECK(upload_reset(upload, &params));
    CHECK_EQ(answer(&peer, buffer_slice(&params), &data), REPLY_PEER_ERROR);
    CHECK(!peer.has_stream);
    upload_destroy(upload);
    upload_destroy(NULL);
    buffer_finish(&file);
    buffer_finish(&params);
    buffer_finish(&data);
    finish(&peer);
}

SUITE(upload, a_file_arrives_in_chunks,
      what_was_lost_is_sent_again_and_nothing_else,
      what_cannot_arrive_fails_with_a_reason, a_peer_may_not_know_the_action,
      broken_base64_is_noticed_before_anything_is_sent,
      names_are_harmless_and_not_longer_than_they_may_be,
      what_a_failed_one_left_behind_can_be_cleared)
