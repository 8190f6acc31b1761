/* SPDX-License-Identifier: MIT */
/* One file on its way to the peer in chunks, by upload_file_stream:
 *
 *     hash ─▶ chunk 0, 1, 2 … each answered before the next ─▶ complete ─▶ path
 *               └─ no answer: ask what has come, go on from there, once
 *
 *     while (upload_hash_step(upload) == UPLOAD_MORE)   a step a turn
 *     do upload_next(), ask the peer, upload_on_end()
 *     while it gives UPLOAD_MORE
 *
 * Pure; the base64 of one chunk is all that is kept. One thread. */
#ifndef ONEBUS_UPLOAD_H
#define ONEBUS_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "core/request.h"

/* A multiple of three, so that a chunk of base64 text is a piece of it. */
enum { UPLOAD_CHUNK_BYTES = 255 * 1024 };

enum { UPLOAD_FAULT_SIZE = 256 };

struct upload;

/* All but `bytes` is copied. */
struct upload_options {
    struct slice bytes; /* the file, or its base64; it must stay as it is until
                           the upload is destroyed */
    bool is_base64;
    struct slice name;     /* of the file; may be empty */
    const char *stream_id; /* letters, digits and `-`, never used before: the
                              file's name at the peer begins with it */
};

enum upload_step {
    UPLOAD_MORE,
    UPLOAD_DONE,
    UPLOAD_FAILED,      /* upload_fault() says why */
    UPLOAD_UNSUPPORTED, /* the peer does not know the action */
};

/* NULL: the base64 cannot be. */
struct upload *upload_create(const struct upload_options *options);
void upload_destroy(struct upload *upload);

/* Hash as much as a chunk, which takes less than a millisecond. UPLOAD_DONE:
 * that was the last. UPLOAD_FAILED: the base64 is broken. */
enum upload_step upload_hash_step(struct upload *upload);

/* Append the parameters of the next upload_file_stream as MessagePack. */
void upload_next(const struct upload *upload, struct buffer *params);

/* How that ended; `data` and `message`, MessagePack or empty, are the peer's.
 * REPLY_TIMEOUT, REPLY_UNKNOWN and REPLY_NOT_CONNECTED say that there is no
 * answer: it may go on all the same. */
enum upload_step upload_on_end(struct upload *upload, enum reply_error error,
                               struct slice data, struct slice message);

/* Where the peer has the file, once it is UPLOAD_DONE. */
struct slice upload_path(const struct upload *upload);

const char *upload_fault(const struct upload *upload);

/* Append the parameters that have the peer forget what it has got of a failed
 * one. It answers `failed` to them. False: it has nothing. */
bool upload_reset(const struct upload *upload, struct buffer *params);

#endif
