/* SPDX-License-Identifier: MIT */
/* A subscriber that speaks the SP protocol over a bare socket: cheaper than
 * the NNG library, so that the bridge is what is measured. PUB sends all it
 * has to every subscriber, so there is nothing to subscribe to.
 *
 * Both sides open with 00 'S' 'P' 00, their protocol's number and 00 00. Then
 * each message is its size in 8 bytes, most significant first, and its bytes;
 * over ipc a byte 01 goes before the size. What breaks this ends the
 * process. */
#ifndef ONEBUS_BENCH_SP_H
#define ONEBUS_BENCH_SP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

enum sp_result {
    SP_MESSAGE,
    SP_TIMEOUT,
    SP_CLOSED,
};

struct sp {
    int fd;
    size_t head_size; /* 9 over ipc, 8 over tcp */
    struct buffer in;
    size_t in_at; /* taken so far */
};

/* Connect to `url`, ipc://PATH or tcp://127.0.0.1:PORT, which publishes. */
void sp_subscribe(struct sp *sp, const char *url);

/* The next message, valid until the next call; waits `timeout_ms` for it. */
enum sp_result sp_next(struct sp *sp, int timeout_ms, struct slice *message);

void sp_close(struct sp *sp);

#endif
