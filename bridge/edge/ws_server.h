/* SPDX-License-Identifier: MIT */
/* Reverse WebSocket: OneBot implementations dial in here.
 *
 * One listener, on one host and port. Whoever asks to come in is let in or
 * told why not within the turn of the loop that read the request (NapCat waits
 * 2 s), without a sub-protocol or an extension; whoever does not ask within
 * 10 s is cut off. What becomes of those inside: ws_link.h. All of it: the
 * loop's thread. */
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
    unsigned retry_after_s;          /* for 429; 0: not said */
    char body[WS_REFUSAL_BODY_SIZE]; /* plain text */
};

/* What the server asks and tells. */
struct ws_events {
    void *ctx;
    /* Whether to let the peer in; if not, `refusal` is filled. */
    bool (*judge)(void *ctx, const struct ws_request *request,
                  struct ws_refusal *refusal);
    /* A peer is in. `wire` names the link in ws_link_send(), the result names
     * it in the others: see struct ws_link_events. NULL: things have changed
     * since it was judged; it is sent away. */
    void *(*on_up)(void *ctx, const struct ws_request *request, void *wire);
    void (*on_frame)(void *ctx, void *link, struct slice text);
    void (*on_pong)(void *ctx, void *link);
    void (*on_down)(void *ctx, void *link, uint16_t code, const char *reason);
};

/* PEM files. */
struct ws_tls {
    const char *cert, *key; /* NULL: no TLS */
    const char *client_ca;  /* peers must show a certificate by it; NULL: not */
};

struct ws_server_options {
    const char *host; /* an address, or a name that has one */
    uint16_t port;    /* 0: any that is free */
    struct ws_tls tls;
    size_t frame_bytes_max; /* a larger one closes the link with 1009 */
    size_t queue_bytes_max; /* frames waiting to be written, a link */
};

/* NULL: the log says why. The options are copied; `host` and the TLS files'
 * names need not stay. */
struct ws_server *ws_server_create(struct loop *loop,
                                   const struct ws_server_options *options,
                                   const struct ws_events *events);

/* After loop_destroy(), which ends the links. */
void ws_server_destroy(struct ws_server *server);

/* The port it listens on. */
uint16_t ws_server_port(const struct ws_server *server);

/* For those who come from now on, read the TLS files again, or others. False:
 * they are no good, the log says why; all stays as it was. */
bool ws_server_set_tls(struct ws_server *server, const struct ws_tls *tls);

void ws_server_pause(struct ws_server *server, bool pause);

/* Let nobody in any more and close every link. */
void ws_server_close(struct ws_server *server);

/* The same, and stop listening, so that another can have the port. */
void ws_server_retire(struct ws_server *server);

/* Links that are open. */
size_t ws_server_links(const struct ws_server *server);

#endif
