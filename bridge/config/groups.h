/* SPDX-License-Identifier: MIT */
/* `groups`, of a channel and of its accounts: what is said of one group, and of
 * every group as "*".
 *
 * Each value by itself is the first that was given of
 *
 *     the account's groups.<id>, the channel's groups.<id>,
 *     the account's groups."*",  the channel's groups."*"
 *
 * One thread. */
#ifndef ONEBUS_GROUPS_H
#define ONEBUS_GROUPS_H

#include <stddef.h>

#include <cjson/cJSON.h>

struct config_account;
struct config_group;
struct layers;

/* The `groups` of one place, as they were given. Zero-initialised is empty. */
struct groups {
    struct groups_entry *entries;
    size_t count;
};

/* Read the object at `path`; NULL: there is none. */
void groups_read(struct groups *groups, struct layers *layers,
                 const cJSON *object, const char *path);

/* Put into the account what holds for it. */
void groups_merge(const struct groups *channel, const struct groups *account,
                  struct config_account *config);

void groups_finish(struct groups *groups);

/* Free what a merged group holds. */
void groups_free_group(struct config_group *group);

#endif
