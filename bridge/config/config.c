/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "document.h"
#include "environment.h"
#include "layers.h"
#include "rules.h"
#include "scope.h"
#include "settings.h"

static const char CHANNELS[] = "channels";
static const char CHANNEL[] = "channels.napcatqq";
static const char ACCOUNTS[] = "accounts";
static const char ACCOUNTS_PATH[] = "channels.napcatqq.accounts";
static const char BRIDGE[] = "bridge";
static const char DEFAULT_ACCOUNT[] = "default";
static const char NAME_LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789_-";
enum { ACCOUNT_NAME_MAX = 64 };

/* One loading. The arrays run in step: scope i fills account i. */
struct load {
    struct layers layers;
    struct config config;
    struct scope bridge;
    struct config_account channel; /* what the accounts inherit */
    struct scope channel_scope;
    struct scope *scopes;
};

/* -- The file -------------------------------------------------------------- */

/* One that is there and cannot be looked at is the one, and then a fault. */
static bool is_there(const char *path)
{
    return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

static char *in_home(char *const *environment, const char *path)
{
    struct buffer joined = {0};
    const char *home = environment_get(environment, "HOME");
    if (home == NULL || home[0] == '\0')
        return NULL;
    buffer_append_string(&joined, home);
    buffer_append(&joined, path, strlen(path) + 1);
    return joined.data;
}

/* NULL if there is none; to be freed. */
static char *find_file(const struct config_source *source)
{
    const char *named = source->path;
    if (named == NULL)
        named = environment_get(source->environment, "ONEBUS_CONFIG");
    if (named != NULL && (named[0] != '\0' || named == source->path))
        return mem_strdup(named);
    char *candidates[] = {
        mem_strdup("onebus.json"),
        in_home(source->environment, "/.config/onebus/onebus.json"),
        mem_strdup("/etc/onebus/onebus.json"),
    };
    char *found = NULL;
    for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++) {
        if (found == NULL && candidates[i] != NULL && is_there(candidates[i]))
            found = candidates[i];
        else
            free(candidates[i]);
    }
    return found;
}

/* -- The accounts ---------------------------------------------------------- */

static char *account_path(const char *name)
{
    struct buffer path = {0};
    buffer_append_string(&path, ACCOUNTS_PATH);
    buffer_append_string(&path, ".");
    buffer_append(&path, name, strlen(name) + 1);
    return path.data;
}

static bool is_account_name(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size <= ACCOUNT_NAME_MAX &&
           strspn(name, NAME_LETTERS) == size;
}

static bool is_sound_account(struct load *load, const cJSON *member,
                             struct origin *origin)
{
    struct config_faults *faults = load->layers.faults;
    if (!is_account_name(member->string))
        origin_fault(origin, faults,
                     "this is no name for an account; allowed: 1 to %d of "
                     "A-Z a-z 0-9 _ -",
                     ACCOUNT_NAME_MAX);
    else if (!cJSON_IsObject(member))
        origin_fault(origin, faults, "this is no object");
    else
        return true;
    return false;
}

static void on_account(void *ctx, const cJSON *member)
{
    struct load *load = ctx;
    struct config *config = &load->config;
    char *path = account_path(member->string);
    struct origin self = {
        .document = load->layers.document, .item = member, .place = path};
    if (!is_sound_account(load, member, &self)) {
        free(path);
        return;
    }
    struct config_account *account = &config->accounts[config->account_count];
    struct scope *scope = &load->scopes[config->account_count++];
    account->key = mem_strdup(member->string);
    scope_init_below(scope, path, &load->channel_scope, account);
    scope->self = self;
    layers_apply(&load->layers, scope, member);
}

static void make_room(struct load *load, int count)
{
    load->config.accounts =
        mem_zalloc((size_t)count, sizeof(struct config_account));
    load->scopes = mem_zalloc((size_t)count, sizeof(struct scope));
}

/* Without `accounts` the channel itself is the one. */
static void add_default_account(struct load *load)
{
    make_room(load, 1);
    struct config_account *account = &load->config.accounts[0];
    account->key = mem_strdup(DEFAULT_ACCOUNT);
    scope_init_below(&load->scopes[0], mem_strdup(CHANNEL),
                     &load->channel_scope, account);
    load->scopes[0].self = load->channel_scope.self;
    load->config.account_count = 1;
}

static void read_accounts(struct load *load, const cJSON *channel)
{
    const cJSON *accounts = cJSON_GetObjectItemCaseSensitive(channel, ACCOUNTS);
    if (accounts == NULL) {
        add_default_account(load);
        return;
    }
    if (!cJSON_IsObject(accounts)) /* a fault already */
        return;
    make_room(load, cJSON_GetArraySize(accounts));
    layers_walk(&load->layers, accounts, ACCOUNTS_PATH, on_account, load);
}

static void free_account(struct config_account *account)
{
    free(account->key);
    scope_free_values(&settings_account, account);
}

/* Keep the enabled ones, in their order. The channel's key is above theirs. */
static void drop_disabled(struct load *load)
{
    struct config *config = &load->config;
    size_t kept = 0;
    for (size_t i = 0; i < config->account_count; i++) {
        struct config_account *account = &config->accounts[i];
        if (!load->channel.enabled || !account->enabled) {
            free_account(account);
            scope_finish(&load->scopes[i]);
            continue;
        }
        config->accounts[kept] = *account;
        load->scopes[kept] = load->scopes[i];
        load->scopes[kept].base = &config->accounts[kept];
        kept++;
    }
    config->account_count = kept;
}

/* -- All of it ------------------------------------------------------------- */

static void read_channel(struct load *load, const cJSON *root)
{
    struct layers *layers = &load->layers;
    const cJSON *channels = layers_object(layers, root, "", CHANNELS);
    const cJSON *channel =
        layers_object(layers, channels, CHANNELS, CHANNEL + sizeof(CHANNELS));
    struct scope *scope = &load->channel_scope;
    scope_init(scope, mem_strdup(CHANNEL), &settings_account, &load->channel);
    scope->child = ACCOUNTS;
    scope->self.document = layers->document;
    scope->self.item = channel;
    layers_apply(layers, scope, channel);
    read_accounts(load, channel);
}

static void read_bridge(struct load *load, const cJSON *root)
{
    struct layers *layers = &load->layers;
    const cJSON *bridge = layers_object(layers, root, "", BRIDGE);
    struct scope *scope = &load->bridge;
    scope_init(scope, mem_strdup(BRIDGE), &settings_bridge, &load->config);
    scope->self.document = layers->document;
    scope->self.item = bridge;
    layers_apply(layers, scope, bridge);
}

static void check_rules(struct load *load)
{
    drop_disabled(load);
    rules_check_accounts(load->scopes, load->config.account_count,
                         load->layers.faults);
    rules_check_bridge(&load->bridge, load->layers.faults);
}

/* The config stays. */
static void load_finish(struct load *load)
{
    for (size_t i = 0; i < load->config.account_count; i++)
        scope_finish(&load->scopes[i]);
    free(load->scopes);
    scope_free_values(&settings_account, &load->channel);
    scope_finish(&load->channel_scope);
    scope_finish(&load->bridge);
    layers_finish(&load->layers);
}

static void load_all(struct load *load, const cJSON *root)
{
    read_channel(load, root);
    read_bridge(load, root);
    layers_judge_names(&load->layers);
    check_rules(load);
}

enum status config_load(const struct config_source *source,
                        struct config *config, struct config_faults *faults)
{
    size_t before = faults->count + faults->dropped;
    struct document document = {0};
    char *file = find_file(source);
    if (file != NULL && document_read(file, &document, faults) != STATUS_OK) {
        free(file);
        return STATUS_INVALID;
    }
    struct load load = {
        .layers = {.source = source, .document = &document, .faults = faults},
        .config = {.file = file}};
    load_all(&load, document.root);
    load_finish(&load);
    document_finish(&document);
    if (faults->count + faults->dropped != before) {
        config_finish(&load.config);
        return STATUS_INVALID;
    }
    *config = load.config;
    return STATUS_OK;
}

void config_finish(struct config *config)
{
    for (size_t i = 0; i < config->account_count; i++)
        free_account(&config->accounts[i]);
    free(config->accounts);
    scope_free_values(&settings_bridge, config);
    free(config->file);
    *config = (struct config){0};
}
