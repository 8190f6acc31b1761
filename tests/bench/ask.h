/* SPDX-License-Identifier: MIT */
/* The requests that the benchmarks make of a bridge, as MessagePack. */
#ifndef BENCH_ASK_H
#define BENCH_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

enum { ASK_ID_DIGITS = 20 };

/* One to be sent over and over. Owned: bytes. */
struct ask {
    struct buffer bytes;
    size_t id_at; /* of the digits of its id; 0: it has none */
};

/* `kind`: "read" is get_group_info, "send" is send_group_msg with a short
 * text, "once" the same with an id, "upload" upload_group_file of 50 MiB.
 * False: none of these. */
bool ask_find(const char *kind, struct ask *ask);

/* Write another id into a copy of its bytes. */
void ask_set_id(const struct ask *ask, char *copy, uint64_t number);

void ask_finish(struct ask *ask);

#endif
