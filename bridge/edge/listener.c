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
    if (strncmp(url, "tcp://", 6) != 0 || port == NULL ||
        nng_listener_get_addr(listener, NNG_OPT_LOCADDR, &address) != 0)
        return;
    if (address.s_family == NNG_AF_INET)
        snprintf(bound, LISTENER_URL_SIZE, "%.*s:%u", (int)(port - url), url,
                 ntohs(address.s_in.sa_port));
    else if (address.s_family == NNG_AF_INET6)
        snprintf(bound, LISTENER_URL_SIZE, "%.*s:%u", (int)(port - url), url,
                 ntohs(address.s_in6.sa_port));
}

static int open_one(nng_socket socket, const char *url,
                    char bound[LISTENER_URL_SIZE])
{
    nng_listener listener;
    int error = nng_listener_create(&listener, socket, url);
    if (error == 0 && strncmp(url, "ipc://", 6) == 0)
        error =
            nng_listener_set_int(listener, NNG_OPT_IPC_PERMISSIONS, IPC_MODE);
    if (error == 0)
        error = nng_listener_start(listener, 0);
    if (error == 0)
        describe(listener, url, bound);
    return error;
}

bool listener_open_all(nng_socket socket, const char *part,
                       const char *const *urls, size_t count,
                       char (*bound)[LISTENER_URL_SIZE])
{
    for (size_t i = 0; i < count; i++) {
        int error = open_one(socket, urls[i], bound[i]);
        if (error == 0)
            continue;
        log_error("%s: cannot listen url=%s: %s", part, urls[i],
                  nng_strerror(error));
        return false;
    }
    return true;
}
