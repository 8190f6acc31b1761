/* SPDX-License-Identifier: MIT */
/* The keys there are: a row for each, over the structs of config.h. Read only,
 * any thread. */
#ifndef ONEBUS_SETTINGS_H
#define ONEBUS_SETTINGS_H

#include "field.h"

/* channels.napcatqq and each of its accounts: struct config_account. */
extern const struct field_table settings_account;

/* One of their groups: struct config_group. */
extern const struct field_table settings_group;

/* One of bridge.grants: struct config_grant. */
extern const struct field_table settings_grant;

/* bridge: struct config. */
extern const struct field_table settings_bridge;

#endif
