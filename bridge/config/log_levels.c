/* SPDX-License-Identifier: MIT */
#include "log_levels.h"

#include <string.h>

static int level_of(const cJSON *item)
{
    const char *text = cJSON_GetStringValue(item);
    return text == NULL ? -1 : log_word(log_level_names, slice_of(text));
}

const char *log_levels_check(const cJSON *json)
{
    const cJSON *item;
    if (!cJSON_IsObject(json))
        return "is no object";
    cJSON_ArrayForEach(item, json)
    {
        if (log_word(log_components, slice_of(item->string)) < 0)
            return "has a component that there is not";
        if (level_of(item) < 0)
            return "has a level that there is not";
    }
    return NULL;
}

void log_levels_read(const char *text, struct log_options *options)
{
    cJSON *json = text == NULL ? NULL : cJSON_Parse(text);
    const cJSON *item;
    cJSON_ArrayForEach(item, json)
    {
        const struct log_change change = {
            .level = level_of(item),
            .content = -1,
            .component = log_word(log_components, slice_of(item->string)),
        };
        if (change.component >= 0)
            log_options_change(options, &change);
    }
    cJSON_Delete(json);
}
