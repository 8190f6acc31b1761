/* SPDX-License-Identifier: MIT */
#include "asset.h"

#include "console/asset_table.h"

const struct asset *asset_find(struct slice path)
{
    for (size_t i = 0; i < ASSET_COUNT; i++)
        if (slice_equals(path, ASSETS[i].path))
            return &ASSETS[i];
    return NULL;
}

/* RFC 9110, 13.1.2: a list, weak ones too; `*` is whatever there is. A tag is
 * found wherever it stands, for none is a part of another. */
bool asset_is_known(const struct asset *asset, struct slice tags)
{
    size_t size = strlen(asset->etag);
    return slice_equals(tags, "*") ||
           (tags.size >= size &&
            memmem(tags.data, tags.size, asset->etag, size) != NULL);
}
