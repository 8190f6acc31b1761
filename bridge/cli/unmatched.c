/* SPDX-License-Identifier: MIT */
#include "unmatched.h"

#include <stdio.h>

#include "base/nearmiss.h"
#include "config/config.h"
#include "config/tools.h"
#include "core/catalog.h"
#include "core/glob.h"
#include "core/service.h"

enum { LINE_SIZE = 1024 };

struct search {
    const struct config *config;
    void (*on_line)(void *ctx, const char *line);
    void *ctx;
};

static void tell(const struct search *search, const char *place,
                 const char *key, const char *pattern, const char *what,
                 const struct nearmiss *miss)
{
    char line[LINE_SIZE], hint[NEARMISS_HINT_SIZE];
    nearmiss_hint(miss, hint);
    snprintf(line, sizeof(line), "%.400s.%s: \"%.100s\" fits no %s%s", place,
             key, pattern, what, hint);
    search->on_line(search->ctx, line);
}

/* Is it the name or the like of it? What is near is offered. */
static bool offer(struct nearmiss *miss, const char *pattern, const char *name)
{
    nearmiss_offer(miss, slice_of(name));
    return glob_matches(pattern, slice_of(name));
}

/* An alias is denied by its own name: what counts is what the peer is asked. */
static void offer_action(const char *pattern, struct nearmiss *miss)
{
    struct catalog_name name = catalog_resolve(slice_of(pattern));
    if (name.action != NULL)
        miss->best = slice_of(name.action->name);
}

static bool fits_action(const char *pattern, bool of_bridge,
                        struct nearmiss *miss)
{
    bool fits = false;
    for (size_t i = 0; i < catalog_count() && !fits; i++)
        fits = offer(miss, pattern, catalog_at(i)->name);
    for (size_t i = 0; of_bridge && i < service_count() && !fits; i++)
        fits = offer(miss, pattern, service_at(i).name);
    return fits;
}

static void check_actions(const struct search *search, const char *place,
                          const char *key, const struct field_list *patterns,
                          bool of_bridge)
{
    for (size_t i = 0; i < patterns->count; i++) {
        const char *pattern = patterns->items[i];
        struct nearmiss miss = nearmiss_of(slice_of(pattern));
        if (fits_action(pattern, of_bridge, &miss))
            continue;
        offer_action(pattern, &miss);
        tell(search, place, key, pattern, "action that is known", &miss);
    }
}

static void check_accounts(const struct search *search, const char *place,
                           const struct field_list *patterns)
{
    const struct config *config = search->config;
    for (size_t i = 0; i < patterns->count; i++) {
        struct nearmiss miss = nearmiss_of(slice_of(patterns->items[i]));
        bool fits = false;
        for (size_t j = 0; j < config->account_count && !fits; j++)
            fits = offer(&miss, patterns->items[i], config->accounts[j].key);
        if (!fits)
            tell(search, place, "accounts", patterns->items[i],
                 "account that is enabled", &miss);
    }
}

static void check_grants(const struct search *search)
{
    char place[LINE_SIZE];
    for (size_t i = 0; i < search->config->grant_count; i++) {
        const struct config_grant *grant = &search->config->grants[i];
        snprintf(place, sizeof(place), "bridge.grants[%zu] (%.100s)", i,
                 grant->name);
        check_actions(search, place, "actions", &grant->actions, true);
        check_accounts(search, place, &grant->accounts);
    }
}

static void check_groups(const struct search *search,
                         const struct config_account *account)
{
    for (size_t i = 0; i < account->group_count; i++) {
        const struct config_group *group = &account->groups[i];
        struct tools tools = {0};
        if (group->tools == NULL)
            continue;
        tools_read(group->tools, &tools);
        check_actions(search, group->place, "tools", &tools.allow, false);
        check_actions(search, group->place, "tools", &tools.deny, false);
        tools_finish(&tools);
    }
}

/* Accounts that inherit a group have it from one place: it is told once. */
static bool is_told(const struct config *config, size_t index)
{
    const struct config_account *account = &config->accounts[index];
    for (size_t i = 0; i < index; i++)
        if (strcmp(config->accounts[i].places.groups, account->places.groups) ==
            0)
            return true;
    return false;
}

void unmatched_each(const struct config *config,
                    void (*on_line)(void *ctx, const char *line), void *ctx)
{
    const struct search search = {config, on_line, ctx};
    check_grants(&search);
    for (size_t i = 0; i < config->account_count; i++)
        if (!is_told(config, i))
            check_groups(&search, &config->accounts[i]);
}
