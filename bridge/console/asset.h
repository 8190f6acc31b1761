/* SPDX-License-Identifier: MIT */
/* The files of the console's page. They are in the binary: there is nothing to
 * install, and nothing that could be of another version. Any thread. */
#ifndef ONEBUS_ASSET_H
#define ONEBUS_ASSET_H

#include <stdbool.h>

#include "base/buffer.h"

struct asset {
    const char *path; /* "/", "/console.js" */
    const char *type; /* for Content-Type */
    const char *etag; /* with its quotes */
    struct slice bytes;
};

/* The file that is asked for by this path; NULL: there is none. */
const struct asset *asset_find(struct slice path);

/* Whether a browser that says `If-None-Match: tags` has the file as it is. */
bool asset_is_known(const struct asset *asset, struct slice tags);

#endif
