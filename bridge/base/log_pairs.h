/* SPDX-License-Identifier: MIT */
/* The `key=value` pairs of a message.
 *
 *     up account=bot1 user_agent="Nap Cat" ms=12: and so on
 *
 * has account, user_agent and ms. A key begins the message or follows a space;
 * it is a lower-case word of [a-z0-9_]. A value goes up to the next space, less
 * one of `:;,` at its end, or it stands in quotes, without quotes in it
 * (visible_quote() takes them out of what strangers say). Pure. */
#ifndef ONEBUS_LOG_PAIRS_H
#define ONEBUS_LOG_PAIRS_H

#include <stdbool.h>

#include "buffer.h"

enum {
    LOG_PAIRS_MAX = 24,
    LOG_PAIRS_KEY_BYTES_MAX = 32,
    /* All that readers of JSON keep of a number. */
    LOG_PAIRS_DIGITS_MAX = 15,
};

struct log_pair {
    struct slice key, value; /* of the message; the value without its quotes */
    bool is_number;          /* as JSON writes them, and not in quotes */
};

/* The first pair in `rest`, which then is what comes after it. False: there is
 * none any more. */
bool log_pairs_next(struct slice *rest, struct log_pair *pair);

/* Append the pairs of `message` as members of a JSON object, each with a comma
 * before it: `,"account":"bot1","ms":12`. Of pairs with the same key the first
 * counts; ts, level, component and msg are the line's own. At most
 * LOG_PAIRS_MAX. Valid whatever the bytes. */
void log_pairs_append_json(struct buffer *out, struct slice message);

#endif
