/* SPDX-License-Identifier: MIT */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "edge/nng_tls.h"

enum { IPC_MODE = 0660 };

/* Before libc's, because a program's own functions go first; visible, or the
 * libraries would not find it.
 *
 * NNG before 1.6 reads EPIPE as "this end has been closed". Its listener greets
 * whoever connects; where that one has left already, the error of the greeting
 * makes the listener take itself for closed and let nobody in any more
 * (nanomsg/nng #1518). ECONNRESET says as well that the other end is gone, and
 * every version goes on after it. No call of NNG's starts such a listener
 * again, and to close it would cut off those who are in. */
__attribute__((visibility("default"))) ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
    ssize_t sent = syscall(SYS_sendmsg, fd, message, flags);
    if (sent < 0 && errno == EPIPE)
        errno = ECONNRESET;
    return sent;
}

/* The URL with the port that a port 0 has become. */
static void describe(nng_listener listener, const char *url,
                     char bound[LISTENER_URL_SIZE])
{
    nng_sockaddr address;
    const char *port = strrchr(url, ':');
    snprintf(bound, LISTENER_URL_SIZE, "%s", url);
    bool is_tcp =
        strncmp(url, "tcp://", 6) == 0 || strncmp(url, "tls+tcp://", 10) == 0;
    if (!is_tcp || port == NULL ||
        nng_listener_get_addr(listener, NNG_OPT_LOCADDR, &address) != 0)
        return;
    if (address.s_family == NNG_AF_INET)
        snprintf(bound, LISTENER_URL_SIZE, "%.*s:%u", (int)(port - url), url,
                 ntohs(address.s_in.sa_port));
    else if (address.s_family == NNG_AF_INET6)
        snprintf(bound, LISTENER_URL_SIZE, "%.*s:%u", (int)(port - url), url,
                 ntohs(address.s_in6.sa_port));
}

static int prepare(nng_listener listener, const char *url, nng_tls_config *tls)
{
    if (strncmp(url, "ipc://", 6) == 0)
        return nng_listener_set_int(listener, NNG_OPT_IPC_PERMISSIONS,
                                    IPC_MODE);
    if (nng_tls_is_for(url))
        return nng_listener_set_ptr(listener, NNG_OPT_TLS_CONFIG, tls);
    return 0;
}

static int open_one(nng_socket socket, const char *url, nng_tls_config *tls,
                    char bound[LISTENER_URL_SIZE])
{
    nng_listener listener;
    int error = nng_listener_create(&listener, socket, url);
    if (error == 0)
        error = prepare(listener, url, tls);
    if (error == 0)
        error = nng_listener_start(listener, 0);
    if (error == 0)
        describe(listener, url, bound);
    return error;
}

static bool wants_tls(const char *const *urls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (nng_tls_is_for(urls[i]))
            return true;
    return false;
}

static bool open_all(nng_socket socket, const char *part,
                     const struct listener_options *options,
                     nng_tls_config *tls, char (*bound)[LISTENER_URL_SIZE])
{
    for (size_t i = 0; i < options->url_count; i++) {
        const char *url = options->urls[i];
        int error = open_one(socket, url, tls, bound[i]);
        if (error == 0)
            continue;
        log_error("%s: cannot listen url=%s: %s%s", part, url,
                  nng_strerror(error),
                  error == NNG_EADDRINUSE
                      ? ": choose another one, or see who has it with onebus "
                        "doctor"
                      : "");
        return false;
    }
    return true;
}

bool listener_open_all(nng_socket socket, const char *part,
                       const struct listener_options *options,
                       char (*bound)[LISTENER_URL_SIZE])
{
    char fault[NNG_TLS_FAULT_SIZE];
    nng_tls_config *tls = NULL;
    if (wants_tls(options->urls, options->url_count)) {
        tls = nng_tls_to_listen(&options->tls, fault);
        if (tls == NULL) {
            log_error("%s: cannot listen with TLS: %s", part, fault);
            return false;
        }
    }
    bool is_open = open_all(socket, part, options, tls, bound);
    if (tls != NULL)
        nng_tls_config_free(tls); /* each listener holds it as well */
    return is_open;
}
