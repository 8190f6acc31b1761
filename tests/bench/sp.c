/* SPDX-License-Identifier: MIT */
#include "sp.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    SIZE_BYTES = 8,
    READ_BYTES = 1024 * 1024,
    RECEIVE_BUFFER = 4 * 1024 * 1024,
    MESSAGE_BYTES_MAX = 1024 * 1024,
};

static const char SUB_HELLO[8] = {0, 'S', 'P', 0, 0, 0x21, 0, 0};
static const char PUB_HELLO[8] = {0, 'S', 'P', 0, 0, 0x20, 0, 0};

#define IPC "ipc://"
#define TCP "tcp://127.0.0.1:"

static void dial(int fd, const void *address, size_t size, const char *url)
{
    /* As much as the kernel gives: what waits here is not lost there. */
    int bytes = RECEIVE_BUFFER;
    if (fd < 0)
        err(EXIT_FAILURE, "socket");
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    if (connect(fd, address, (socklen_t)size) != 0)
        err(EXIT_FAILURE, "connect to %s", url);
}

static void dial_ipc(struct sp *sp, const char *url)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = url + strlen(IPC);
    if (strlen(path) >= sizeof(address.sun_path))
        errx(EXIT_FAILURE, "path too long: %s", url);
    memcpy(address.sun_path, path, strlen(path));
    sp->head_size = 1 + SIZE_BYTES;
    sp->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    dial(sp->fd, &address, sizeof(address), url);
}

static void dial_tcp(struct sp *sp, const char *url)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)strtoul(url + strlen(TCP), NULL, 10)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    sp->head_size = SIZE_BYTES;
    sp->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    dial(sp->fd, &address, sizeof(address), url);
}

static void shake_hands(int fd)
{
    char hello[sizeof(PUB_HELLO)];
    if (write(fd, SUB_HELLO, sizeof(SUB_HELLO)) != sizeof(SUB_HELLO))
        err(EXIT_FAILURE, "SP handshake");
    if (recv(fd, hello, sizeof(hello), MSG_WAITALL) != sizeof(hello))
        errx(EXIT_FAILURE, "the publisher closed during the handshake");
    if (memcmp(hello, PUB_HELLO, sizeof(hello)) != 0)
        errx(EXIT_FAILURE, "the other side is no SP publisher");
}

void sp_subscribe(struct sp *sp, const char *url)
{
    *sp = (struct sp){.fd = -1};
    if (strncmp(url, IPC, strlen(IPC)) == 0)
        dial_ipc(sp, url);
    else if (strncmp(url, TCP, strlen(TCP)) == 0)
        dial_tcp(sp, url);
    else
        errx(2, "neither " IPC "PATH nor " TCP "PORT: %s", url);
    shake_hands(sp->fd);
}

static size_t read_size(const char *at)
{
    uint64_t size = 0;
    for (int i = 0; i < SIZE_BYTES; i++)
        size = size << 8 | (unsigned char)at[i];
    if (size > MESSAGE_BYTES_MAX)
        errx(EXIT_FAILURE, "a message of %ju bytes", (uintmax_t)size);
    return (size_t)size;
}

static bool take(struct sp *sp, struct slice *message)
{
    const char *at = sp->in.data + sp->in_at;
    size_t left = sp->in.size - sp->in_at;
    if (left < sp->head_size)
        return false;
    size_t size = read_size(at + sp->head_size - SIZE_BYTES);
    if (left - sp->head_size < size)
        return false;
    *message = (struct slice){at + sp->head_size, size};
    sp->in_at += sp->head_size + size;
    return true;
}

static enum sp_result fill(struct sp *sp, int timeout_ms)
{
    struct buffer *in = &sp->in;
    struct pollfd wait = {.fd = sp->fd, .events = POLLIN};
    if (poll(&wait, 1, timeout_ms) != 1)
        return SP_TIMEOUT;
    in->size -= sp->in_at;
    if (in->size != 0)
        memmove(in->data, in->data + sp->in_at, in->size);
    sp->in_at = 0;
    buffer_reserve(in, READ_BYTES);
    ssize_t size = read(sp->fd, in->data + in->size, READ_BYTES);
    if (size < 0 && errno != ECONNRESET)
        err(EXIT_FAILURE, "the publisher's connection");
    if (size <= 0)
        return SP_CLOSED;
    in->size += (size_t)size;
    return SP_MESSAGE;
}

enum sp_result sp_next(struct sp *sp, int timeout_ms, struct slice *message)
{
    while (!take(sp, message)) {
        enum sp_result result = fill(sp, timeout_ms);
        if (result != SP_MESSAGE)
            return result;
    }
    return SP_MESSAGE;
}

void sp_close(struct sp *sp)
{
    close(sp->fd);
    buffer_finish(&sp->in);
}
