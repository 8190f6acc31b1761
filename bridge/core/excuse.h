/* SPDX-License-Identifier: MIT */
/* Replies in place of those that the core would have given: to a request that
 * never gets there, and where one cannot be delivered. In the form of the
 * request, with its id and trace. Any thread. */
#ifndef ONEBUS_EXCUSE_H
#define ONEBUS_EXCUSE_H

#include "base/buffer.h"
#include "core/request.h"

/* Replace `out` by the reply to a request that goes no further. */
void excuse_request(struct slice request, enum reply_error error,
                    const char *text, struct buffer *out);

/* Replace `out` by what is told instead of `reply`, which is the core's. */
void excuse_reply(struct slice reply, enum reply_error error, const char *text,
                  struct buffer *out);

#endif
