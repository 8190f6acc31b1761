/* SPDX-License-Identifier: MIT */
/* Media in the parameters of an action: where they are, what they are, and the
 * parameters as the peer can take them.
 *
 *   bin, base64://…, data:…;base64,…   bytes: sent as base64:// up to
 *                                      `inline_max`, uploaded first above it
 *   http://…, https://…                for the peer to load, or for us
 *   file://…, a path                   passed on if `paths` maps it
 *   a name without a slash             the id of a received file, passed on
 *
 * They stand in the segments of the message of a speech action (a string with
 * CQ codes must have become segments before: outgoing.h), also in nodes, and in
 * certain parameters of other actions. Any thread. */
#ifndef ONEBUS_MEDIA_H
#define ONEBUS_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "core/media_place.h"
#include "core/path_map.h"
#include "core/request.h"

struct warnings;

enum {
    MEDIA_FAULT_SIZE = 512,
    /* Media that one call may have. */
    MEDIA_ITEMS_MAX = 1024,
    /* Bytes of parameters that are certain to fit a frame the peer takes:
     * NapCat closes the link at 50 MiB. */
    MEDIA_FRAME_BYTES_MAX = 47 * 1024 * 1024,
};

enum media_source {
    MEDIA_BYTES,  /* bin, or loaded by us */
    MEDIA_BASE64, /* base64:// or data: */
    MEDIA_URL,
    MEDIA_PATH,
    MEDIA_NAME, /* the id of a received file */
};

/* Borrowed as long as it is used. */
struct media_options {
    const struct media_path *paths;
    size_t path_count;
    size_t inline_max; /* bytes */
    size_t bytes_max;  /* mediaMaxMb, in bytes */
    bool fetches;      /* we load what a URL names, not the peer */
    bool may_upload;   /* the peer has upload_file_stream */
};

enum media_need {
    MEDIA_READY,  /* media_write() knows what to write */
    MEDIA_UPLOAD, /* `bytes`, or base64 `text`; then media_set_path() */
    MEDIA_FETCH,  /* the URL in `text`; then media_set_bytes() */
};

/* Slices point into the parameters, but for `bytes` of what was loaded, and
 * `text` that had to be tidied. */
struct media_item {
    struct slice value; /* MessagePack */
    enum media_source source;
    enum media_need need;
    struct slice bytes;   /* MEDIA_BYTES */
    struct slice text;    /* the base64 digits, the URL, the path, the name */
    struct slice name;    /* that the file shall have; empty if not given */
    enum media_form form; /* what its place takes */
    struct buffer loaded; /* bytes, or digits */
    struct buffer
        replacement; /* MessagePack; empty: none is known, or needed */
};

/* Zero-initialised is valid and empty. */
struct media_list {
    struct media_item *items; /* in the order in which they stand */
    size_t count;
    size_t capacity;
    size_t frame_bytes; /* how large the parameters will be */
};

/* Find the media in `params`, a MessagePack map or nothing, which must stay as
 * they are until `list`, empty before, has been finished.
 * REPLY_BAD_PARAMS, REPLY_DENIED, REPLY_TOO_LARGE, REPLY_UNSUPPORTED_BY_PEER:
 * `fault` says what, where and what is allowed. */
MUST_CHECK enum reply_error media_find(struct slice action, struct slice params,
                                       const struct media_options *options,
                                       struct media_list *list,
                                       struct warnings *warnings,
                                       char fault[static MEDIA_FAULT_SIZE]);

/* The parameters have been copied: what pointed into `from` points into `to`
 * from now on. */
void media_move(struct media_list *list, struct slice from, struct slice to);

/* How many need something yet. */
size_t media_waiting(const struct media_list *list);

/* `item` has been uploaded: the peer has it at `path`. */
void media_set_path(struct media_item *item, struct slice path);

/* `item` has been loaded: `bytes` are taken over. It is then ready or needs an
 * upload. Refusals are those of media_find(). */
MUST_CHECK enum reply_error
media_set_bytes(struct media_list *list, struct media_item *item,
                struct buffer *bytes, struct slice params,
                const struct media_options *options, struct warnings *warnings,
                char fault[static MEDIA_FAULT_SIZE]);

/* Why `item` cannot be sent after all, with its name before it. */
enum reply_error media_refuse(const struct media_item *item,
                              struct slice params, enum reply_error error,
                              const char *why,
                              char fault[static MEDIA_FAULT_SIZE]);

/* The peer turns out not to know uploads: `item` needs none any more, if it
 * fits a frame. Else REPLY_TOO_LARGE or REPLY_UNSUPPORTED_BY_PEER. */
MUST_CHECK enum reply_error
media_send_whole(struct media_list *list, struct media_item *item,
                 struct slice params, const struct media_options *options,
                 struct warnings *warnings,
                 char fault[static MEDIA_FAULT_SIZE]);

/* Append `params` with everything in `list`, of which nothing waits, replaced.
 */
void media_write(struct slice params, const struct media_list *list,
                 struct buffer *out);

void media_finish(struct media_list *list);

#endif
