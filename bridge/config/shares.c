/* SPDX-License-Identifier: MIT */
#include "shares.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SHARES_MAX = 64, FOLDER_BYTES_MAX = 1024 };

static const char FROM[] = "from";
static const char TO[] = "to";

static const char *text_of(const cJSON *share, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(share, key));
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* "/data", "C:\data", "\\host\data" */
static bool is_folder(const char *text)
{
    if (text == NULL || strlen(text) > FOLDER_BYTES_MAX)
        return false;
    return is_slash(text[0]) || (isalpha((unsigned char)text[0]) &&
                                 text[1] == ':' && is_slash(text[2]));
}

static bool is_there_already(const cJSON *json, const cJSON *share)
{
    for (const cJSON *item = json->child; item != share; item = item->next)
        if (strcmp(text_of(item, FROM), text_of(share, FROM)) == 0)
            return true;
    return false;
}

const char *shares_check(const cJSON *json)
{
    const cJSON *share;
    if (!cJSON_IsArray(json))
        return "is no list";
    if (cJSON_GetArraySize(json) > SHARES_MAX)
        return "has more than 64 elements";
    cJSON_ArrayForEach(share, json)
    {
        if (text_of(share, FROM) == NULL || text_of(share, TO) == NULL ||
            cJSON_GetArraySize(share) != 2)
            return "has an element without both, or with more";
        if (!is_folder(text_of(share, FROM)) || !is_folder(text_of(share, TO)))
            return "has a folder that does not begin with / or a drive, or is "
                   "longer than 1024 bytes";
        if (is_there_already(json, share))
            return "has one `from` twice";
    }
    return NULL;
}

void shares_read(const char *json, struct shares *shares)
{
    cJSON *root = json == NULL ? NULL : cJSON_Parse(json);
    const cJSON *share;
    size_t count = (size_t)cJSON_GetArraySize(root);
    *shares = (struct shares){0};
    if (count > 0)
        shares->items = mem_zalloc(count, sizeof(shares->items[0]));
    cJSON_ArrayForEach(share, root)
    {
        shares->items[shares->count++] = (struct share){
            .from = mem_strdup(text_of(share, FROM)),
            .to = mem_strdup(text_of(share, TO)),
        };
    }
    cJSON_Delete(root);
}

void shares_finish(struct shares *shares)
{
    for (size_t i = 0; i < shares->count; i++) {
        free(shares->items[i].from);
        free(shares->items[i].to);
    }
    free(shares->items);
    *shares = (struct shares){0};
}
