/* SPDX-License-Identifier: MIT */
/* The console's token: a file in the state folder that only the bridge's user
 * can read. Any thread, one at a time. */
#ifndef ONEBUS_CONSOLE_TOKEN_H
#define ONEBUS_CONSOLE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum { CONSOLE_TOKEN_SIZE = 33 }; /* 32 hexadecimal digits */

/* Read the token in `folder`, or, if there is none, make one. False: there can
 * be none, `fault` says why. */
bool console_token_load(const char *folder,
                        char token[static CONSOLE_TOKEN_SIZE], char *fault,
                        size_t fault_size);

#endif
