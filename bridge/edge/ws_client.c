/* SPDX-License-Identifier: MIT */
#include "ws_client.h"

#include <arpa/inet.h>
#include <libwebsockets.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/host_port.h"
#include "base/log.h"
#include "base/mem.h"
#include "edge/lookup.h"
#include "edge/loop.h"
#include "edge/ws_link.h"

enum {
    CONNECT_TIMEOUT_S = 10,
    REASON_SIZE = 160,
    HEADER_SIZE = 1200,
    HOST_SIZE = 320,
};

struct ws_client {
    struct loop *loop;
    struct ws_client_events events;
    char *host, *path, *ca, *token, *user_agent;
    char host_header[HOST_SIZE]; /* RFC 9110, 7.2 */
    uint16_t port;
    bool is_secure, insecure, is_address;
    struct lws_protocols protocols[2];
    struct lws_vhost *vhost;
    struct ws_links links;
    struct lookup *lookup; /* under way */
    struct lookup_result found;
    size_t next;                  /* of the addresses found */
    struct lws *wsi;              /* the attempt under way */
    lws_sorted_usec_list_t timer; /* the end of the attempt's time */
    char reason[REASON_SIZE];     /* why the last address led nowhere */
    bool is_closed;
};

/* ---- an attempt ------------------------------------------------------- */

static unsigned tls_flags(const struct ws_client *client)
{
    unsigned flags = LCCSCF_USE_SSL;
    if (!client->is_secure)
        return 0;
    /* It compares names only; addresses are for check_address(). */
    if (client->is_address)
        flags |= LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
    if (client->insecure)
        flags |= LCCSCF_ALLOW_SELFSIGNED | LCCSCF_ALLOW_EXPIRED |
                 LCCSCF_ALLOW_INSECURE | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
    return flags;
}

static struct lws_context *context_of(const struct ws_client *client)
{
    return loop_context(client->loop);
}

static void on_time_over(lws_sorted_usec_list_t *timer)
{
    struct ws_client *client = lws_container_of(timer, struct ws_client, timer);
    if (client->wsi != NULL)
        lws_set_timeout(client->wsi, PENDING_TIMEOUT_USER_OK,
                        LWS_TO_KILL_ASYNC);
}

/* Begin with the next address; false: there is none that leads anywhere. */
static bool connect_next(struct ws_client *client)
{
    while (client->next < client->found.count && !client->is_closed) {
        const struct lws_client_connect_info info = {
            .context = context_of(client),
            .vhost = client->vhost,
            .address = client->found.addresses[client->next++],
            .port = client->port,
            .path = client->path,
            .host = client->host_header,
            .ssl_connection = (int)tls_flags(client),
            .local_protocol_name = client->protocols[0].name,
            .opaque_user_data = client,
        };
        snprintf(client->reason, sizeof(client->reason), "no way leads there");
        client->wsi = lws_client_connect_via_info(&info);
        if (client->wsi != NULL) {
            lws_sul_schedule(context_of(client), 0, &client->timer,
                             on_time_over, CONNECT_TIMEOUT_S * LWS_US_PER_SEC);
            return true;
        }
    }
    return false;
}

static void on_given_up(lws_sorted_usec_list_t *timer)
{
    struct ws_client *client = lws_container_of(timer, struct ws_client, timer);
    if (!client->is_closed)
        client->events.on_failed(client->events.ctx, client->reason);
    /* A timer does not end the wait that it rings in: there may be something
     * to do sooner now. */
    loop_wake(client->loop);
}

/* Told from the loop, never from within what was called. */
static void give_up(struct ws_client *client)
{
    client->wsi = NULL;
    lws_sul_schedule(context_of(client), 0, &client->timer, on_given_up, 1);
}

static void begin(struct ws_client *client)
{
    client->next = 0;
    if (!connect_next(client))
        give_up(client);
}

static void take_lookup(struct ws_client *client)
{
    if (client->lookup == NULL || !lookup_take(client->lookup, &client->found))
        return;
    lookup_drop(client->lookup);
    client->lookup = NULL;
    snprintf(client->reason, sizeof(client->reason), "%.64s: %s", client->host,
             client->found.fault == NULL ? "" : client->found.fault);
    begin(client);
}

void ws_client_dial(struct ws_client *client)
{
    if (client->lookup != NULL || client->wsi != NULL)
        return; /* its end is told as this one's */
    client->found = (struct lookup_result){0};
    snprintf(client->reason, sizeof(client->reason), "no thread to spare");
    if (!client->is_address) {
        client->lookup = lookup_start(client->host, loop_wake, client->loop);
        if (client->lookup == NULL)
            give_up(client);
        return;
    }
    client->found.count = 1;
    snprintf(client->found.addresses[0], LOOKUP_ADDRESS_SIZE, "%s",
             client->host);
    begin(client);
}

/* What OpenSSL found wrong with the peer's certificate; NULL: nothing. */
static const char *certificate_fault(struct lws *wsi)
{
    SSL *ssl = lws_get_ssl(wsi);
    long result = ssl == NULL ? X509_V_OK : SSL_get_verify_result(ssl);
    return result == X509_V_OK ? NULL : X509_verify_cert_error_string(result);
}

/* In the words of an operator rather than of the library. */
static void explain(struct ws_client *client, struct lws *wsi, const char *text,
                    size_t size)
{
    unsigned status = lws_http_client_http_response(wsi);
    char *reason = client->reason;
    const char *fault = certificate_fault(wsi);
    if (fault != NULL && !client->insecure)
        snprintf(reason, REASON_SIZE, "certificate: %s", fault);
    else if (status != 0 && status != 101)
        snprintf(reason, REASON_SIZE, "HTTP %u instead of a WebSocket%s",
                 status,
                 status == 401   ? ": the peer wants a token"
                 : status == 403 ? ": the peer refused the token"
                                 : "");
    else if (text == NULL || size == 0)
        snprintf(reason, REASON_SIZE, "the connection was lost");
    else if (strstr(text, "Closed before conn") != NULL)
        snprintf(reason, REASON_SIZE,
                 "no answer within %d s, or it hung up at once",
                 CONNECT_TIMEOUT_S);
    else if (strstr(text, "Unable to connect") != NULL ||
             strstr(text, "conn fail: ") != NULL) /* libwebsockets 4.3 */
        snprintf(reason, REASON_SIZE,
                 "connection refused, or no way leads there");
    else if (strcasestr(text, "cert") != NULL)
        snprintf(reason, REASON_SIZE, "certificate: %.*s", (int)size, text);
    else
        snprintf(reason, REASON_SIZE, "%.*s", (int)size, text);
}

static void on_connection_error(struct ws_client *client, struct lws *wsi,
                                const char *text, size_t size)
{
    explain(client, wsi, text, size);
    client->wsi = NULL;
    if (!connect_next(client))
        give_up(client);
}

/* ---- the opening request ---------------------------------------------- */

static int add_header(struct lws *wsi, enum lws_token_indexes token,
                      const char *value, unsigned char **at, unsigned char *end)
{
    return lws_add_http_header_by_token(
        wsi, token, (const unsigned char *)value, (int)strlen(value), at, end);
}

static int add_headers(const struct ws_client *client, struct lws *wsi,
                       unsigned char **at, size_t room)
{
    char authorization[HEADER_SIZE];
    unsigned char *end = *at + room;
    if (add_header(wsi, WSI_TOKEN_HTTP_USER_AGENT, client->user_agent, at, end))
        return -1;
    if (client->token == NULL)
        return 0;
    snprintf(authorization, sizeof(authorization), "Bearer %s", client->token);
    return add_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, authorization, at,
                      end);
}

/* Is the certificate for this address (RFC 5280, 4.2.1.6)? */
static bool check_address(const struct ws_client *client, struct lws *wsi)
{
    if (!client->is_secure || !client->is_address || client->insecure)
        return true;
    X509 *certificate = SSL_get_peer_certificate(lws_get_ssl(wsi));
    bool is_good = certificate != NULL &&
                   X509_check_ip_asc(certificate, client->host, 0) == 1;
    X509_free(certificate);
    return is_good;
}

static int filter_answer(struct ws_client *client, struct lws *wsi)
{
    if (check_address(client, wsi))
        return 0;
    snprintf(client->reason, sizeof(client->reason),
             "certificate: it is not for the address %.64s", client->host);
    return -1;
}

/* ---- the link ---------------------------------------------------------- */

static int open_link(struct ws_client *client, struct lws *wsi,
                     struct ws_link *link)
{
    char remote[WS_REMOTE_SIZE];
    lws_sul_cancel(&client->timer);
    client->wsi = NULL;
    if (client->is_closed)
        return -1;
    snprintf(remote, sizeof(remote), "%s",
             client->found.addresses[client->next - 1]);
    ws_link_open(&client->links, link, wsi, remote);
    link->owner = client->events.on_up(client->events.ctx, remote, link);
    return 0;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t size)
{
    struct ws_link *link = user;
    struct ws_client *client;
    if (reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED) {
        take_lookup(lws_get_protocol(wsi)->user);
        return 0;
    }
    client = lws_get_opaque_user_data(wsi);
    if (client == NULL)
        return 0;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_headers(client, wsi, in, size);
    case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
        return filter_answer(client, wsi);
    case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
        return -1; /* the token is for this host alone */
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        on_connection_error(client, wsi, in, size);
        return 0;
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        return open_link(client, wsi, link);
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return ws_link_on_receive(link, (struct slice){in, size});
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
        ws_link_on_pong(link);
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return ws_link_on_writeable(link);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        ws_link_on_peer_close(link, (struct slice){in, size});
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        ws_link_on_closed(link);
        return 0;
    default:
        return 0;
    }
}

/* ---- the client -------------------------------------------------------- */

static bool is_address(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    return inet_pton(AF_INET, host, &v4) == 1 ||
           inet_pton(AF_INET6, host, &v6) == 1;
}

/* A vhost of its own, for it is there that a CA belongs. */
static struct lws_vhost *make_vhost(const struct ws_client *client)
{
    const struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .vhost_name = "dialer",
        .protocols = client->protocols,
        .options =
            LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
            (client->ca == NULL ? 0 : LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS),
        .client_ssl_ca_filepath = client->ca,
        .connect_timeout_secs = CONNECT_TIMEOUT_S,
        .timeout_secs = CONNECT_TIMEOUT_S,
    };
    struct lws_vhost *vhost = lws_create_vhost(context_of(client), &info);
    if (vhost != NULL && client->is_secure &&
        lws_init_vhost_client_ssl(&info, vhost) != 0)
        return NULL;
    return vhost;
}

static void name_host(struct ws_client *client)
{
    bool is_usual = client->port == (client->is_secure ? 443 : 80);
    host_port_print(client->host, is_usual ? -1 : client->port,
                    client->host_header, sizeof(client->host_header));
}

struct ws_client *ws_client_create(struct loop *loop,
                                   const struct ws_client_options *options,
                                   const struct ws_client_events *events)
{
    struct ws_client *client = mem_zalloc(1, sizeof(*client));
    client->loop = loop;
    client->events = *events;
    client->host = mem_strdup(options->host);
    client->path = mem_strdup(options->path);
    client->ca = mem_strdup(options->ca);
    client->token = mem_strdup(options->token);
    client->user_agent = mem_strdup(options->user_agent);
    client->port = options->port;
    client->is_secure = options->is_secure;
    client->insecure = options->insecure;
    client->is_address = is_address(options->host);
    name_host(client);
    client->links = (struct ws_links){
        .events = {events->ctx, events->on_frame, events->on_pong,
                   events->on_down},
        .frame_bytes_max = options->frame_bytes_max,
        .queue_bytes_max = options->queue_bytes_max,
    };
    client->protocols[0] = (struct lws_protocols){
        .name = "onebot-peer",
        .callback = on_event,
        .per_session_data_size = sizeof(struct ws_link),
        .user = client,
    };
    client->vhost = make_vhost(client);
    if (client->vhost != NULL)
        return client;
    log_error("ws: libwebsockets gives no client%s%s",
              client->ca == NULL ? "" : ": see tls.ca ",
              client->ca == NULL ? "" : client->ca);
    ws_client_destroy(client);
    return NULL;
}

void ws_client_destroy(struct ws_client *client)
{
    if (client == NULL)
        return;
    lookup_drop(client->lookup);
    free(client->host);
    free(client->path);
    free(client->ca);
    free(client->token);
    free(client->user_agent);
    free(client);
}

void ws_client_pause(struct ws_client *client, bool pause)
{
    ws_links_pause(&client->links, pause);
}

void ws_client_close(struct ws_client *client)
{
    client->is_closed = true;
    lws_sul_cancel(&client->timer);
    lookup_drop(client->lookup);
    client->lookup = NULL;
    if (client->wsi != NULL)
        lws_set_timeout(client->wsi, PENDING_TIMEOUT_USER_OK,
                        LWS_TO_KILL_ASYNC);
    ws_links_close(&client->links);
}

bool ws_client_is_up(const struct ws_client *client)
{
    return client->links.count > 0;
}
