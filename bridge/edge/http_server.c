/* SPDX-License-Identifier: MIT */
#include "http_server.h"

#include <inttypes.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mem.h"
#include "edge/acceptor.h"
#include "edge/headers.h"
#include "edge/loop.h"

enum {
    CONNECTIONS_MAX = 64,
    PATIENCE_S = 10,
    PATH_SIZE = 512,
    /* libwebsockets keeps 4096 bytes of headers in all. */
    HEADER_SIZE = 4096,
    HEADER_SHORT_SIZE = 256,
    REMOTE_SIZE = 64,
    HEAD_BYTES_MAX = 4096,
    CHUNK_BYTES = 16 * 1024,
    LOOK_S = 1,
};

/* One connection, and the request on it. It ends when both sides have done with
 * it: the connection is closed, and the answer is given.
 *
 *   ASKING     the request comes          -> ANSWERED by us, or ASKED
 *   ASKED      it has been handed out     -> ANSWERED or STREAMING
 *   STREAMING  more may be added          -> ANSWERED
 *   ANSWERED   what is left is written, then the connection is closed */
enum exchange_state { ASKING, ASKED, STREAMING, ANSWERED };

struct http_exchange {
    struct http_server *server;
    struct lws *wsi; /* NULL: the other side is gone */
    enum exchange_state state;
    enum http_method method;
    bool is_awaited; /* it is the other side's turn */
    void *stream;
    struct buffer body; /* of the request */
    struct buffer out;  /* of the answer, from `written` on */
    size_t written;
    char remote[REMOTE_SIZE];
};

struct http_server {
    struct http_events events;
    struct lws_protocols protocols[2];
    struct lws_vhost *vhost;
    struct acceptor *acceptor;
    size_t connection_count;
    struct complaints complaints;
};

/* The texts that an http_request's slices point into. */
struct request_texts {
    char path[PATH_SIZE];
    char query[HEADER_SIZE];
    char host[HEADER_SHORT_SIZE];
    char origin[HEADER_SHORT_SIZE];
    char fetch_site[HEADER_SHORT_SIZE];
    char authorization[HEADER_SIZE];
    char content_type[HEADER_SHORT_SIZE];
    char known[HEADER_SHORT_SIZE];
};

/* From here on the other side has PATIENCE_S for what it has to do.
 * libwebsockets writes only to whom it would read from. */
static void begin_patience(struct http_exchange *exchange)
{
    exchange->is_awaited = true;
    lws_rx_flow_control(exchange->wsi, 1);
    lws_set_timer_usecs(exchange->wsi, PATIENCE_S * LWS_US_PER_SEC);
}

/* It has nothing to do, but it may leave: that is looked for, since
 * libwebsockets does not tell while an answer is under way; and would poll(2)
 * without a pause if it went on to ask for what comes. */
static void end_patience(struct http_exchange *exchange)
{
    exchange->is_awaited = false;
    lws_set_timeout(exchange->wsi, NO_PENDING_TIMEOUT, 0);
    lws_rx_flow_control(exchange->wsi, 0);
    lws_set_timer_usecs(exchange->wsi, LOOK_S * LWS_US_PER_SEC);
}

static bool has_left(const struct http_exchange *exchange)
{
    char byte;
    return recv(lws_get_socket_fd(exchange->wsi), &byte, 1,
                MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void free_exchange(struct http_exchange *exchange)
{
    buffer_finish(&exchange->body);
    buffer_finish(&exchange->out);
    free(exchange);
}

/* ---- the request ------------------------------------------------------ */

static enum http_method method_of(int number)
{
    switch (number) {
    case LWSHUMETH_GET:
        return HTTP_GET;
    case LWSHUMETH_HEAD:
        return HTTP_HEAD;
    case LWSHUMETH_POST:
        return HTTP_POST;
    default:
        return HTTP_OTHER_METHOD;
    }
}

#define TEXT(name) texts->name, sizeof(texts->name)

static struct http_request read_request(const struct http_exchange *exchange,
                                        struct request_texts *texts)
{
    struct lws *wsi = exchange->wsi;
    int method;
    struct http_request request = {
        .path = headers_path(wsi, TEXT(path), &method),
        .query = headers_known(wsi, WSI_TOKEN_HTTP_URI_ARGS, TEXT(query)),
        .host = headers_known(wsi, WSI_TOKEN_HOST, TEXT(host)),
        .origin = headers_known(wsi, WSI_TOKEN_ORIGIN, TEXT(origin)),
        .fetch_site = headers_custom(wsi, "sec-fetch-site:", TEXT(fetch_site)),
        .authorization = headers_known(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
                                       TEXT(authorization)),
        .content_type =
            headers_known(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, TEXT(content_type)),
        .known = headers_known(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, TEXT(known)),
        .body = buffer_slice(&exchange->body),
        .remote = exchange->remote,
    };
    request.method = method_of(method);
    return request;
}

/* The loop lives on, and so does the exchange, whatever is answered. */
static int hand_out(struct http_exchange *exchange)
{
    struct http_server *server = exchange->server;
    struct request_texts texts;
    struct http_request request = read_request(exchange, &texts);
    exchange->method = request.method;
    exchange->state = ASKED;
    end_patience(exchange);
    server->events.on_request(server->events.ctx, exchange, &request);
    return 0;
}

/* ---- the answer ------------------------------------------------------- */

/* What holds for every answer: nothing of it is kept, framed, sniffed or told
 * to others. */
static const struct http_header ALWAYS[] = {
    {"connection:", "close"},
    {"x-content-type-options:", "nosniff"},
    {"referrer-policy:", "no-referrer"},
    {"cross-origin-resource-policy:", "same-origin"},
    {"cross-origin-opener-policy:", "same-origin"},
    {"content-security-policy:",
     "default-src 'none'; script-src 'self'; style-src 'self'; "
     "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
     "form-action 'none'; frame-ancestors 'none'"},
};

static int add_headers(struct lws *wsi, const struct http_header *headers,
                       size_t count, unsigned char **at, unsigned char *end)
{
    for (size_t i = 0; i < count; i++)
        if (lws_add_http_header_by_name(wsi,
                                        (const unsigned char *)headers[i].name,
                                        (const unsigned char *)headers[i].value,
                                        (int)strlen(headers[i].value), at, end))
            return -1;
    return 0;
}

/* `size`: LWS_ILLEGAL_HTTP_CONTENT_LEN if nobody knows yet. */
static int write_head(struct lws *wsi, const struct http_response *response,
                      lws_filepos_t size)
{
    unsigned char bytes[LWS_PRE + HEAD_BYTES_MAX];
    unsigned char *start = bytes + LWS_PRE;
    unsigned char *at = start;
    unsigned char *end = bytes + sizeof(bytes) - 1;
    return lws_add_http_common_headers(wsi, (unsigned)response->status,
                                       response->type, size, &at, end) ||
           add_headers(wsi, ALWAYS, sizeof(ALWAYS) / sizeof(ALWAYS[0]), &at,
                       end) ||
           add_headers(wsi, response->headers, response->header_count, &at,
                       end) ||
           lws_finalize_write_http_header(wsi, start, &at, end);
}

static void answer(struct http_exchange *exchange,
                   const struct http_response *response, lws_filepos_t size)
{
    if (write_head(exchange->wsi, response, size) != 0) {
        lws_set_timeout(exchange->wsi, PENDING_TIMEOUT_USER_OK,
                        LWS_TO_KILL_ASYNC);
        return;
    }
    if (exchange->method != HTTP_HEAD)
        buffer_append(&exchange->out, response->body.data, response->body.size);
    begin_patience(exchange);
    lws_callback_on_writable(exchange->wsi);
}

void http_reply(struct http_exchange *exchange,
                const struct http_response *response)
{
    exchange->state = ANSWERED;
    if (exchange->wsi == NULL)
        free_exchange(exchange);
    else
        answer(exchange, response, response->body.size);
}

void http_reply_text(struct http_exchange *exchange, int status,
                     const char *text, const struct http_header *headers,
                     size_t header_count)
{
    const struct http_response response = {
        .status = status,
        .type = "text/plain; charset=utf-8",
        .body = slice_of(text),
        .headers = headers,
        .header_count = header_count,
    };
    http_reply(exchange, &response);
}

void http_stream_begin(struct http_exchange *exchange,
                       const struct http_response *response, void *stream)
{
    exchange->state = STREAMING;
    exchange->stream = stream;
    if (exchange->wsi != NULL)
        answer(exchange, response, LWS_ILLEGAL_HTTP_CONTENT_LEN);
}

static size_t unwritten(const struct http_exchange *exchange)
{
    return exchange->out.size - exchange->written;
}

/* Forget what has been written, once that is most of it. */
static void make_room(struct http_exchange *exchange)
{
    struct buffer *out = &exchange->out;
    if (exchange->written == 0 || exchange->written < out->size / 2)
        return;
    memmove(out->data, out->data + exchange->written, unwritten(exchange));
    out->size -= exchange->written;
    exchange->written = 0;
}

enum status http_stream_send(struct http_exchange *exchange, struct slice bytes)
{
    if (exchange->wsi == NULL ||
        unwritten(exchange) + bytes.size > HTTP_STREAM_BYTES_MAX)
        return STATUS_FULL;
    if (unwritten(exchange) == 0)
        begin_patience(exchange);
    make_room(exchange);
    buffer_append(&exchange->out, bytes.data, bytes.size);
    lws_callback_on_writable(exchange->wsi);
    return STATUS_OK;
}

void http_stream_end(struct http_exchange *exchange)
{
    exchange->state = ANSWERED;
    if (exchange->wsi == NULL)
        free_exchange(exchange);
    else
        lws_callback_on_writable(exchange->wsi);
}

static int write_chunk(struct http_exchange *exchange)
{
    unsigned char bytes[LWS_PRE + CHUNK_BYTES];
    size_t size = unwritten(exchange);
    if (size > CHUNK_BYTES)
        size = CHUNK_BYTES;
    memcpy(bytes + LWS_PRE, exchange->out.data + exchange->written, size);
    if (lws_write(exchange->wsi, bytes + LWS_PRE, size, LWS_WRITE_HTTP) < 0)
        return -1;
    exchange->written += size;
    begin_patience(exchange);
    lws_callback_on_writable(exchange->wsi);
    return 0;
}

/* libwebsockets calls only when all it was given has left it; -1 has it close
 * the connection. */
static int on_writeable(struct http_exchange *exchange)
{
    if (unwritten(exchange) > 0)
        return write_chunk(exchange);
    if (exchange->state == ANSWERED)
        return -1;
    if (exchange->state == STREAMING)
        end_patience(exchange);
    return 0;
}

/* ---- requests that lead nowhere ----------------------------------------- */

static int refuse(struct http_exchange *exchange, int status, const char *text)
{
    exchange->method = HTTP_GET;
    http_reply_text(exchange, status, text, NULL, 0);
    return 0;
}

static int cut_off(struct http_exchange *exchange)
{
    static const char slow_to_ask[] = "no request in time";
    static const char slow_to_read[] = "the answer is not taken";
    const char *reason = exchange->state == ASKING ? slow_to_ask : slow_to_read;
    uint64_t count = complaint_count(&exchange->server->complaints, reason,
                                     clock_now().mono_ms);
    if (count > 0)
        log_warn("http: cut off remote=%s reason=\"%s\" allowed_s=%d "
                 "count=%" PRIu64
                 " hint=\"see what asks from that address, and the network\"",
                 exchange->remote, reason, PATIENCE_S, count);
    return -1;
}

/* -1 has libwebsockets close the connection. */
static int on_timer(struct http_exchange *exchange)
{
    if (exchange->is_awaited)
        return cut_off(exchange);
    if (has_left(exchange))
        return -1;
    end_patience(exchange);
    return 0;
}

/* ---- the body ---------------------------------------------------------- */

/* -1: there is none of a stated length. */
static long body_size(struct lws *wsi)
{
    char text[HEADER_SHORT_SIZE];
    char *end;
    if (lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_HTTP_CONTENT_LENGTH) <=
        0)
        return -1;
    long size = strtol(text, &end, 10);
    return *end == '\0' ? size : -1;
}

static int on_head(struct http_exchange *exchange)
{
    struct lws *wsi = exchange->wsi;
    char *path;
    int length;
    int method = lws_http_get_uri_and_method(wsi, &path, &length);
    long size = body_size(wsi);
    if (method_of(method) == HTTP_POST && size < 0)
        return refuse(exchange, 411, "a Content-Length is needed\n");
    if (size > HTTP_BODY_BYTES_MAX)
        return refuse(exchange, 413, "at most 65536 bytes are taken\n");
    if (method_of(method) == HTTP_POST && size > 0)
        return 0; /* the body follows */
    return hand_out(exchange);
}

static int on_body(struct http_exchange *exchange, struct slice bytes)
{
    if (exchange->state != ASKING)
        return 0; /* refused already */
    if (exchange->body.size + bytes.size > HTTP_BODY_BYTES_MAX)
        return -1;
    buffer_append(&exchange->body, bytes.data, bytes.size);
    return 0;
}

static int on_whole_body(struct http_exchange *exchange)
{
    return exchange->state == ASKING ? hand_out(exchange) : 0;
}

/* ---- connections ------------------------------------------------------- */

static void on_closed(struct http_exchange *exchange)
{
    struct http_server *server = exchange->server;
    server->connection_count--;
    exchange->wsi = NULL;
    if (exchange->state == STREAMING)
        server->events.on_gone(server->events.ctx, exchange->stream);
    else if (exchange->state != ASKED)
        free_exchange(exchange);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t size)
{
    struct http_exchange *exchange = lws_get_opaque_user_data(wsi);
    (void)user;
    /* About the vhost, or a connection that is just being made. */
    if (exchange == NULL)
        return 0;
    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    case LWS_CALLBACK_RAW_ADOPT:
        /* No WebSocket here, no HTTP/2, no CONNECT. */
        return -1;
    case LWS_CALLBACK_HTTP:
        return on_head(exchange);
    case LWS_CALLBACK_HTTP_BODY:
        return on_body(exchange, (struct slice){in, size});
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return on_whole_body(exchange);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return on_writeable(exchange);
    case LWS_CALLBACK_TIMER:
        return on_timer(exchange);
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_WSI_DESTROY: /* of one that never spoke HTTP */
        lws_set_opaque_user_data(wsi, NULL);
        on_closed(exchange);
        return 0;
    default:
        return 0;
    }
}

static void turn_away(struct http_server *server, int fd, const char *remote)
{
    static const char reason[] = "too many connections";
    uint64_t count =
        complaint_count(&server->complaints, reason, clock_now().mono_ms);
    if (count > 0)
        log_warn("http: turned away remote=%s reason=\"%s\" allowed=%d "
                 "count=%" PRIu64 " hint=\"close pages of the console\"",
                 remote, reason, CONNECTIONS_MAX, count);
    close(fd);
}

static void on_socket(void *ctx, int fd, const char *remote)
{
    struct http_server *server = ctx;
    if (server->connection_count >= CONNECTIONS_MAX) {
        turn_away(server, fd, remote);
        return;
    }
    struct http_exchange *exchange = mem_zalloc(1, sizeof(*exchange));
    exchange->server = server;
    snprintf(exchange->remote, sizeof(exchange->remote), "%s", remote);
    const lws_adopt_desc_t connection = {
        .vh = server->vhost,
        .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP,
        .fd = {.sockfd = fd},
        .opaque = exchange,
    };
    server->connection_count++;
    struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&connection);
    if (wsi == NULL)
        return; /* and the exchange is gone already */
    exchange->wsi = wsi;
    begin_patience(exchange);
}

/* ---- the server -------------------------------------------------------- */

static bool listen_on(struct http_server *server, struct loop *loop,
                      const char *host, uint16_t port)
{
    const struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .vhost_name = "http",
        .protocols = server->protocols,
        /* Later than our own, which says so. */
        .timeout_secs_ah_idle = 2 * PATIENCE_S,
    };
    const struct acceptor_options acceptor = {
        .part = "http",
        .host = host,
        .port = port,
        .on_socket = on_socket,
        .ctx = server,
    };
    server->vhost = lws_create_vhost(loop_context(loop), &info);
    if (server->vhost == NULL) {
        log_error("http: libwebsockets gives no vhost");
        return false;
    }
    server->acceptor = acceptor_create(loop, &acceptor);
    return server->acceptor != NULL;
}

struct http_server *http_server_create(struct loop *loop, const char *host,
                                       uint16_t port,
                                       const struct http_events *events)
{
    struct http_server *server = mem_zalloc(1, sizeof(*server));
    server->events = *events;
    server->protocols[0] = (struct lws_protocols){
        .name = "http",
        .callback = on_event,
    };
    if (listen_on(server, loop, host, port))
        return server;
    http_server_destroy(server);
    return NULL;
}

void http_server_destroy(struct http_server *server)
{
    if (server == NULL)
        return;
    acceptor_destroy(server->acceptor);
    free(server);
}

uint16_t http_server_port(const struct http_server *server)
{
    return acceptor_port(server->acceptor);
}
