/* SPDX-License-Identifier: MIT */
/* A wire is one dial and the connection that comes of it. Three hold it: the
 * link, the thread that dials, and the connection, whose last callback may come
 * when the link has long gone on to another. Who lets go last frees it. */
#include "nats_link.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/visible.h"

enum {
    DIAL_MS = 2000, /* to connect, and then to be greeted: as libnats has it */
    /* A link that is cut without a word is found out within two of them. */
    PING_MS = 5000,
    PINGS_UNANSWERED_MAX = 1,
    SERVER_SIZE = 320,  /* a host's name and what is around it */
    COMPLAINTS_FEW = 3, /* told one by one within a minute */
};

struct wire {
    pthread_mutex_t mutex;
    size_t holders;
    struct nats_link *link; /* NULL: it has let go */
    enum nats_link_phase phase;
    natsConnection *connection; /* once UP: the link's to destroy */
    char server[SERVER_SIZE];
    char fault[NATS_FAULT_SIZE];
    char complaint[NATS_FAULT_SIZE];
    struct complaint_row complaints;
    /* What the dialling thread needs, in the order of trying. */
    natsOptions **options;
    char **servers; /* masked */
    size_t count;
};

struct nats_link {
    char **urls;
    size_t url_count, next; /* that is tried first */
    char *creds_file, *cert, *key, *ca;
    void (*wake)(void *ctx);
    void *ctx;
    struct wire *wire; /* NULL: never dialled, or dropped */
    jsCtx *js;
    char fault[NATS_FAULT_SIZE]; /* of the wire that was dropped */
};

/* ---- addresses ---------------------------------------------------------- */

/* Where the host begins: behind the scheme and what is before the last @. */
static const char *host_of(const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *rest = scheme == NULL ? url : scheme + 3;
    const char *at = strrchr(rest, '@');
    return at == NULL ? rest : at + 1;
}

void nats_link_mask(const char *url, char *masked, size_t size)
{
    const char *scheme = strstr(url, "://");
    int scheme_size = scheme == NULL ? 0 : (int)(scheme - url) + 3;
    snprintf(masked, size, "%.*s%s", scheme_size, url, host_of(url));
}

/* The host's name alone, as a certificate has it. */
static void copy_host(const char *url, char host[static SERVER_SIZE])
{
    const char *from = host_of(url);
    size_t size;
    if (from[0] == '[') {
        from++;
        size = strcspn(from, "]");
    } else {
        size = strcspn(from, ":/");
    }
    snprintf(host, SERVER_SIZE, "%.*s", (int)size, from);
}

/* ---- a wire's life --------------------------------------------------------
 */

static void free_wire(struct wire *wire)
{
    for (size_t i = 0; i < wire->count; i++) {
        natsOptions_Destroy(wire->options[i]);
        free(wire->servers[i]);
    }
    free(wire->options);
    free(wire->servers);
    pthread_mutex_destroy(&wire->mutex);
    free(wire);
}

static void hold(struct wire *wire)
{
    pthread_mutex_lock(&wire->mutex);
    wire->holders++;
    pthread_mutex_unlock(&wire->mutex);
}

static void release(struct wire *wire)
{
    pthread_mutex_lock(&wire->mutex);
    bool is_last = --wire->holders == 0;
    pthread_mutex_unlock(&wire->mutex);
    if (is_last)
        free_wire(wire);
}

/* Under the mutex, so that the link cannot go meanwhile. */
static void wake(const struct wire *wire)
{
    if (wire->link != NULL)
        wire->link->wake(wire->link->ctx);
}

const char *nats_link_error(natsStatus status)
{
    const char *text = nats_GetLastError(NULL);
    return text == NULL || text[0] == '\0' ? natsStatus_GetText(status)
                                           : nats_link_plain(text);
}

const char *nats_link_plain(const char *text)
{
    const char *end = text + strcspn(text, ")");
    const char *place = strstr(text, ".c:");
    bool has_place = text[0] == '(' && place != NULL && place < end;
    return has_place && strncmp(end, "): ", 3) == 0 ? end + 3 : text;
}

/* ---- libnats' threads ------------------------------------------------------
 */

/* Of what is not permitted the server tells for each message. */
static void tell(const char *text, uint64_t count)
{
    char quoted[NATS_FAULT_SIZE];
    if (count > 0)
        log_warn("nats: the server complains why=\"%s\" count=%" PRIu64,
                 visible_quote(quoted, sizeof(quoted), slice_of(text)), count);
}

static void on_error(natsConnection *connection, natsSubscription *subscription,
                     natsStatus status, void *ctx)
{
    struct wire *wire = ctx;
    const char *text = nats_link_error(status);
    (void)connection;
    (void)subscription;
    pthread_mutex_lock(&wire->mutex);
    snprintf(wire->complaint, sizeof(wire->complaint), "%s", text);
    uint64_t count = complaint_count_few(&wire->complaints, "", COMPLAINTS_FEW,
                                         clock_now().mono_ms);
    pthread_mutex_unlock(&wire->mutex);
    tell(text, count);
}

/* The last that a connection has to say. */
static void on_closed(natsConnection *connection, void *ctx)
{
    struct wire *wire = ctx;
    const char *text = NULL;
    natsStatus status = natsConnection_GetLastError(connection, &text);
    if (text == NULL || text[0] == '\0')
        text = status == NATS_OK ? "closed" : natsStatus_GetText(status);
    pthread_mutex_lock(&wire->mutex);
    snprintf(wire->fault, sizeof(wire->fault),
             "the connection to %s was lost: %s", wire->server, text);
    wire->phase = NATS_LINK_DOWN;
    wake(wire);
    pthread_mutex_unlock(&wire->mutex);
    release(wire);
}

/* ---- dialling -------------------------------------------------------------
 */

static bool is_unreachable(natsStatus status)
{
    return status == NATS_NO_SERVER || status == NATS_TIMEOUT ||
           status == NATS_IO_ERROR || status == NATS_SYS_ERROR ||
           status == NATS_CONNECTION_CLOSED;
}

static const char *advice(natsStatus status)
{
    switch (status) {
    case NATS_CONNECTION_AUTH_FAILED:
    case NATS_NOT_PERMITTED:
        return ": look at bridge.nats.credsFile, or at the user and the "
               "password in bridge.nats.url";
    case NATS_SSL_ERROR:
    case NATS_SECURE_CONNECTION_WANTED:
    case NATS_SECURE_CONNECTION_REQUIRED:
        return ": look at bridge.nats.tls, and at nats:// or tls:// in "
               "bridge.nats.url";
    case NATS_PROTOCOL_ERROR: /* so it sounds where a certificate is missing */
        return ": if the server wants a certificate, one whose authority it "
               "knows has to be in bridge.nats.tls";
    default:
        return "";
    }
}

/* What one server says is worth more than that others do not answer. */
static void note_failure(natsStatus status, const char *server,
                         char fault[static NATS_FAULT_SIZE])
{
    if (is_unreachable(status) || fault[0] != '\0')
        return;
    snprintf(fault, NATS_FAULT_SIZE, "%s: %s%s", server,
             nats_link_error(status), advice(status));
}

static void note_unreachable(const struct wire *wire,
                             char fault[static NATS_FAULT_SIZE])
{
    struct buffer list = {0};
    for (size_t i = 0; i < wire->count; i++) {
        buffer_append_string(&list, i == 0 ? "" : ", ");
        buffer_append_string(&list, wire->servers[i]);
    }
    snprintf(fault, NATS_FAULT_SIZE,
             "no server can be reached at %.*s: does it run, and does the "
             "network let us through?",
             (int)list.size, list.data);
    buffer_finish(&list);
}

static bool is_wanted(struct wire *wire)
{
    pthread_mutex_lock(&wire->mutex);
    bool is_wanted = wire->link != NULL;
    pthread_mutex_unlock(&wire->mutex);
    return is_wanted;
}

/* The index of the server; count: none. */
static size_t try_each(struct wire *wire, natsConnection **connection,
                       char fault[static NATS_FAULT_SIZE])
{
    for (size_t i = 0; i < wire->count && is_wanted(wire); i++) {
        natsStatus status =
            natsConnection_Connect(connection, wire->options[i]);
        if (status == NATS_OK)
            return i;
        note_failure(status, wire->servers[i], fault);
    }
    if (fault[0] == '\0')
        note_unreachable(wire, fault);
    return wire->count;
}

/* Hand over what came of it, unless nobody waits any more. It may be closed
 * again already. */
static void settle(struct wire *wire, natsConnection *connection,
                   const char *server, const char *fault)
{
    pthread_mutex_lock(&wire->mutex);
    bool is_wanted = wire->link != NULL;
    bool is_open = connection != NULL && !natsConnection_IsClosed(connection);
    snprintf(wire->server, sizeof(wire->server), "%s", server);
    if (fault[0] != '\0')
        snprintf(wire->fault, sizeof(wire->fault), "%s", fault);
    wire->phase = is_open ? NATS_LINK_UP : NATS_LINK_DOWN;
    if (is_wanted)
        wire->connection = connection;
    wake(wire);
    pthread_mutex_unlock(&wire->mutex);
    if (!is_wanted)
        natsConnection_Destroy(connection);
}

static void *dial(void *ctx)
{
    const struct sched_param param = {0};
    struct wire *wire = ctx;
    natsConnection *connection = NULL;
    char fault[NATS_FAULT_SIZE] = "";
    (void)sched_setscheduler(0, SCHED_BATCH, &param);
    hold(wire); /* for the connection: on_closed() lets go */
    size_t place = try_each(wire, &connection, fault);
    bool is_up = place < wire->count;
    settle(wire, connection, is_up ? wire->servers[place] : "",
           is_up ? "" : fault);
    if (!is_up)
        release(wire);
    release(wire);
    return NULL;
}

/* ---- options ----------------------------------------------------------------
 */

static natsStatus set_tls(const struct nats_link *link, natsOptions *options,
                          const char *url)
{
    bool is_wanted = strncmp(url, "tls://", 6) == 0 || link->ca != NULL ||
                     link->cert != NULL;
    char host[SERVER_SIZE];
    copy_host(url, host);
    natsStatus status = natsOptions_SetExpectedHostname(options, host);
    if (status == NATS_OK && is_wanted)
        status = natsOptions_SetSecure(options, true);
    if (status == NATS_OK && link->ca != NULL)
        status = natsOptions_LoadCATrustedCertificates(options, link->ca);
    if (status == NATS_OK && link->cert != NULL)
        status =
            natsOptions_LoadCertificatesChain(options, link->cert, link->key);
    return status;
}

static natsStatus set_callbacks(natsOptions *options, struct wire *wire)
{
    natsStatus status = natsOptions_SetClosedCB(options, on_closed, wire);
    if (status == NATS_OK)
        status = natsOptions_SetErrorHandler(options, on_error, wire);
    return status;
}

static natsStatus set_times(natsOptions *options)
{
    natsStatus status = natsOptions_SetTimeout(options, DIAL_MS);
    if (status == NATS_OK)
        status = natsOptions_SetWriteDeadline(options, NATS_WRITE_MS);
    if (status == NATS_OK)
        status = natsOptions_SetPingInterval(options, PING_MS);
    if (status == NATS_OK)
        status = natsOptions_SetMaxPingsOut(options, PINGS_UNANSWERED_MAX);
    return status;
}

static natsStatus set_manners(natsOptions *options)
{
    natsStatus status = natsOptions_SetName(options, "onebus " ONEBUS_VERSION);
    if (status == NATS_OK)
        status = natsOptions_SetAllowReconnect(options, false);
    if (status == NATS_OK)
        status = natsOptions_SetFailRequestsOnDisconnect(options, true);
    if (status == NATS_OK) /* a thread for all subscriptions, not for each */
        status = natsOptions_UseGlobalMessageDelivery(options, true);
    return status;
}

static natsStatus set_options(const struct nats_link *link, struct wire *wire,
                              natsOptions *options, const char *url)
{
    natsStatus status = natsOptions_SetURL(options, url);
    if (status == NATS_OK)
        status = set_tls(link, options, url);
    if (status == NATS_OK && link->creds_file != NULL)
        status = natsOptions_SetUserCredentialsFromFiles(
            options, link->creds_file, NULL);
    if (status == NATS_OK)
        status = set_manners(options);
    if (status == NATS_OK)
        status = set_times(options);
    if (status == NATS_OK)
        status = set_callbacks(options, wire);
    return status;
}

/* False: a file of the settings cannot be used; the fault says so. Files are
 * read each time, for they may have been renewed. */
static bool add_server(const struct nats_link *link, struct wire *wire,
                       const char *url)
{
    char masked[SERVER_SIZE];
    nats_link_mask(url, masked, sizeof(masked));
    natsOptions **options = &wire->options[wire->count];
    wire->servers[wire->count++] = mem_strdup(masked);
    natsStatus status = natsOptions_Create(options);
    if (status == NATS_OK)
        status = set_options(link, wire, *options, url);
    if (status != NATS_OK)
        note_failure(status, masked, wire->fault);
    return status == NATS_OK;
}

static struct wire *create_wire(struct nats_link *link)
{
    struct wire *wire = mem_zalloc(1, sizeof(*wire));
    pthread_mutex_init(&wire->mutex, NULL);
    wire->holders = 1;
    wire->link = link;
    wire->options = mem_zalloc(link->url_count, sizeof(natsOptions *));
    wire->servers = mem_zalloc(link->url_count, sizeof(char *));
    for (size_t i = 0; i < link->url_count; i++)
        if (!add_server(link, wire,
                        link->urls[(link->next + i) % link->url_count]))
            break;
    return wire;
}

/* ---- the owner's side -------------------------------------------------------
 */

struct nats_link *nats_link_create(const struct nats_link_options *options)
{
    assert(options->url_count > 0);
    struct nats_link *link = mem_zalloc(1, sizeof(*link));
    link->urls = mem_zalloc(options->url_count, sizeof(*link->urls));
    link->url_count = options->url_count;
    for (size_t i = 0; i < options->url_count; i++)
        link->urls[i] = mem_strdup(options->urls[i]);
    link->creds_file = mem_strdup(options->creds_file);
    link->cert = mem_strdup(options->tls.cert);
    link->key = mem_strdup(options->tls.key);
    link->ca = mem_strdup(options->tls.ca);
    link->wake = options->wake;
    link->ctx = options->ctx;
    return link;
}

void nats_link_destroy(struct nats_link *link)
{
    if (link == NULL)
        return;
    nats_link_drop(link);
    for (size_t i = 0; i < link->url_count; i++)
        free(link->urls[i]);
    free(link->urls);
    free(link->creds_file);
    free(link->cert);
    free(link->key);
    free(link->ca);
    free(link);
}

void nats_link_drop(struct nats_link *link)
{
    struct wire *wire = link->wire;
    if (wire == NULL)
        return;
    nats_link_fault(link, link->fault);
    link->wire = NULL;
    jsCtx_Destroy(link->js);
    link->js = NULL;
    pthread_mutex_lock(&wire->mutex);
    wire->link = NULL;
    pthread_mutex_unlock(&wire->mutex);
    natsConnection_Destroy(wire->connection);
    release(wire);
}

static void start(struct nats_link *link, struct wire *wire)
{
    pthread_t thread;
    wire->phase = NATS_LINK_DIALING;
    wire->holders++; /* nobody else knows of it yet */
    if (pthread_create(&thread, NULL, dial, wire) == 0) {
        (void)pthread_setname_np(thread, "nats dial");
        (void)pthread_detach(thread);
        return;
    }
    wire->holders--;
    wire->phase = NATS_LINK_DOWN;
    snprintf(wire->fault, sizeof(wire->fault), "there is no thread to dial");
    link->wake(link->ctx);
}

void nats_link_dial(struct nats_link *link)
{
    nats_link_drop(link);
    struct wire *wire = create_wire(link);
    link->wire = wire;
    link->next = (link->next + 1) % link->url_count;
    if (wire->fault[0] == '\0')
        start(link, wire);
    else
        link->wake(link->ctx);
}

enum nats_link_phase nats_link_phase(struct nats_link *link)
{
    if (link->wire == NULL)
        return NATS_LINK_DOWN;
    pthread_mutex_lock(&link->wire->mutex);
    enum nats_link_phase phase = link->wire->phase;
    pthread_mutex_unlock(&link->wire->mutex);
    return phase;
}

natsConnection *nats_link_connection(struct nats_link *link)
{
    assert(link->wire != NULL && link->wire->connection != NULL);
    return link->wire->connection;
}

jsCtx *nats_link_js(struct nats_link *link)
{
    jsOptions options;
    jsOptions_Init(&options);
    options.Wait = NATS_REQUEST_MS;
    if (link->js == NULL &&
        natsConnection_JetStream(&link->js, nats_link_connection(link),
                                 &options) != NATS_OK)
        mem_exhausted(sizeof(options)); /* there is nothing else in it */
    return link->js;
}

const char *nats_link_server(const struct nats_link *link)
{
    return link->wire == NULL || link->wire->connection == NULL
               ? ""
               : link->wire->server;
}

void nats_link_fault(struct nats_link *link, char fault[static NATS_FAULT_SIZE])
{
    if (link->wire == NULL) {
        memmove(fault, link->fault, NATS_FAULT_SIZE);
        return;
    }
    pthread_mutex_lock(&link->wire->mutex);
    memcpy(fault, link->wire->fault, NATS_FAULT_SIZE);
    pthread_mutex_unlock(&link->wire->mutex);
}

void nats_link_complaint(struct nats_link *link,
                         char complaint[static NATS_FAULT_SIZE])
{
    complaint[0] = '\0';
    if (link->wire == NULL)
        return;
    pthread_mutex_lock(&link->wire->mutex);
    memcpy(complaint, link->wire->complaint, NATS_FAULT_SIZE);
    link->wire->complaint[0] = '\0';
    pthread_mutex_unlock(&link->wire->mutex);
}
