/* SPDX-License-Identifier: MIT */
#include "catalog.h"

#include <stddef.h>

/* OneBot 11 and its implementations name what only reads with these words. */
static const char *const READ_PREFIXES[] = {
    "get_", "can_", "fetch_", "check_", "nc_get_", "_get_", "ocr_",
};

static bool starts_with(struct slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

bool catalog_is_read(struct slice action)
{
    size_t count = sizeof(READ_PREFIXES) / sizeof(READ_PREFIXES[0]);
    /* Hidden actions repeat a name behind a dot: `.ocr_image`. */
    if (starts_with(action, "."))
        action = (struct slice){action.data + 1, action.size - 1};
    for (size_t i = 0; i < count; i++)
        if (starts_with(action, READ_PREFIXES[i]))
            return true;
    return false;
}
