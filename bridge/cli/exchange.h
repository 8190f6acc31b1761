/* SPDX-License-Identifier: MIT */
/* One request to a running bridge and its reply. */
#ifndef ONEBUS_EXCHANGE_H
#define ONEBUS_EXCHANGE_H

#include <stdbool.h>

#include "base/buffer.h"

struct exchange {
    const char *command; /* "onebus call", for messages */
    const char *url;     /* an action address, as the settings have it */
    long wait_ms;        /* for the reply; 0: the usual time */
};

/* Send the request, append the reply's bytes. False, with a line on stderr:
 * there is none. */
bool exchange_run(const struct exchange *exchange, struct slice request,
                  struct buffer *reply);

#endif
