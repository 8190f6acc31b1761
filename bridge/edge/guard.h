/* SPDX-License-Identifier: MIT */
/* Which addresses may be connected to on a stranger's word: those of the
 * public internet, and what the settings open (bridge.media.fetchPrivate).
 * A URL in a message must not reach what only this machine, or its network,
 * can reach. One thread at a time. */
#ifndef ONEBUS_GUARD_H
#define ONEBUS_GUARD_H

#include <stdbool.h>
#include <stddef.h>

struct guard;
struct sockaddr;

/* `open`: host names, addresses, and networks as 10.0.0.0/8; what is none of
 * them opens nothing. Copied. */
struct guard *guard_create(const char *const *open, size_t count);
void guard_destroy(struct guard *guard);

/* May `address`, which `host` has turned out to have, be connected to? */
bool guard_allows(const struct guard *guard, const char *host,
                  const struct sockaddr *address);

/* Is it an address that everybody can reach? */
bool guard_is_public(const struct sockaddr *address);

#endif
