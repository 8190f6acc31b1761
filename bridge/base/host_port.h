/* SPDX-License-Identifier: MIT */
/* host:port as a URL has it: an IPv6 address is bracketed (RFC 3986, 3.2.2).
 * Any thread. */
#ifndef ONEBUS_HOST_PORT_H
#define ONEBUS_HOST_PORT_H

#include <stddef.h>

/* `port` -1: the host alone. What does not fit is cut. */
void host_port_print(const char *host, int port, char *text, size_t size);

#endif
