/* SPDX-License-Identifier: MIT */
/* The table that the build makes of schema/actions.json; for catalog.c. */
#ifndef ONEBUS_CATALOG_TABLE_H
#define ONEBUS_CATALOG_TABLE_H

#include "core/catalog.h"

/* A name or an alias. */
struct catalog_entry {
    struct slice name;
    const struct catalog_action *action;
};

/* Both sorted by name, byte by byte. */
extern const struct catalog_action CATALOG_ACTIONS[];
extern const size_t CATALOG_ACTION_COUNT;
extern const struct catalog_entry CATALOG_ENTRIES[];
extern const size_t CATALOG_ENTRY_COUNT;

#endif
