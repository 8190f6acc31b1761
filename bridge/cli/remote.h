/* SPDX-License-Identifier: MIT */
/* Reaching a running bridge: the settings say where it listens.
 *
 * Commands leave their sockets to the end of the process: while messages come
 * in, nng_close() of NNG 1.5.2 may wait for ever. */
#ifndef ONEBUS_REMOTE_H
#define ONEBUS_REMOTE_H

#include <nng/nng.h>
#include <stdbool.h>

#include "base/tls_files.h"

enum { REMOTE_URL_SIZE = 256 };

/* Where to dial what listens on `listen_url`: an address that means "all of
 * them" becomes loopback. False, with a line on stderr that asks for `option`:
 * it has no port of its own (port 0). */
bool remote_url(const char *listen_url, const char *option,
                char url[REMOTE_URL_SIZE]);

/* The files for URLs with TLS, from here on; the strings are borrowed. */
void remote_use_tls(const struct tls_files *files);

/* Dial; false, with a line on stderr that says what to do: nobody there. */
bool remote_dial(nng_socket socket, const char *url);

#endif
