/* SPDX-License-Identifier: MIT */
#include "tools.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "pattern.h"

enum { PATTERNS_MAX = 256 };

static const char ALLOW[] = "allow";
static const char DENY[] = "deny";

static bool is_pattern(const cJSON *json)
{
    return cJSON_IsString(json) &&
           pattern_check_action(json->valuestring) == NULL;
}

static bool is_list(const cJSON *json)
{
    const cJSON *item;
    if (!cJSON_IsArray(json))
        return is_pattern(json);
    if (cJSON_GetArraySize(json) > PATTERNS_MAX)
        return false;
    cJSON_ArrayForEach(item, json)
    {
        if (!is_pattern(item))
            return false;
    }
    return true;
}

const char *tools_check(const cJSON *json)
{
    const cJSON *member;
    int allow = 0, deny = 0;
    if (!cJSON_IsObject(json))
        return is_list(json) ? NULL : "is no list of actions";
    cJSON_ArrayForEach(member, json)
    {
        bool is_allow = strcmp(member->string, ALLOW) == 0;
        if (!is_allow && strcmp(member->string, DENY) != 0)
            return "has a key that is neither allow nor deny";
        if ((is_allow ? allow++ : deny++) > 0)
            return "has a key twice";
        if (!is_list(member))
            return "has an allow or deny that is no list of actions";
    }
    return NULL;
}

static void add(struct field_list *list, const char *pattern)
{
    *field_list_push(list) = mem_strdup(pattern);
}

static void add_all(struct field_list *list, const cJSON *json)
{
    const cJSON *item;
    if (cJSON_IsString(json))
        add(list, json->valuestring);
    cJSON_ArrayForEach(item, json) add(list, item->valuestring);
}

void tools_read(const char *json, struct tools *tools)
{
    cJSON *root = cJSON_Parse(json);
    const cJSON *allow = cJSON_GetObjectItemCaseSensitive(root, ALLOW);
    if (!cJSON_IsObject(root))
        add_all(&tools->allow, root);
    else if (allow != NULL)
        add_all(&tools->allow, allow);
    else
        add(&tools->allow, "*");
    add_all(&tools->deny, cJSON_GetObjectItemCaseSensitive(root, DENY));
    cJSON_Delete(root);
}

void tools_finish(struct tools *tools)
{
    field_list_finish(&tools->allow);
    field_list_finish(&tools->deny);
}
