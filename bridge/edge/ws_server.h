/* SPDX-License-Identifier: MIT */
/* Reverse WebSocket: OneBot implementations dial in here.
 *
 * One listener, on one host and port. Whoever asks to come in is let in or
 * told why not within the turn of the loop that read the request (NapCat waits
 * 2 s), without a sub-protocol or an extension; whoever does not ask within
 * 10 s is cut off. What peers do wrong is said once a minute. Frames come out
 * whole, whatever fragments they came in. All of it: the loop's thread. */
#ifndef ONEBUS_WS_SERVER_H
#define ONEBUS_WS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"

struct loop;
struct ws_server;

/* What a peer asked when it opened the connection. A header that did not come
 * is an empty slice. */
struct ws_request {
    struct slice path;        /* without the query */
    struct slice query_token; /* of ?access_token=, decoded */
    struct slice authorization;
    struct slice self_id;     /* X-Self-ID */
    struct slice role;        /* X-Client-Role */
    struct slice subprotocol; /* Sec-WebSocket-Protocol */
    struct slice user_agent;
    const char *remote; /* address of the peer */
};

enum { WS_REFUSAL_BODY_SIZE = 512 };

/* An HTTP answer instead of the WebSocket. */
struct ws_refusal {
    int status;
    char body[WS_REFUSAL_BODY_SIZE]; /* plain text */
};

/* What the server asks and tells. */
struct ws_events {
    void *ctx;
    /* Whether to let the peer in; if not, `refusal` is filled. */
    bool (*judge)(void *ctx, const struct ws_request *request,
                  struct ws_refusal *refusal);
    /* A peer is in. `wire` names the link in ws_server_send(), the result
     * names it in the other two. */
    void *(*on_up)(void *ctx, const struct ws_request *request, void *wire);
    void (*on_frame)(void *ctx, void *link, struct slice text);
    void (*on_down)(void *ctx, void *link);
};

struct ws_server_options {
    const char *host;       /* an address, or a name that has one */
    uint16_t port;          /* 0: any that is free */
    size_t frame_bytes_max; /* a larger one closes the link with 1009 */
    size_t queue_bytes_max; /* frames waiting to be written, a link */
};

/* NULL: the log says why. The options are copied, `host` stays borrowed. */
struct ws_server *ws_server_create(struct loop *loop,
                                   const struct ws_server_options *options,
                                   const struct ws_events *events);

/* After loop_destroy(), which ends the links. */
void ws_server_destroy(struct ws_server *server);

/* The port it listens on. */
uint16_t ws_server_port(const struct ws_server *server);

/* Queue one text frame. STATUS_FULL: the link's queue is. */
MUST_CHECK enum status ws_server_send(void *wire, struct slice text);

/* Stop reading from the peers, or go on: what they send meanwhile waits in
 * their own queues, nothing is dropped. */
void ws_server_pause(struct ws_server *server, bool pause);

/* Let nobody in any more and close every link with 1001 once its queue is
 * empty. */
void ws_server_close(struct ws_server *server);

/* Links that are open. */
size_t ws_server_links(const struct ws_server *server);

#endif
