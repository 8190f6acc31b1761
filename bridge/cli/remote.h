/* SPDX-License-Identifier: MIT */
/* Reaching a running bridge: the settings say where it listens. */
#ifndef ONEBUS_REMOTE_H
#define ONEBUS_REMOTE_H

#include <nng/nng.h>
#include <stdbool.h>

enum { REMOTE_URL_SIZE = 256 };

/* Where to dial what listens on `listen_url`: an address that means "all of
 * them" becomes loopback. False, with a line on stderr: it has no port of its
 * own (port 0). */
bool remote_url(const char *listen_url, char url[REMOTE_URL_SIZE]);

/* Dial; false, with a line on stderr that says what to do: nobody there. */
bool remote_dial(nng_socket socket, const char *url);

#endif
