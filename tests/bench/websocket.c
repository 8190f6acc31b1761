/* SPDX-License-Identifier: MIT */
#include "websocket.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    FINAL = 0x80,
    MASKED = 0x80,
    SIZE_16 = 126,
    SIZE_64 = 127,
    READ_BYTES = 64 * 1024,
    HEAD_BYTES_MAX = 4096,
};

/* The key and the answer to it that RFC 6455, section 1.3, gives as example:
 * nothing lies between the two ends that a random one would protect. */
#define KEY    "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

/* One mask for all frames. Not zero: servers may pass over a zero one. */
static const unsigned char MASK[4] = {0x37, 0xfa, 0x21, 0x3d};

static int dial(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        err(EXIT_FAILURE, "socket");
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        err(EXIT_FAILURE, "connect to 127.0.0.1:%u", port);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

/* One byte at a time: what follows the head is the first frame's. */
static void read_head(int fd, char head[HEAD_BYTES_MAX])
{
    for (size_t size = 0; size < HEAD_BYTES_MAX - 1;) {
        if (read(fd, head + size, 1) != 1)
            errx(EXIT_FAILURE, "the bridge closed during the handshake");
        head[++size] = '\0';
        if (size >= 4 && strcmp(head + size - 4, "\r\n\r\n") == 0)
            return;
    }
    errx(EXIT_FAILURE, "the bridge's handshake does not end");
}

static void shake_hands(int fd, uint16_t port, const char *path,
                        const char *token, const char *self_id)
{
    char head[HEAD_BYTES_MAX];
    int size = dprintf(fd,
                       "GET %s HTTP/1.1\r\n"
                       "X-Self-ID: %s\r\n"
                       "Authorization: Bearer %s\r\n"
                       "x-client-role: Universal\r\n"
                       "User-Agent: OneBot/11\r\n"
                       "Sec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: " KEY "\r\n"
                       "Connection: Upgrade\r\n"
                       "Upgrade: websocket\r\n"
                       "Host: 127.0.0.1:%u\r\n\r\n",
                       path, self_id, token, port);
    if (size < 0)
        err(EXIT_FAILURE, "handshake");
    read_head(fd, head);
    if (strncmp(head, "HTTP/1.1 101", 12) != 0 || strstr(head, ACCEPT) == NULL)
        errx(EXIT_FAILURE, "no upgrade: %.*s", (int)strcspn(head, "\r"), head);
}

void websocket_dial(struct websocket *socket, uint16_t port, const char *path,
                    const char *token, const char *self_id)
{
    *socket = (struct websocket){.fd = dial(port)};
    shake_hands(socket->fd, port, path, token, self_id);
    int flags = fcntl(socket->fd, F_GETFL);
    if (flags < 0 || fcntl(socket->fd, F_SETFL, flags | O_NONBLOCK) != 0)
        err(EXIT_FAILURE, "fcntl");
}

void websocket_mask(char *bytes, size_t size, size_t offset)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(bytes[i] ^ (char)MASK[(offset + i) % sizeof(MASK)]);
}

static void append_byte(struct buffer *out, size_t byte)
{
    char value = (char)byte;
    buffer_append(out, &value, 1);
}

size_t websocket_pack(struct buffer *out, enum websocket_opcode opcode,
                      struct slice payload)
{
    if (payload.size > UINT16_MAX)
        errx(EXIT_FAILURE, "a frame of %zu bytes is not for here",
             payload.size);
    append_byte(out, FINAL | (size_t)opcode);
    if (payload.size < SIZE_16) {
        append_byte(out, MASKED | payload.size);
    } else {
        append_byte(out, MASKED | SIZE_16);
        append_byte(out, payload.size >> 8);
        append_byte(out, payload.size);
    }
    buffer_append(out, MASK, sizeof(MASK));
    size_t at = out->size;
    buffer_append(out, payload.data, payload.size);
    websocket_mask(out->data + at, payload.size, 0);
    return at;
}

static bool is_closed(ssize_t result)
{
    if (result > 0)
        return false;
    if (result == 0 || errno == ECONNRESET || errno == EPIPE)
        return true;
    if (errno != EAGAIN && errno != EINTR)
        err(EXIT_FAILURE, "the bridge's connection");
    return false;
}

bool websocket_flush(struct websocket *socket)
{
    if (websocket_unsent(socket) == 0)
        return true;
    ssize_t size = send(socket->fd, socket->out.data + socket->out_at,
                        websocket_unsent(socket), MSG_NOSIGNAL);
    if (size > 0)
        socket->out_at += (size_t)size;
    if (websocket_unsent(socket) == 0)
        socket->out.size = socket->out_at = 0;
    return !is_closed(size);
}

bool websocket_read(struct websocket *socket)
{
    struct buffer *in = &socket->in;
    if (socket->in_at != 0) {
        in->size -= socket->in_at;
        memmove(in->data, in->data + socket->in_at, in->size);
        socket->in_at = 0;
    }
    buffer_reserve(in, READ_BYTES);
    ssize_t size = recv(socket->fd, in->data + in->size, READ_BYTES, 0);
    if (size > 0)
        in->size += (size_t)size;
    return !is_closed(size);
}

/* The bytes of a size, most significant first. */
static size_t read_size(const unsigned char *at, size_t width)
{
    size_t size = 0;
    for (size_t i = 0; i < width; i++)
        size = size << 8 | at[i];
    return size;
}

bool websocket_next(struct websocket *socket, struct websocket_frame *frame)
{
    const unsigned char *at =
        (const unsigned char *)socket->in.data + socket->in_at;
    size_t left = socket->in.size - socket->in_at;
    size_t head = 2, size;
    if (left < head)
        return false;
    size = at[1];
    if ((at[0] & FINAL) == 0 || size > SIZE_64)
        errx(EXIT_FAILURE, "a frame in pieces, or masked");
    if (size >= SIZE_16) {
        size_t width = size == SIZE_16 ? 2 : 8;
        if (left < head + width)
            return false;
        size = read_size(at + head, width);
        head += width;
    }
    if (left - head < size)
        return false;
    frame->opcode = at[0] & 0xf;
    frame->payload = (struct slice){(const char *)at + head, size};
    socket->in_at += head + size;
    return true;
}

void websocket_close(struct websocket *socket)
{
    /* As NapCat says good-bye: no code. The bridge may have gone already. */
    if (websocket_unsent(socket) == 0) {
        websocket_pack(&socket->out, WEBSOCKET_CLOSE, (struct slice){0});
        (void)websocket_flush(socket);
    }
    close(socket->fd);
    buffer_finish(&socket->in);
    buffer_finish(&socket->out);
}
