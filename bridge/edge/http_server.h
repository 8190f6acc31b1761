/* SPDX-License-Identifier: MIT */
/* HTTP/1.1, for operators and their tools: one request a connection, answered
 * whole or by a stream.
 *
 * Each request becomes an exchange, which is owed one http_reply(), or one
 * http_stream_begin() and its end, at once or later, even if the other side has
 * gone meanwhile. Who does not bring its request, or does not take the answer,
 * within 10 s is cut off; so is who asks while 64 others are there. All of it:
 * the loop's thread. */
#ifndef ONEBUS_HTTP_SERVER_H
#define ONEBUS_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/http_request.h"
#include "base/status.h"

struct http_exchange;
struct http_server;
struct loop;

enum {
    HTTP_BODY_BYTES_MAX = 64 * 1024,
    /* What a stream may lag behind before it is cut off. */
    HTTP_STREAM_BYTES_MAX = 4 * 1024 * 1024,
};

/* Names are in lower case and end in a colon. */
struct http_header {
    const char *name, *value;
};

struct http_response {
    int status;
    const char *type; /* of the body */
    struct slice body;
    const struct http_header *headers;
    size_t header_count;
};

struct http_events {
    void *ctx;
    /* `request` is borrowed. */
    void (*on_request)(void *ctx, struct http_exchange *exchange,
                       const struct http_request *request);
    /* The other side of a stream is gone, or does not take what it is sent. It
     * is still to be ended. */
    void (*on_gone)(void *ctx, void *stream);
};

/* NULL: the log says why. `host`: an address, or a name that has one; port 0:
 * any that is free. */
struct http_server *http_server_create(struct loop *loop, const char *host,
                                       uint16_t port,
                                       const struct http_events *events);

/* After loop_destroy(), which ends the connections; no exchange may be out. */
void http_server_destroy(struct http_server *server);

/* The port it listens on. */
uint16_t http_server_port(const struct http_server *server);

/* The exchange is done with. */
void http_reply(struct http_exchange *exchange,
                const struct http_response *response);

/* The same with a line of text, which says what is wrong. */
void http_reply_text(struct http_exchange *exchange, int status,
                     const char *text, const struct http_header *headers,
                     size_t header_count);

/* Answer with a body that goes on: http_stream_send() adds to it. `stream`
 * names it to on_gone(). The response's body is the stream's beginning. */
void http_stream_begin(struct http_exchange *exchange,
                       const struct http_response *response, void *stream);

/* STATUS_FULL: the other side is gone or too slow, and nothing was added. */
MUST_CHECK enum status http_stream_send(struct http_exchange *exchange,
                                        struct slice bytes);

/* The exchange is done with. */
void http_stream_end(struct http_exchange *exchange);

#endif
