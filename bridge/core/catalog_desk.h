/* SPDX-License-Identifier: MIT */
/* bridge.actions: what can be asked for, and how. Parameters and data:
 * schema/README.md. One thread. */
#ifndef ONEBUS_CATALOG_DESK_H
#define ONEBUS_CATALOG_DESK_H

struct serving;

void catalog_desk_serve(struct serving *serving);

#endif
