/* SPDX-License-Identifier: MIT */
#include "catalog.h"

#include <assert.h>
#include <string.h>

#include "core/catalog_table.h"

/* OneBot 11 and its implementations name what only reads with these words. */
static const char *const READ_PREFIXES[] = {
    "get_", "can_", "fetch_", "check_", "nc_get_", "_get_", "ocr_", NULL,
};

/* What is done to chats, friends and groups begins with these. */
static const char *const CHAT_PREFIXES[] = {
    "send_",    "upload_",      "delete_",  "set_group_", "set_friend_",
    "set_msg_", "set_essence_", "forward_", "group_",     "friend_",
    "create_",  "mark_",        "_send_",   "_del_",      NULL,
};

static const struct {
    const char *text;
    enum catalog_manner manner;
} SUFFIXES[] = {
    {"_async", CATALOG_ASYNC},
    {"_rate_limited", CATALOG_RATE_LIMITED},
};

static bool starts_with(struct slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

static bool starts_with_any(struct slice action, const char *const *prefixes)
{
    /* Hidden actions repeat a name behind a dot: `.ocr_image`. */
    if (starts_with(action, "."))
        action = (struct slice){action.data + 1, action.size - 1};
    for (; *prefixes != NULL; prefixes++)
        if (starts_with(action, *prefixes))
            return true;
    return false;
}

/* As the table is sorted: byte by byte, a name before those it begins. */
static int compare(struct slice a, struct slice b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size == 0 ? 0 : memcmp(a.data, b.data, size);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static const struct catalog_action *find(struct slice name)
{
    size_t low = 0, high = CATALOG_ENTRY_COUNT;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(name, CATALOG_ENTRIES[middle].name);
        if (order == 0)
            return CATALOG_ENTRIES[middle].action;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static struct catalog_name name_of(const struct catalog_action *action,
                                   enum catalog_manner manner)
{
    return (struct catalog_name){
        .name = slice_of(action->name),
        .action = action,
        .manner = manner,
        .is_read = action->is_read,
        .needs_qq = action->needs_qq,
    };
}

static bool ends_with(struct slice text, const char *suffix)
{
    size_t size = strlen(suffix);
    return text.size >= size &&
           memcmp(text.data + text.size - size, suffix, size) == 0;
}

/* Nothing in the catalogue ends in a suffix itself: first the whole name. */
struct catalog_name catalog_resolve(struct slice name)
{
    const struct catalog_action *action = find(name);
    if (action != NULL)
        return name_of(action, CATALOG_PLAIN);
    for (size_t i = 0; i < sizeof(SUFFIXES) / sizeof(SUFFIXES[0]); i++) {
        if (!ends_with(name, SUFFIXES[i].text))
            continue;
        action = find(
            (struct slice){name.data, name.size - strlen(SUFFIXES[i].text)});
        if (action != NULL)
            return name_of(action, SUFFIXES[i].manner);
    }
    return (struct catalog_name){
        .name = name,
        .is_read = starts_with_any(name, READ_PREFIXES),
        .needs_qq = starts_with_any(name, CHAT_PREFIXES),
    };
}

size_t catalog_count(void)
{
    return CATALOG_ACTION_COUNT;
}

const struct catalog_action *catalog_at(size_t index)
{
    assert(index < CATALOG_ACTION_COUNT);
    return &CATALOG_ACTIONS[index];
}

size_t catalog_name_count(void)
{
    return CATALOG_ENTRY_COUNT;
}

struct catalog_name catalog_name_at(size_t index)
{
    assert(index < CATALOG_ENTRY_COUNT);
    struct catalog_name name =
        name_of(CATALOG_ENTRIES[index].action, CATALOG_PLAIN);
    name.name = CATALOG_ENTRIES[index].name;
    return name;
}

static bool is_among(struct slice word, const char *const *words)
{
    for (; words != NULL && *words != NULL; words++)
        if (slice_equals(word, *words))
            return true;
    return false;
}

const struct catalog_param *catalog_param(const struct catalog_action *action,
                                          struct slice name, bool *by_alias)
{
    *by_alias = false;
    for (size_t i = 0; i < action->param_count; i++) {
        const struct catalog_param *param = &action->params[i];
        if (param->name_size == name.size &&
            memcmp(param->name, name.data, name.size) == 0)
            return param;
    }
    *by_alias = true;
    for (size_t i = 0; i < action->param_count; i++)
        if (is_among(name, action->params[i].aliases))
            return &action->params[i];
    return NULL;
}

bool catalog_is_read(struct slice action)
{
    return catalog_resolve(action).is_read;
}
