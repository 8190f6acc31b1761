/* SPDX-License-Identifier: MIT */
/* Answers to the bridge's requests, each held back for a fixed time: the time
 * that an implementation needs to reach QQ. All take equally long, so they
 * leave in the order in which the requests came. */
#ifndef ONEBUS_BENCH_ANSWERS_H
#define ONEBUS_BENCH_ANSWERS_H

#include <stdint.h>

#include "base/buffer.h"

enum {
    ANSWERS_OPEN_MAX = 4096, /* far above what a bridge keeps in flight */
    ANSWERS_ECHO_MAX = 128,
};

struct answer {
    uint64_t due_ns;
    const char *data; /* JSON */
    size_t echo_size;
    char echo[ANSWERS_ECHO_MAX]; /* JSON */
};

/* Set `delay_ns`, all else 0. */
struct answers {
    uint64_t delay_ns;
    uint64_t taken, sent;
    struct answer ring[ANSWERS_OPEN_MAX];
};

/* A request has come: `{"action":…,"params":…,"echo":…}`. */
void answers_take(struct answers *answers, uint64_t now_ns,
                  struct slice request);

/* Append the answers due at `now_ns` to `out`, each a frame. */
void answers_send(struct answers *answers, uint64_t now_ns, struct buffer *out);

/* When the next one is due; UINT64_MAX if none is open. */
uint64_t answers_due(const struct answers *answers);

#endif
