/* SPDX-License-Identifier: MIT */
/* How far a stream is known to have a journal's events: a small file in the
 * state folder, `nats.position`. It is a hint that saves looking through the
 * whole stream; what is in the stream decides. One thread. */
#ifndef ONEBUS_NATS_POSITION_H
#define ONEBUS_NATS_POSITION_H

#include <stdbool.h>
#include <stdint.h>

#define NATS_POSITION_FILE_NAME "nats.position"

enum {
    NATS_EPOCH_SIZE = 17, /* 16 hexadecimal digits */
    NATS_STREAM_NAME_SIZE = 256,
};

struct nats_position {
    char epoch[NATS_EPOCH_SIZE];
    uint64_t seq;                       /* all up to it is in the stream */
    char stream[NATS_STREAM_NAME_SIZE]; /* no blanks in it */
    uint64_t created_ns;                /* tells it from others of that name */
    uint64_t place; /* where in the stream `seq` is; 0: nowhere */
};

/* False: there is none. One that cannot be read, or is none, is there and all
 * zero. */
bool nats_position_read(const char *folder, struct nats_position *position);

/* False: errno says why it cannot be written; the former stays. */
bool nats_position_write(const char *folder,
                         const struct nats_position *position);

#endif
