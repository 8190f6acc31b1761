/* SPDX-License-Identifier: MIT */
/* The token of a grant (bridge.grants) that a command shows to the bridge. It
 * comes from a file or the environment, never from an argument: arguments are
 * there for everybody to see. One thread. */
#ifndef ONEBUS_TOKEN_H
#define ONEBUS_TOKEN_H

#include <stdbool.h>

#include "base/buffer.h"

/* A row of a command's options. */
#define TOKEN_OPTION                                                           \
    {                                                                          \
        "token-file", "FILE",                                                  \
            "the file with the token of a grant (bridge.grants); default: "    \
            "$ONEBUS_TOKEN, the token itself, or $ONEBUS_TOKEN_FILE; without " \
            "grants none is needed",                                           \
            'k'                                                                \
    }

/* What to do when the bridge says `unauthorized`. */
extern const char TOKEN_HINT[];

/* Append the token to `token`, which stays empty if there is none. `file`: what
 * --token-file named, NULL if it was not given. False, with a line on stderr:
 * it cannot be had. */
bool token_read(const char *file, struct buffer *token);

/* Append `request`, a MessagePack map, with the token in it to `out`. */
void token_sign(struct slice request, struct slice token, struct buffer *out);

#endif
