/* SPDX-License-Identifier: MIT */
/* The environment as it was handed in: `NAME=value` strings and a NULL, as
 * environ has them, so that a test can bring its own. NULL is an empty one.
 * Any thread. */
#ifndef ONEBUS_ENVIRONMENT_H
#define ONEBUS_ENVIRONMENT_H

#include "base/buffer.h"
#include "base/status.h"

/* The whole `NAME=value`, or NULL. Of two with one name the first counts, as
 * with getenv(). */
const char *environment_entry(char *const *environment, struct slice name);

/* The value alone, or NULL. */
const char *environment_get(char *const *environment, const char *name);

/* Append `text` to `out`, each ${NAME} replaced by that variable's value and
 * `$${` by a plain `${`. STATUS_INVALID: `missing` is the variable that is not
 * set, in `text`, or empty if a `${` opens no name; `out` is as it was. */
MUST_CHECK enum status environment_expand(char *const *environment,
                                          const char *text, struct buffer *out,
                                          struct slice *missing);

#endif
