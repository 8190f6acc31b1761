/* SPDX-License-Identifier: MIT */
#include "config_grants.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config.h"
#include "document.h"
#include "layers.h"
#include "scope.h"
#include "settings.h"

enum {
    PATH_SIZE = 32,
    /* Shorter ones can be guessed. */
    TOKEN_BYTES_LEAST = 16,
};

/* The list; the arrays run in step. */
struct reading {
    struct layers *layers;
    struct config_grant *grants;
    struct scope *scopes;
    size_t count;
};

static struct origin origin_of(const struct layers *layers, const cJSON *item)
{
    return (struct origin){.document = layers->document,
                           .item = item,
                           .place = "bridge",
                           .key = CONFIG_GRANTS_KEY};
}

static bool is_sound_list(struct layers *layers, const cJSON *list)
{
    struct origin origin = origin_of(layers, list);
    if (!cJSON_IsArray(list))
        origin_fault(&origin, layers->faults,
                     "this is no list; allowed: a list of {name, token, …}");
    else if (cJSON_GetArraySize(list) > CONFIG_GRANTS_MAX)
        origin_fault(&origin, layers->faults,
                     "too many elements; allowed: 0 to %d", CONFIG_GRANTS_MAX);
    else
        return true;
    return false;
}

static void read_one(struct reading *reading, const cJSON *item, int index)
{
    char path[PATH_SIZE];
    struct origin self = origin_of(reading->layers, item);
    if (!cJSON_IsObject(item)) {
        origin_fault(&self, reading->layers->faults, "this is no object");
        return;
    }
    struct scope *scope = &reading->scopes[reading->count];
    snprintf(path, sizeof(path), "bridge.grants[%d]", index);
    scope_init(scope, mem_strdup(path), &settings_grant,
               &reading->grants[reading->count++]);
    scope->self = self;
    layers_apply(reading->layers, scope, item);
}

static bool is_token_given(const struct scope *scope)
{
    return origin_is_given(scope_origin(scope, "token")) ||
           origin_is_given(scope_origin(scope, "tokenFile"));
}

static const struct origin *origin_of_token(const struct scope *scope)
{
    return scope_origin_or_self(
        scope, origin_is_given(scope_origin(scope, "tokenFile")) ? "tokenFile"
                                                                 : "token");
}

static void check_one(const struct reading *reading, size_t index)
{
    const struct config_grant *grant = &reading->grants[index];
    const struct scope *scope = &reading->scopes[index];
    struct config_faults *faults = reading->layers->faults;
    if (!origin_is_given(scope_origin(scope, "name")))
        origin_fault(&scope->self, faults, "name is missing");
    if (!is_token_given(scope))
        origin_fault(&scope->self, faults,
                     "token is missing; allowed: it, or tokenFile");
    if (grant->token != NULL && strlen(grant->token) < TOKEN_BYTES_LEAST)
        origin_fault(origin_of_token(scope), reading->layers->notes,
                     "the token has fewer than %d characters and may be "
                     "guessed",
                     TOKEN_BYTES_LEAST);
}

static bool same_text(const char *one, const char *other)
{
    return one != NULL && other != NULL && strcmp(one, other) == 0;
}

/* With one token for two, the one that comes first would count. */
static void check_against(const struct reading *reading, size_t index,
                          size_t earlier)
{
    const struct config_grant *grant = &reading->grants[index];
    const struct config_grant *other = &reading->grants[earlier];
    const struct scope *scope = &reading->scopes[index];
    struct config_faults *faults = reading->layers->faults;
    if (same_text(grant->name, other->name))
        origin_fault(scope_origin(scope, "name"), faults,
                     "\"%s\" is %s's already; allowed: a name for each",
                     grant->name, reading->scopes[earlier].path);
    if (same_text(grant->token, other->token))
        origin_fault(origin_of_token(scope), faults,
                     "this is the token of %s; allowed: a token for each",
                     reading->scopes[earlier].path);
}

static void check(const struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++) {
        check_one(reading, i);
        for (size_t j = 0; j < i; j++)
            check_against(reading, i, j);
    }
}

void config_grants_read(struct layers *layers, const cJSON *bridge,
                        struct config *config)
{
    const cJSON *item;
    const cJSON *list =
        cJSON_GetObjectItemCaseSensitive(bridge, CONFIG_GRANTS_KEY);
    struct reading reading = {.layers = layers};
    int index = 0;
    if (list == NULL || !is_sound_list(layers, list))
        return;
    /* Of fixed size: the scopes keep pointers into it. */
    size_t size = (size_t)cJSON_GetArraySize(list);
    reading.grants = mem_zalloc(size, sizeof(struct config_grant));
    reading.scopes = mem_zalloc(size, sizeof(struct scope));
    cJSON_ArrayForEach(item, list) read_one(&reading, item, index++);
    check(&reading);
    for (size_t i = 0; i < reading.count; i++)
        scope_finish(&reading.scopes[i]);
    free(reading.scopes);
    config->grants = reading.grants;
    config->grant_count = reading.count;
}

void config_grants_finish(struct config *config)
{
    for (size_t i = 0; i < config->grant_count; i++)
        scope_free_values(&settings_grant, &config->grants[i]);
    free(config->grants);
}
