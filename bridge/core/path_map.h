/* SPDX-License-Identifier: MIT */
/* A file that both a caller and the peer can reach, in a folder that they
 * share: its path as the caller writes it becomes the one that the peer knows
 * (bridge.media.paths).
 *
 *     file:///data/a%20b.png    /data/x/../a.png    C:\data\a.png
 *
 * Whatever could lead out of a shared folder is resolved before it is looked
 * for: percent signs of a file:// address, `.` and `..`, and `\`, which a peer
 * on Windows takes for a slash. Any thread. */
#ifndef ONEBUS_PATH_MAP_H
#define ONEBUS_PATH_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* A folder as callers name it, and as the peer does: both absolute. */
struct media_path {
    const char *from, *to;
};

enum path_verdict {
    PATH_MAPPED,
    PATH_UNMAPPED, /* it lies in none of the folders, or says not where */
    PATH_BROKEN,   /* a percent sign without two digits, a NUL … */
};

/* Does it say where a file lies? What says neither folder nor drive is the
 * name of one. */
bool path_is_one(struct slice text);

/* Append the peer's path to `out`, as file:// address if `text` is one. The
 * longest folder counts. If it is not mapped, `out` is as it was. */
enum path_verdict path_map(struct slice text, const struct media_path *paths,
                           size_t path_count, struct buffer *out);

#endif
