/* SPDX-License-Identifier: MIT */
/* bridge.cursor.*: named cursors are set and asked for. Parameters and data:
 * schema/README.md. One thread. */
#ifndef ONEBUS_CURSOR_DESK_H
#define ONEBUS_CURSOR_DESK_H

struct serving;

void cursor_desk_get(struct serving *serving);
void cursor_desk_set(struct serving *serving);

#endif
