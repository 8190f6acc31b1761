/* SPDX-License-Identifier: MIT */
/* One request to a running bridge and its reply: what a command is about that
 * asks the bridge something. */
#ifndef ONEBUS_EXCHANGE_H
#define ONEBUS_EXCHANGE_H

#include "base/buffer.h"
#include "cli/flags.h"
#include "cli/token.h"

/* How the bridge is found, and its reply shown. Zero-initialised. */
struct exchange_flags {
    struct flags flags;
    const char *url;        /* an action address; NULL: the settings' first */
    const char *token_file; /* NULL: see token.h */
    bool json;              /* the reply as it is */
};

/* Rows of a command's options. */
#define EXCHANGE_OPTIONS                                                       \
    {"json", NULL, "print the bridge's reply as a line of JSON", 'j'},         \
        {"url", "URL",                                                         \
         "the bridge's action socket (default: the first of bridge.actions)",  \
         'u'},                                                                 \
        TOKEN_OPTION, FLAGS_OPTIONS

/* Take the option that cli_next() gave; false if it is none of these. */
bool exchange_take(struct exchange_flags *flags, int option, const char *value);

/* Where to ask. */
const char *exchange_url(const struct exchange_flags *flags,
                         const struct config *config);

struct exchange {
    const char *command; /* "onebus call", for messages */
    const struct exchange_flags *flags;
    long wait_ms; /* for the reply; 0: the usual time */
    /* Append the request, a MessagePack map. False: it makes none, which has
     * been said. */
    bool (*pack)(const void *ctx, struct buffer *request);
    /* What to do with the reply; gives the exit status. Without one, or with
     * --json, it is printed. */
    int (*show)(void *ctx, struct slice reply);
    void *ctx;
};

/* Find the bridge by its settings, send it the request, show its reply. Gives
 * the exit status; where there is no reply, stderr says why. */
int exchange_run(const struct exchange *exchange);

#endif
