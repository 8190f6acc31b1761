/* SPDX-License-Identifier: MIT */
#include "setup.h"

#include <stdlib.h>

#include "base/mem.h"
#include "config/tools.h"
#include "core/json_read.h"
#include "core/pack.h"

enum {
    /* NapCat closes a link on a frame above 50 MiB. */
    REQUEST_BYTES_MAX = 48 << 20,
};

/* What the core borrows of a group. */
struct setup_group {
    struct buffer extras; /* MessagePack */
    struct tools patterns;
    struct access_tools tools;
};

/* One account's groups; the arrays run in step with the settings'. */
struct setup_groups {
    struct access_group *items;
    struct setup_group *kept;
    size_t count;
};

/* The strings stay the list's. */
static struct globs globs_of(const struct field_list *list)
{
    return (struct globs){(const char *const *)list->items, list->count};
}

/* ---- groups ----------------------------------------------------------- */

static void pack_skills(struct msgpack_packer *packer,
                        const struct field_list *skills)
{
    pack_string(packer, "skills");
    msgpack_pack_array(packer, skills->count);
    for (size_t i = 0; i < skills->count; i++)
        pack_string(packer, skills->items[i]);
}

/* The settings have checked that it is JSON. Consumers get one form: a list is
 * `allow`, a single string a list of one. */
static void pack_tools(struct msgpack_packer *packer, const char *tools)
{
    const struct json_reader_options options = {.depth_max = JSON_DEPTH_MAX};
    struct buffer pack = {0};
    struct json_error error;
    pack_string(packer, "tools");
    if (tools[0] != '{') {
        msgpack_pack_map(packer, 1);
        pack_string(packer, "allow");
    }
    if (tools[0] == '"')
        msgpack_pack_array(packer, 1);
    if (json_to_msgpack(slice_of(tools), &options, &pack, &error) == STATUS_OK)
        pack_raw(packer, buffer_slice(&pack));
    else
        msgpack_pack_nil(packer);
    buffer_finish(&pack);
}

/* What a consumer is told of the group: how many pairs there are. */
static size_t pack_extras(const struct config_group *group, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    size_t count = 0;
    if (group->system_prompt != NULL) {
        pack_string(&packer, "system_prompt");
        pack_string(&packer, group->system_prompt);
        count++;
    }
    if (group->skills.count > 0) {
        pack_skills(&packer, &group->skills);
        count++;
    }
    if (group->tools != NULL) {
        pack_tools(&packer, group->tools);
        count++;
    }
    return count;
}

/* NULL: nothing is said. */
static const struct access_tools *tools_of(const struct config_group *group,
                                           struct setup_group *kept)
{
    if (group->tools == NULL)
        return NULL;
    tools_read(group->tools, &kept->patterns);
    kept->tools =
        (struct access_tools){.allow = globs_of(&kept->patterns.allow),
                              .deny = globs_of(&kept->patterns.deny)};
    return &kept->tools;
}

static struct access_group group_of(const struct config_group *group,
                                    struct setup_group *kept)
{
    size_t count = pack_extras(group, &kept->extras);
    return (struct access_group){
        .id = group->id,
        .enabled = group->enabled,
        .require_mention = group->require_mention,
        .mention_all = group->mention_all,
        .has_allow_from = group->has_allow_from,
        .allow_from = group->allow_from,
        .extras = buffer_slice(&kept->extras),
        .extra_count = count,
        .tools = tools_of(group, kept),
        .place = group->place,
    };
}

static int by_id(const void *one, const void *other)
{
    int64_t a = ((const struct access_group *)one)->id;
    int64_t b = ((const struct access_group *)other)->id;
    return (a > b) - (a < b);
}

static void make_groups(struct setup_groups *groups,
                        const struct config_account *account)
{
    groups->count = account->group_count;
    groups->items = mem_zalloc(groups->count, sizeof(struct access_group));
    groups->kept = mem_zalloc(groups->count, sizeof(struct setup_group));
    for (size_t i = 0; i < groups->count; i++)
        groups->items[i] = group_of(&account->groups[i], &groups->kept[i]);
    qsort(groups->items, groups->count, sizeof(struct access_group), by_id);
}

static void free_groups(struct setup_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        buffer_finish(&groups->kept[i].extras);
        tools_finish(&groups->kept[i].patterns);
    }
    free(groups->kept);
    free(groups->items);
}

/* ---- accounts --------------------------------------------------------- */

static enum access_policy policy_of(enum config_policy policy)
{
    static const enum access_policy policies[] = {
        [CONFIG_POLICY_OPEN] = ACCESS_OPEN,
        [CONFIG_POLICY_PAIRING] = ACCESS_PAIRING,
        [CONFIG_POLICY_ALLOWLIST] = ACCESS_ALLOWLIST,
        [CONFIG_POLICY_CLOSED] = ACCESS_CLOSED,
    };
    return policies[policy];
}

/* The lists stay the config's. */
static struct access_rules rules_of(const struct config_account *account,
                                    const struct setup_groups *groups)
{
    return (struct access_rules){
        .dm_policy = policy_of(account->dm_policy),
        .group_policy = policy_of(account->group_policy),
        .allow_from = account->allow_from,
        .group_allow_from = account->group_allow_from,
        .group_sender_allow_from = account->group_sender_allow_from,
        .groups = groups->items,
        .group_count = groups->count,
        .places = {.dm_policy = account->places.dm_policy,
                   .allow_from = account->places.allow_from,
                   .group_policy = account->places.group_policy,
                   .group_allow_from = account->places.group_allow_from,
                   .groups = account->places.groups},
    };
}

static struct account_options options_of(const struct config_account *account,
                                         const struct setup_groups *groups)
{
    return (struct account_options){
        .name = account->key,
        .self_id = account->self_id,
        .grace_ms = account->reconnect.delay_ms,
        .watch = {.enabled = account->heartbeat.enabled,
                  .interval_ms = account->heartbeat.interval_ms,
                  .timeout_ms = account->heartbeat.timeout_ms},
        .redials = account->reconnect.enabled,
        .backoff = {.retries_max = (unsigned)account->reconnect.retries_max,
                    .delay_ms = account->reconnect.delay_ms,
                    .delay_max_ms = account->reconnect.delay_max_ms,
                    .multiplier = account->reconnect.multiplier},
        .access = rules_of(account, groups),
        .history_limit = (size_t)account->history_limit,
        .text_max = (size_t)account->text_chunk_limit,
        .media_bytes_max = (size_t)account->media_max_mb << 20,
    };
}

/* ---- grants ----------------------------------------------------------- */

static struct grant_options grant_of(const struct config_grant *grant)
{
    return (struct grant_options){
        .name = grant->name,
        .token = grant->token,
        .events = grant->events,
        .accounts = globs_of(&grant->accounts),
        .actions = globs_of(&grant->actions),
        .chats = globs_of(&grant->chats),
    };
}

static void make_grants(struct setup *setup)
{
    const struct config *config = &setup->config;
    setup->grants =
        mem_zalloc(config->grant_count, sizeof(struct grant_options));
    for (size_t i = 0; i < config->grant_count; i++)
        setup->grants[i] = grant_of(&config->grants[i]);
}

/* ---- media ------------------------------------------------------------- */

static void make_media_paths(struct setup *setup)
{
    shares_read(setup->config.media_paths, &setup->shares);
    setup->media_paths =
        mem_zalloc(setup->shares.count, sizeof(struct media_path));
    for (size_t i = 0; i < setup->shares.count; i++)
        setup->media_paths[i] = (struct media_path){
            .from = setup->shares.items[i].from,
            .to = setup->shares.items[i].to,
        };
}

/* ---- all of it -------------------------------------------------------- */

struct setup *setup_create(const struct config *config)
{
    struct setup *setup = mem_zalloc(1, sizeof(*setup));
    size_t count = config->account_count;
    setup->config = *config;
    setup->accounts = mem_zalloc(count, sizeof(struct account_options));
    setup->groups = mem_zalloc(count, sizeof(struct setup_groups));
    for (size_t i = 0; i < count; i++) {
        make_groups(&setup->groups[i], &config->accounts[i]);
        setup->accounts[i] =
            options_of(&config->accounts[i], &setup->groups[i]);
    }
    make_grants(setup);
    make_media_paths(setup);
    setup->options = (struct bridge_options){
        .accounts = setup->accounts,
        .account_count = count,
        .grants = setup->grants,
        .grant_count = config->grant_count,
        .version = ONEBUS_VERSION,
        .enforces = config->access == CONFIG_ACCESS_ENFORCE,
        .read_timeout_ms = config->call_timeout_ms,
        .write_timeout_ms = config->call_write_timeout_ms,
        .pacing = {.account_per_second = config->pacing.account_per_second,
                   .chat_per_second = config->pacing.chat_per_second,
                   .account_burst = (unsigned)config->pacing.account_burst,
                   .chat_burst = (unsigned)config->pacing.chat_burst,
                   .jitter_ms = config->pacing.jitter_ms},
        .calls_max = (size_t)config->calls_max,
        .allows_unknown = config->allow_unknown,
        .request_bytes_max = REQUEST_BYTES_MAX,
        .media = {.paths = setup->media_paths,
                  .path_count = setup->shares.count,
                  .inline_max = config->inline_bytes_max,
                  .fetches = config->media_fetch == CONFIG_FETCH_BRIDGE},
    };
    return setup;
}

void setup_destroy(struct setup *setup)
{
    if (setup == NULL)
        return;
    for (size_t i = 0; i < setup->config.account_count; i++)
        free_groups(&setup->groups[i]);
    free(setup->groups);
    free(setup->grants);
    free(setup->media_paths);
    shares_finish(&setup->shares);
    free(setup->accounts);
    config_finish(&setup->config);
    free(setup);
}
