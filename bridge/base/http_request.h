/* SPDX-License-Identifier: MIT */
/* What was asked by HTTP (RFC 9110). Plain data; slices are borrowed. */
#ifndef ONEBUS_HTTP_REQUEST_H
#define ONEBUS_HTTP_REQUEST_H

#include "base/buffer.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER_METHOD };

/* A header that did not come is an empty slice. */
struct http_request {
    enum http_method method;
    struct slice path;  /* decoded, without the query */
    struct slice query; /* decoded; arguments separated by & */
    struct slice host;
    struct slice origin;
    struct slice fetch_site; /* Sec-Fetch-Site */
    struct slice authorization;
    struct slice content_type;
    struct slice known; /* If-None-Match */
    struct slice body;
    const char *remote; /* address of the other side */
};

#endif
