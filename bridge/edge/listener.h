/* SPDX-License-Identifier: MIT */
/* The addresses an NNG socket listens on, whoever comes and leaves there. Any
 * thread.
 *
 * For that, sendmsg() is replaced in the whole process: where libc's fails with
 * EPIPE, it fails with ECONNRESET. */
#ifndef ONEBUS_LISTENER_H
#define ONEBUS_LISTENER_H

#include <nng/nng.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/tls_files.h"

enum { LISTENER_URL_SIZE = 256 };

/* Borrowed. */
struct listener_options {
    const char *const *urls;
    size_t url_count;
    struct tls_files tls; /* for those with TLS */
};

/* Listen on each of the URLs; ipc sockets get mode 0660. False: the log says
 * which one and why. */
bool listener_open_all(nng_socket socket, const char *part,
                       const struct listener_options *options,
                       char (*bound)[LISTENER_URL_SIZE]);

#endif
