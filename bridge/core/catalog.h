/* SPDX-License-Identifier: MIT */
/* What is known of an action by its name. Pure. Any thread. */
#ifndef ONEBUS_CATALOG_H
#define ONEBUS_CATALOG_H

#include <stdbool.h>

#include "base/buffer.h"

/* Whether `action` only reads: no answer to it then means "ask again", while
 * no answer to anything else means "it may have happened". When in doubt it is
 * no read. */
bool catalog_is_read(struct slice action);

/* Whether the action needs QQ to be online: it sends something, or changes a
 * chat. Others may, too, but some of them bring QQ back: `set_restart`. */
bool catalog_needs_qq(struct slice action);

#endif
