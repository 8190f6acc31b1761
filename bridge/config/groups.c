/* SPDX-License-Identifier: MIT */
#include "groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config.h"
#include "document.h"
#include "layers.h"
#include "quantity.h"
#include "scope.h"
#include "settings.h"

/* One group as one place has it. */
struct groups_entry {
    int64_t id; /* 0: "*" */
    struct config_group values;
    struct scope scope;
};

/* ---- reading ---------------------------------------------------------- */

struct reading {
    struct groups *groups;
    struct layers *layers;
    const char *path;
};

static char *path_below(const char *path, const char *name)
{
    struct buffer joined = {0};
    buffer_append_string(&joined, path);
    buffer_append_string(&joined, ".");
    buffer_append(&joined, name, strlen(name) + 1);
    return joined.data;
}

/* A group's number in decimal, as QQ writes it, or "*". */
static bool parse_name(const char *name, int64_t *id)
{
    *id = 0;
    if (strcmp(name, "*") == 0)
        return true;
    return name[0] >= '1' && name[0] <= '9' &&
           quantity_parse_number(name, id) && *id <= FIELD_ID_MAX;
}

static int by_entry_id(const void *one, const void *other)
{
    int64_t a = ((const struct groups_entry *)one)->id;
    int64_t b = ((const struct groups_entry *)other)->id;
    return (a > b) - (a < b);
}

/* By id, to be found fast: a channel's are asked for by every account. */
static void sort(struct groups *groups)
{
    qsort(groups->entries, groups->count, sizeof(struct groups_entry),
          by_entry_id);
    for (size_t i = 0; i < groups->count; i++)
        groups->entries[i].scope.base = &groups->entries[i].values;
}

static void on_group(void *ctx, const cJSON *member)
{
    struct reading *reading = ctx;
    struct layers *layers = reading->layers;
    char *path = path_below(reading->path, member->string);
    struct origin self = {
        .document = layers->document, .item = member, .place = path};
    int64_t id;
    bool is_name = parse_name(member->string, &id);
    if (!is_name)
        origin_fault(&self, layers->faults,
                     "this is no group; allowed: a group's number, or \"*\" "
                     "for every group");
    else if (!cJSON_IsObject(member))
        origin_fault(&self, layers->faults, "this is no object");
    if (!is_name || !cJSON_IsObject(member)) {
        free(path);
        return;
    }
    struct groups_entry *entry =
        &reading->groups->entries[reading->groups->count++];
    entry->id = id;
    scope_init(&entry->scope, path, &settings_group, &entry->values);
    entry->scope.self = self;
    layers_apply(layers, &entry->scope, member);
}

void groups_read(struct groups *groups, struct layers *layers,
                 const cJSON *object, const char *path)
{
    struct reading reading = {groups, layers, path};
    struct origin origin = {
        .document = layers->document, .item = object, .place = path};
    if (object == NULL)
        return;
    if (!cJSON_IsObject(object)) {
        origin_fault(&origin, layers->faults, "this is no object");
        return;
    }
    /* Of fixed size: the scopes keep pointers into it. */
    groups->entries = mem_zalloc((size_t)cJSON_GetArraySize(object),
                                 sizeof(struct groups_entry));
    layers_walk(layers, object, path, on_group, &reading);
    sort(groups);
}

void groups_finish(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        scope_free_values(&settings_group, &groups->entries[i].values);
        scope_finish(&groups->entries[i].scope);
    }
    free(groups->entries);
    *groups = (struct groups){0};
}

void groups_free_group(struct config_group *group)
{
    scope_free_values(&settings_group, group);
    free(group->place);
}

/* ---- merging ---------------------------------------------------------- */

static const struct groups_entry *find(const struct groups *groups, int64_t id)
{
    const struct groups_entry key = {.id = id};
    return groups->count == 0
               ? NULL
               : bsearch(&key, groups->entries, groups->count,
                         sizeof(struct groups_entry), by_entry_id);
}

/* Lay over `group` what the entry was given. */
static void lay_over(struct config_group *group,
                     const struct groups_entry *entry)
{
    char place[ORIGIN_TEXT_SIZE];
    if (entry == NULL)
        return;
    for (size_t i = 0; i < settings_group.count; i++) {
        const struct field *field = &settings_group.fields[i];
        if (!origin_is_given(&entry->scope.origins[i]))
            continue;
        field_finish(field, group);
        field_copy(field, &entry->values, group);
        if (strcmp(field->key, "allowFrom") == 0)
            group->has_allow_from = true;
    }
    origin_format(&entry->scope.self, place);
    free(group->place);
    group->place = mem_strdup(place);
}

static void merge_one(struct config_account *config,
                      const struct groups *channel,
                      const struct groups *account, int64_t id)
{
    struct config_group *group = &config->groups[config->group_count++];
    group->id = id;
    for (size_t i = 0; i < settings_group.count; i++)
        field_init(&settings_group.fields[i], group);
    lay_over(group, find(channel, 0));
    lay_over(group, find(account, 0));
    if (id == 0)
        return;
    lay_over(group, find(channel, id));
    lay_over(group, find(account, id));
}

static int by_id(const void *one, const void *other)
{
    int64_t a = ((const struct config_group *)one)->id;
    int64_t b = ((const struct config_group *)other)->id;
    return (a > b) - (a < b);
}

void groups_merge(const struct groups *channel, const struct groups *account,
                  struct config_account *config)
{
    config->groups = mem_zalloc(channel->count + account->count,
                                sizeof(struct config_group));
    for (size_t i = 0; i < account->count; i++)
        merge_one(config, channel, account, account->entries[i].id);
    for (size_t i = 0; i < channel->count; i++)
        if (find(account, channel->entries[i].id) == NULL)
            merge_one(config, channel, account, channel->entries[i].id);
    qsort(config->groups, config->group_count, sizeof(struct config_group),
          by_id);
}
