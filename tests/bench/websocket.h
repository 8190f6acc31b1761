/* SPDX-License-Identifier: MIT */
/* The client's side of a WebSocket (RFC 6455), as much of it as a OneBot 11
 * implementation uses: it dials, sends whole masked text frames and takes
 * whole unmasked ones. What breaks the protocol ends the process: here it can
 * only be a mistake in the bridge or in the tool. */
#ifndef ONEBUS_BENCH_WEBSOCKET_H
#define ONEBUS_BENCH_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

enum websocket_opcode {
    WEBSOCKET_TEXT = 0x1,
    WEBSOCKET_BINARY = 0x2,
    WEBSOCKET_CLOSE = 0x8,
    WEBSOCKET_PING = 0x9,
    WEBSOCKET_PONG = 0xa,
};

struct websocket_frame {
    enum websocket_opcode opcode;
    struct slice payload; /* valid until the next websocket_read() */
};

struct websocket {
    int fd; /* does not block */
    struct buffer in, out;
    size_t in_at, out_at; /* taken, and written, so far */
};

/* Connect to 127.0.0.1 and ask for `path` as NapCat does: with `token` (it
 * sends the header even when that is empty) and the role Universal. Waits. */
void websocket_dial(struct websocket *socket, uint16_t port, const char *path,
                    const char *token, const char *self_id);

/* Append a masked frame to `out`. Returns where its payload begins there. */
size_t websocket_pack(struct buffer *out, enum websocket_opcode opcode,
                      struct slice payload);

/* Mask bytes that go to `offset` of a payload, or unmask them. */
void websocket_mask(char *bytes, size_t size, size_t offset);

/* Bytes in `out` that are not written yet. */
static inline size_t websocket_unsent(const struct websocket *socket)
{
    return socket->out.size - socket->out_at;
}

/* Write what the kernel takes of `out`; once all is written, `out` is empty
 * again. False when the bridge has closed. */
bool websocket_flush(struct websocket *socket);

/* Take in what has come. False when the bridge has closed. */
bool websocket_read(struct websocket *socket);

/* The next whole frame that has been read; false if there is none. */
bool websocket_next(struct websocket *socket, struct websocket_frame *frame);

void websocket_close(struct websocket *socket);

#endif
