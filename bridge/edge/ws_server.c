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
#include "edge/loop.h"

enum {
    PATH_SIZE = 512,
    /* libwebsockets keeps 4096 bytes of headers in all. */
    HEADER_SIZE = 4096,
    REMOTE_SIZE = 64,
    PROTOCOL_SIZE = 32,
    FRAME_KEEP_BYTES = 1 << 20,
    /* Enough to empty a burst in a few turns, few enough that one link cannot
     * keep the loop to itself. */
    FRAMES_A_TURN = 16,
    /* Whoever has not come in after so long is cut off. */
    NETWORK_TIMEOUT_S = 10,
};

/* A frame waiting to be written; libwebsockets wants room before it. */
struct out_frame {
    struct out_frame *next;
    size_t size;
    unsigned char bytes[];
};

/* One connection, from its first moment to its last. */
struct visitor {
    struct ws_server *server;
    bool is_told; /* what it did wrong has been said */
    char remote[REMOTE_SIZE];
};

/* One open WebSocket. libwebsockets allocates it, zeroed, with the wsi. */
struct ws_link {
    struct ws_link *next, *previous;
    struct ws_server *server;
    struct lws *wsi;
    void *owner;         /* what on_up() gave */
    struct buffer frame; /* fragments so far */
    struct out_frame *first, **last;
    size_t queue_bytes;
    bool is_up;
    struct visitor *visitor;
};

struct ws_server {
    struct ws_server_options options;
    struct ws_events events;
    struct lws_protocols protocols[2];
    struct acceptor *acceptor;
    struct lws_vhost *vhost;
    struct ws_link *links;
    size_t link_count;
    struct complaints complaints;
    bool is_closing;
    bool is_paused;
};

/* The texts that a ws_request's slices point into. */
struct request_texts {
    char path[PATH_SIZE];
    char query[HEADER_SIZE];
    char authorization[HEADER_SIZE];
    char self_id[REMOTE_SIZE];
    char role[REMOTE_SIZE];
    char subprotocol[HEADER_SIZE];
    char user_agent[HEADER_SIZE];
};

/* How many times a peer did this, if that is to be said now. */
static uint64_t complain(struct ws_server *server, const char *reason)
{
    return complaint_count(&server->complaints, reason, clock_now().mono_ms);
}

/* ---- the opening request --------------------------------------------- */

static struct slice known_header(struct lws *wsi, enum lws_token_indexes token,
                                 char *text, int size)
{
    int length = lws_hdr_copy(wsi, text, size, token);
    return (struct slice){text, length > 0 ? (size_t)length : 0};
}

/* `name` is in lower case and ends in a colon. */
static struct slice custom_header(struct lws *wsi, const char *name, char *text,
                                  int size)
{
    int length = lws_hdr_custom_copy(wsi, text, size, name, (int)strlen(name));
    return (struct slice){text, length > 0 ? (size_t)length : 0};
}

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

static struct slice request_path(struct lws *wsi, char *text, int size)
{
    char *path;
    int length;
    if (lws_http_get_uri_and_method(wsi, &path, &length) < 0 || length < 0 ||
        length >= size)
        return (struct slice){0};
    memcpy(text, path, (size_t)length);
    return (struct slice){text, (size_t)length};
}

static struct ws_request read_request(const struct visitor *visitor,
                                      struct lws *wsi,
                                      struct request_texts *texts)
{
    return (struct ws_request){
        .path = request_path(wsi, texts->path, sizeof(texts->path)),
        .query_token = query_token(wsi, texts->query, sizeof(texts->query)),
        .authorization =
            known_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
                         texts->authorization, sizeof(texts->authorization)),
        .self_id = custom_header(wsi, "x-self-id:", texts->self_id,
                                 sizeof(texts->self_id)),
        .role = custom_header(wsi, "x-client-role:", texts->role,
                              sizeof(texts->role)),
        .subprotocol = known_header(wsi, WSI_TOKEN_PROTOCOL, texts->subprotocol,
                                    sizeof(texts->subprotocol)),
        .user_agent =
            known_header(wsi, WSI_TOKEN_HTTP_USER_AGENT, texts->user_agent,
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
static int add_refusal_headers(struct lws *wsi, int status, unsigned char **at,
                               unsigned char *end)
{
    if (status != 426)
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
        add_refusal_headers(wsi, refusal->status, &at, end) ||
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
    if (server->is_closing) {
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
                 "count=%" PRIu64,
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
    *link = (struct ws_link){
        .server = server,
        .visitor = visitor,
        .wsi = wsi,
        .next = server->links,
        .last = &link->first,
    };
    if (server->links != NULL)
        server->links->previous = link;
    server->links = link;
    server->link_count++;
    link->is_up = true;
    link->owner = server->events.on_up(server->events.ctx, &request, link);
    if (server->is_paused)
        lws_rx_flow_control(wsi, 0);
    return 0;
}

static void drop_queue(struct ws_link *link)
{
    while (link->first != NULL) {
        struct out_frame *frame = link->first;
        link->first = frame->next;
        free(frame);
    }
}

static void lose_frame(struct ws_link *link)
{
    static const char reason[] = "the link ended within a frame";
    uint64_t count = complain(link->server, reason);
    if (count > 0)
        log_warn("ws: lost a frame remote=%s reason=\"%s\" bytes=%zu "
                 "count=%" PRIu64,
                 link->visitor->remote, reason, link->frame.size, count);
}

static void close_link(struct ws_link *link)
{
    struct ws_server *server = link->server;
    if (!link->is_up)
        return;
    if (link->frame.size > 0 && !link->visitor->is_told)
        lose_frame(link);
    link->is_up = false;
    if (link->previous != NULL)
        link->previous->next = link->next;
    else
        server->links = link->next;
    if (link->next != NULL)
        link->next->previous = link->previous;
    server->link_count--;
    server->events.on_down(server->events.ctx, link->owner);
    drop_queue(link);
    buffer_finish(&link->frame);
}

static int refuse_frame(struct ws_link *link)
{
    static const char reason[] = "frame above bridge.media.maxFrame";
    uint64_t count = complain(link->server, reason);
    if (count > 0)
        log_warn("ws: closed a link remote=%s reason=\"%s\" "
                 "allowed_bytes=%zu count=%" PRIu64,
                 link->visitor->remote, reason,
                 link->server->options.frame_bytes_max, count);
    link->visitor->is_told = true;
    lws_close_reason(link->wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE,
                     (unsigned char *)reason, sizeof(reason) - 1);
    return -1;
}

/* A frame comes in one piece unless its sender cut it or it crosses the read
 * buffer; only then is it gathered. */
static int receive(struct ws_link *link, struct slice piece)
{
    struct ws_server *server = link->server;
    bool is_last = lws_is_final_fragment(link->wsi) &&
                   lws_remaining_packet_payload(link->wsi) == 0;
    if (piece.size > server->options.frame_bytes_max - link->frame.size)
        return refuse_frame(link);
    if (!is_last || link->frame.size > 0) {
        buffer_append(&link->frame, piece.data, piece.size);
        piece = buffer_slice(&link->frame);
    }
    if (!is_last)
        return 0;
    server->events.on_frame(server->events.ctx, link->owner, piece);
    buffer_clear(&link->frame, FRAME_KEEP_BYTES);
    return 0;
}

static int write_frame(struct ws_link *link)
{
    struct out_frame *frame = link->first;
    int written = lws_write(link->wsi, frame->bytes + LWS_PRE, frame->size,
                            LWS_WRITE_TEXT);
    link->first = frame->next;
    if (link->first == NULL)
        link->last = &link->first;
    link->queue_bytes -= frame->size;
    free(frame);
    return written < 0 ? -1 : 0;
}

static int write_queue(struct ws_link *link)
{
    for (int i = 0; i < FRAMES_A_TURN && link->first != NULL; i++) {
        if (write_frame(link) != 0)
            return -1;
        if (lws_send_pipe_choked(link->wsi))
            break;
    }
    if (link->first != NULL) {
        lws_callback_on_writable(link->wsi);
        return 0;
    }
    if (!link->server->is_closing)
        return 0;
    lws_close_reason(link->wsi, LWS_CLOSE_STATUS_GOINGAWAY, NULL, 0);
    return -1;
}

static enum status refuse_text(const struct ws_link *link)
{
    static const char reason[] = "the peer does not read what it is sent";
    uint64_t count = complain(link->server, reason);
    if (count > 0)
        log_warn("ws: refused a request remote=%s reason=\"%s\" "
                 "waiting_bytes=%zu allowed_bytes=%zu count=%" PRIu64,
                 link->visitor->remote, reason, link->queue_bytes,
                 link->server->options.queue_bytes_max, count);
    return STATUS_FULL;
}

enum status ws_server_send(void *wire, struct slice text)
{
    struct ws_link *link = wire;
    if (text.size > link->server->options.queue_bytes_max - link->queue_bytes)
        return refuse_text(link);
    struct out_frame *frame = mem_alloc(sizeof(*frame) + LWS_PRE + text.size);
    frame->next = NULL;
    frame->size = text.size;
    memcpy(frame->bytes + LWS_PRE, text.data, text.size);
    *link->last = frame;
    link->last = &frame->next;
    link->queue_bytes += text.size;
    lws_callback_on_writable(link->wsi);
    return STATUS_OK;
}

/* ---- the server ------------------------------------------------------ */

static int on_event(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t size)
{
    struct ws_link *link = user;
    struct visitor *visitor = lws_get_opaque_user_data(wsi);
    /* About the vhost, or a connection that is just being made. */
    if (visitor == NULL)
        return 0;
    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return confirm_upgrade(visitor, wsi);
    case LWS_CALLBACK_HTTP:
        return answer_plain_http(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        return open_link(visitor, wsi, link);
    case LWS_CALLBACK_RECEIVE:
        return receive(link, (struct slice){in, size});
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return write_queue(link);
    case LWS_CALLBACK_CLOSED_HTTP:
        if (link == NULL && !visitor->is_told)
            miss_request(visitor);
        return 0;
    case LWS_CALLBACK_RAW_ADOPT:
        /* For CONNECT it would take whatever comes, without an end. */
        return -1;
    case LWS_CALLBACK_TIMER:
        return link != NULL && link->is_up ? 0 : cut_off(visitor);
    case LWS_CALLBACK_CLOSED:
        close_link(link);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
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
        .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP,
        .fd = {.sockfd = fd},
        .opaque = visitor,
    };
    struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&connection);
    if (wsi != NULL)
        lws_set_timer_usecs(wsi, NETWORK_TIMEOUT_S * LWS_US_PER_SEC);
}

static bool listen_on(struct ws_server *server, struct loop *loop)
{
    const struct lws_context_creation_info info = {
        /* It is by this number, too, that the vhost is picked: those that are
         * not for peers have another. */
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .vhost_name = server->options.host,
        .protocols = server->protocols,
        /* Later than our own, which says so. */
        .timeout_secs_ah_idle = 2 * NETWORK_TIMEOUT_S,
    };
    const struct acceptor_options options = {
        .host = server->options.host,
        .port = server->options.port,
        .on_socket = on_socket,
        .ctx = server,
    };
    server->acceptor = acceptor_create(loop, &options);
    if (server->acceptor == NULL)
        return false;
    server->vhost = lws_create_vhost(loop_context(loop), &info);
    if (server->vhost == NULL)
        log_error("ws: libwebsockets gives no vhost");
    return server->vhost != NULL;
}

struct ws_server *ws_server_create(struct loop *loop,
                                   const struct ws_server_options *options,
                                   const struct ws_events *events)
{
    struct ws_server *server = mem_zalloc(1, sizeof(*server));
    server->options = *options;
    server->events = *events;
    server->protocols[0] = (struct lws_protocols){
        .name = "onebot",
        .callback = on_event,
        .per_session_data_size = sizeof(struct ws_link),
    };
    if (listen_on(server, loop))
        return server;
    ws_server_destroy(server);
    return NULL;
}

void ws_server_destroy(struct ws_server *server)
{
    if (server == NULL)
        return;
    acceptor_destroy(server->acceptor);
    free(server);
}

uint16_t ws_server_port(const struct ws_server *server)
{
    return acceptor_port(server->acceptor);
}

void ws_server_pause(struct ws_server *server, bool pause)
{
    server->is_paused = pause;
    for (struct ws_link *link = server->links; link != NULL; link = link->next)
        lws_rx_flow_control(link->wsi, pause ? 0 : 1);
}

void ws_server_close(struct ws_server *server)
{
    server->is_closing = true;
    for (struct ws_link *link = server->links; link != NULL; link = link->next)
        lws_callback_on_writable(link->wsi);
}

size_t ws_server_links(const struct ws_server *server)
{
    return server->link_count;
}
