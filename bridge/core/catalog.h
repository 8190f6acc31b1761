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

#endif
