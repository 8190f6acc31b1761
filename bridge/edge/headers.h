/* SPDX-License-Identifier: MIT */
/* What libwebsockets has of a request. Each is copied to `text`, which the
 * result points into; it is empty if it did not come or does not fit. The
 * loop's thread. */
#ifndef ONEBUS_HEADERS_H
#define ONEBUS_HEADERS_H

#include <libwebsockets.h>

#include "base/buffer.h"

struct slice headers_known(struct lws *wsi, enum lws_token_indexes token,
                           char *text, int size);

/* `name` is in lower case and ends in a colon. */
struct slice headers_custom(struct lws *wsi, const char *name, char *text,
                            int size);

/* The path without its query. `method`, unless NULL: LWSHUMETH_…, or -1. */
struct slice headers_path(struct lws *wsi, char *text, int size, int *method);

#endif
