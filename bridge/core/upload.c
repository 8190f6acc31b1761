/* SPDX-License-Identifier: MIT */
/* What NapCat does (action/stream/UploadFileStream): a stream begins with its
 * first chunk; a chunk that it has already is answered and dropped; the file
 * is put together, and its sum checked, by a last call without a chunk. After
 * ten minutes without a call it forgets the stream. */
#include "upload.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "core/mp.h"
#include "core/pack.h"

enum {
    NAME_BYTES_MAX = 100,
    /* The peer copies the file when it sends it; that may have to wait for
     * other messages. */
    RETENTION_MS = 30 * 60 * 1000,
};

enum state {
    HASHING,    /* then SENDING */
    SENDING,    /* the chunk `next`; then COMPLETING */
    COMPLETING, /* then ENDED */
    VERIFYING,  /* after a loss; then SENDING or COMPLETING */
    ENDED,
};

struct upload {
    struct slice source;
    bool is_base64;
    size_t size; /* of the file */
    size_t hashed;
    struct digest digest;
    char sum[DIGEST_HEX_SIZE];
    char *stream_id;
    struct buffer name;
    enum state state;
    size_t next;    /* chunk */
    bool has_begun; /* the peer has answered to a chunk */
    bool was_lost;
    struct buffer path;
    char fault[UPLOAD_FAULT_SIZE];
};

static size_t chunk_count(const struct upload *upload)
{
    return (upload->size + UPLOAD_CHUNK_BYTES - 1) / UPLOAD_CHUNK_BYTES;
}

/* Those that Windows has no names with. */
static bool is_awkward(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f ||
           strchr("<>:\"/\\|?*", c) != NULL;
}

/* Append the end of `name`, which is where the kind of file is. */
static void append_safe(struct buffer *out, struct slice name)
{
    size_t i = name.size > NAME_BYTES_MAX ? name.size - NAME_BYTES_MAX : 0;
    while (i > 0 && i < name.size && (name.data[i] & 0xc0) == 0x80)
        i++; /* not within a character */
    while (i < name.size) {
        size_t width = utf8_width(name.data + i, name.size - i);
        bool is_safe = width > 1 || (width == 1 && !is_awkward(name.data[i]));
        width = width == 0 ? 1 : width;
        buffer_append(out, is_safe ? name.data + i : "_", is_safe ? width : 1);
        i += width;
    }
}

struct upload *upload_create(const struct upload_options *options)
{
    size_t size = options->bytes.size;
    if (options->is_base64 &&
        base64_bytes_size(options->bytes, &size) != STATUS_OK)
        return NULL;
    struct upload *upload = mem_zalloc(1, sizeof(*upload));
    upload->source = options->bytes;
    upload->is_base64 = options->is_base64;
    upload->size = size;
    upload->stream_id = mem_strdup(options->stream_id);
    buffer_append_string(&upload->name, options->stream_id);
    if (options->name.size > 0)
        buffer_append_string(&upload->name, "-");
    append_safe(&upload->name, options->name);
    digest_start(&upload->digest);
    return upload;
}

void upload_destroy(struct upload *upload)
{
    if (upload == NULL)
        return;
    if (upload->state == HASHING)
        digest_end(&upload->digest, NULL);
    free(upload->stream_id);
    buffer_finish(&upload->name);
    buffer_finish(&upload->path);
    free(upload);
}

static enum upload_step fail(struct upload *upload, const char *fault)
{
    snprintf(upload->fault, sizeof(upload->fault), "%s", fault);
    upload->state = ENDED;
    return UPLOAD_FAILED;
}

/* ---- hashing ------------------------------------------------------------ */

/* `size` bytes of the file from `at` on, both a multiple of three but at the
 * end, as they stand in the source. */
static struct slice piece(const struct upload *upload, size_t at, size_t size)
{
    size_t left = upload->size - at;
    if (size > left)
        size = left;
    if (!upload->is_base64)
        return (struct slice){upload->source.data + at, size};
    return (struct slice){upload->source.data + at / 3 * 4,
                          base64_text_size(size)};
}

/* Padding within the text would make a piece shorter than it must be. */
static bool hash_text(struct upload *upload, struct slice text, size_t size)
{
    struct buffer bytes = {0};
    bool is_sound =
        base64_decode(text, &bytes) == STATUS_OK && bytes.size == size;
    if (is_sound)
        digest_add(&upload->digest, buffer_slice(&bytes));
    buffer_finish(&bytes);
    return is_sound;
}

static void end_hash(struct upload *upload)
{
    unsigned char sum[DIGEST_SIZE];
    digest_end(&upload->digest, sum);
    digest_hex(sum, upload->sum);
    upload->state = SENDING;
}

enum upload_step upload_hash_step(struct upload *upload)
{
    size_t left = upload->size - upload->hashed;
    size_t size = left < UPLOAD_CHUNK_BYTES ? left : UPLOAD_CHUNK_BYTES;
    struct slice bytes = piece(upload, upload->hashed, size);
    assert(upload->state == HASHING);
    if (!upload->is_base64) {
        digest_add(&upload->digest, bytes);
    } else if (!hash_text(upload, bytes, size)) {
        digest_end(&upload->digest, NULL);
        return fail(upload, "this is no base64; allowed: letters, digits, + "
                            "and /, or - and _");
    }
    upload->hashed += size;
    if (upload->hashed < upload->size)
        return UPLOAD_MORE;
    end_hash(upload);
    return UPLOAD_DONE;
}

/* ---- asking ------------------------------------------------------------- */

static void pack_chunk_data(const struct upload *upload, struct buffer *params)
{
    struct msgpack_packer packer = pack_into(params);
    struct slice chunk =
        piece(upload, upload->next * UPLOAD_CHUNK_BYTES, UPLOAD_CHUNK_BYTES);
    pack_string(&packer, "chunk_data");
    if (upload->is_base64) {
        pack_text(&packer, chunk);
        return;
    }
    msgpack_pack_str(&packer, base64_text_size(chunk.size));
    base64_append(params, chunk);
}

static void pack_chunk(const struct upload *upload, struct buffer *params)
{
    struct msgpack_packer packer = pack_into(params);
    msgpack_pack_map(&packer, 8);
    pack_word(&packer, "stream_id", upload->stream_id);
    pack_number(&packer, "chunk_index", upload->next);
    pack_number(&packer, "total_chunks", chunk_count(upload));
    pack_number(&packer, "file_size", upload->size);
    pack_string(&packer, "filename");
    pack_text(&packer, buffer_slice(&upload->name));
    pack_word(&packer, "expected_sha256", upload->sum);
    pack_number(&packer, "file_retention", RETENTION_MS);
    pack_chunk_data(upload, params);
}

static void pack_wish(const struct upload *upload, const char *wish,
                      struct buffer *params)
{
    struct msgpack_packer packer = pack_into(params);
    msgpack_pack_map(&packer, 2);
    pack_word(&packer, "stream_id", upload->stream_id);
    pack_flag(&packer, wish, true);
}

void upload_next(const struct upload *upload, struct buffer *params)
{
    assert(upload->state != HASHING && upload->state != ENDED);
    if (upload->state == SENDING)
        pack_chunk(upload, params);
    else if (upload->state == COMPLETING)
        pack_wish(upload, "is_complete", params);
    else
        pack_wish(upload, "verify_only", params);
}

bool upload_reset(const struct upload *upload, struct buffer *params)
{
    if (!upload->has_begun || upload->path.size > 0)
        return false;
    pack_wish(upload, "reset", params);
    return true;
}

/* ---- answers ------------------------------------------------------------ */

static struct slice string_in(struct slice data, const char *key)
{
    struct slice value;
    struct slice text = {0};
    if (mp_find(data, key, &value))
        (void)mp_read_str(value, &text);
    return text;
}

static bool number_in(struct slice data, const char *key, int64_t *number)
{
    struct slice value;
    return mp_find(data, key, &value) && mp_read_int(value, number);
}

static void go_on_from(struct upload *upload, size_t chunk)
{
    upload->next = chunk;
    upload->state = chunk < chunk_count(upload) ? SENDING : COMPLETING;
}

static enum upload_step on_chunk(struct upload *upload, struct slice data)
{
    int64_t received;
    upload->has_begun = true;
    if (number_in(data, "received_chunks", &received) &&
        received != (int64_t)upload->next + 1) {
        fail(upload, "");
        snprintf(upload->fault, sizeof(upload->fault),
                 "the peer has %lld chunks where it was sent %zu",
                 (long long)received, upload->next + 1);
        return UPLOAD_FAILED;
    }
    go_on_from(upload, upload->next + 1);
    return UPLOAD_MORE;
}

/* Sent in order, so those that it has are the first. */
static enum upload_step on_verified(struct upload *upload, struct slice data)
{
    int64_t received;
    if (!number_in(data, "received_chunks", &received) || received < 0 ||
        (uint64_t)received > chunk_count(upload))
        return fail(upload, "the peer does not say how much has come");
    go_on_from(upload, (size_t)received);
    return UPLOAD_MORE;
}

static enum upload_step on_complete(struct upload *upload, struct slice data)
{
    struct slice path = string_in(data, "file_path");
    struct slice sum = string_in(data, "sha256");
    int64_t size;
    if (number_in(data, "file_size", &size) && size != (int64_t)upload->size)
        return fail(upload, "the peer has put together a file of another size");
    if (sum.size > 0 && (sum.size != strlen(upload->sum) ||
                         strncasecmp(sum.data, upload->sum, sum.size) != 0))
        return fail(upload, "the peer has put together a file with another "
                            "SHA-256: it was damaged on the way");
    if (path.size == 0)
        return fail(upload, "the peer does not say where it has put the file");
    buffer_append(&upload->path, path.data, path.size);
    upload->state = ENDED;
    return UPLOAD_DONE;
}

static enum upload_step on_answer(struct upload *upload, struct slice data)
{
    if (upload->state == SENDING)
        return on_chunk(upload, data);
    if (upload->state == VERIFYING)
        return on_verified(upload, data);
    return on_complete(upload, data);
}

static enum upload_step on_loss(struct upload *upload)
{
    if (upload->was_lost)
        return fail(upload, "the peer has twice not answered");
    upload->was_lost = true;
    upload->state = VERIFYING;
    return UPLOAD_MORE;
}

/* It has forgotten the stream, or never seen it, or put the file together and
 * told nobody where: all of it again. */
static enum upload_step begin_anew(struct upload *upload)
{
    go_on_from(upload, 0);
    return UPLOAD_MORE;
}

static enum upload_step on_refusal(struct upload *upload, struct slice message)
{
    struct slice text = {0};
    if (upload->state == VERIFYING)
        return begin_anew(upload);
    if (!mp_read_str(message, &text) || text.size == 0)
        return fail(upload, "the peer refused it");
    fail(upload, "");
    snprintf(
        upload->fault, sizeof(upload->fault), "the peer says: %.*s",
        (int)(text.size < UPLOAD_FAULT_SIZE ? text.size : UPLOAD_FAULT_SIZE),
        text.data);
    return UPLOAD_FAILED;
}

enum upload_step upload_on_end(struct upload *upload, enum reply_error error,
                               struct slice data, struct slice message)
{
    assert(upload->state != HASHING && upload->state != ENDED);
    switch (error) {
    case REPLY_FINE:
        return on_answer(upload, data);
    case REPLY_TIMEOUT:
    case REPLY_UNKNOWN:
    case REPLY_NOT_CONNECTED:
        return on_loss(upload);
    case REPLY_UNKNOWN_ACTION:
        if (upload->has_begun)
            return on_refusal(upload, message);
        upload->state = ENDED;
        return UPLOAD_UNSUPPORTED;
    default:
        return on_refusal(upload, message);
    }
}

struct slice upload_path(const struct upload *upload)
{
    return buffer_slice(&upload->path);
}

const char *upload_fault(const struct upload *upload)
{
    return upload->fault;
}
