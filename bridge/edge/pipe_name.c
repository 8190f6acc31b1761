/* SPDX-License-Identifier: MIT */
#include "pipe_name.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>

static void name_ipv4(const nng_sockaddr_in *address, char *name)
{
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, &address->sa_addr, text, sizeof(text));
    snprintf(name, PIPE_NAME_SIZE, "%s:%u", text, ntohs(address->sa_port));
}

static void name_ipv6(const nng_sockaddr_in6 *address, char *name)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(AF_INET6, address->sa_addr, text, sizeof(text));
    snprintf(name, PIPE_NAME_SIZE, "[%s]:%u", text, ntohs(address->sa_port));
}

void pipe_name(nng_pipe pipe, char name[static PIPE_NAME_SIZE])
{
    nng_sockaddr address;
    uint64_t pid;
    snprintf(name, PIPE_NAME_SIZE, "gone");
    /* A Unix socket's client has no address that tells anything. */
    if (nng_pipe_get_uint64(pipe, NNG_OPT_IPC_PEER_PID, &pid) == 0)
        snprintf(name, PIPE_NAME_SIZE, "pid:%" PRIu64, pid);
    else if (nng_pipe_get_addr(pipe, NNG_OPT_REMADDR, &address) != 0)
        return;
    else if (address.s_family == NNG_AF_INET)
        name_ipv4(&address.s_in, name);
    else if (address.s_family == NNG_AF_INET6)
        name_ipv6(&address.s_in6, name);
}
