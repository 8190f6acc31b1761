/* SPDX-License-Identifier: MIT */
#include "ws_server.h"

#include <errno.h>
#include <inttypes.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mem.h"
#include "edge/loop.h"

enum {
    PATH_SIZE = 512,
    /* libwebsockets keeps 4096 bytes of headers in all. */
    HEADER_SIZE = 4096,
    REMOTE_SIZE = 64,
    FRAME_KEEP_BYTES = 1 << 20,
    /* Enough to empty a burst in a few turns, few enough that one link cannot
     * keep the loop to itself. */
    FRAMES_A_TURN = 16,
    ADDRESS_SIZE = 64,
    /* A peer that is not done with its opening request, or with closing, after
     * so long is cut off. */
    NETWORK_TIMEOUT_S = 10,
};

/* A frame waiting to be written; libwebsockets wants room before it. */
struct out_frame {
    struct out_frame *next;
    size_t size;
    unsigned char bytes[];
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
};

struct ws_server {
    struct ws_server_options options;
    struct ws_events events;
    struct lws_protocols protocols[2];
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
    char remote[REMOTE_SIZE];
};

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

static struct ws_request read_request(struct lws *wsi,
                                      struct request_texts *texts)
{
    lws_get_peer_simple(wsi, texts->remote, sizeof(texts->remote));
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
        .remote = texts->remote,
    };
}

/* Who asks for plain HTTP is told what to ask for (RFC 9110, 15.5.22). */
static int add_upgrade(struct lws *wsi, int status, unsigned char **at,
                       unsigned char *end)
{
    static const char protocol[] = "websocket";
    if (status != 426)
        return 0;
    return lws_add_http_header_by_token(wsi, WSI_TOKEN_UPGRADE,
                                        (const unsigned char *)protocol,
                                        sizeof(protocol) - 1, at, end);
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
        add_upgrade(wsi, refusal->status, &at, end) ||
        lws_finalize_write_http_header(wsi, start, &at, end))
        return -1;
    memcpy(start, refusal->body, size);
    if (lws_write(wsi, start, size, LWS_WRITE_HTTP_FINAL) != (int)size)
        return -1;
    return 1;
}

/* 0 lets the peer in. */
static int confirm_upgrade(struct ws_server *server, struct lws *wsi)
{
    struct request_texts texts;
    struct ws_refusal refusal = {0};
    struct ws_request request = read_request(wsi, &texts);
    if (server->is_closing) {
        refusal.status = 503;
        strcpy(refusal.body, "the bridge is shutting down\n");
        return refuse(wsi, &refusal);
    }
    if (server->events.judge(server->events.ctx, &request, &refusal))
        return 0;
    return refuse(wsi, &refusal);
}

/* Somebody looks with a browser, or an operator wrote http:// for ws://. */
static int answer_plain_http(struct lws *wsi)
{
    const struct ws_refusal refusal = {
        .status = 426,
        .body = "this port speaks OneBot 11 over WebSocket: connect with "
                "ws://, not http://\n",
    };
    int result = refuse(wsi, &refusal);
    return result < 0 || lws_http_transaction_completed(wsi) ? -1 : 0;
}

/* ---- links ----------------------------------------------------------- */

static int open_link(struct ws_server *server, struct lws *wsi,
                     struct ws_link *link)
{
    struct request_texts texts;
    struct ws_request request = read_request(wsi, &texts);
    *link = (struct ws_link){
        .server = server,
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

static void close_link(struct ws_link *link)
{
    struct ws_server *server = link->server;
    if (!link->is_up)
        return;
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
    uint64_t count =
        complaint_count(&link->server->complaints, reason, clock_now().mono_ms);
    if (count > 0)
        log_warn("ws: closed a link reason=\"%s\" allowed_bytes=%zu "
                 "count=%" PRIu64,
                 reason, link->server->options.frame_bytes_max, count);
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

enum status ws_server_send(void *wire, struct slice text)
{
    struct ws_link *link = wire;
    if (text.size > link->server->options.queue_bytes_max - link->queue_bytes)
        return STATUS_FULL;
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
    const struct lws_protocols *protocol = lws_get_protocol(wsi);
    struct ws_server *server = protocol == NULL ? NULL : protocol->user;
    /* A connection that is not bound to our protocol yet. */
    if (server == NULL)
        return 0;
    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return confirm_upgrade(server, wsi);
    case LWS_CALLBACK_HTTP:
        return answer_plain_http(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        return open_link(server, wsi, link);
    case LWS_CALLBACK_RECEIVE:
        return receive(link, (struct slice){in, size});
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return write_queue(link);
    case LWS_CALLBACK_CLOSED:
        close_link(link);
        return 0;
    default:
        return 0;
    }
}

/* libwebsockets binds to an address or an interface, not to a name. Asking the
 * resolver is slow, and done once, before anything runs. NULL: no such host. */
static struct addrinfo *resolve(const char *host, uint16_t port)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    char service[8];
    snprintf(service, sizeof(service), "%u", port);
    return getaddrinfo(host, service, &hints, &found) == 0 ? found : NULL;
}

/* libwebsockets does not say why it could not bind: try it ourselves. */
static const char *why_no_port(const struct addrinfo *address)
{
    int one = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    int error =
        bind(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
    close(fd);
    if (error == EADDRINUSE)
        return "the port is taken (3001 is also the usual port of NapCat's "
               "own WebSocket server)";
    if (error == EADDRNOTAVAIL)
        return "the address is none of this machine's";
    return error == 0 ? "libwebsockets refused" : strerror(error);
}

static bool listen_at(struct ws_server *server, struct loop *loop,
                      const struct addrinfo *address)
{
    char iface[ADDRESS_SIZE] = "";
    bool is_ipv4 = address->ai_family == AF_INET;
    (void)getnameinfo(address->ai_addr, address->ai_addrlen, iface,
                      sizeof(iface), NULL, 0, NI_NUMERICHOST);
    bool is_any = strcmp(iface, "0.0.0.0") == 0 || strcmp(iface, "::") == 0;
    const struct lws_context_creation_info info = {
        .port = server->options.port,
        .iface = is_any ? NULL : iface,
        .vhost_name = server->options.host,
        .protocols = server->protocols,
        /* Without the second, an IPv4 address is taken as "all, by IPv6". */
        .options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                   (is_ipv4 ? LWS_SERVER_OPTION_DISABLE_IPV6 : 0),
        .timeout_secs = NETWORK_TIMEOUT_S,
    };
    server->vhost = lws_create_vhost(loop_context(loop), &info);
    return server->vhost != NULL;
}

static bool listen_on(struct ws_server *server, struct loop *loop)
{
    struct addrinfo *address =
        resolve(server->options.host, server->options.port);
    bool is_listening = address != NULL && listen_at(server, loop, address);
    if (!is_listening)
        log_error("ws: cannot listen host=%s port=%u: %s", server->options.host,
                  server->options.port,
                  address == NULL ? "no such host" : why_no_port(address));
    if (address != NULL)
        freeaddrinfo(address);
    return is_listening;
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
        .user = server,
    };
    if (listen_on(server, loop))
        return server;
    ws_server_destroy(server);
    return NULL;
}

void ws_server_destroy(struct ws_server *server)
{
    free(server);
}

uint16_t ws_server_port(const struct ws_server *server)
{
    return (uint16_t)lws_get_vhost_listen_port(server->vhost);
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
