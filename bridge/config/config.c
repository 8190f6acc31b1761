/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "base/mem.h"
#include "config_grants.h"
#include "document.h"
#include "environment.h"
#include "groups.h"
#include "layers.h"
#include "rules.h"
#include "scope.h"
#include "settings.h"

static const char CHANNELS[] = "channels";
static const char CHANNEL[] = "channels.napcatqq";
static const char ACCOUNTS[] = "accounts";
static const char ACCOUNTS_PATH[] = "channels.napcatqq.accounts";
static const char BRIDGE[] = "bridge";
static const char GROUPS[] = "groups";
static const char GROUPS_BELOW[] = ".groups";
static const char *const CHANNEL_CHILDREN[] = {ACCOUNTS, GROUPS, NULL};
static const char *const ACCOUNT_CHILDREN[] = {GROUPS, NULL};
static const char *const BRIDGE_CHILDREN[] = {CONFIG_GRANTS_KEY, NULL};
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
    struct groups channel_groups;
    struct scope *scopes;
    struct groups *groups; /* of each account */
    size_t room;           /* in these arrays */
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

static void read_groups(struct layers *layers, struct groups *groups,
                        const cJSON *place, const char *path)
{
    struct buffer below = {0};
    buffer_append_string(&below, path);
    buffer_append(&below, GROUPS_BELOW, sizeof(GROUPS_BELOW));
    groups_read(groups, layers, cJSON_GetObjectItemCaseSensitive(place, GROUPS),
                below.data);
    buffer_finish(&below);
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
    scope->children = ACCOUNT_CHILDREN;
    layers_apply(&load->layers, scope, member);
    read_groups(&load->layers, &load->groups[config->account_count - 1], member,
                path);
}

static void make_room(struct load *load, int count)
{
    load->room = (size_t)count;
    load->config.accounts =
        mem_zalloc(load->room, sizeof(struct config_account));
    load->scopes = mem_zalloc(load->room, sizeof(struct scope));
    load->groups = mem_zalloc(load->room, sizeof(struct groups));
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
    if (!cJSON_IsObject(accounts)) {
        struct origin origin = {.document = load->layers.document,
                                .item = accounts,
                                .place = CHANNEL,
                                .key = ACCOUNTS};
        origin_fault(&origin, load->layers.faults, "this is no object");
        return;
    }
    make_room(load, cJSON_GetArraySize(accounts));
    layers_walk(&load->layers, accounts, ACCOUNTS_PATH, on_account, load);
}

static void free_places(struct config_places *places)
{
    free(places->dm_policy);
    free(places->allow_from);
    free(places->group_policy);
    free(places->group_allow_from);
    free(places->groups);
}

static void free_account(struct config_account *account)
{
    free(account->key);
    scope_free_values(&settings_account, account);
    for (size_t i = 0; i < account->group_count; i++)
        groups_free_group(&account->groups[i]);
    free(account->groups);
    free_places(&account->places);
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
            groups_finish(&load->groups[i]);
            continue;
        }
        config->accounts[kept] = *account;
        load->scopes[kept] = load->scopes[i];
        load->groups[kept] = load->groups[i];
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
    scope->children = CHANNEL_CHILDREN;
    scope->self.document = layers->document;
    scope->self.item = channel;
    layers_apply(layers, scope, channel);
    read_groups(layers, &load->channel_groups, channel, CHANNEL);
    read_accounts(load, channel);
}

/* What is not set is found in the environment: systemd's way, then XDG's. */
static void find_state_dir(struct load *load)
{
    char *const *environment = load->layers.source->environment;
    const char *systemd = environment_get(environment, "STATE_DIRECTORY");
    const char *xdg = environment_get(environment, "XDG_STATE_HOME");
    char **place = &load->config.state_dir;
    struct buffer path = {0};
    if (*place != NULL)
        return;
    if (systemd != NULL)
        systemd += strspn(systemd, ":");
    if (systemd != NULL && systemd[0] != '\0') {
        *place = mem_dup(systemd, strcspn(systemd, ":"));
    } else if (xdg != NULL && xdg[0] == '/') {
        buffer_append_string(&path, xdg);
        buffer_append(&path, "/onebus", sizeof("/onebus"));
        *place = path.data;
    } else {
        *place = in_home(environment, "/.local/state/onebus");
    }
}

static void read_bridge(struct load *load, const cJSON *root)
{
    struct layers *layers = &load->layers;
    const cJSON *bridge = layers_object(layers, root, "", BRIDGE);
    struct scope *scope = &load->bridge;
    scope_init(scope, mem_strdup(BRIDGE), &settings_bridge, &load->config);
    scope->self.document = layers->document;
    scope->self.item = bridge;
    scope->children = BRIDGE_CHILDREN;
    layers_apply(layers, scope, bridge);
    config_grants_read(layers, bridge, &load->config);
}

static char *place_of(const struct scope *scope, const char *key)
{
    char text[ORIGIN_TEXT_SIZE];
    origin_format(scope_origin(scope, key), text);
    return mem_strdup(text);
}

/* Where a group that nobody names would go: the account's `groups`, or those
 * that it inherits. */
static char *place_of_groups(const struct load *load, size_t index)
{
    const struct scope *scope = &load->scopes[index];
    const struct scope *owner =
        load->groups[index].count > 0 ? scope : &load->channel_scope;
    struct origin origin = owner->self;
    char text[ORIGIN_TEXT_SIZE];
    const cJSON *groups = cJSON_GetObjectItemCaseSensitive(origin.item, GROUPS);
    if (groups != NULL)
        origin.item = groups;
    origin.key = GROUPS;
    origin_format(&origin, text);
    return mem_strdup(text);
}

static void finish_accounts(struct load *load)
{
    for (size_t i = 0; i < load->config.account_count; i++) {
        struct config_account *account = &load->config.accounts[i];
        const struct scope *scope = &load->scopes[i];
        groups_merge(&load->channel_groups, &load->groups[i], account);
        account->places = (struct config_places){
            .dm_policy = place_of(scope, "dmPolicy"),
            .allow_from = place_of(scope, "allowFrom"),
            .group_policy = place_of(scope, "groupPolicy"),
            .group_allow_from = place_of(scope, "groupAllowFrom"),
            .groups = place_of_groups(load, i),
        };
    }
}

static void check_rules(struct load *load)
{
    drop_disabled(load);
    finish_accounts(load);
    find_state_dir(load);
    rules_check_accounts(load->scopes, load->config.account_count,
                         load->layers.faults);
    rules_check_bridge(&load->bridge, load->layers.faults);
    rules_check_nats(&load->bridge, load->layers.faults, load->layers.notes);
}

/* The config stays. */
static void load_finish(struct load *load)
{
    for (size_t i = 0; i < load->config.account_count; i++) {
        scope_finish(&load->scopes[i]);
        groups_finish(&load->groups[i]);
    }
    free(load->scopes);
    free(load->groups);
    groups_finish(&load->channel_groups);
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
        .config = {.file = file},
        .layers = {.source = source, .document = &document, .faults = faults}};
    load.layers.notes = &load.config.notes;
    load.layers.secret_files = &load.config.secret_files;
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

bool config_keeps_strangers_out(const struct config *config, const char *url)
{
    return address_url_is_local(url) ||
           (address_url_has_tls(url) && config->tls.ca != NULL);
}

bool config_needs_grants(const struct config *config)
{
    for (size_t i = 0; i < config->action_urls.count; i++)
        if (!config_keeps_strangers_out(config, config->action_urls.items[i]))
            return !config->allow_insecure;
    return false;
}

bool config_nats_has_tls(const struct config_nats *nats)
{
    struct address_nats address;
    if (nats->tls.ca != NULL || nats->tls.cert != NULL)
        return true;
    for (size_t i = 0; i < nats->urls.count; i++)
        if (address_cut_nats(nats->urls.items[i], &address) && address.has_tls)
            return true;
    return false;
}

void config_finish(struct config *config)
{
    for (size_t i = 0; i < config->account_count; i++)
        free_account(&config->accounts[i]);
    free(config->accounts);
    scope_free_values(&settings_bridge, config);
    config_grants_finish(config);
    config_faults_finish(&config->notes);
    field_list_finish(&config->secret_files);
    free(config->file);
    *config = (struct config){0};
}
