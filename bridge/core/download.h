/* SPDX-License-Identifier: MIT */
/* The bytes of a file that was received. Peers give them in many ways, and
 * most of them not in all: one way after the other is tried.
 *
 *     get_image, get_record, get_file    the bytes, or an address, or only
 *                                        where it lies on the peer's own disk
 *     get_group_file_url …               an address
 *     download_file_stream …             the bytes
 *     the address that the message had   which may have expired
 *
 *     for (step = download_begin(); …;)
 *         DOWNLOAD_ASK     ask the peer for download_action(), gathering the
 *                          answers of a stream; then download_on_end()
 *         DOWNLOAD_FETCH   load download_url(); then download_on_loaded()
 *
 * Pure. One thread. */
#ifndef ONEBUS_DOWNLOAD_H
#define ONEBUS_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/request.h"

enum download_kind {
    DOWNLOAD_IMAGE,
    DOWNLOAD_RECORD,
    DOWNLOAD_VIDEO,
    DOWNLOAD_FILE,
    DOWNLOAD_KINDS,
};

enum { DOWNLOAD_FAULT_SIZE = 512 };

/* Empty slices are what is not known; `file` or `file_id` or `url` must be. All
 * is copied. */
struct download_options {
    enum download_kind kind;
    struct slice file, file_id, url; /* as in the segment */
    struct slice out_format;         /* of a record; empty: mp3 */
    int64_t group_id;                /* 0: of a private chat, or not known */
    size_t bytes_max;
};

enum download_step {
    DOWNLOAD_ASK,
    DOWNLOAD_FETCH,
    DOWNLOAD_DONE,   /* download_take() */
    DOWNLOAD_FAILED, /* download_error(), download_fault() */
};

struct download;

struct download *download_create(const struct download_options *options);
void download_destroy(struct download *download);

enum download_step download_begin(struct download *download);

const char *download_action(const struct download *download);
void download_pack_params(const struct download *download, struct buffer *out);

/* What came of asking; `data` and `message`, MessagePack or empty, are the
 * peer's, those of a stream as gathering.h packs them. */
enum download_step download_on_end(struct download *download,
                                   enum reply_error error, struct slice data,
                                   struct slice message);

const char *download_url(const struct download *download);

/* What came of loading: `bytes`, which are taken over, or NULL and why not. */
enum download_step download_on_loaded(struct download *download,
                                      struct buffer *bytes, const char *why);

/* The bytes are the caller's. */
void download_take(struct download *download, struct buffer *bytes);

/* As the peer calls it; empty if it does not. */
struct slice download_name(const struct download *download);

enum reply_error download_error(const struct download *download);

/* Each way that was tried, and why it led nowhere. */
const char *download_fault(const struct download *download);

/* "image", "record", "video", "file". False if it is none of them. */
bool download_kind_of(struct slice type, enum download_kind *kind);

#endif
