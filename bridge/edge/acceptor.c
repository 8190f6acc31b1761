/* SPDX-License-Identifier: MIT */
#include "acceptor.h"

#include <errno.h>
#include <inttypes.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/complaint.h"
#include "base/log.h"
#include "base/mem.h"
#include "edge/loop.h"

enum {
    /* A crowd at the door must not keep the loop from those inside. */
    SOCKETS_A_TURN = 64,
    /* For the bus, its callers and subscribers: at most this many … */
    DESCRIPTORS_KEPT = 128,
    /* … and no more than this share of all. */
    DESCRIPTORS_KEPT_SHARE = 4,
    /* libwebsockets takes a limit above the first for the second. */
    DESCRIPTORS_COUNTED = 10 * 1000 * 1000,
    DESCRIPTORS_ASSUMED = 2560,
    RETRY_MS = 100,
    REMOTE_SIZE = 64,
    NAPCAT_PORT = 3001,
};

struct acceptor {
    struct acceptor_options options;
    struct lws_protocols protocols[2];
    struct complaints complaints;
    struct lws *wsi;
    int fd_max; /* a connection with a higher one is turned away */
    uint16_t port;
};

/* ---- connections ------------------------------------------------------ */

/* The kernel gives the lowest number that is free, so a high one tells that
 * few are left, whoever has the others. */
static void turn_away(struct acceptor *acceptor, int fd, const char *remote)
{
    static const char reason[] = "too many connections";
    uint64_t count =
        complaint_count(&acceptor->complaints, reason, clock_now().mono_ms);
    if (count > 0)
        log_warn("%s: turned away remote=%s reason=\"%s\" descriptors=%ld "
                 "count=%" PRIu64 " hint=\"see ulimit -n\"",
                 acceptor->options.part, remote, reason, sysconf(_SC_OPEN_MAX),
                 count);
    close(fd);
}

static void take(struct acceptor *acceptor, int fd,
                 const struct sockaddr_storage *address, socklen_t size)
{
    int one = 1;
    char remote[REMOTE_SIZE] = "";
    (void)getnameinfo((const struct sockaddr *)address, size, remote,
                      sizeof(remote), NULL, 0, NI_NUMERICHOST);
    if (fd > acceptor->fd_max) {
        turn_away(acceptor, fd, remote);
        return;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    acceptor->options.on_socket(acceptor->options.ctx, fd, remote);
}

/* Who waits, waits in the kernel's queue until some descriptor is free. */
static void wait_a_moment(struct acceptor *acceptor, struct lws *wsi, int error)
{
    static const char reason[] = "cannot accept";
    uint64_t count =
        complaint_count(&acceptor->complaints, reason, clock_now().mono_ms);
    if (count > 0)
        log_warn("%s: %s port=%u: %s retry_ms=%d count=%" PRIu64,
                 acceptor->options.part, reason, acceptor->port,
                 strerror(error), RETRY_MS, count);
    lws_rx_flow_control(wsi, 0);
    lws_set_timer_usecs(wsi, RETRY_MS * LWS_US_PER_MS);
}

static void take_all(struct acceptor *acceptor, struct lws *wsi)
{
    for (int i = 0; i < SOCKETS_A_TURN; i++) {
        struct sockaddr_storage address;
        socklen_t size = sizeof(address);
        int fd = accept4(lws_get_socket_fd(wsi), (struct sockaddr *)&address,
                         &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            take(acceptor, fd, &address, size);
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            wait_a_moment(acceptor, wsi, errno);
            return;
        }
    }
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t size)
{
    (void)user;
    (void)in;
    (void)size;
    if (reason == LWS_CALLBACK_RAW_RX_FILE)
        take_all(lws_get_protocol(wsi)->user, wsi);
    else if (reason == LWS_CALLBACK_TIMER)
        lws_rx_flow_control(wsi, 1);
    return 0;
}

/* ---- listening -------------------------------------------------------- */

static const char *why_no_port(uint16_t port, int error)
{
    if (error == EADDRINUSE && port == NAPCAT_PORT)
        return "the port is taken (3001 is also the usual port of NapCat's "
               "own WebSocket server): choose another one, or see who has it "
               "with onebus doctor";
    if (error == EADDRINUSE)
        return "the port is taken: choose another one, or see who has it with "
               "onebus doctor";
    if (error == EADDRNOTAVAIL)
        return "the address is none of this machine's";
    return strerror(error);
}

/* -1: errno says why. */
static int open_socket(const struct addrinfo *address)
{
    int one = 1;
    int fd = socket(address->ai_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 &&
        listen(fd, SOMAXCONN) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* Asking the resolver is slow, and done once, before anything runs. -1: the
 * log says why. */
static int listen_at(const struct acceptor_options *options)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    char service[8];
    snprintf(service, sizeof(service), "%u", options->port);
    bool is_found = getaddrinfo(options->host, service, &hints, &found) == 0;
    int fd = is_found ? open_socket(found) : -1;
    if (fd < 0)
        log_error("%s: cannot listen host=%s port=%u: %s", options->part,
                  options->host, options->port,
                  is_found ? why_no_port(options->port, errno)
                           : "no such host");
    if (is_found)
        freeaddrinfo(found);
    return fd;
}

static uint16_t port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    } address = {0};
    socklen_t size = sizeof(address);
    (void)getsockname(fd, &address.any, &size);
    return ntohs(address.any.sa_family == AF_INET6 ? address.ipv6.sin6_port
                                                   : address.ipv4.sin_port);
}

static int highest_descriptor(void)
{
    long all = sysconf(_SC_OPEN_MAX);
    if (all < 0 || all > DESCRIPTORS_COUNTED)
        all = DESCRIPTORS_ASSUMED;
    long share = all / DESCRIPTORS_KEPT_SHARE;
    long kept = share < DESCRIPTORS_KEPT ? share : DESCRIPTORS_KEPT;
    return (int)(all - kept) - 1;
}

static bool watch(struct acceptor *acceptor, struct loop *loop, int fd)
{
    const struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .vhost_name = "acceptor",
        .protocols = acceptor->protocols,
    };
    const lws_sock_file_fd_type file = {.filefd = fd};
    struct lws_vhost *vhost = lws_create_vhost(loop_context(loop), &info);
    if (vhost != NULL)
        acceptor->wsi =
            lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, file,
                                       acceptor->protocols[0].name, NULL);
    return acceptor->wsi != NULL;
}

struct acceptor *acceptor_create(struct loop *loop,
                                 const struct acceptor_options *options)
{
    int fd = listen_at(options);
    if (fd < 0)
        return NULL;
    struct acceptor *acceptor = mem_zalloc(1, sizeof(*acceptor));
    acceptor->options = *options;
    acceptor->fd_max = highest_descriptor();
    acceptor->port = port_of(fd);
    acceptor->protocols[0] = (struct lws_protocols){
        .name = "acceptor",
        .callback = on_event,
        .user = acceptor,
    };
    if (watch(acceptor, loop, fd))
        return acceptor;
    log_error("%s: cannot listen host=%s port=%u: libwebsockets refused",
              options->part, options->host, options->port);
    close(fd);
    acceptor_destroy(acceptor);
    return NULL;
}

void acceptor_close(struct acceptor *acceptor)
{
    if (acceptor->wsi != NULL)
        lws_set_timeout(acceptor->wsi, PENDING_TIMEOUT_USER_OK,
                        LWS_TO_KILL_ASYNC);
    acceptor->wsi = NULL;
}

void acceptor_destroy(struct acceptor *acceptor)
{
    free(acceptor);
}

uint16_t acceptor_port(const struct acceptor *acceptor)
{
    return acceptor->port;
}
