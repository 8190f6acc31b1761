/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "config.h"
#include "settings.h"

enum { PATH_SIZE = 320 };

/* Whom to tell. */
struct telling {
    void (*on_change)(void *ctx, const char *path);
    void *ctx;
};

static bool same_text(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other
                                        : strcmp(one, other) == 0;
}

static bool same_list(const struct field_list *one,
                      const struct field_list *other)
{
    bool is_same = one->count == other->count;
    for (size_t i = 0; is_same && i < one->count; i++)
        is_same = strcmp(one->items[i], other->items[i]) == 0;
    return is_same;
}

/* Secrets are shown alike, and compared as they are. */
static bool field_equals(const struct field *field, const void *one,
                         const void *other)
{
    if (field->type == FIELD_FILE) /* its secret's row tells */
        return true;
    const void *a_place = (const char *)one + field->offset;
    const void *b_place = (const char *)other + field->offset;
    if (field->type == FIELD_LIST)
        return same_list(a_place, b_place);
    if (field->type == FIELD_SECRET || field->show != NULL)
        return same_text(*(char *const *)a_place, *(char *const *)b_place);
    cJSON *a = field_show(field, one);
    cJSON *b = field_show(field, other);
    char *a_text = a == NULL ? NULL : cJSON_PrintUnformatted(a);
    char *b_text = b == NULL ? NULL : cJSON_PrintUnformatted(b);
    bool is_same = same_text(a_text, b_text);
    cJSON_free(a_text);
    cJSON_free(b_text);
    cJSON_Delete(a);
    cJSON_Delete(b);
    return is_same;
}

static void compare(const struct telling *telling,
                    const struct field_table *table, const char *place,
                    const void *one, const void *other)
{
    char path[PATH_SIZE];
    for (size_t i = 0; i < table->count; i++) {
        if (field_equals(&table->fields[i], one, other))
            continue;
        snprintf(path, sizeof(path), "%.230s.%.80s", place,
                 table->fields[i].key);
        telling->on_change(telling->ctx, path);
    }
}

static void tell(const struct telling *telling, const char *place,
                 const char *what)
{
    char path[PATH_SIZE + 16];
    snprintf(path, sizeof(path), "%.*s (%s)", PATH_SIZE, place, what);
    telling->on_change(telling->ctx, path);
}

static int by_id(const void *one, const void *other)
{
    int64_t a = ((const struct config_group *)one)->id;
    int64_t b = ((const struct config_group *)other)->id;
    return (a > b) - (a < b);
}

static const struct config_group *find_group(const struct config_account *in,
                                             int64_t id)
{
    const struct config_group key = {.id = id};
    return in->group_count == 0 ? NULL
                                : bsearch(&key, in->groups, in->group_count,
                                          sizeof(struct config_group), by_id);
}

/* None for `allowFrom` is not the same as an empty one. */
static void compare_group(const struct telling *telling, const char *path,
                          const struct config_group *group,
                          const struct config_group *other)
{
    char below[PATH_SIZE + 16];
    compare(telling, &settings_group, path, group, other);
    if (group->has_allow_from == other->has_allow_from ||
        !ids_is_empty(&group->allow_from) || !ids_is_empty(&other->allow_from))
        return; /* told, if it differs */
    snprintf(below, sizeof(below), "%s.allowFrom", path);
    telling->on_change(telling->ctx, below);
}

static void name_group(char path[PATH_SIZE], const char *place, int64_t id)
{
    if (id == 0)
        snprintf(path, PATH_SIZE, "%.200s.groups.*", place);
    else
        snprintf(path, PATH_SIZE, "%.200s.groups.%" PRId64, place, id);
}

static void compare_groups(const struct telling *telling, const char *place,
                           const struct config_account *from,
                           const struct config_account *to)
{
    char path[PATH_SIZE];
    for (size_t i = 0; i < from->group_count; i++) {
        const struct config_group *group = &from->groups[i];
        const struct config_group *other = find_group(to, group->id);
        name_group(path, place, group->id);
        if (other == NULL)
            tell(telling, path, "removed");
        else
            compare_group(telling, path, group, other);
    }
    for (size_t i = 0; i < to->group_count; i++) {
        name_group(path, place, to->groups[i].id);
        if (find_group(from, to->groups[i].id) == NULL)
            tell(telling, path, "added");
    }
}

static const struct config_account *find_account(const struct config *config,
                                                 const char *key)
{
    for (size_t i = 0; i < config->account_count; i++)
        if (strcmp(config->accounts[i].key, key) == 0)
            return &config->accounts[i];
    return NULL;
}

static void name_account(char path[PATH_SIZE], const char *key)
{
    snprintf(path, PATH_SIZE, "channels.napcatqq.accounts.%s", key);
}

static const struct config_grant *find_grant(const struct config *config,
                                             const char *name)
{
    for (size_t i = 0; i < config->grant_count; i++)
        if (strcmp(config->grants[i].name, name) == 0)
            return &config->grants[i];
    return NULL;
}

static void name_grant(char path[PATH_SIZE], const char *name)
{
    snprintf(path, PATH_SIZE, "bridge.grants[%.200s]", name);
}

static void compare_grants(const struct telling *telling,
                           const struct config *from, const struct config *to)
{
    char path[PATH_SIZE];
    for (size_t i = 0; i < from->grant_count; i++) {
        const struct config_grant *grant = &from->grants[i];
        const struct config_grant *other = find_grant(to, grant->name);
        name_grant(path, grant->name);
        if (other == NULL)
            tell(telling, path, "removed");
        else
            compare(telling, &settings_grant, path, grant, other);
    }
    for (size_t i = 0; i < to->grant_count; i++) {
        name_grant(path, to->grants[i].name);
        if (find_grant(from, to->grants[i].name) == NULL)
            tell(telling, path, "added");
    }
}

void config_changes(const struct config *from, const struct config *to,
                    void (*on_change)(void *ctx, const char *path), void *ctx)
{
    const struct telling telling = {on_change, ctx};
    char path[PATH_SIZE];
    compare(&telling, &settings_bridge, "bridge", from, to);
    compare_grants(&telling, from, to);
    for (size_t i = 0; i < from->account_count; i++) {
        const struct config_account *account = &from->accounts[i];
        const struct config_account *other = find_account(to, account->key);
        name_account(path, account->key);
        if (other == NULL) {
            tell(&telling, path, "removed");
            continue;
        }
        compare(&telling, &settings_account, path, account, other);
        compare_groups(&telling, path, account, other);
    }
    for (size_t i = 0; i < to->account_count; i++) {
        name_account(path, to->accounts[i].key);
        if (find_account(from, to->accounts[i].key) == NULL)
            tell(&telling, path, "added");
    }
}

static bool same_tls(const struct config_tls *one,
                     const struct config_tls *other)
{
    return same_text(one->cert, other->cert) &&
           same_text(one->key, other->key) &&
           same_text(one->client_ca, other->client_ca) &&
           same_text(one->ca, other->ca) && one->insecure == other->insecure;
}

bool config_account_door_equals(const struct config_account *one,
                                const struct config_account *other)
{
    if (one->connect != NULL || other->connect != NULL)
        return same_text(one->connect, other->connect) &&
               same_text(one->token, other->token) &&
               one->self_id == other->self_id &&
               same_tls(&one->tls, &other->tls);
    return strcmp(one->host, other->host) == 0 && one->port == other->port &&
           strcmp(one->path, other->path) == 0 &&
           same_text(one->token, other->token) &&
           one->self_id == other->self_id && same_tls(&one->tls, &other->tls);
}
