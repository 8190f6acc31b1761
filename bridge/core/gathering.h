/* SPDX-License-Identifier: MIT */
/* The answers of a streaming action, gathered into one.
 *
 *   file_info, file_chunk 0, 1, 2 … file_complete    one `data` with the bytes
 *   anything else … the last one                     the last, and `frames`
 *
 * NapCat sends several answers with one echo. Each says by its `data.type`
 * whether more follow: `stream`, or `response`, which is the last. One without
 * such a type is an ordinary answer and is handed on as it is, and so is one
 * that failed: it ends the row. Pure. One thread. */
#ifndef ONEBUS_GATHERING_H
#define ONEBUS_GATHERING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct gathering;

enum gathering_step {
    GATHERING_MORE,
    GATHERING_DONE,
    GATHERING_TOO_LARGE, /* above what may be kept; all of it is forgotten */
    GATHERING_BROKEN,    /* it is no whole file: gathering_fault() */
};

/* `bytes_max`: what may be kept of one row of answers. */
struct gathering *gathering_create(size_t bytes_max);
void gathering_destroy(struct gathering *gathering);

/* The `data` of the next answer, as MessagePack; empty if it had none. Not
 * to be called again once this has given anything but GATHERING_MORE. */
enum gathering_step gathering_add(struct gathering *gathering, bool is_ok,
                                  struct slice data);

/* What is kept just now. */
size_t gathering_bytes(const struct gathering *gathering);

/* What is wrong: "3 of 4 chunks came". Empty while nothing is. */
const char *gathering_fault(const struct gathering *gathering);

/* Append the `data` of the one answer that they are together. Of a file: the
 * fields of its file_info and of the last answer, which go before those, and
 * the bytes as `data`, a bin. Of another stream: the fields of the last answer,
 * and those before it as `frames`. Nothing, if the only answer had no data. */
void gathering_pack(const struct gathering *gathering, struct buffer *out);

#endif
