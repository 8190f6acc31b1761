/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/mem.h"
#include "field.h"
#include "settings.h"

enum { INDENT = 2 };

static cJSON *object_in(cJSON *parent, const char *key)
{
    cJSON *object = cJSON_GetObjectItemCaseSensitive(parent, key);
    return object != NULL ? object : cJSON_AddObjectToObject(parent, key);
}

/* "log.level" becomes `level` in the object `log`. */
static void add_at(cJSON *object, const char *path, cJSON *item)
{
    const char *dot = strchr(path, '.');
    if (dot == NULL) {
        cJSON_AddItemToObject(object, path, item);
        return;
    }
    char *key = mem_dup(path, (size_t)(dot - path));
    add_at(object_in(object, key), dot + 1, item);
    free(key);
}

static void add_values(cJSON *object, const struct field_table *table,
                       const void *base)
{
    for (size_t i = 0; i < table->count; i++) {
        cJSON *item = field_show(&table->fields[i], base);
        if (item != NULL)
            add_at(object, table->fields[i].key, item);
    }
}

static void add_groups(cJSON *object, const struct config_account *account)
{
    cJSON *groups = cJSON_AddObjectToObject(object, "groups");
    for (size_t i = 0; i < account->group_count; i++) {
        const struct config_group *group = &account->groups[i];
        char name[24] = "*";
        if (group->id != 0)
            snprintf(name, sizeof(name), "%" PRId64, group->id);
        cJSON *item = cJSON_AddObjectToObject(groups, name);
        add_values(item, &settings_group, group);
        if (!group->has_allow_from)
            cJSON_DeleteItemFromObjectCaseSensitive(item, "allowFrom");
    }
}

static void add_grants(cJSON *object, const struct config *config)
{
    if (config->grant_count == 0)
        return;
    cJSON *grants = cJSON_AddArrayToObject(object, "grants");
    for (size_t i = 0; i < config->grant_count; i++) {
        cJSON *grant = cJSON_CreateObject();
        add_values(grant, &settings_grant, &config->grants[i]);
        cJSON_AddItemToArray(grants, grant);
    }
}

/* Who dials may not say where to listen, not even where all others do. */
static void drop_listening(cJSON *object)
{
    static const char *const keys[] = {"wsPort", "wsHost", "wsPath"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        cJSON_DeleteItemFromObjectCaseSensitive(object, keys[i]);
}

/* Without a URL the rest counts for nothing. */
static void drop_nats(cJSON *object, const struct config_nats *nats)
{
    if (nats->urls.count == 0)
        cJSON_DeleteItemFromObjectCaseSensitive(object, "nats");
}

static cJSON *to_json(const struct config *config)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *channel = cJSON_AddObjectToObject(
        cJSON_AddObjectToObject(root, "channels"), "napcatqq");
    cJSON *accounts = cJSON_AddObjectToObject(channel, "accounts");
    for (size_t i = 0; i < config->account_count; i++) {
        const struct config_account *account = &config->accounts[i];
        cJSON *object = cJSON_AddObjectToObject(accounts, account->key);
        add_values(object, &settings_account, account);
        if (account->connect != NULL)
            drop_listening(object);
        add_groups(object, account);
    }
    cJSON *bridge = cJSON_AddObjectToObject(root, "bridge");
    add_values(bridge, &settings_bridge, config);
    drop_nats(bridge, &config->nats);
    add_grants(bridge, config);
    return root;
}

static void append_scalar(const cJSON *item, struct buffer *out)
{
    char *text = cJSON_PrintUnformatted(item);
    if (text != NULL)
        buffer_append_string(out, text);
    cJSON_free(text);
}

static void append_key(const char *key, struct buffer *out)
{
    cJSON *name = cJSON_CreateStringReference(key);
    append_scalar(name, out);
    cJSON_Delete(name);
    buffer_append_string(out, ": ");
}

static void append_line(unsigned depth, struct buffer *out)
{
    buffer_append_string(out, "\n");
    for (unsigned i = 0; i < depth * INDENT; i++)
        buffer_append_string(out, " ");
}

/* As people write it; cJSON_Print() has tabs, also behind the colons. */
static void append_object(const cJSON *object, unsigned depth,
                          struct buffer *out)
{
    const cJSON *member;
    buffer_append_string(out, "{");
    cJSON_ArrayForEach(member, object)
    {
        append_line(depth + 1, out);
        append_key(member->string, out);
        if (cJSON_IsObject(member))
            append_object(member, depth + 1, out);
        else
            append_scalar(member, out);
        if (member->next != NULL)
            buffer_append_string(out, ",");
    }
    if (object->child != NULL)
        append_line(depth, out);
    buffer_append_string(out, "}");
}

void config_print(const struct config *config, struct buffer *out)
{
    cJSON *root = to_json(config);
    append_object(root, 0, out);
    buffer_append_string(out, "\n");
    cJSON_Delete(root);
}
