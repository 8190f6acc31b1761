/* SPDX-License-Identifier: MIT */
/* A TCP listener in a loop.
 *
 * libwebsockets has one of its own. Once the process is out of descriptors
 * that one asks again at once, for ever, with a line of log each time. This
 * one says so once a minute and waits a moment; and it keeps the last
 * descriptors for others, so that a crowd of peers does not shut out the
 * programs on the bus. The loop's thread. */
#ifndef ONEBUS_ACCEPTOR_H
#define ONEBUS_ACCEPTOR_H

#include <stdint.h>

struct acceptor;
struct loop;

struct acceptor_options {
    const char *part; /* whose, in the log; a literal */
    const char *host; /* an address, or a name that has one */
    uint16_t port;    /* 0: any that is free */
    /* A connection is there: non-blocking, without Nagle's delay, and the
     * callee's. `remote` is the address at its other end. */
    void (*on_socket)(void *ctx, int fd, const char *remote);
    void *ctx;
};

/* NULL: the log says why. The options are copied. */
struct acceptor *acceptor_create(struct loop *loop,
                                 const struct acceptor_options *options);

/* Stop listening: the port is free a turn of the loop later. */
void acceptor_close(struct acceptor *acceptor);

/* After loop_destroy(), which ends the listening. */
void acceptor_destroy(struct acceptor *acceptor);

/* The port it listens on. */
uint16_t acceptor_port(const struct acceptor *acceptor);

#endif
