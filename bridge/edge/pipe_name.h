/* SPDX-License-Identifier: MIT */
/* Who is at the other end of an NNG connection, for the log. Any thread. */
#ifndef ONEBUS_PIPE_NAME_H
#define ONEBUS_PIPE_NAME_H

#include <nng/nng.h>

enum { PIPE_NAME_SIZE = 80 };

/* 127.0.0.1:40312, [::1]:40312, pid:4711 for a Unix socket; `gone` once the
 * connection has ended. */
void pipe_name(nng_pipe pipe, char name[static PIPE_NAME_SIZE]);

#endif
