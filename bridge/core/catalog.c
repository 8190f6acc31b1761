/* SPDX-License-Identifier: MIT */
#include "catalog.h"

#include <stddef.h>

/* OneBot 11 and its implementations name what only reads with these words. */
static const char *const READ_PREFIXES[] = {
    "get_", "can_", "fetch_", "check_", "nc_get_", "_get_", "ocr_",
};

/* What is done to chats, friends and groups begins with these. */
static const char *const CHAT_PREFIXES[] = {
    "send_",    "upload_",      "delete_",  "set_group_", "set_friend_",
    "set_msg_", "set_essence_", "forward_", "group_",     "friend_",
    "create_",  "mark_",        "_send_",   "_del_",
};

static bool starts_with(struct slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

static bool starts_with_any(struct slice action, const char *const *prefixes,
                            size_t count)
{
    /* Hidden actions repeat a name behind a dot: `.ocr_image`. */
    if (starts_with(action, "."))
        action = (struct slice){action.data + 1, action.size - 1};
    for (size_t i = 0; i < count; i++)
        if (starts_with(action, prefixes[i]))
            return true;
    return false;
}

bool catalog_is_read(struct slice action)
{
    return starts_with_any(action, READ_PREFIXES,
                           sizeof(READ_PREFIXES) / sizeof(READ_PREFIXES[0]));
}

bool catalog_needs_qq(struct slice action)
{
    return starts_with_any(action, CHAT_PREFIXES,
                           sizeof(CHAT_PREFIXES) / sizeof(CHAT_PREFIXES[0]));
}
