/* SPDX-License-Identifier: MIT */
#include "ws_server.h"

#include <inttypes.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mem.h"
#include "edge/acceptor.h"
#include "edge/headers.h"
#include "edge/loop.h"
#include "edge/ws_link.h"

enum {
    PATH_SIZE = 512,
    /* libwebsockets keeps 4096 bytes of headers in all. */
    HEADER_SIZE = 4096,
    HEADER_SHORT_SIZE = 64,
    PROTOCOL_SIZE = 32,
    NAME_SIZE = 48,
    /* Whoever has not come in after so long is cut off. */
    NETWORK_TIMEOUT_S = 10,
};

/* One connection, from its first moment to its last. */
struct visitor {
    struct ws_server *server;
    bool is_told;    /* what it did wrong has been said */
    bool has_spoken; /* HTTP, that is; behind TLS if there is any */
    char remote[WS_REMOTE_SIZE];
};

/* libwebsockets keeps the name of a vhost as long as that lasts. */
struct vhost_name {
    struct vhost_name *next;
    char text[NAME_SIZE];
};

struct ws_server {
    struct ws_events events;
    struct vhost_name *names;
    struct lws_protocols protocols[2];
    struct lws_context *context;
    struct acceptor *acceptor;
    struct lws_vhost *vhost; /* that newcomers go to */
    struct ws_links links;
    bool is_secure;
    struct complaints complaints;
};

/* The texts that a ws_request's slices point into. */
struct request_texts {
    char path[PATH_SIZE];
    char query[HEADER_SIZE];
    char authorization[HEADER_SIZE];
    char self_id[HEADER_SHORT_SIZE];
    char role[HEADER_SHORT_SIZE];
    char subprotocol[HEADER_SIZE];
    char user_agent[HEADER_SIZE];
};

/* How many times a peer did this, if that is to be said now. */
static uint64_t complain(struct ws_server *server, const char *reason)
{
    return complaint_count(&server->complaints, reason, clock_now().mono_ms);
}

/* ---- the opening request --------------------------------------------- */

static struct slice query_token(struct lws *wsi, char *text, int size)
{
    const char *value =
        lws_get_urlarg_by_name(wsi, "access_token=", text, size);
    if (value == NULL)
        return (struct slice){0};
    /* libwebsockets reads `+` as a blank; no token has one, base64 has `+`. */
    char *token = text + (value - text);
    for (char *at = token; *at != '\0'; at++)
        if (*at == ' ')
            *at = '+';
    return slice_of(token);
}

static struct ws_request read_request(const struct visitor *visitor,
                                      struct lws *wsi,
                                      struct request_texts *texts)
{
    return (struct ws_request){
        .path = headers_path(wsi, texts->path, sizeof(texts->path), NULL),
        .query_token = query_token(wsi, texts->query, sizeof(texts->query)),
        .authorization =
            headers_known(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
                          texts->authorization, sizeof(texts->authorization)),
        .self_id = headers_custom(wsi, "x-self-id:", texts->self_id,
                                  sizeof(texts->self_id)),
        .role = headers_custom(wsi, "x-client-role:", texts->role,
                               sizeof(texts->role)),
        .subprotocol =
            headers_known(wsi, WSI_TOKEN_PROTOCOL, texts->subprotocol,
                          sizeof(texts->subprotocol)),
        .user_agent =
            headers_known(wsi, WSI_TOKEN_HTTP_USER_AGENT, texts->user_agent,
                          sizeof(texts->user_agent)),
        .remote = visitor->remote,
    };
}

static int add_header(struct lws *wsi, enum lws_token_indexes token,
                      const char *value, unsigned char **at, unsigned char *end)
{
    return lws_add_http_header_by_token(
        wsi, token, (const unsigned char *)value, (int)strlen(value), at, end);
}

/* Who asks for plain HTTP is told what to ask for (RFC 9110, 15.5.22). The
 * connection ends with the refusal: one request is enough, and libwebsockets
 * 4.1 reads freed memory if a second one asks for an upgrade unknown to it. */
static int add_refusal_headers(struct lws *wsi,
                               const struct ws_refusal *refusal,
                               unsigned char **at, unsigned char *end)
{
    char seconds[16];
    snprintf(seconds, sizeof(seconds), "%u", refusal->retry_after_s);
    if (refusal->retry_after_s > 0 &&
        add_header(wsi, WSI_TOKEN_HTTP_RETRY_AFTER, seconds, at, end))
        return -1;
    if (refusal->status != 426)
        return add_header(wsi, WSI_TOKEN_CONNECTION, "close", at, end);
    return add_header(wsi, WSI_TOKEN_CONNECTION, "upgrade, close", at, end) ||
           add_header(wsi, WSI_TOKEN_UPGRADE, "websocket", at, end);
}

/* Write the refusal; 1 has libwebsockets finish the transaction. */
static int refuse(struct lws *wsi, const struct ws_refusal *refusal)
{
    unsigned char bytes[LWS_PRE + 1024];
    unsigned char *start = bytes + LWS_PRE;
    unsigned char *at = start;
    unsigned char *end = bytes + sizeof(bytes) - 1;
    size_t size = strlen(refusal->body);
    if (lws_add_http_common_headers(wsi, (unsigned)refusal->status,
                                    "text/plain; charset=utf-8", size, &at,
                                    end) ||
        add_refusal_headers(wsi, refusal, &at, end) ||
        lws_finalize_write_http_header(wsi, start, &at, end))
        return -1;
    memcpy(start, refusal->body, size);
    if (lws_write(wsi, start, size, LWS_WRITE_HTTP_FINAL) != (int)size)
        return -1;
    return 1;
}

/* Somebody looks with a browser, or an operator wrote http:// for ws://, or it
 * is an upgrade to something else. -1 has libwebsockets close the connection.
 */
static int answer_plain_http(struct lws *wsi)
{
    const struct ws_refusal refusal = {
        .status = 426,
        .body = "this port speaks OneBot 11 over WebSocket: connect with "
                "ws://, not http://\n",
    };
    (void)refuse(wsi, &refusal);
    return -1;
}

/* 0 lets the peer in. */
static int confirm_upgrade(const struct visitor *visitor, struct lws *wsi)
{
    struct ws_server *server = visitor->server;
    struct request_texts texts;
    struct ws_refusal refusal = {0};
    char protocol[PROTOCOL_SIZE];
    /* One that libwebsockets does not know it has refused itself, and the
     * headers may be gone. */
    if (lws_hdr_copy(wsi, protocol, sizeof(protocol), WSI_TOKEN_UPGRADE) <= 0)
        return -1;
    /* It would take h2c as well, and HTTP/2 opens WebSockets that nobody is
     * asked about here. */
    if (strcasecmp(protocol, "websocket") != 0)
        return answer_plain_http(wsi);
    struct ws_request request = read_request(visitor, wsi, &texts);
    if (server->links.is_closing) {
        refusal.status = 503;
        strcpy(refusal.body, "the bridge is shutting down\n");
        return refuse(wsi, &refusal);
    }
    if (server->events.judge(server->events.ctx, &request, &refusal))
        return 0;
    return refuse(wsi, &refusal);
}

/* The time is up; -1 has libwebsockets close the connection. */
static int cut_off(struct visitor *visitor)
{
    static const char reason[] = "no opening request in time";
    uint64_t count = complain(visitor->server, reason);
    visitor->is_told = true;
    if (count > 0)
        log_warn("ws: cut off remote=%s reason=\"%s\" allowed_s=%d "
                 "count=%" PRIu64
                 " hint=\"this port is for WebSocket clients: see what else "
                 "connects from there\"",
                 visitor->remote, reason, NETWORK_TIMEOUT_S, count);
    return -1;
}

/* Most of them mean no harm: a health check, a port scan, wss:// for ws://. */
static void miss_request(struct visitor *visitor)
{
    static const char reason[] = "it ended without an opening request";
    uint64_t count = complain(visitor->server, reason);
    if (count > 0)
        log_info("ws: lost a connection remote=%s reason=\"%s\" "
                 "count=%" PRIu64,
                 visitor->remote, reason, count);
}

/* ---- links ----------------------------------------------------------- */

static int open_link(struct visitor *visitor, struct lws *wsi,
                     struct ws_link *link)
{
    struct ws_server *server = visitor->server;
    struct request_texts texts;
    struct ws_request request = read_request(visitor, wsi, &texts);
    ws_link_open(&server->links, link, wsi, visitor->remote);
    if (!server->links.is_closing)
        link->owner = server->events.on_up(server->events.ctx, &request, link);
    if (link->owner != NULL)
        return 0;
    ws_link_abandon(link);
    return -1;
}

/* Said of a TLS handshake that fails: libwebsockets tells no more. */
static void miss_tls(struct visitor *visitor)
{
    static const char reason[] =
        "it ended within the TLS handshake: no wss://, or no certificate that "
        "the other side takes";
    uint64_t count = complain(visitor->server, reason);
    visitor->is_told = true;
    if (count > 0)
        log_warn("ws: lost a connection remote=%s reason=\"%s\" "
                 "count=%" PRIu64,
                 visitor->remote, reason, count);
}

/* ---- the server ------------------------------------------------------ */

static int on_event(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t size)
{
    struct ws_link *link = user;
    struct visitor *visitor;
    /* libwebsockets does as this says, whatever OpenSSL has found; `size` is
     * that: whether the certificate is good. */
    if (reason == LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION)
        return size == 0;
    visitor = lws_get_opaque_user_data(wsi);
    /* About the vhost, or a connection that is just being made. */
    if (visitor == NULL)
        return 0;
    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        visitor->has_spoken = true;
        return confirm_upgrade(visitor, wsi);
    case LWS_CALLBACK_HTTP:
        visitor->has_spoken = true;
        return answer_plain_http(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        return open_link(visitor, wsi, link);
    case LWS_CALLBACK_RECEIVE:
        return ws_link_on_receive(link, (struct slice){in, size});
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return ws_link_on_writeable(link);
    case LWS_CALLBACK_RECEIVE_PONG:
        ws_link_on_pong(link);
        return 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        ws_link_on_peer_close(link, (struct slice){in, size});
        return 0;
    case LWS_CALLBACK_CLOSED_HTTP:
        if (link == NULL && !visitor->is_told && !visitor->server->is_secure)
            miss_request(visitor);
        return 0;
    case LWS_CALLBACK_RAW_ADOPT:
        /* For CONNECT it would take whatever comes, without an end. */
        return -1;
    case LWS_CALLBACK_TIMER:
        return link != NULL && link->is_up ? 0 : cut_off(visitor);
    case LWS_CALLBACK_CLOSED:
        ws_link_on_closed(link);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        if (visitor->server->is_secure && !visitor->has_spoken &&
            !visitor->is_told)
            miss_tls(visitor);
        free(visitor);
        return 0;
    default:
        return 0;
    }
}

/* From here on the peer has NETWORK_TIMEOUT_S to become a link. Which server it
 * came to is written on the connection: libwebsockets picks the vhost by what
 * the peer says in `Host`, and there may be several. */
static void on_socket(void *ctx, int fd, const char *remote)
{
    struct ws_server *server = ctx;
    struct visitor *visitor = mem_zalloc(1, sizeof(*visitor));
    visitor->server = server;
    snprintf(visitor->remote, sizeof(visitor->remote), "%s", remote);
    const lws_adopt_desc_t connection = {
        .vh = server->vhost,
        .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP |
                (server->is_secure ? LWS_ADOPT_ALLOW_SSL : 0),
        .fd = {.sockfd = fd},
        .opaque = visitor,
    };
    struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&connection);
    if (wsi != NULL)
        lws_set_timer_usecs(wsi, NETWORK_TIMEOUT_S * LWS_US_PER_SEC);
}

static uint64_t tls_options(const struct ws_tls *tls)
{
    uint64_t options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    if (tls->client_ca != NULL)
        options |= LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT;
    return tls->cert == NULL ? 0 : options;
}

/* A vhost's name is one that no peer can ask for, in `Host` or by SNI: each
 * stays where it came in. */
static struct lws_vhost *make_vhost(struct ws_server *server,
                                    const struct ws_tls *tls)
{
    static unsigned number;
    struct vhost_name *name = mem_zalloc(1, sizeof(*name));
    const struct lws_context_creation_info info = {
        /* It is by this number, too, that the vhost is picked: those that are
         * not for peers have another. */
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .vhost_name = name->text,
        .protocols = server->protocols,
        /* Later than our own, which says so. */
        .timeout_secs_ah_idle = 2 * NETWORK_TIMEOUT_S,
        .options = tls_options(tls),
        .ssl_cert_filepath = tls->cert,
        .ssl_private_key_filepath = tls->key,
        .ssl_ca_filepath = tls->client_ca,
        .ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1,
        .alpn = "http/1.1", /* not h2: it would pass by the handshake */
    };
    snprintf(name->text, sizeof(name->text), "peers %u", ++number);
    name->next = server->names;
    server->names = name;
    struct lws_vhost *vhost = lws_create_vhost(server->context, &info);
    if (vhost == NULL)
        log_error("ws: libwebsockets gives no vhost%s%s",
                  tls->cert == NULL ? "" : ": see tls.cert ",
                  tls->cert == NULL ? "" : tls->cert);
    return vhost;
}

bool ws_server_set_tls(struct ws_server *server, const struct ws_tls *tls)
{
    struct lws_vhost *vhost = make_vhost(server, tls);
    if (vhost == NULL)
        return false;
    server->vhost = vhost;
    server->is_secure = tls->cert != NULL;
    return true;
}

static bool listen_on(struct ws_server *server, struct loop *loop,
                      const struct ws_server_options *options)
{
    const struct acceptor_options acceptor = {
        .part = "ws",
        .host = options->host,
        .port = options->port,
        .on_socket = on_socket,
        .ctx = server,
    };
    server->context = loop_context(loop);
    if (!ws_server_set_tls(server, &options->tls))
        return false;
    server->acceptor = acceptor_create(loop, &acceptor);
    return server->acceptor != NULL;
}

struct ws_server *ws_server_create(struct loop *loop,
                                   const struct ws_server_options *options,
                                   const struct ws_events *events)
{
    struct ws_server *server = mem_zalloc(1, sizeof(*server));
    server->events = *events;
    server->links = (struct ws_links){
        .events = {events->ctx, events->on_frame, events->on_pong,
                   events->on_down},
        .frame_bytes_max = options->frame_bytes_max,
        .queue_bytes_max = options->queue_bytes_max,
    };
    server->protocols[0] = (struct lws_protocols){
        .name = "onebot",
        .callback = on_event,
        .per_session_data_size = sizeof(struct ws_link),
    };
    if (listen_on(server, loop, options))
        return server;
    ws_server_destroy(server);
    return NULL;
}

void ws_server_destroy(struct ws_server *server)
{
    if (server == NULL)
        return;
    acceptor_destroy(server->acceptor);
    while (server->names != NULL) {
        struct vhost_name *name = server->names;
        server->names = name->next;
        free(name);
    }
    free(server);
}

uint16_t ws_server_port(const struct ws_server *server)
{
    return acceptor_port(server->acceptor);
}

void ws_server_pause(struct ws_server *server, bool pause)
{
    ws_links_pause(&server->links, pause);
}

void ws_server_close(struct ws_server *server)
{
    ws_links_close(&server->links);
}

void ws_server_retire(struct ws_server *server)
{
    acceptor_close(server->acceptor);
    ws_server_close(server);
}

size_t ws_server_links(const struct ws_server *server)
{
    return server->links.count;
}
