/* SPDX-License-Identifier: MIT */
/* Where in the parameters of an action media may stand.
 *
 *   speech (send_…msg)   in the segments of `message` and `messages`, also in
 *                        nodes: of image, record, video and file the keys
 *                        `url`, `file`, `thumb`, `cover`, and `path` if there
 *                        is neither `url` nor `file`: where all three are,
 *                        peers take the first of them
 *   other actions        parameters by name: upload_group_file.file …
 *
 * What is nil, an empty string or left out is no medium. Any thread. */
#ifndef ONEBUS_MEDIA_PLACE_H
#define ONEBUS_MEDIA_PLACE_H

#include <stdbool.h>

#include "base/buffer.h"

enum media_form {
    MEDIA_ANY,    /* whatever media.h says */
    MEDIA_BARE,   /* base64 without `base64://` before it, nothing else */
    MEDIA_DISK,   /* the peer wants a file on its disk */
    MEDIA_FOLDER, /* a path, nothing else */
};

struct media_place {
    struct slice value; /* MessagePack */
    struct slice name;  /* of the file; empty if none is given */
    enum media_form form;
};

/* True: go on to the next. */
typedef bool media_visitor(void *ctx, const struct media_place *place);

/* Show each place in `params` to `visitor`. False if it had enough, or the
 * nodes are nested too deep. */
bool media_visit(struct slice action, struct slice params,
                 media_visitor *visitor, void *ctx);

/* Append the name of the value that begins at `at` in `params`:
 * "params.message[0].data.file", or of what it lies in. */
void media_append_name(struct buffer *out, struct slice params, const char *at);

#endif
