/* SPDX-License-Identifier: MIT */
/* The addresses an NNG socket listens on.
 *
 * NNG 1.5.2 stops to accept on an address, for good and in silence, once
 * somebody connected there and left before the handshake (nanomsg/nng #1518;
 * mended in 1.6): a port scan or a health check is enough. So the set is looked
 * after: listeners_mend(). One thread. */
#ifndef ONEBUS_LISTENER_H
#define ONEBUS_LISTENER_H

#include <nng/nng.h>
#include <stdbool.h>
#include <stddef.h>

struct listeners;

/* Listen on each of `urls`; ipc sockets get mode 0660. `part` stands before
 * what the log says. NULL: the log says which one cannot be had and why. */
struct listeners *listeners_open(nng_socket socket, const char *part,
                                 const char *const *urls, size_t count);

/* Before or after nng_close(), which ends the listening. */
void listeners_destroy(struct listeners *listeners);

/* The address that the URL with this index has become (port 0 is a real one).
 * Owned by the set. */
const char *listeners_url(const struct listeners *listeners, size_t index);

/* Whether this NNG needs listeners_mend(), every second or so. */
bool listeners_need_mending(void);

/* Listen anew where the listening ended. Whoever is connected there is cut off
 * and comes back by itself. */
void listeners_mend(struct listeners *listeners);

#endif
