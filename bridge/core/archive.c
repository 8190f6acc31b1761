/* SPDX-License-Identifier: MIT */
#include "archive.h"

#include "base/mem.h"
#include "core/mp.h"

struct archive_filter *archive_filter_create(size_t pattern_count)
{
    struct archive_filter *filter = mem_zalloc(
        1, sizeof(*filter) + pattern_count * sizeof(filter->patterns[0]));
    filter->pattern_count = pattern_count;
    return filter;
}

bool archive_filter_wants(const struct archive_filter *filter,
                          struct slice topic)
{
    for (size_t i = 0; i < filter->pattern_count; i++)
        if (topic_matches(filter->patterns[i], topic))
            return true;
    return filter->pattern_count == 0;
}

bool archive_filter_accepts(const struct archive_filter *filter,
                            struct slice envelope)
{
    struct slice value, account;
    return filter->account[0] == '\0' ||
           (mp_find(envelope, "account", &value) &&
            mp_read_str(value, &account) &&
            slice_equals(account, filter->account));
}

/* The second and third token, if none of the first three is a star and the
 * third is whole. */
struct slice archive_filter_chat(const struct archive_filter *filter,
                                 size_t index)
{
    const char *pattern = filter->patterns[index];
    const char *chat = strchr(pattern, '.');
    const char *id = chat == NULL ? NULL : strchr(chat + 1, '.');
    const char *rest = id == NULL ? NULL : strchr(id + 1, '.');
    if (rest == NULL || memchr(pattern, '*', (size_t)(rest - pattern)) != NULL)
        return (struct slice){0};
    return (struct slice){chat + 1, (size_t)(rest - chat - 1)};
}
